"""Numbers as notices write them: 1,800, 1.8万, 三十, 两, 一至两, 百分之六十."""

import re

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}

CHINESE = r"[零〇一二两三四五六七八九十百千]{1,9}"
ARABIC = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?"
NUMBER = rf"(?:(?:{ARABIC})|{CHINESE})[余多]?(?:[万亿](?!元))?"


def to_number(words: str) -> float | None:
    """The value of a number written in figures, characters or both; None if it is none."""
    words = words.replace(",", "").replace("余", "").replace("多", "")
    scale = 1
    while words[-1:] in LARGE:
        scale *= LARGE[words[-1]]
        words = words[:-1]
    value = _figures(words) if re.fullmatch(r"\d+(?:\.\d+)?", words) else _characters(words)
    return None if value is None else _tidy(value * scale)


def _figures(words):
    return float(words) if "." in words else int(words)


def _characters(words):
    if not words or any(c not in DIGITS and c not in SMALL for c in words):
        return None
    if not any(c in SMALL for c in words):
        return int("".join(str(DIGITS[c]) for c in words))
    total = digit = 0
    for char in words:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * SMALL[char]
            digit = 0
    return total + digit


def _tidy(value):
    value = round(value, 6)
    return int(value) if value == int(value) else value
