"""Which amounts of mixing the sentences of a lattice can have at all, exactly; and a sentence for an amount."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from macaronic.synth.lattice.automaton import Automaton
from macaronic.synth.lattice.spoken import Measure, Spoken

LARGEST = 400_000_000
"""Bits of work beyond which exact counts are not sought."""

_Key = tuple[int, int]
"""State, and the side of the last word that has a language (-1: none yet)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be counted from each state on.

    Args:
        bases: the radix of each count in a cell's number.
        cells: state and last side -> the cells that a sentence can still add, one bit a cell.
    """

    bases: tuple[int, ...]
    cells: dict[_Key, int]

    def counts(self, cell: int) -> tuple[int, ...]:
        """The counts that a cell's number stands for."""
        found = []
        for base in self.bases:
            cell, count = divmod(cell, base)
            found.append(count)
        return tuple(found)

    def all(self) -> Iterator[int]:
        """The cells of whole sentences."""
        bits = self.cells[0, -1]
        cell = 0
        while bits:
            step = (bits & -bits).bit_length()
            cell += step
            bits >>= step
            yield cell - 1


def reach(automaton: Automaton, said: Spoken, measure: Measure) -> Reach | None:
    """The counts that decide a measure, for every sentence: sets of bits, shifted and joined along the automaton.

    Counts are words a side for CMI and the embedded share, switch points and words for the switch fraction, and
    words for the length.

    Returns:
        None where this would take too long (very long rows of many languages).
    """
    bases = _bases(said, measure)
    if int(np.prod(bases, dtype=float)) * len(automaton.symbol) > LARGEST:
        return None
    done: dict[_Key, int] = {}
    wanted: list[_Key] = [(0, -1)]
    while wanted:
        key = wanted[-1]
        if key in done:
            wanted.pop()
            continue
        steps = list(_steps(automaton, said, measure, bases, key))
        open_ones = [next_key for _, next_key, _ in steps if next_key not in done]
        if open_ones:
            wanted += open_ones
            continue
        bits = 0 if steps else 1
        for _, next_key, cost in steps:
            bits |= done[next_key] << cost
        done[key] = bits
        wanted.pop()
    return Reach(bases, done)


def value(said: Spoken, measure: Measure, counts: tuple[int, ...]) -> tuple[float, bool]:
    """What a measure is at some counts (in percent), and whether the sentence is mixed.

    Where the counts do not tell whether it is mixed (length), it may be.
    """
    if measure == "length":
        return 100 * counts[0] / len(said.tree.words[said.tree.main]), True
    if measure == "switch_fraction":
        return 100 * counts[0] / max(counts[1] - 1, 1), counts[0] > 0
    total = max(sum(counts), 1)
    mixed = sum(count > 0 for count in counts) > 1
    part = max(counts) if measure == "cmi" else counts[said.tree.main]
    return 100 * (1 - part / total), mixed


def guided(
    automaton: Automaton, said: Spoken, measure: Measure, found: Reach, cell: int, rng: np.random.Generator
) -> tuple[list[int], int]:
    """A random sentence with the counts of a cell: its path and its final state."""
    key: _Key = (0, -1)
    path: list[int] = []
    while True:
        steps = [
            (symbol, next_key, cell - cost)
            for symbol, next_key, cost in _steps(automaton, said, measure, found.bases, key)
            if cell >= cost and found.cells[next_key] >> (cell - cost) & 1
        ]
        if not steps:
            return path, key[0]
        symbol, key, cell = steps[int(rng.integers(len(steps)))]
        path.append(symbol)


def _bases(said: Spoken, measure: Measure) -> tuple[int, ...]:
    sides = len(said.tree.tags)
    tokens = said.tokens.reshape(-1, sides)
    most = int(tokens.max(axis=1).sum()) + 1
    if measure == "length":
        return (int(said.words.reshape(-1, sides).max(axis=1).sum()) + 1,)
    if measure == "switch_fraction":
        return len(tokens) + 1, most
    return tuple(int(n) + 1 for n in tokens.sum(axis=0))


def _steps(
    automaton: Automaton, said: Spoken, measure: Measure, bases: tuple[int, ...], key: _Key
) -> Iterator[tuple[int, _Key, int]]:
    """The exits of a state: symbol, where it leads, and what it adds to a cell's number."""
    state, last = key
    for symbol, target in zip(automaton.symbol[state].tolist(), automaton.target[state].tolist()):
        if symbol < 0:
            return
        side, tokens = symbol % automaton.sides, int(said.tokens[symbol])
        if measure == "length":
            cost = int(said.words[symbol])
        elif measure == "switch_fraction":
            cost = tokens * bases[0] + int(tokens > 0 and last not in (-1, side))
        else:
            cost = tokens * int(np.prod(bases[:side], dtype=np.int64))
        carried = side if tokens and measure == "switch_fraction" else last
        yield symbol, (target, carried), cost
