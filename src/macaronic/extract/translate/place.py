"""Where the translated pieces stand in the translated text: each in a place of its own, in the order of the source."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.extract.translate.pieces import Piece, Place
from macaronic.text.scripts import UNSPACED, script_of

_INSIDE = frozenset({"Arab", "Hebr"}) | UNSPACED
"""Scripts in which a word may stand right behind another: clitics, or no spaces at all."""

_QUOTES = " \"'“”‘’«»‹›「」『』《》〈〉()（）[]【】.,;:!?。、，；：！？।·"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where pieces stand.

    Args:
        places: one a piece; None where it was not found.
        loosely: whether some piece was only found without regard to case, width or form.
        guessed: whether some piece had more places than the source had, so that the order decided.
    """

    places: tuple[Place | None, ...]
    loosely: bool = False
    guessed: bool = False

    @property
    def missing(self) -> tuple[int, ...]:
        """The pieces that were not found."""
        return tuple(i for i, place in enumerate(self.places) if place is None)

    @property
    def whole(self) -> tuple[Place, ...]:
        """The places, once none is missing."""
        return tuple(place for place in self.places if place is not None)


def place(source: str, pieces: Sequence[Piece], wanted: Sequence[str], text: str) -> Placed:
    """Find each piece's translation in the translated text.

    Of several places, the one at the same turn as in the source is taken, so that the second `Ann` becomes the second
    `アン`. Pieces that do not overlap in the source do not in the translation; one within another stays within it.
    Whole words are preferred, and a place in the middle of a word counts only where scripts or clitics allow it.

    Args:
        source: the source text.
        pieces: its pieces.
        wanted: the translation of each.
        text: the translated text.

    >>> ann = [Piece(("PER",), "Ann", 0, 3), Piece(("PER",), "Ann", 12, 15)]
    >>> place("Ann ran and Ann fell", ann, ["アン", "アン"], "アンは走り、アンは転んだ").places
    ((0, 2), (6, 8))
    """
    found: list[Place | None] = [None] * len(pieces)
    loosely = guessed = False
    for i in sorted(range(len(pieces)), key=lambda i: (-len(wanted[i]), pieces[i].start)):
        candidates, loose = _candidates(text, wanted[i])
        free = [one for one in candidates if _fits(one, i, pieces, found)]
        rivals = [j for j in range(len(pieces)) if wanted[j] == wanted[i] and _apart(pieces[i], pieces[j])]
        if not free or len(free) + sum(found[j] is not None for j in rivals) < len(rivals) + 1:
            continue
        found[i], unsure = _chosen(source, i, pieces, rivals, candidates, free)
        loosely, guessed = loosely or loose, guessed or unsure
    return Placed(tuple(found), loosely, guessed)


def occurrences(text: str, wanted: str) -> list[Place]:
    """Where a string stands in a text, from left to right, without overlaps with itself.

    >>> occurrences("ha ha", "ha")
    [(0, 2), (3, 5)]
    """
    found: list[Place] = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        found.append((at, at + len(wanted)))
        at = text.find(wanted, at + len(wanted))
    return found


def loose_occurrences(text: str, wanted: str) -> list[Place]:
    """Where a string stands without regard to case, width, composition, white space and quotes around it.

    >>> loose_occurrences("Kafe「Ｔｏｋｙｏ」", '"TOKYO"')
    [(5, 10)]
    """
    small, origins = _folded(text)
    needle = _folded(wanted.strip(_QUOTES))[0] or _folded(wanted)[0]
    found = []
    for start, end in occurrences(small, needle):
        first, last = origins[start], origins[end - 1]
        if (start and origins[start - 1] == first) or (end < len(small) and origins[end] == last):
            continue
        stop = last + 1
        if stop < len(text) and unicodedata.combining(text[stop]):
            continue
        found.append((first, stop))
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    made, origins = [], []
    for at, character in enumerate(text):
        for small in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()):
            if not small.isspace() and unicodedata.category(small) != "Cf":
                made.append(small)
                origins.append(at)
    return "".join(made), origins


def _candidates(text: str, wanted: str) -> tuple[list[Place], bool]:
    exact = _at_words(text, occurrences(text, wanted))
    if exact:
        return exact, False
    return _at_words(text, loose_occurrences(text, wanted)), True


def _at_words(text: str, places: list[Place]) -> list[Place]:
    """The places that are whole words; else those that begin a word; else those that may stand inside one."""
    begin = [one for one in places if not _joined(text, one[0])]
    return (
        [one for one in begin if not _joined(text, one[1])] or begin or [one for one in places if _may_join(text, one)]
    )


def _joined(text: str, at: int) -> bool:
    """Whether a word goes on across this point."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.category(right) in ("Mn", "Mc"):
        return True
    scripts = {script_of(left), script_of(right)}
    return _wordlike(left) and _wordlike(right) and (scripts == {"Kana"} or not scripts & UNSPACED)


def _wordlike(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


def _may_join(text: str, one: Place) -> bool:
    return script_of(text[one[0]]) in _INSIDE and unicodedata.category(text[one[0]]) not in ("Mn", "Mc")


def _fits(one: Place, i: int, pieces: Sequence[Piece], found: Sequence[Place | None]) -> bool:
    """Whether a place goes with those that are taken as the source goes."""
    for j, other in enumerate(found):
        if other is None:
            continue
        if _apart(pieces[i], pieces[j]):
            if one[0] < other[1] and other[0] < one[1]:
                return False
        elif _within(pieces[i], pieces[j]) and not (other[0] <= one[0] and one[1] <= other[1]):
            return False
    return True


def _apart(one: Piece, other: Piece) -> bool:
    return one.end <= other.start or other.end <= one.start


def _within(inner: Piece, outer: Piece) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _chosen(
    source: str,
    i: int,
    pieces: Sequence[Piece],
    rivals: Sequence[int],
    candidates: Sequence[Place],
    free: Sequence[Place],
) -> tuple[Place, bool]:
    """The place at the same turn as in the source, and whether the order had to decide."""
    if len(free) == 1 and not rivals:
        return free[0], False
    turns = [start for start, _ in _at_words(source, occurrences(source, pieces[i].text))]
    if len(turns) == len(candidates) and pieces[i].start in turns:
        same = candidates[turns.index(pieces[i].start)]
        if same in free:
            return same, False
    before = sum(pieces[j].start < pieces[i].start for j in rivals)
    after = len(rivals) - before
    if before + after + 1 == len(candidates):
        same = candidates[before]
        return (same, False) if same in free else (free[0], True)
    return free[min(before, len(free) - 1)], True
