"""Many paths of an automaton at once: all of them when they are few, else at random, tilted where that is asked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from macaronic.synth.lattice.automaton import Automaton
from macaronic.synth.lattice.spoken import Paths, Spoken

Ends = npt.NDArray[np.int64]
"""The final state of each path."""
Tilts = npt.NDArray[np.float64]
"""(tilts, 3): how much a word of an embedded language, a change of side and a word count, as exponents."""

STEEPEST = 50.0
"""The exponent of no exit is larger, whatever its words."""
STRAIGHT: Tilts = np.zeros((1, 3))
"""No tilt: all sentences are equally likely."""


def listed(automaton: Automaton) -> tuple[Paths, Ends]:
    """All paths. For automata with few of them.

    >>> from macaronic.synth.lattice.network import Network
    >>> from macaronic.synth.lattice.automaton import determinise
    >>> net = Network(); net.first = net.last = [net.place(0, (0, 1))]
    >>> listed(determinise(net, ((0,), (0,)), adjacent=True))[0].tolist()
    [[0], [1]]
    """
    states = np.zeros(1, np.int64)
    paths = np.zeros((1, 0), np.int32)
    exits = (automaton.symbol >= 0).sum(axis=1)
    for _ in range(automaton.length):
        many = exits[states]
        origin = np.repeat(np.arange(len(states)), many)
        slot = np.arange(len(origin)) - np.repeat(np.cumsum(many) - many, many)
        before = states[origin]
        paths = np.concatenate([paths[origin], automaton.symbol[before, slot][:, None]], axis=1)
        states = automaton.target[before, slot].astype(np.int64)
    return paths, states


def drawn(
    automaton: Automaton, said: Spoken, *, each: int, tilts: Tilts = STRAIGHT, rng: np.random.Generator
) -> tuple[Paths, Ends, npt.NDArray[np.int64]]:
    """Paths drawn with replacement: for every tilt `each` of them, a path as likely as the exponent of its tilt.

    Args:
        automaton: with at least one path.
        said: its words.
        each: paths a tilt.
        tilts: the tilts.
        rng: chance.

    Returns:
        The paths, their final states, and which tilt each was drawn with.
    """
    chances = _chances(automaton, said, tilts)
    exits, many = automaton.symbol.shape[1], len(tilts)
    column = np.repeat(np.arange(many), each)
    limits = [np.ascontiguousarray(chances[:, slot]).ravel() for slot in range(exits - 1)]
    symbols, targets = automaton.symbol.ravel(), automaton.target.ravel().astype(np.int64)
    states = np.zeros(len(column), np.int64)
    paths = np.empty((automaton.length, len(column)), np.int32)
    luck = rng.random(paths.shape)
    for level, thrown in enumerate(luck):
        at = states * many + column
        chosen = states * exits
        for limit in limits:
            chosen += thrown >= limit.take(at)
        paths[level] = symbols.take(chosen)
        states = targets.take(chosen)
    return np.ascontiguousarray(paths.T), states, column


def _chances(automaton: Automaton, said: Spoken, tilts: Tilts) -> npt.NDArray[np.float64]:
    """(states, exits, tilts): the chance of each exit or one before it, by the weight of what lies behind it."""
    weights = _weights(automaton, said, tilts)
    states = len(automaton.symbol)
    behind = np.zeros((states + 1, len(tilts)))
    behind[automaton.levels[-2] : states] = 1.0
    levels = automaton.levels
    for level in range(automaton.length - 1, -1, -1):
        here = slice(levels[level], levels[level + 1])
        part = weights[here]
        part *= behind[automaton.target[here]]
        total = part.sum(axis=1)
        if level % 4 == 0:
            total /= total.max(axis=0)
        behind[here] = total
    summed = np.cumsum(weights, axis=1)
    last = summed[:, -1:]
    return np.divide(summed, last, out=summed, where=last > 0)


def _weights(automaton: Automaton, said: Spoken, tilts: Tilts) -> npt.NDArray[np.float64]:
    """(states, exits, tilts) the weight of each exit alone; 0 where there is none."""
    real = automaton.symbol >= 0
    if not tilts.any():
        return np.repeat(real[:, :, None].astype(np.float64), len(tilts), axis=2)
    symbol = np.maximum(automaton.symbol, 0)
    side = symbol % automaton.sides
    power = np.zeros((*symbol.shape, len(tilts)))
    for axis, exponent in enumerate(tilts.T):
        if exponent.any():
            power += _tilted(automaton, said, axis, symbol, side)[:, :, None] * exponent
    return np.where(real[:, :, None], np.exp(np.clip(power, -STEEPEST, STEEPEST)), 0.0)


def _tilted(
    automaton: Automaton, said: Spoken, axis: int, symbol: npt.NDArray[np.int32], side: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    """What an exit counts for one axis of a tilt: embedded words, a change of side, or words."""
    if axis == 0:
        return np.where(side == said.tree.main, 0, said.tokens[symbol])
    if axis == 2:
        return said.words[symbol]
    came = np.full(len(symbol) + 1, -1)
    real = automaton.symbol >= 0
    came[automaton.target[real]] = side[real]
    return np.where(came[:-1, None] >= 0, side != came[:-1, None], False).astype(np.int64)
