"""Pieces carried over by word alignment, for translations in which they cannot be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.extract.translate.pieces import Piece, Place
from macaronic.synth.align import Alignment, align
from macaronic.text.scripts import UNSPACED, script_of
from macaronic.text.words import tokenise

LEAST = 0.9
"""Confidence from which a link is trusted to carry a piece."""

_ANY = 0.5
"""Confidence from which a link shows that a word belongs to another."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A source text and its translation."""

    source: str
    translation: str


def aligned(pairs: Sequence[Pair], source: str, to: str) -> list[Alignment]:
    """Word links of each pair, learnt from all of them.

    Args:
        pairs: the whole batch.
        source, to: the languages.
    """
    cut = [(_words(pair.source), _words(pair.translation)) for pair in pairs]
    return align(cut, source=source, target=to, least=_ANY)


def projected(pair: Pair, links: Alignment, piece: Piece, taken: Sequence[Place] = ()) -> Place | None:
    """Where a piece stands in the translation, or None where the links do not tell clearly.

    They tell it when every word of the piece has a sure link, and the words between the first and the last one they
    lead to belong to no other word of the source and to no piece that has its place. Where words are not parted by
    spaces, the place must not end beside a character of the same script that nothing is linked to: it may be cut.

    Args:
        pair: the texts.
        links: their word links.
        piece: one of the source.
        taken: the places of other pieces.

    >>> pair = Pair("the old house", "la casa vieja")
    >>> projected(pair, Alignment(((0, 0), (1, 2), (2, 1)), (0.9, 0.9, 0.9)), Piece((), "old", 4, 7))
    (8, 13)
    """
    source, target = tokenise(pair.source), tokenise(pair.translation)
    own = {i for i, (start, end) in enumerate(source) if start < piece.end and piece.start < end}
    words = {i for i in own if any(c.isalnum() for c in pair.source[slice(*source[i])])} or own
    sure = [link for link, value in zip(links.links, links.confidence) if link[0] in own and value >= LEAST]
    if not sure or words - {i for i, _ in sure}:
        return None
    first, last = min(j for _, j in sure), max(j for _, j in sure)
    if any(first <= j <= last and i not in own for i, j in links.links):
        return None
    place = target[first][0], target[last][1]
    linked = {j for _, j in links.links}
    cut = any(
        j not in linked and _runs_on(pair.translation, target, *edge)
        for j, edge in ((first - 1, (first - 1, first)), (last + 1, (last, last + 1)))
    )
    return None if cut or any(a < place[1] and place[0] < b for a, b in taken) else place


def _runs_on(text: str, tokens: Sequence[Place], left: int, right: int) -> bool:
    """Whether two tokens stand side by side in one unspaced script other than Hiragana, which is mostly endings."""
    if left < 0 or right >= len(tokens) or tokens[left][1] != tokens[right][0]:
        return False
    script = script_of(text[tokens[left][1] - 1])
    return script in UNSPACED - {"Hira"} and script == script_of(text[tokens[right][0]])


def filled(pair: Pair, links: Alignment, pieces: Sequence[Piece], places: Sequence[Place | None]) -> list[Place | None]:
    """The places of all pieces, those that are None projected where the links tell clearly.

    >>> pair, links = Pair("the house", "la casa"), Alignment(((0, 0), (1, 1)), (0.9, 0.9))
    >>> filled(pair, links, [Piece((), "house", 4, 9)], [None])
    [(3, 7)]
    """
    found = list(places)
    for i, piece in enumerate(pieces):
        if found[i] is None:
            others = [(o, at) for o, at in zip(pieces, found) if o.end <= piece.start or piece.end <= o.start]
            found[i] = projected(pair, links, piece, [at for _, at in others if at is not None])
    return found


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenise(text)]
