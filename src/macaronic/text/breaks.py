"""Word and cluster boundaries of Unicode (UAX 29) as table look-ups over arrays of code points.

The annex states its rules on pairs and triples of neighbours. Here each code point gets a small number, its *kind*; the
rules become a table over pairs and one over triples, so a whole batch of text is cut by a handful of array operations,
in time linear in its length, whatever it holds.

Tailored, where running text differs from the annex's default:

* a colon or semicolon never joins (``ok:D``), as in CLDR's root locale;
* an apostrophe, also curly, backtick or acute, joins letters and digits alike (``don’t``, Arabizi ``3'ir``);
* white space, controls and the zero-width space always cut, also the no-break spaces;
* runs of hiragana stay together, the iteration mark joins its kanji; other Han characters stand alone, as in the annex.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from macaronic.text.codepoints import CLUSTER_CLASSES, table

Points = NDArray[np.uint32] | NDArray[np.uint8]
Mask = NDArray[np.bool_]

KINDS = (
    *("other", "blank", "letter", "hebrew", "digit", "underscore", "katakana", "prolonged", "hiragana", "han"),
    *("iteration", "complex", "midletter", "midnumber", "midboth", "apostrophe", "doublequote", "ignored"),
    *("pictograph", "eyes"),
)
BLANK, LETTER, HEBREW, DIGIT, UNDERSCORE = 1, 2, 3, 4, 5
KATAKANA, PROLONGED, HIRAGANA, HAN, ITERATION, COMPLEX = 6, 7, 8, 9, 10, 11
FIRST_MIDDLE, APOSTROPHE, DOUBLEQUOTE, IGNORED, PICTOGRAPH, EYES = 12, 15, 16, 17, 18, 19
WIDTH = 32
BLOCK = 1 << 20
INVISIBLE, TRIMMED, PICTORIAL, CONSONANT, LINKER, EXTENDER = 1, 2, 4, 8, 16, 32

_OF_WORD_CLASS = {
    "ALetter": "letter",
    "Hebrew_Letter": "hebrew",
    "Numeric": "digit",
    "ExtendNumLet": "underscore",
    "Katakana": "katakana",
    "MidLetter": "midletter",
    "MidNum": "midnumber",
    "MidNumLet": "midboth",
    "Single_Quote": "apostrophe",
    "Double_Quote": "doublequote",
    "Extend": "ignored",
    "Format": "ignored",
    "ZWJ": "ignored",
}
_BY_HAND = {":;=<\ufe13\ufe55\uff1a": "eyes", "'’`´": "apostrophe", "ー": "prolonged", "々": "iteration"}
_GROUPS = {  # pairs of kinds that stay together, UAX 29 rules WB5-WB13b and the kana tailoring
    "letter hebrew digit": "letter hebrew digit underscore",
    "katakana": "katakana underscore prolonged",
    "underscore": "letter hebrew digit katakana underscore",
    "hiragana": "hiragana prolonged",
    "prolonged": "hiragana katakana prolonged",
    "han iteration": "iteration",
    "hebrew": "apostrophe",
}
_MIDDLES = {  # middle kinds and the neighbours they join, rules WB6-WB7c, WB11-WB12
    "midletter midboth": ("letter hebrew", "letter hebrew"),
    "midnumber midboth": ("digit", "digit"),
    "apostrophe": ("letter hebrew digit", "letter hebrew digit"),
    "doublequote": ("hebrew", "hebrew"),
}
_CLUSTER = ("Other", *CLUSTER_CLASSES)


def _numbers(names: str) -> list[int]:
    return [KINDS.index(name) for name in names.split()]


@cache
def kinds() -> NDArray[np.uint8]:
    """Kind number of every code point, shape (0x110000,)."""
    t = table()
    rows = []
    for script, word, flags in zip(t.script, t.word, t.flags, strict=True):
        name = _OF_WORD_CLASS.get(word, "other")
        if "w" in flags:
            name = "blank"
        elif name == "other" and word == "Other":
            named = {"Hani": "han", "Hira": "hiragana"}.get(script, "pictograph" if "p" in flags else "other")
            name = "complex" if "s" in flags else named
        rows.append(KINDS.index(name))
    out = np.array(rows, dtype=np.uint8)[t.index]
    for characters, name in _BY_HAND.items():
        out[[ord(c) for c in characters]] = KINDS.index(name)
    return out


@cache
def flags() -> NDArray[np.uint8]:
    """Bit set of every code point, shape (0x110000,): INVISIBLE, TRIMMED, PICTORIAL, CONSONANT, LINKER, EXTENDER."""
    t = table()
    rows = np.zeros(len(t.flags), dtype=np.uint8)
    for row, (cluster, marks) in enumerate(zip(t.cluster, t.flags, strict=True)):
        bits = INVISIBLE * ("i" in marks) | PICTORIAL * ("p" in marks)
        bits |= TRIMMED * ("i" in marks and cluster == "Control")
        bits |= CONSONANT * ("k" in marks) | LINKER * ("l" in marks) | EXTENDER * ("e" in marks)
        rows[row] = bits
    return rows[t.index]


@cache
def _clusters() -> NDArray[np.uint8]:
    t = table()
    return np.array([_CLUSTER.index(name) for name in t.cluster], dtype=np.uint8)[t.index]


@cache
def _pairs() -> Mask:
    out = np.zeros((WIDTH, WIDTH), dtype=np.bool_)
    for left, right in _GROUPS.items():
        out[np.ix_(_numbers(left), _numbers(right))] = True
    return out.ravel()


@cache
def _triples() -> Mask:
    out = np.zeros((WIDTH, WIDTH, WIDTH), dtype=np.bool_)
    for middle, (left, right) in _MIDDLES.items():
        out[np.ix_(_numbers(middle), _numbers(left), _numbers(right))] = True
    return out


@cache
def _cluster_pairs() -> Mask:
    """Pairs of cluster classes without a boundary: GB3, GB6-GB9b. Index: left * WIDTH + right."""
    out = np.zeros((WIDTH, WIDTH), dtype=np.bool_)
    ends = [_CLUSTER.index(name) for name in ("Control", "LF", "CR")]
    n = {name: i for i, name in enumerate(_CLUSTER)}
    out[:, [n["Extend"], n["ZWJ"], n["SpacingMark"]]] = True
    out[n["Prepend"], : len(_CLUSTER)] = True
    out[n["L"], [n["L"], n["V"], n["LV"], n["LVT"]]] = True
    out[np.ix_([n["LV"], n["V"]], [n["V"], n["T"]])] = True
    out[[n["LVT"], n["T"]], n["T"]] = True
    out[ends, :] = False
    out[:, ends] = False
    out[n["CR"], n["LF"]] = True
    return out.ravel()


def _pair_index(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint16]:
    out = left.astype(np.uint16)
    out *= WIDTH
    out += right
    return out


def _run_joins(kind: NDArray[np.uint8]) -> Mask:
    """True where a code point joins the one before, by the pair and triple tables; in blocks, to need little memory."""
    out = np.zeros(len(kind), dtype=np.bool_)
    for at in range(0, len(kind), BLOCK):
        block = kind[at : at + BLOCK + 1]
        np.take(_pairs(), _pair_index(block[:-1], block[1:]), out=out[at + 1 : at + len(block)])
    for at in range(0, len(kind), BLOCK):
        inner = kind[at + 1 : min(at + 1 + BLOCK, len(kind) - 1)]
        middle = np.flatnonzero((inner >= FIRST_MIDDLE) & (inner <= DOUBLEQUOTE)) + (at + 1)
        middle = middle[_triples()[kind[middle], kind[middle - 1], kind[middle + 1]]]
        out[middle] = True
        out[middle + 1] = True
    return out


def word_joins(kind: NDArray[np.uint8]) -> Mask:
    """Say which code points belong to the word of the one before (UAX 29 word rules, tailored as the module says).

    Args:
        kind: kind numbers of consecutive code points, shape (n,).

    Returns:
        Mask of shape (n,), True where there is no word boundary before the code point.

    Source: Unicode Standard Annex 29, WB3-WB13b.

    Example:
        >>> word_joins(kinds()[[ord(c) for c in "a'b c"]]).tolist()
        [False, True, True, False, False]
    """
    ignored = kind == IGNORED
    if not ignored.any():
        return _run_joins(kind)
    keep = ~ignored  # WB4: marks belong to what they follow, unless that is white space
    keep[0] = True
    keep[1:] |= kind[:-1] == BLANK
    kept = np.flatnonzero(keep)
    out = np.ones(len(kind), dtype=np.bool_)
    out[kept] = _run_joins(kind[kept])
    return out


def cluster_joins(points: Points, flag: NDArray[np.uint8]) -> Mask:
    """Say which code points belong to the grapheme cluster of the one before.

    Two rules are a little wider than the annex's, as the `regex` package has them or the word rules need them: a linker
    takes the consonant after it, and a joiner the pictograph after it, whatever stands before.

    Args:
        points: code points, shape (n,).
        flag: their bits from `flags`.

    Returns:
        Mask of shape (n,), True where there is no boundary before the code point.

    Source: Unicode Standard Annex 29, GB3-GB13.

    Example:
        >>> points = np.frombuffer("🇮🇳🇫🇷".encode("utf-32-le"), dtype=np.uint32)
        >>> cluster_joins(points, flags()[points]).tolist()
        [False, True, False, True]
    """
    cluster = _clusters()[points]
    out = np.zeros(len(points), dtype=np.bool_)
    np.take(_cluster_pairs(), _pair_index(cluster[:-1], cluster[1:]), out=out[1:])
    indicator = np.flatnonzero(cluster == _CLUSTER.index("Regional_Indicator"))
    if len(indicator):
        fresh = np.flatnonzero(np.diff(indicator, prepend=-2) != 1)
        position = np.arange(len(indicator)) - np.repeat(fresh, np.diff([*fresh.tolist(), len(indicator)]))
        out[indicator[position % 2 == 1]] = True
    joiner = np.flatnonzero(points[:-1] == 0x200D) + 1
    out[joiner[(flag[joiner] & PICTORIAL) > 0]] = True
    if (flag & LINKER).any():
        _join_conjuncts(flag, out)
    return out


def _join_conjuncts(flag: NDArray[np.uint8], out: Mask) -> None:
    """GB9c, whatever stands before the linker: linker, extenders, consonant."""
    others = np.flatnonzero((flag & (LINKER | EXTENDER)) == 0)
    after = np.searchsorted(others, np.flatnonzero(flag & LINKER))
    second = others[after[after < len(others)]]
    out[second[(flag[second] & CONSONANT) > 0]] = True
