"""One world, one budget, one seed: what every method is given, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.files import sha256
from macaronic.mix.contest.languages import Languages, draw
from macaronic.mix.contest.learner import HeldOut, held_out

if TYPE_CHECKING:
    from macaronic.mix.fitted import Fit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every method.

    Args:
        spend: part of the budget that goes into runs before the one that counts, for methods that need them.
        proxies: how many proxies share that part.
        held: symbols of held-out text a language that counts; every test of a model reads all of it and pays for it.
        stretches: how often a method that steers while training may look.
        targets: how many of the six languages count.
    """

    spend: float = 0.1
    proxies: int = 24
    held: int = 200
    stretches: int = 40
    targets: int = 3

    def __post_init__(self) -> None:
        if not 0 < self.spend < 1 or min(self.proxies, self.held, self.stretches) < 1:
            raise UsageError(f"expected a spend between 0 and 1 and counts of at least 1; got {self}")


@dataclass(frozen=True, eq=False)
class Trial:
    """What a method is given.

    Args:
        world: the languages; a method may look at names and sizes, and at the rest only by reading.
        budget: symbols that may be read in all, tests included.
        terms: what holds for every method.
        held: held-out text, the same for all methods.
        seed: what all that is drawn depends on.
    """

    world: Languages
    budget: float
    terms: Terms
    held: HeldOut
    seed: int

    def rng(self, purpose: str) -> np.random.Generator:
        """A generator of its own for a purpose, so that no method's draws depend on which others run."""
        return np.random.default_rng([self.seed, int(sha256(purpose)[:8], 16)])

    @property
    def even(self) -> Floats:
        """Even shares, shape (m,)."""
        return np.full(len(self.world.names), 1 / len(self.world.names))

    def sizes(self) -> dict[str, float]:
        """How much text there is of each language."""
        return dict(zip(self.world.names, self.world.sizes.tolist()))


@dataclass(frozen=True, eq=False)
class Spent:
    """What a method did with the budget.

    Args:
        read: symbols of each language that the final model read, shape (m,).
        fit: what it fitted to its proxies, for methods that do.
    """

    read: Floats
    fit: Fit | None = None

    @property
    def shares(self) -> Floats:
        """The mixture that the final model read, shape (m,)."""
        return self.read / self.read.sum()


def trial(
    seed: int, *, budget: float, largest: float | None = None, terms: Terms | None = None, check: bool = True
) -> Trial:
    """A world drawn from the seed, with held-out text.

    Args:
        seed: of the languages and of the held-out text.
        budget: symbols that may be read in all.
        largest: the budget that the sizes of the texts go with; the budget itself when left out.
        terms: what holds for every method.
        check: whether the budget must do for proxies.

    Raises:
        UsageError: a budget that is too small for one proxy.

    >>> given = trial(0, budget=1e6)
    >>> given.world.names, given.held.cost
    (('a1', 'a2', 'a3', 'b1', 'b2', 'c1'), 600)
    """
    own = terms or Terms()
    world = draw(np.random.default_rng([seed, 1]), budget=largest or budget, targets=own.targets)
    held = held_out(world, own.held, np.random.default_rng([seed, 2]))
    least = own.proxies * 1.25 * held.cost / own.spend
    if check and budget < least:
        raise UsageError(
            f"a budget of {budget:,.0f} symbols is too small: {own.spend:.0%} of it goes to {own.proxies} proxies, of "
            f"which each is tested on {held.cost:,}.\nGive --budget {least:,.0f} or more (every point of the curve "
            "counts), or fewer --proxies."
        )
    return Trial(world, budget, own, held, seed)
