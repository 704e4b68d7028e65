"""Which sentences of a lattice are given: any, or those nearest to what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from macaronic.synth.lattice.automaton import Automaton
from macaronic.synth.lattice.pool import STRAIGHT, Ends, Tilts, drawn, listed
from macaronic.synth.lattice.reach import Reach, guided, reach, value
from macaronic.synth.lattice.spoken import Floats, Measure, Paths, Spoken, measured, token_counts

FEW = 256
"""A lattice of no more sentences than this (or four times those wanted) is listed; of a larger one a pool is drawn."""
MOST = 20_000
"""More sentences than this are never listed."""
NEAR = 2.5
"""Percentage points from what was asked that are near enough to stop looking."""
FAR = 50.0
"""What a sentence that is still missing counts for."""
GAIN = 0.8
"""A round that does not bring the mean below this part of what it was is the last."""
ROUNDS = 4
WIDE = 128
"""Paths of a pool that is to come near to something, at least."""

_AXIS: dict[Measure, int] = {"cmi": 0, "embedded_share": 0, "switch_fraction": 1, "length": 2}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the sentences.

    Args:
        asked: what to come near to, in percent.
        tolerance: percentage points that are too far off; None takes the nearest.
        monolingual: whether sentences that are not mixed are welcome.
    """

    asked: dict[Measure, float] = field(default_factory=dict)
    tolerance: float | None = None
    monolingual: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One sentence: its words, its path, its final state, what it reached and how far that is off, in percent."""

    words: tuple[str, ...]
    path: list[int]
    end: int
    reached: dict[Measure, float]
    off: float


def choose(
    automaton: Automaton, said: Spoken, wish: Wish, n: int, rng: np.random.Generator
) -> tuple[list[Choice], str]:
    """Up to `n` different sentences, the nearest first; or none, and in words what can be reached if that is why."""
    if not automaton.count():
        return [], ""
    found = _Found(said, wish, n, rng)
    for paths, ends in _pools(automaton, found):
        found.take(paths, ends)
    if not found.kept:
        detail = _seek(automaton, found)
        if not found.kept:
            return [], detail
    return sorted(found.kept.values(), key=lambda one: one.off)[:n], ""


class _Found:
    """The sentences kept so far."""

    def __init__(self, said: Spoken, wish: Wish, n: int, rng: np.random.Generator) -> None:
        self.said, self.wish, self.n, self.rng = said, wish, n, rng
        self.kept: dict[tuple[str, ...], Choice] = {}
        self.shut = frozenset() if wish.monolingual else frozenset(said.tree.words)
        self.off: Floats = np.zeros(0)

    def lack(self) -> float:
        """How far off the best ones are on average, those that are still missing counted as far off."""
        best = sorted(one.off for one in self.kept.values())[: self.n]
        return (sum(best) + FAR * (self.n - len(best))) / self.n

    def take(self, paths: Paths, ends: Ends) -> None:
        """Keep the nearest of some paths that are welcome and new."""
        wish = self.wish
        got = measured(self.said, paths, wish.asked)
        each = np.array(
            [np.abs(got[name] - wanted) for name, wanted in wish.asked.items()] or np.zeros((1, len(paths)))
        )
        self.off = each.sum(axis=0)
        welcome = np.ones(len(paths), bool)
        if not wish.monolingual:
            welcome = (token_counts(self.said, paths) > 0).sum(axis=1) > 1
        if wish.tolerance is not None:
            welcome &= each.max(axis=0) <= wish.tolerance + 1e-9
        added = 0
        for at in np.lexsort((self.rng.random(len(paths)), self.off)).tolist():
            if added == self.n:
                return
            if welcome[at]:
                path = paths[at].tolist()
                words = self.said.texts(path)
                if words not in self.kept and words not in self.shut:
                    reached = {name: float(values[at]) for name, values in got.items()}
                    self.kept[words] = Choice(words, path, int(ends[at]), reached, float(self.off[at]))
                    added += 1


def _pools(automaton: Automaton, found: _Found) -> Iterator[tuple[Paths, Ends]]:
    """Paths to choose from, more of them until enough are found."""
    if automaton.count() <= min(max(FEW, 4 * found.n), MOST):
        yield listed(automaton)
        return
    tilts = _grid(found.wish)
    size = 2 * found.n + 8 if len(tilts) == 1 else max(2 * found.n + 8, WIDE)
    lack = float("inf")
    for turn in range(ROUNDS):
        each = -(-size // len(tilts))
        paths, ends, column = drawn(automaton, found.said, each=each, tilts=tilts, rng=found.rng)
        yield paths, ends
        before, lack = lack, found.lack()
        if lack <= NEAR or (turn and lack > GAIN * before):
            return
        size *= 2 if len(tilts) == 1 else 1
        if found.wish.asked:
            tilts = _finer(found.wish, tilts[column[int(np.argmin(found.off))]], 0.6 / 2**turn)


def _grid(wish: Wish) -> Tilts:
    """The tilts to begin with: all ways of tilting what is asked for."""
    if not wish.asked:
        return STRAIGHT
    steps: list[tuple[float, ...]] = [(0.0,), (0.0,), (0.0,)]
    for name, wanted in wish.asked.items():
        steps[_AXIS[name]] = _guesses(name, wanted)
    return np.array(list(product(*steps)))


def _guesses(name: Measure, wanted: float) -> tuple[float, ...]:
    """Tilts that would give about what is wanted if every unit could switch, and some to both sides."""
    if name == "length":
        return -2.0, -0.7, 0.0, 0.7, 2.0
    share = min(max(wanted / 100, 0.02), 0.98)
    middle = float(np.log(share / (1 - share)))
    if name == "cmi":
        middle = min(middle, 0.0)
        return tuple(sign * (middle + step) for sign in (1, -1) for step in (-0.7, 0.0, 0.7, 1.6))
    return tuple(middle + step for step in (-1.6, -0.7, 0.0, 0.7, 1.6))


def _finer(wish: Wish, around: Floats, step: float) -> Tilts:
    """Tilts around the one that gave the nearest sentence."""
    axes = {_AXIS[name] for name in wish.asked}
    moves = [(-step, -step / 2, 0.0, step / 2, step) if axis in axes else (0.0,) for axis in range(3)]
    return np.asarray(around + np.array(list(product(*moves))))


def _seek(automaton: Automaton, found: _Found) -> str:
    """Look for what chance did not give, by exact counts.

    Returns:
        What can be reached, in words, where something was asked that cannot; else nothing.
    """
    asked = found.wish.asked or {"embedded_share": 50.0}
    told = []
    for name, wanted in asked.items():
        exact = reach(automaton, found.said, name)
        if exact is None:
            continue
        cells = [(value(found.said, name, exact.counts(cell)), cell) for cell in exact.all()]
        open_cells = [(got, cell) for (got, mixed), cell in cells if mixed or found.wish.monolingual]
        if not open_cells:
            return ""
        if len(asked) == 1:
            _follow(automaton, found, name, exact, sorted((abs(got - wanted), cell) for got, cell in open_cells))
        scale = 1 if name == "cmi" else 100
        low, high = min(open_cells)[0] / scale, max(open_cells)[0] / scale
        told.append(f"{name} {wanted / scale:.4g} asked, {low:.4g} to {high:.4g} can be reached")
    if not found.wish.asked:
        return ""
    return "; ".join(told) or f"the nearest sentence that was drawn is {found.off.min():.1f} points off"


def _follow(automaton: Automaton, found: _Found, name: Measure, exact: Reach, cells: list[tuple[float, int]]) -> None:
    """Sentences with the counts of the nearest cells, as far as they are near enough."""
    tolerance = found.wish.tolerance if found.wish.asked else None
    near = [cell for off, cell in cells if tolerance is None or off <= tolerance][: found.n]
    made = [guided(automaton, found.said, name, exact, cell, found.rng) for cell in near for _ in range(2)]
    if made:
        found.take(np.array([path for path, _ in made], np.int32), np.array([end for _, end in made], np.int64))
