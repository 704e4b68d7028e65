"""Brahmic scripts read as sound symbols, and the rules that delete the inherent vowel.

The Indic blocks of Unicode share one layout (after ISCII), so one table reads Devanagari, Bengali, Gurmukhi,
Gujarati, Odia, Tamil, Telugu, Kannada and Malayalam; Sinhala has its own. A symbol is a short ASCII name:
`k kh T D N S L` are consonants (upper case retroflex; `sh` and `S` both sibilants), `aa ii ai` vowels, `@` the
inherent vowel that is not written, `M` anusvara, `~` candrabindu, `H` visarga. `-` stands where an inherent vowel was
deleted, `+` where a consonant cluster ends the word and some people still write the vowel.
"""

from __future__ import annotations

import unicodedata

_LAYOUT = {
    0x01: "~", 0x02: "M", 0x03: "H",
    0x05: "a", 0x06: "aa", 0x07: "i", 0x08: "ii", 0x09: "u", 0x0A: "uu", 0x0B: "ri", 0x0C: "li", 0x0D: "ae",
    0x0E: "E", 0x0F: "e", 0x10: "ai", 0x11: "ao", 0x12: "O", 0x13: "o", 0x14: "au",
    0x15: "k", 0x16: "kh", 0x17: "g", 0x18: "gh", 0x19: "ng", 0x1A: "c", 0x1B: "ch", 0x1C: "j", 0x1D: "jh",
    0x1E: "ny", 0x1F: "T", 0x20: "Th", 0x21: "D", 0x22: "Dh", 0x23: "N", 0x24: "t", 0x25: "th", 0x26: "d",
    0x27: "dh", 0x28: "n", 0x29: "n", 0x2A: "p", 0x2B: "ph", 0x2C: "b", 0x2D: "bh", 0x2E: "m", 0x2F: "y",
    0x30: "r", 0x31: "R", 0x32: "l", 0x33: "L", 0x34: "Z", 0x35: "v", 0x36: "sh", 0x37: "S", 0x38: "s", 0x39: "h",
    0x3E: "aa", 0x3F: "i", 0x40: "ii", 0x41: "u", 0x42: "uu", 0x43: "ri", 0x44: "ri", 0x45: "ae", 0x46: "E",
    0x47: "e", 0x48: "ai", 0x49: "ao", 0x4A: "O", 0x4B: "o", 0x4C: "au", 0x50: "om", 0x60: "ri",
}  # fmt: skip
_SIGNS = frozenset(range(0x3E, 0x4D)) | {0x57}
_BLOCKS = {
    0x0900: {0x72: "ae"},
    0x0980: {0x4E: "t-", 0x5F: "Y", 0x70: "r", 0x71: "w", 0x57: "au"},
    0x0A00: {0x70: "M", 0x5C: "R"},
    0x0A80: {},
    0x0B00: {0x5F: "Y", 0x71: "w", 0x57: "au"},
    0x0B80: {0x03: "f", 0x57: "au"},
    0x0C00: {0x58: "c", 0x59: "j"},
    0x0C80: {0x5E: "L"},
    0x0D00: {0x7A: "N-", 0x7B: "n-", 0x7C: "r-", 0x7D: "l-", 0x7E: "L-", 0x7F: "k-", 0x4E: "r-", 0x57: "au"},
}
_SINHALA = """
82 M 83 H 85 a 86 aa 87 ae 88 aee 89 i 8A ii 8B u 8C uu 8D ri 91 E 92 e 93 ai 94 O 95 o 96 au
9A k 9B kh 9C g 9D gh 9E ng 9F gN A0 c A1 ch A2 j A3 jh A4 ny A5 jny A6 jN A7 T A8 Th A9 D AA Dh AB N AC DN AD t AE th
AF d B0 dh B1 n B3 dN B4 p B5 ph B6 b B7 bh B8 m B9 bN BA y BB r BD l C0 v C1 sh C2 S C3 s C4 h C5 L C6 f
CF aa D0 ae D1 aee D2 i D3 ii D4 u D6 uu D8 ri D9 E DA e DB ai DC O DD o DE au
"""
_NUKTA = {"k": "q", "kh": "K", "g": "G", "j": "z", "D": "R", "Dh": "Rh", "ph": "f", "y": "Y", "s": "sh", "l": "L"}
_VIRAMA, _NUKTA_AT, _ADDAK = 0x4D, 0x3C, 0x71

_CONSONANTS = """
k kh g gh ng c ch j jh ny T Th D Dh N t th d dh n p ph b bh m y r l L Z v sh S s h R Rh q K G z f Y w x
gN dN DN bN jN jny
"""
_VOWELS = "a aa i ii u uu ri li ae aee E e ai ao O o au"
VOWELS = frozenset(_VOWELS.split())
CONSONANTS = frozenset(_CONSONANTS.split())
_SABHA = ["s", "@", "bh", "aa"]


