"""Indic words as spelling lattices: sound symbols looked up, with their place, in the language's table."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from macaronic.text.romanise import indic_tables as tables
from macaronic.text.romanise.brahmic import CONSONANTS, VOWELS, delete_schwas, read
from macaronic.text.romanise.lattice import Slot, table

_LABIAL = frozenset(("p", "ph", "b", "bh", "m", "f"))
_CHANDRAKKALA = "\u0d4d"  # at the end of a Malayalam word: a short u that is often typed
_Change: TypeAlias = Callable[[list[str]], list[str]]
_CHAT = 0.1  # share of words typed without their short vowels
_OPEN = frozenset(("s", "sh", "S", "h", "y", "Y", "r", "l", "v", "x", "w"))


@dataclass(frozen=True)
class Rules:
    """How one language is romanised.

    Attributes:
        styles: (weight, table), the usual style first. A table gives a symbol's alternatives; its key may say the
            place, `symbol/place` (see `_places`), or name two neighbours, `symbol|symbol`.
        paired: Symbols that begin a two-symbol key.
        schwas: Symbols of a word to the same with deleted inherent vowels marked.
        adjust: Last changes by context, such as Tamil voicing.
    """

    styles: tuple[tuple[float, dict[str, Slot]], ...]
    paired: frozenset[str]
    schwas: _Change
    adjust: _Change | None = None


def _keep(symbols: list[str]) -> list[str]:
    return symbols


def _open_clusters(symbols: list[str]) -> list[str]:
    """Inherent vowels deleted as in Hindi, but kept after every final cluster (Bengali, Nepali)."""
    return delete_schwas(symbols, cluster="@")


def _doubtful_clusters(symbols: list[str]) -> list[str]:
    return delete_schwas(symbols, cluster="+")


def _spoken(symbols: list[str]) -> list[str]:
    """Every written vowel kept, but the places marked where speakers drop an inherent one (Kannada avaru, avru)."""
    return delete_schwas([*symbols, "#"])[:-1]


def _hindi(symbols: list[str]) -> list[str]:
    """The h@m of `we` and `our` is said and typed with u."""
    if symbols[:3] == ["h", "@", "m"]:
        symbols[1] = "@u"
    return symbols


def _eastern(symbols: list[str]) -> list[str]:
    """Bengali y is j, but a mark of length under a consonant (`Py`); b under a consonant is `Pw`; o + ya is owa."""
    if symbols[:3] == ["a", "y", "aa"]:
        symbols[:3] = ["ae"]
    elif symbols[:2] == ["o", "Y"]:
        symbols[:2] = ["w"]
    for i, symbol in enumerate(symbols):
        under = i > 0 and symbols[i - 1] in CONSONANTS
        if symbol == "y":
            cluster = i > 1 and (symbols[i - 2] in CONSONANTS or symbols[i - 2] in "M~")
            symbols[i] = "Y" if cluster else "Py" if under else "j"
        elif symbol == "Y" and i and symbols[i - 1] in ("o", "O") and symbols[i + 1 : i + 2] == ["aa"]:
            symbols[i] = "w"
        elif symbol == "b" and under and symbols[i - 1] not in ("m", "r", "l", "b", "d", "k", "g"):
            symbols[i] = "Pw"
    return symbols


def _odia(symbols: list[str]) -> list[str]:
    return ["Y" if s == "y" and i and symbols[i - 1] in CONSONANTS else s for i, s in enumerate(symbols)]


def _tamil(symbols: list[str]) -> list[str]:
    """Tamil writes one letter for a voiceless and a voiced stop: `V` marks one between vowels, `G` after r, l, y."""
    last = len(symbols) - 1
    for i in range(1, last):
        if symbols[i] in ("k", "c", "T", "t", "p") and (symbols[i + 1] in VOWELS or symbols[i + 1] == "@"):
            before = symbols[i - 1]
            if before in VOWELS or before == "@":
                symbols[i] += "V"
            elif before in ("r", "y", "l", "L", "Z") and symbols[i] in ("k", "p"):
                symbols[i] += "G"
    return symbols


_HINDI = (tables.HINDI,)
_LANGUAGES: dict[str, tuple[_Change, tuple[str, ...], _Change | None]] = {
    "hi": (delete_schwas, _HINDI, _hindi),
    "mr": (_doubtful_clusters, (tables.HINDI, tables.MARATHI), None),
    "ne": (_open_clusters, (tables.HINDI, tables.NEPALI), None),
    "sa": (_keep, (tables.SANSKRIT,), None),
    "pa": (delete_schwas, (tables.HINDI, tables.PUNJABI), None),
    "gu": (delete_schwas, (tables.HINDI, tables.GUJARATI), None),
    "bn": (_open_clusters, (tables.BENGALI,), _eastern),
    "as": (_open_clusters, (tables.ASSAMESE,), _eastern),
    "or": (_keep, (tables.ODIA,), _odia),
    "te": (_keep, (tables.DRAVIDIAN, tables.TELUGU), None),
    "kn": (_spoken, (tables.DRAVIDIAN, tables.KANNADA), None),
    "ml": (_keep, (tables.DRAVIDIAN, tables.MALAYALAM), None),
    "ta": (_keep, (tables.DRAVIDIAN, tables.TAMIL), _tamil),
    "si": (_keep, (tables.SINHALA,), None),
}
_LIKE = {"bho": "hi", "mai": "hi", "awa": "hi", "mag": "hi", "hne": "hi", "kok": "mr", "gom": "mr", "doi": "hi"}
_LANGUAGES.update({language: _LANGUAGES[model] for language, model in _LIKE.items()})
LANGUAGES = frozenset(_LANGUAGES)


@functools.cache
def rules(language: str) -> Rules:
    """The rules of one Indic language (two- or three-letter code); languages that drop schwas have a chat style."""
    schwas, specs, adjust = _LANGUAGES[language]
    usual = table(tables.BASE, *specs)
    styles: tuple[tuple[float, dict[str, Slot]], ...] = ((1.0, usual),)
    if schwas not in (_keep, _spoken):
        styles = ((1 - _CHAT, usual), (_CHAT, usual | table(tables.CHAT)))
    return Rules(styles, frozenset(key.partition("|")[0] for key in usual if "|" in key), schwas, adjust)


def lattices(word: str, language: str) -> Iterator[tuple[float, list[Slot]]]:
    """The spelling lattices of one word, a style each, with the styles' weights.

    Args:
        word: A word in the language's own script; characters of other scripts are dropped.
        language: One of `LANGUAGES`.

    >>> from macaronic.text.romanise.lattice import first
    >>> [first(slots) for _, slots in lattices("समझना", "hi")]
    ['samajhna', 'smjhna']
    """
    rule = rules(language)
    symbols = rule.schwas(read(word))
    if word[-1:] == _CHANDRAKKALA and symbols and symbols[-1] in CONSONANTS:
        symbols.append("U")
    if rule.adjust:
        symbols = rule.adjust(symbols)
    places = _places(symbols)
    return ((weight, _look_up(symbols, places, known, rule.paired)) for weight, known in rule.styles)


def _look_up(
    symbols: Sequence[str], places: Sequence[str], known: dict[str, Slot], paired: frozenset[str]
) -> list[Slot]:
    found: list[Slot] = []
    i, end = 0, len(symbols)
    while i < end:
        symbol, place = symbols[i], places[i]
        if symbol in paired and i + 1 < end:
            pair = f"{symbol}|{symbols[i + 1]}"
            alternatives = known.get(f"{pair}/{place or places[i + 1]}") or known.get(pair)
            if alternatives:
                found.append(alternatives)
                i += 2
                continue
        alternatives = (place and known.get(f"{symbol}/{place}")) or known.get(symbol)
        if alternatives:
            found.append(alternatives)
        i += 1
    return found


def _places(symbols: Sequence[str]) -> list[str]:
    """The place of each symbol: `^` first, `$` last, `1` only vowel, `2` the second of a geminate, and by neighbour.

    A vowel before a vowel is `v`, an inherent vowel before a bare h is `h`; a nasal sign is `m` before a labial and
    `o` before a continuant.
    """
    last = len(symbols) - 1
    syllables = [i for i, symbol in enumerate(symbols) if symbol in VOWELS or symbol == "@"]
    single, opening = len(syllables) == 1, syllables[0] if syllables else -1
    places = [""] * len(symbols)
    for i, symbol in enumerate(symbols):
        after = symbols[i + 1] if i < last else ""
        if symbol == "@" or symbol in VOWELS:
            places[i] = _vowel_place(symbols, i, after, single, opening)
        elif symbol == "-":
            places[i] = "$" if i == last else ""
        elif symbol in ("M", "~"):
            places[i] = "$" if i == last else "m" if after in _LABIAL else "o" if after in _OPEN else ""
        elif i == 0:
            places[i] = "^"
        elif symbol == symbols[i - 1] and symbol in CONSONANTS:
            places[i] = "2"
        elif i == last or (after in "-+" and i + 1 == last):
            places[i] = "$"
    return places


def _vowel_place(symbols: Sequence[str], i: int, after: str, single: bool, opening: int) -> str:
    if symbols[i] == "@" and after == "h" and (i + 2 >= len(symbols) or symbols[i + 2] in "-@"):
        return "h"
    if not after or (after in ("M", "~") and i + 2 == len(symbols)):
        return "$"
    if after in VOWELS:
        return "v"
    return "1" if single else "^" if i == opening and (symbols[i] == "@" or i == 0) else ""
