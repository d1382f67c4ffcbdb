"""Characters: Traditional to Simplified and full to half width, one for one, so that offsets stay."""

import functools
import re

import opencc

WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BRACKETS = dict(zip(map(ord, "【】﹝﹞〔〕［］「」『』《》〈〉“”„‟＂"), '[][][][]""""《》《》"""""', strict=True))
DASHES = dict.fromkeys(map(ord, "–—―－─━‐‑‒−〜～∼﹣ー"), "-")
OTHERS = {ord("﹕"): ":", ord("∶"): ":", ord("︰"): ":", ord("，"): ",", ord("﹐"): ",", ord("、"): "、", ord("｡"): "。",
          ord("％"): "%", ord("﹪"): "%", ord("〇"): "〇", ord("○"): "〇", ord("◯"): "〇", ord("Ｏ"): "O", ord("．"): ".",
          ord("﹒"): ".", ord("•"): "·", ord("<"): "《", ord(">"): "》", ord("＜"): "《", ord("＞"): "》"}  # fmt: skip
FOLD = {**WIDTH, **BRACKETS, **DASHES, **OTHERS}
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufff9-\ufffb]")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
DAMAGED = re.compile(
    r"[\ufffd□]+|\?{2,}|(?<=[\u3400-\u9fff])\?[A-Za-z]|[A-Za-z]?\?(?=[\u3400-\u9fff]{0,2}[A-Za-z][\u3400-\u9fff])"
)
READABLE = re.compile(r"\r\n?|\u2028|\u2029|\x85")


@functools.cache
def _converter():
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=40_000)
def _simple(char):
    simple = _converter().convert(char)
    return simple if len(simple) == 1 else char


def to_simplified(text: str) -> str:
    """`text` with each Traditional character replaced; of the same length."""
    return text.translate({ord(char): _simple(char) for char in set(text) if HAN.match(char)})


def folded(text: str) -> str:
    """Half-width digits, letters and punctuation, one kind of bracket, quote and dash: what the rules are written in."""
    return text.translate(FOLD)


def cleaned(text: str) -> str:
    """Newlines as \\n, without NUL and other control characters."""
    return CONTROLS.sub("", READABLE.sub("\n", text))


def traditional_runs(text: str, simplified: str):
    """(start, end) of the stretches that were written in Traditional characters."""
    differing = [i for i, (a, b) in enumerate(zip(text, simplified, strict=True)) if a != b]
    runs = []
    for i in differing:
        if runs and i - runs[-1][1] <= 40:
            runs[-1][1] = i + 1
        else:
            runs.append([i, i + 1])
    return [tuple(run) for run in runs]


def damaged_runs(text: str):
    """(start, end) of characters that were lost before the text came here: ?F, ??, U+FFFD, □."""
    return [m.span() for m in DAMAGED.finditer(text)]
