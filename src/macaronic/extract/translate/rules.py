"""What can be wrong with a translation: the rules by name, and those that look at the text alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from macaronic.core.languages import script
from macaronic.extract.offsets import folded
from macaronic.extract.translate.pieces import Piece
from macaronic.text.scripts import COMMON, script_names, script_numbers
from macaronic.text.words import tokenise

Rule = Literal[
    "empty source",
    "no language",
    "already in the target language",
    "span not in the source",
    "not in the records",
    "no answer",
    "empty answer",
    "refusal",
    "answer cut",
    "not JSON",
    "malformed answer",
    "empty text",
    "unchanged text",
    "script left over",
    "wrong script",
    "still in the source language",
    "count mismatch",
    "empty span",
    "label changed",
    "span not in the translation",
]
"""Why a record is dropped."""

UNSENT = frozenset(
    {"empty source", "no language", "already in the target language", "span not in the source", "not in the records"}
)
"""The rules that hold before anything is paid."""

MENDABLE = frozenset(
    {
        "not JSON",
        "malformed answer",
        "count mismatch",
        "empty span",
        "label changed",
        "span not in the translation",
    }
)
"""The rules behind which a second request with marks may still give the record."""

_WRITTEN = {
    "Jpan": ("Hani", "Hira", "Kana"),
    "Hrkt": ("Hira", "Kana"),
    "Hans": ("Hani", "Bopo"),
    "Hant": ("Hani", "Bopo"),
    "Kore": ("Hang",),
}
_ADDRESS = re.compile(r"https?:|www\.|[@#]|\S+[.@/_]\S+")
_SENTENCE_START = re.compile(r"(?:^|[.!?。！？:：\n]\s*)[\"'“‘«¿¡(\[]*$")


class Fault(Exception):
    """One record cannot be kept as it is: the rule that says so, and what was found.

    >>> str(Fault("not JSON", "Sure thing!"))
    'not JSON: Sure thing!'
    """

    def __init__(self, rule: Rule, detail: str = "") -> None:
        self.rule: Rule = rule
        self.detail = detail
        super().__init__(f"{rule}: {detail}")


@lru_cache(maxsize=1024)
def scripts_of_language(tag: str) -> frozenset[str]:
    """The scripts (ISO 15924) that a language's letters are in.

    >>> sorted(scripts_of_language("ja")), sorted(scripts_of_language("hi-Latn"))
    (['Hani', 'Hira', 'Kana'], ['Latn'])
    """
    name = script(tag)
    return frozenset(_WRITTEN.get(name, (name,)))


def check_text(source: str, translation: str, pieces: Sequence[Piece], to: str) -> None:
    """Apply the rules that look at the text alone.

    Args:
        source: the record's text.
        translation: what it became.
        pieces: the labelled stretches of the source: names there may stay as they are.
        to: the target language.

    Raises:
        Fault: `empty text`, `unchanged text`, `script left over` or `wrong script`.

    >>> check_text("I saw NHK at home.", "家でNHKを見た。", (), "ja")
    >>> check_text("I saw a film.", "filmを見た。", (), "ja")
    Traceback (most recent call last):
        ...
    macaronic.extract.translate.rules.Fault: script left over: film
    """
    if not translation.strip():
        raise Fault("empty text", "the translation is empty")
    if _same(source, translation) and _has_more_than(source, pieces):
        raise Fault("unchanged text", translation[:60])
    words = foreign_words(source, translation, pieces, to)
    if words:
        here = {name for word in words for name in letters_in(word)}
        rule: Rule = "script left over" if here & letters_in(source) else "wrong script"
        raise Fault(rule, ", ".join(words[:5]))


def foreign_words(source: str, translation: str, pieces: Sequence[Piece], to: str) -> list[str]:
    """The words of a translation in a script that the target language does not write.

    Left out, so that they may stand in any script: abbreviations in capitals and words with capitals inside (NHK,
    iPhone), words with or beside digits (5 km), single Latin and Greek letters, addresses and hashtags, and names in
    Latin letters: capitalised words of the source that stand in a piece or not at the start of a sentence.

    Args:
        source: the record's text.
        translation: its translation.
        pieces: the labelled stretches of the source.
        to: the target language.

    >>> foreign_words("Mary flew to Delhi at once.", "Mary once दिल्ली गई।", (Piece(("PER",), "Mary", 0, 4),), "hi")
    ['once']
    """
    allowed = scripts_of_language(to)
    names = _names(source, pieces)
    found = []
    for start, end in tokenise(translation):
        word = translation[start:end]
        others = letters_in(word) - allowed
        if others and not _excepted(word, translation[:start], others, names):
            found.append(word)
    return found


def letters_in(text: str) -> frozenset[str]:
    """The scripts of a text's letters.

    >>> sorted(letters_in("NHKを見た 5"))
    ['Hani', 'Hira', 'Latn']
    """
    names = script_names()
    present = {int(number) for number in set(script_numbers(text).tolist())}
    return frozenset(names[number] for number in present if number >= len(COMMON))


def _excepted(word: str, before: str, others: frozenset[str], names: frozenset[str]) -> bool:
    if others == {"Grek"}:
        return len(word) == 1
    if others != {"Latn"}:
        return False
    letters = [c for c in word if c.isalpha()]
    beside_digit = before.rstrip()[-1:].isdigit() and len(letters) <= 3
    inner_capital = any(c.isupper() for c in letters[1:])
    digits = any(c.isdigit() for c in word)
    return len(letters) == 1 or inner_capital or digits or beside_digit or bool(_ADDRESS.match(word)) or word in names


def _names(source: str, pieces: Sequence[Piece]) -> frozenset[str]:
    """Capitalised words of the source that are names as far as can be told."""
    inside = [(piece.start, piece.end) for piece in pieces]
    return frozenset(
        source[start:end]
        for start, end in tokenise(source)
        if source[start].isupper()
        and (any(a <= start and end <= b for a, b in inside) or not _SENTENCE_START.search(source[:start]))
    )


def _same(one: str, other: str) -> bool:
    return folded(one).split() == folded(other).split()


def _has_more_than(source: str, pieces: Sequence[Piece]) -> bool:
    """Whether there are letters outside the pieces, so that a translation ought to differ."""
    inside = [False] * len(source)
    for piece in pieces:
        inside[piece.start : piece.end] = [True] * (piece.end - piece.start)
    return any(c.isalpha() and not covered for c, covered in zip(source, inside))
