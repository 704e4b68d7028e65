"""The sentences of a lattice as an acyclic automaton over (unit, side), which is counted without listing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from macaronic.synth.lattice.network import Network
from macaronic.synth.lattice.tree import Ranks

Path = tuple[tuple[int, int], ...]
"""A sentence: (unit, side) from its first word to its last."""


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """A deterministic automaton whose paths are the different sentences of a lattice.

    Every path says every unit once, so a state that is reached by `k` units lies on level `k`; states are numbered by
    level, state 0 is the start, and only states from which a sentence can be ended are kept.

    Args:
        sides: number of languages.
        levels: the first state of each level, and the number of states at the end.
        symbol: (states, most exits) `unit * sides + side` of each exit, -1 behind the last.
        target: (states, most exits) where it leads; the number of states (a dead one) behind the last.
        ways: how many sentences can be ended from each state.
        matrices: the matrix languages that a final state allows.
    """

    sides: int
    levels: tuple[int, ...]
    symbol: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    ways: tuple[int, ...]
    matrices: dict[int, tuple[int, ...]]

    @property
    def length(self) -> int:
        """Units in a sentence."""
        return len(self.levels) - 2

    def count(self) -> int:
        """How many different sentences there are: exact, without listing them."""
        return self.ways[0] if self.ways else 0

    def enumerate(self, limit: int) -> Iterator[Path]:
        """The sentences one after the other, at most `limit`."""
        if not self.count():
            return
        stack: list[tuple[int, Path]] = [(0, ())]
        while stack and limit > 0:
            state, path = stack.pop()
            if len(path) == self.length:
                limit -= 1
                yield path
                continue
            for symbol, target in zip(self.symbol[state].tolist()[::-1], self.target[state].tolist()[::-1]):
                if symbol >= 0:
                    stack.append((target, (*path, divmod(symbol, self.sides))))


def determinise(
    network: Network, ranks: Ranks, *, adjacent: bool, apart: Callable[[int, int], bool] | None = None
) -> Automaton:
    """The automaton of a network: each different sentence is one path.

    Args:
        network: what may follow what.
        ranks: the place of every unit a side.
        adjacent: two neighbours of one side must be neighbours in that side's own sentence.
        apart: (unit, unit) -> whether neighbours may be of different sides; always when left out.
    """
    sides = len(ranks)
    rows: list[dict[int, int]] = []
    levels = [0, 1]
    sets: list[tuple[int, ...]] = [()]
    said = [-1]
    final = frozenset(network.last)
    for level in range(len(ranks[0])):
        numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        for state in range(levels[level], levels[level + 1]):
            moves = _moves(network, sets[state], said[state], ranks if adjacent else None, apart, sides)
            row: dict[int, int] = {}
            for symbol, places in moves.items():
                key = (symbol, tuple(places) if len(places) == 1 else tuple(sorted(set(places))))
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(sets)
                    sets.append(key[1])
                    said.append(symbol)
                row[symbol] = number
            rows.append(row)
        levels.append(len(sets))
    ways = [0] * len(sets)
    for state in range(levels[-2], levels[-1]):
        ways[state] = int(any(place in final for place in sets[state]))
    for state in range(levels[-2] - 1, -1, -1):
        ways[state] = sum([ways[target] for target in rows[state].values()])
    ends = {
        state: tuple(sorted({network.matrix[place] for place in sets[state] if place in final}))
        for state in range(levels[-2], levels[-1])
    }
    return _packed(sides, levels, rows, ways, ends)


def _moves(
    network: Network,
    places: tuple[int, ...],
    said: int,
    ranks: Ranks | None,
    apart: Callable[[int, int], bool] | None,
    sides: int,
) -> dict[int, list[int]]:
    """What may be said next: symbol -> the places that it leads to."""
    moves: dict[int, list[int]] = {}
    before, spoken = divmod(said, sides) if said >= 0 else (-1, -1)
    behind = ranks[spoken][before] + 1 if ranks is not None and said >= 0 else -1
    nexts = [n for place in places for n in network.after[place]] if said >= 0 else network.first
    for place in nexts:
        unit = network.unit[place]
        for side in network.sides[place]:
            if said >= 0:
                if side == spoken:
                    if ranks is not None and ranks[side][unit] != behind:
                        continue
                elif apart is not None and not apart(before, unit):
                    continue
            symbol = unit * sides + side
            if symbol in moves:
                moves[symbol].append(place)
            else:
                moves[symbol] = [place]
    return moves


def _packed(
    sides: int,
    levels: list[int],
    rows: list[dict[int, int]],
    ways: list[int],
    ends: dict[int, tuple[int, ...]],
) -> Automaton:
    """Keep the states that lead to an end, and write the exits as arrays."""
    number = [-1] * len(ways)
    kept = 0
    starts = []
    for level in range(len(levels) - 1):
        starts.append(kept)
        for state in range(levels[level], levels[level + 1]):
            if ways[state]:
                number[state] = kept
                kept += 1
    starts.append(kept)
    source: list[int] = []
    slot: list[int] = []
    symbols: list[int] = []
    targets: list[int] = []
    for state, row in enumerate(rows):
        if ways[state]:
            at = 0
            for symbol, target in row.items():
                if ways[target]:
                    source.append(number[state])
                    slot.append(at)
                    symbols.append(symbol)
                    targets.append(number[target])
                    at += 1
    widest = max(slot, default=-1) + 1
    symbol_table = np.full((kept, widest), -1, np.int32)
    target_table = np.full((kept, widest), kept, np.int32)
    symbol_table[source, slot] = symbols
    target_table[source, slot] = targets
    matrices = {number[state]: own for state, own in ends.items() if ways[state]}
    return Automaton(sides, tuple(starts), symbol_table, target_table, tuple(w for w in ways if w), matrices)