def _read_table() -> dict[str, tuple[str, str]]:
    """Character -> (kind, symbol); kinds: consonant, vowel, sign, mark, dead (no vowel follows)."""
    found: dict[str, tuple[str, str]] = {}
    for base, own in _BLOCKS.items():
        for offset, symbol in {**_LAYOUT, **own}.items():
            if symbol.endswith("-"):
                found[chr(base + offset)] = ("dead", symbol[:-1])
            elif symbol in CONSONANTS and not (base == 0x0B80 and offset == 0x03):
                found[chr(base + offset)] = ("consonant", symbol)
            elif offset in _SIGNS:
                found[chr(base + offset)] = ("sign", symbol)
            else:
                found[chr(base + offset)] = ("vowel" if symbol in VOWELS else "mark", symbol)
        found[chr(base + _VIRAMA)] = ("virama", "")
        found[chr(base + _NUKTA_AT)] = ("nukta", "")
    found[chr(0x0A00 + _ADDAK)] = ("addak", "")
    codes = _SINHALA.split()
    for code, symbol in zip(codes[::2], codes[1::2], strict=True):
        at = int(code, 16)
        kind = "consonant" if 0x9A <= at <= 0xC6 else "sign" if at >= 0xCF else "vowel" if symbol in VOWELS else "mark"
        found[chr(0x0D00 + at)] = (kind, symbol)
    found[chr(0x0DCA)] = ("virama", "")
    return found


_READ = _read_table()


def read(word: str) -> list[str]:
    """The sound symbols of a word in one of the ten scripts, inherent vowels shown as `@`.

    >>> read("करना")
    ['k', '@', 'r', '@', 'n', 'aa']
    """
    symbols: list[str] = []
    pending = double = False
    for character in unicodedata.normalize("NFC", word):
        kind, symbol = _READ.get(character, ("", ""))
        if kind == "nukta":
            if symbols:
                symbols[-1] = _NUKTA.get(symbols[-1], symbols[-1])
            continue
        if kind == "virama":
            pending = False
            continue
        if pending and kind != "sign":
            symbols.append("@")
        pending = kind == "consonant"
        if kind == "addak":
            double = True
        elif kind:
            symbols += [symbol, symbol] if double and pending else [symbol]
            double = False
    if pending:
        symbols.append("@")
    return symbols


def delete_schwas(symbols: list[str], *, cluster: str = "-") -> list[str]:
    """Mark the inherent vowels that speakers drop: `-` for dropped, `+` for a doubtful one after a final cluster.

    Args:
        symbols: As `read` gives them.
        cluster: What becomes of the vowel after a final cluster such as rth: `-`, `+`, or `@` for kept.

    Final: dropped after a consonant, kept after a cluster that ends in y, r, l or v. Medial: dropped between
    vowel + consonant and consonant + vowel, from right to left, so that two neighbours are never both dropped; kept
    before a last short i or u (learned words: pragati, anumati) and in the compound's `sabha`.

    Source: the classical Hindi rule (Ohala 1983; Narasimhan, Sproat and Kiraz 2004), simplified.

    >>> ["".join(delete_schwas(read(word))) for word in ("समझना", "सहमति")]
    ['s@m@jh-naa', 's@h-m@ti']
    """
    marked = list(symbols)
    last = len(marked) - 1
    if last >= 2 and marked[last] == "@":
        marked[last] = _final(marked, last, cluster)
    learned = (last >= 4 and marked[last] in ("i", "u")) or marked[-4:] == _SABHA
    for i in range(last - 3 if learned else last - 2, 1, -1):
        if marked[i] == "@" and _between(marked, i):
            marked[i] = "-"
    return marked


def _final(symbols: list[str], last: int, cluster: str) -> str:
    if not any(symbol in VOWELS or symbol == "@" for symbol in symbols[:last]):
        return "@"
    end, before = symbols[last - 1], symbols[last - 2]
    if before == "ii" and end == "y":
        return "@"
    if before in CONSONANTS and end != before:
        if end in ("y", "r", "v") or (end == "l" and before != "r"):
            return "@"
        return "+" if cluster == "-" and end in ("n", "m", "N") else cluster
    return "-"


def _between(symbols: list[str], i: int) -> bool:
    before, after, beyond = symbols[i - 2], symbols[i + 1], symbols[i + 2]
    return (
        (before in VOWELS or before == "@")
        and symbols[i - 1] in CONSONANTS
        and after in CONSONANTS
        and (beyond in VOWELS or beyond == "@")
    )
