"""An automaton over bytes that accepts the answers of one text: pieces of the codec around words copied from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from macaronic.extract.edges import edges
from macaronic.extract.grammar.frame import Frame

HEAD, ITEM, COPY_ONE, THEN, COPY_TWO, BEHIND, END = range(7)
State = tuple[int, int, int]
"""(stage, which piece, bytes of it that are written); a copy's piece is -1 and its offset counts the text's bytes."""
NEVER = 1 << 30
WALL = b"\xff"
"""Stands where a character cannot be written; no text holds this byte."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """Where an answer may go on. A set of states stands for all readings of what is written so far.

    Args:
        pieces: for each stage that writes a piece, the pieces, each with the stage behind it.
        text: the text as the codec writes it, in bytes.
        starts: where a copy may begin, ascending: before a visible character.
        ends: where one may end: behind a visible character.
    """

    pieces: tuple[tuple[tuple[bytes, int], ...], ...]
    text: bytes
    starts: tuple[int, ...]
    ends: frozenset[int]
    rest: tuple[int, ...]
    """For each offset of the text, how many bytes until the next end."""
    shortest: tuple[int, ...]
    """For each stage, the fewest bytes until the answer may end."""

    @property
    def start(self) -> frozenset[State]:
        """Before the first byte."""
        return self._entered(HEAD)

    def step(self, states: Iterable[State], byte: int) -> frozenset[State]:
        """The states behind one more byte; none where it is not allowed."""
        out: set[State] = set()
        for stage, which, offset in states:
            if stage == END:
                continue
            if which < 0:
                if self.text[offset : offset + 1] == bytes([byte]):
                    out |= self._copied(stage, offset + 1)
                continue
            piece, behind = self.pieces[stage][which]
            if piece[offset] == byte:
                out |= {(stage, which, offset + 1)} if offset + 1 < len(piece) else self._entered(behind)
        return frozenset(out)

    def expected(self, states: Iterable[State]) -> set[int]:
        """The bytes that may come next."""
        out: set[int] = set()
        for stage, which, offset in states:
            if stage != END:
                out.add(self.text[offset] if which < 0 else self.pieces[stage][which][0][offset])
        return out

    def distance(self, states: Iterable[State]) -> int:
        """The fewest bytes until the answer may end; 0 where it may end now."""
        return min((self._distance(state) for state in states), default=NEVER)

    def _distance(self, state: State) -> int:
        stage, which, offset = state
        if stage == END:
            return 0
        if which < 0:
            return self.rest[offset + 1] + 1 + self.shortest[stage + 1]
        piece, behind = self.pieces[stage][which]
        return len(piece) - offset + self.shortest[behind]

    def _copied(self, stage: int, offset: int) -> set[State]:
        """The states behind the text's byte before `offset`: inside the copy, and behind it where it may end."""
        out: set[State] = {(stage, -1, offset)} if self.rest[offset + 1] < NEVER else set()
        return out | (self._entered(stage + 1) if offset in self.ends else set())

    def _entered(self, stage: int) -> frozenset[State]:
        """The states at the beginning of a stage, through empty pieces."""
        if stage == END:
            return frozenset({(END, 0, 0)})
        if stage in (COPY_ONE, COPY_TWO):
            return frozenset((stage, -1, at) for at in self.starts)
        out: set[State] = set()
        for which, (piece, behind) in enumerate(self.pieces[stage]):
            out |= {(stage, which, 0)} if piece else self._entered(behind)
        return frozenset(out)


def automaton(told: Frame, escaped: Sequence[str], text: str, *, whole: bool = False) -> Automaton:
    """The automaton for one text.

    Args:
        told: the codec's pieces.
        escaped: the text's characters as the codec writes them, see `frame.escaped`.
        text: the text itself; copies begin and end at grapheme clusters (a letter with its marks, a whole emoji).
        whole: they cut no word either, see `extract.edges`.

    >>> told = Frame(("N/",), ("",), (":x;",), (), (":x;",), "")
    >>> machine = automaton(told, tuple("ab"), "ab")
    >>> states = machine.start
    >>> for byte in b"N/:x;b":
    ...     states = machine.step(states, byte)
    >>> machine.distance(states), machine.step(states, ord("a"))
    (0, frozenset())
    """
    written, starts, ends, rest = _places(escaped, text, whole)
    twice, least = bool(told.thens), min((rest[at + 1] + 1 for at in starts), default=NEVER)
    opens = told.opens if starts else ()
    nexts = tuple((piece.encode(), COPY_ONE) for piece in told.nexts)
    pieces: dict[int, tuple[tuple[bytes, int], ...]] = {
        HEAD: tuple((piece.encode(), ITEM) for piece in told.heads),
        ITEM: (
            *((piece.encode(), END) for piece in told.empties),
            *((piece.encode(), COPY_ONE) for piece in opens),
        ),
        THEN: tuple((piece.encode(), COPY_TWO) for piece in told.thens) if twice else ((b"", BEHIND),),
        BEHIND: ((told.close.encode(), END), *nexts),
    }
    shortest = [0] * (END + 1)
    shortest[BEHIND] = len(told.close.encode())
    shortest[COPY_TWO] = least + shortest[BEHIND]
    shortest[THEN] = _least(pieces[THEN]) + shortest[COPY_TWO] if twice else shortest[BEHIND]
    shortest[COPY_ONE] = least + shortest[THEN]
    shortest[ITEM] = min(len(piece) + shortest[behind] for piece, behind in pieces[ITEM])
    return Automaton(
        tuple(pieces.get(stage, ()) for stage in range(END + 1)), written, starts, ends, rest, tuple(shortest)
    )


def _least(pieces: Sequence[tuple[bytes, int]]) -> int:
    return min((len(piece) for piece, _ in pieces), default=NEVER)


def _places(
    escaped: Sequence[str], text: str, whole: bool
) -> tuple[bytes, tuple[int, ...], frozenset[int], tuple[int, ...]]:
    """The text's bytes as they are written, where copies may begin and end, and the way to the next end from each."""
    written, starts, ends, walls, at = b"", [], set(), set(), 0
    edge = edges(text) if whole else [True] * (len(text) + 1)
    for cluster in regex.findall(r"\X", text):
        begin, at = at, at + len(cluster)
        forms = escaped[begin:at]
        if not all(forms):
            walls.add(len(written))
            written += WALL
            continue
        visible = not cluster.isspace()
        if visible and edge[begin]:
            starts.append(len(written))
        written += "".join(forms).encode()
        if visible and edge[at]:
            ends.add(len(written))
    rest = [NEVER] * (len(written) + 2)
    for place in range(len(written), -1, -1):
        rest[place] = NEVER if place in walls else 0 if place in ends else min(rest[place + 1] + 1, NEVER)
    return written, tuple(starts), frozenset(ends), tuple(rest)
