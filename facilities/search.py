"""The stored key by which a home is found: Chinese names, full pinyin and initials, of the present and former names."""

from pypinyin import Style, lazy_pinyin

SEPARATOR = " "


def search_key(names, *, pinyin=""):
    """One lower-case text in which a plain `contains` finds a home.

    `names` are its name, its short name and the former ones; `pinyin` is a spelling set by hand where the guess is wrong.
    """
    parts = []
    for name in filter(None, names):
        parts += [name, "".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))]
    if pinyin:
        syllables = pinyin.split()
        parts += ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    return SEPARATOR.join(dict.fromkeys(part.lower() for part in parts))
