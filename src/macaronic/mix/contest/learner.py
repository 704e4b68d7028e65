"""A model that learns made-up languages by counting: it reads, is tested on held-out text, and has gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.contest.languages import Languages

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Text that nothing is learnt from.

    Args:
        names: of the languages that count, k of them.
        pairs: share of each pair in the text of each, rows sum to one, shape (k, c).
        symbols: how much text there is of each, so that a test costs k times as much.
    """

    names: tuple[str, ...]
    pairs: Floats
    symbols: int

    @property
    def cost(self) -> int:
        """Symbols that are read in one test."""
        return len(self.pairs) * self.symbols


def held_out(world: Languages, symbols: int, rng: np.random.Generator) -> HeldOut:
    """Held-out text of the languages that count, `symbols` of each.

    Raises:
        UsageError: no text.
    """
    if symbols < 1:
        raise UsageError(f"expected at least 1 held-out symbol of each language; got {symbols}")
    names = tuple(world.names[i] for i in world.goal)
    return HeldOut(names, rng.multinomial(symbols, world.pairs[world.goal]) / symbols, symbols)


@dataclass(eq=False)
class Learner:
    """A model in the middle of its training.

    Args:
        world: where it reads.
        rng: which texts it comes across.
        read: symbols read of each language so far, shape (m,).
        counts: of pairs, shape (c,).
    """

    world: Languages
    rng: np.random.Generator
    read: Floats
    counts: Floats

    def study(self, amounts: Floats, weights: Floats | None = None) -> Floats:
        """Read amounts (m,) of the languages; how often each pair came up in new text of each, shape (m, c).

        Args:
            amounts: symbols of each language, not negative.
            weights: how much a symbol of each language counts, shape (m,); 1 when left out.
        """
        before = self.world.distinct(self.read)
        self.read = self.read + amounts
        fresh = np.maximum(self.world.distinct(self.read) - before, 0)
        seen = np.zeros_like(self.world.pairs)
        for i in np.flatnonzero(fresh):
            own = self.world.used[i]
            seen[i, own] = self.rng.poisson(fresh[i] * self.world.pairs[i, own])
        self.counts = self.counts + (seen.sum(axis=0) if weights is None else weights @ seen)
        return seen

    def surprise(self) -> Floats:
        """Nats of each pair: minus the log of the symbol's chance after the context, shape (c,)."""
        rows = self.world.by_context(self.counts) + self.world.added * self.world.alphabet
        surprise: Floats = np.log(rows)[self.world.context] - np.log(self.counts + self.world.added)
        return surprise

    def tested(self, text: Floats) -> Floats:
        """Mean loss on texts given as counts or shares of pairs (n, c), shape (n,); the loss of nothing is NaN."""
        total = text.sum(axis=1)
        return np.where(total > 0, text @ self.surprise() / np.where(total > 0, total, 1.0), np.nan)

    def gradients(self, text: Floats) -> Floats:
        """Gradients of the mean loss on texts (n, c), by the logit of each pair, shape (n, c); zeros for no text."""
        share = text / np.maximum(text.sum(axis=1, keepdims=True), 1e-300)
        return self.world.by_context(share)[:, self.world.context] * np.exp(-self.surprise()) - share


def beginner(world: Languages, rng: np.random.Generator) -> Learner:
    """A model that has read nothing.

    >>> from macaronic.mix.contest.languages import draw
    >>> world = draw(np.random.default_rng(0), budget=1e4, families=("a", "b"))
    >>> reader = beginner(world, np.random.default_rng(1))
    >>> reader.study(np.array([500.0, 0.0])).sum(axis=1)[1].item(), int(reader.tested(world.pairs).argmin())
    (0.0, 0)
    """
    return Learner(world, rng, np.zeros(len(world.names)), np.zeros(world.pairs.shape[1]))
