"""Made-up languages whose best mixture is known: what a learner expects to lose is a formula, not an estimate.

A language is how often each context comes up and what follows it. Languages of one family share contexts, so that one
helps the other; a few contexts occur in all languages with another sequel in each, so that they are in each other's
way; the rest is a language's own. They differ in how much there is to learn, how predictable they are and how much
text there is. The learner counts what follows what, is not told the language, and counts a text once however often it
is read.

Counts are Poisson, so the loss that a mixture leads to has an exact mean, and the best mixture is found by descent on
that mean from many starts, with the gap that is left to first order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.contest.expected_log import expected_log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAMILIES = ("a", "a", "a", "b", "b", "c")
_ALPHABET = 24
_OWN = (2, 300)  # fewest and most contexts of a language's own
_SHARED = 150  # contexts that the languages of a family share
_COMMON = 6  # contexts that occur in all languages, with another sequel in each
_MASS = (0.4, 0.55, 0.05)  # of a language's text in own, shared and common contexts
_FLATNESS = (0.05, 0.5)  # of what follows a context: low is predictable
_SIZES = (-2.2, 1.2)  # mean and spread of log(text / budget)
_STARTS = 8


@dataclass(frozen=True, eq=False)
class Languages:
    """The world.

    Args:
        names: of the languages, m of them.
        sizes: symbols of text that there are of each, shape (m,).
        pairs: chance of each pair of a context and a symbol after it, rows sum to one, shape (m, c).
        context: number of the context of each pair, ascending from 0, shape (c,).
        alphabet: number of symbols.
        goal: numbers of the languages whose losses count, each alike, shape (k,).
        added: what the learner adds to the count of every pair, above 0.
    """

    names: tuple[str, ...]
    sizes: Floats
    pairs: Floats
    context: Ints
    alphabet: int
    goal: Ints
    added: float = 0.1

    @cached_property
    def contexts(self) -> Floats:
        """Chance of each context in each language, shape (m, contexts)."""
        return self.by_context(self.pairs)

    @cached_property
    def used(self) -> list[Ints]:
        """Numbers of the pairs that occur in each language."""
        return [np.flatnonzero(row) for row in self.pairs]

    def by_context(self, values: Floats) -> Floats:
        """Values of pairs (..., c) added up over pairs of one context, shape (..., contexts)."""
        return np.add.reduceat(values, self._starts, axis=-1)

    @cached_property
    def _starts(self) -> Ints:
        return np.searchsorted(self.context, np.arange(int(self.context[-1]) + 1)).astype(np.int64)

    def distinct(self, read: Floats) -> Floats:
        """How much of what was read of each language is new text: size (1 - exp(-read / size)), shape (m,)."""
        return self.sizes * -np.expm1(-read / self.sizes)

    def scaled(self, part: float) -> Languages:
        """The same with a part of the text of each language, so that a small run repeats as often as a large one."""
        return Languages(self.names, self.sizes * part, self.pairs, self.context, self.alphabet, self.goal, self.added)

    def losses(self, read: Floats) -> Floats:
        """The exact expected loss of each language after reading amounts (m,), in nats a symbol, shape (m,)."""
        return self._expected(read)[0]

    def _expected(self, read: Floats) -> tuple[Floats, Floats]:
        """Losses (m,), and their slopes in what is read of each language, shape (m, m)."""
        mean = self.distinct(read) @ self.pairs
        of_pair, by_pair = expected_log(mean, self.added)
        of_row, by_row = expected_log(self.by_context(mean), self.added * self.alphabet)
        losses = self.contexts @ of_row - self.pairs @ of_pair
        slopes = (self.contexts * by_row) @ self.contexts.T - (self.pairs * by_pair) @ self.pairs.T
        return losses, slopes * np.exp(-read / self.sizes)

    def mean_loss(self, read: Floats) -> float:
        """The mean over the languages that count, each alike: what all methods are judged by."""
        return float(self.losses(read)[self.goal].mean())

    def best(self, budget: float) -> Best:
        """The shares with the lowest mean loss after the budget, by descent from many starts."""
        from scipy.optimize import minimize

        m = len(self.names)

        def value(p: Floats) -> tuple[float, Floats]:
            losses, slopes = self._expected(budget * np.maximum(p, 0))
            return float(losses[self.goal].mean()), budget * slopes[self.goal].mean(axis=0)

        rng = np.random.default_rng(0)
        starts = [np.full(m, 1 / m), self.sizes / self.sizes.sum(), *rng.dirichlet(np.ones(m), _STARTS)]
        whole = {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like}
        found = []
        for start in starts:
            done = minimize(value, start, jac=True, method="SLSQP", bounds=[(0, 1)] * m, constraints=[whole], tol=1e-12)
            shares = np.maximum(done.x, 0) / np.maximum(done.x, 0).sum()
            found.append((value(shares)[0], shares))
        loss, shares = min(found, key=lambda one: one[0])
        slope = value(shares)[1]
        near = sum(one - loss < 1e-5 for one, _ in found)
        return Best(shares, loss, float(slope @ shares - slope.min()), near, len(found))


@dataclass(frozen=True, eq=False)
class Best:
    """The best mixture of a world.

    Args:
        shares: shape (m,).
        loss: its mean loss.
        gap: how much another mixture could still gain to first order; 0 at an optimum.
        agreed: how many starts came within 0.00001 nats of it.
        starts: of how many.
    """

    shares: Floats
    loss: float
    gap: float
    agreed: int
    starts: int


def draw(
    rng: np.random.Generator, *, budget: float, families: Sequence[str] = FAMILIES, targets: int | None = None
) -> Languages:
    """Languages drawn at random.

    Args:
        rng: the languages.
        budget: symbols that a learner reads in all; the sizes go with it, a ninth of it in the middle.
        families: the family of each language.
        targets: how many of the languages count, drawn at random; all when left out.

    Raises:
        UsageError: fewer than two languages, no budget, or no language that counts.

    >>> world = draw(np.random.default_rng(0), budget=1e5, families=("a", "b"))
    >>> world.names, float(world.losses(np.zeros(2)).round(3)[0]) == round(float(np.log(24)), 3)
    (('a1', 'b1'), True)
    """
    if len(families) < 2 or not budget > 0:
        raise UsageError(f"expected two or more languages and a budget above 0; got {len(families)} and {budget}")
    count = targets if targets is not None else len(families)
    if not 1 <= count <= len(families):
        raise UsageError(f"expected from 1 to {len(families)} languages that count; got {count}")
    shared = {family: _sequels(_SHARED, _flatness(rng), rng) for family in dict.fromkeys(families)}
    owned = [np.round(np.exp(rng.uniform(*np.log(_OWN)))).astype(int) for _ in families]
    edges = np.cumsum([0, _COMMON, *(_SHARED for _ in shared), *owned])
    whole, names = np.zeros((len(families), int(edges[-1]), _ALPHABET)), []
    for i, family in enumerate(families):
        names.append(f"{family}{sum(f == family for f in families[: i + 1])}")
        at, flat = 1 + list(shared).index(family), _flatness(rng)
        kinds = (
            (1 + len(shared) + i, _sequels(owned[i], flat, rng)),
            (at, shared[family]),
            (0, _sequels(_COMMON, flat, rng)),
        )
        for mass, (part, rows) in zip(_MASS, kinds):
            often = mass * rng.dirichlet(np.ones(len(rows)))
            whole[i, edges[part] : edges[part + 1]] = often[:, None] * rows
    flat_pairs = whole.reshape(len(families), -1)
    used = np.flatnonzero(flat_pairs.max(axis=0) > 1e-9)
    pairs = flat_pairs[:, used] / flat_pairs[:, used].sum(axis=1, keepdims=True)
    _, context = np.unique(used // _ALPHABET, return_inverse=True)
    sizes = budget * np.exp(rng.normal(*_SIZES, len(families)))
    goal = np.sort(rng.permutation(len(families))[:count])
    return Languages(tuple(names), sizes, pairs, context.astype(np.int64), _ALPHABET, goal)


def _flatness(rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(*np.log(_FLATNESS))))


def _sequels(contexts: int, flat: float, rng: np.random.Generator) -> Floats:
    """What follows each of some contexts, shape (contexts, alphabet)."""
    return rng.dirichlet(np.full(_ALPHABET, flat), contexts)
