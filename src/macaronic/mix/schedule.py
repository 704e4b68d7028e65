"""What comes when: phases, each with its own mixture, laid out so that any place is found without going there.

A phase is dealt in blocks of about a thousand items. How many items of a source come before a block is a formula (its
count in proportion, rounded at a place of its own), and inside the block the order is a seeded shuffle. So each
source's count is exact at the end, never further than one item from its share at the edge of a block, and the block of
any position is found by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.sample import priorities

Ints = NDArray[np.int64]
Until = Literal["budget", "first_exhausted", "all_exhausted"]

BLOCK = 1024


@dataclass(frozen=True)
class Phase:
    """A part of training with one mixture.

    Args:
        name: such as `stable`, `long`, `anneal`.
        mixture: how much of each source, and in which unit; a weight of zero is allowed.
        budget: how much in all, in the mixture's unit; needed, and only used, when `until` is `budget`.
        until: `budget`, or until the `first_exhausted` source has been seen whole, or `all_exhausted` have.
        length: tokens of a sequence; None takes whole documents.

    Raises:
        UsageError: a budget that is missing, not above zero, or given beside another end; a length below one.

    >>> Phase("anneal", Mixture({"fi": 3, "en": 1}, "tokens"), budget=4096, length=128).length
    128
    """

    name: str
    mixture: Mixture
    budget: int | None = None
    until: Until = "budget"
    length: int | None = None

    def __post_init__(self) -> None:
        if self.until not in get_args(Until):
            raise UnknownName("end of a phase", self.until, get_args(Until))
        if self.until == "budget" and (self.budget is None or self.budget < 1):
            raise UsageError(
                f"phase {self.name!r}: expected a budget of 1 or more {self.mixture.unit}; got {self.budget}"
            )
        if self.until != "budget" and self.budget is not None:
            raise UsageError(f"phase {self.name!r}: a budget and until={self.until!r} exclude each other; give one.")
        if self.length is not None and self.length < 1:
            raise UsageError(f"phase {self.name!r}: a sequence has 1 token or more; got length {self.length}")


def total(phase: Phase, capacity: Mapping[str, Fraction]) -> Fraction:
    """How much a phase takes in all, in the unit of its mixture.

    Args:
        phase: the phase.
        capacity: how much one pass over each source holds, in that unit.

    >>> phase = Phase("all", Mixture({"hi": 1, "en": 1}, "documents"), until="first_exhausted")
    >>> int(total(phase, {"hi": Fraction(10), "en": Fraction(30)}))
    20
    """
    if phase.budget is not None:
        return Fraction(phase.budget)
    weights = exact(phase.mixture)
    ends = [capacity[name] / weight for name, weight in weights.items() if weight]
    return min(ends) if phase.until == "first_exhausted" else max(ends)


def exact(mixture: Mixture) -> dict[str, Fraction]:
    """The weights as fractions that sum to one without any rounding."""
    weights = {name: Fraction(weight) for name, weight in mixture.weights.items()}
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def rounded(wanted: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers by largest remainder, ties by name, whose sum is that of what is wanted, rounded down.

    >>> rounded({"a": Fraction(10, 3), "b": Fraction(10, 3), "c": Fraction(10, 3)})
    {'a': 4, 'b': 3, 'c': 3}
    """
    whole = {name: math.floor(x) for name, x in wanted.items()}
    left = math.floor(sum(wanted.values())) - sum(whole.values())
    for name in sorted(wanted, key=lambda n: (whole[n] - wanted[n], n))[:left]:
        whole[name] += 1
    return whole


@dataclass(frozen=True)
class Laid:
    """A phase in which every item has its place.

    Args:
        phase: what was asked for.
        names: the sources, in the order of the columns below.
        counts: how many items of each source it takes.
        first: how many of each source's items came in earlier phases (of the same length).
        start: position of its first item in the whole stream.
        key: what the order inside blocks depends on.
    """

    phase: Phase
    names: tuple[str, ...]
    counts: tuple[int, ...]
    first: tuple[int, ...]
    start: int
    key: int

    @property
    def size(self) -> int:
        """How many items it takes."""
        return sum(self.counts)

    @property
    def blocks(self) -> int:
        """How many blocks it is dealt in."""
        return max(1, -(-self.size // BLOCK))

    def before(self, block: int) -> list[int]:
        """How many items of each source come before a block; exact at both ends.

        >>> laid = Laid(Phase("p", Mixture({"a": 1, "b": 1}), 1), ("a", "b"), (1500, 600), (0, 0), 0, key=1)
        >>> laid.before(0), laid.before(1), laid.before(laid.blocks)
        ([0, 0], [500, 200], [1500, 600])
        """
        parts, sources = self.blocks, len(self.counts)
        return [
            (2 * sources * block * count + parts * (2 * i + 1)) // (2 * sources * parts)
            for i, count in enumerate(self.counts)
        ]

    def block_at(self, place: int) -> int:
        """The block that holds the item at a place in [0, size)."""
        low, high = 0, self.blocks
        while high - low > 1:
            middle = (low + high) // 2
            if sum(self.before(middle)) <= place:
                low = middle
            else:
                high = middle
        return low

    def deal(self, block: int) -> tuple[int, NDArray[np.int32], Ints]:
        """One block, in order: the place of its first item, whose each item is, and which of that source's items.

        >>> laid = Laid(Phase("p", Mixture({"a": 1, "b": 1}), 1), ("a", "b"), (3, 1), (10, 0), 0, key=1)
        >>> place, source, item = laid.deal(0)
        >>> sorted(zip(source.tolist(), item.tolist()))
        [(0, 10), (0, 11), (0, 12), (1, 0)]
        """
        low, high = self.before(block), self.before(block + 1)
        here = np.array([b - a for a, b in zip(low, high)], np.int64)
        place = sum(low)
        dealt = np.repeat(np.arange(len(here), dtype=np.int32), here)
        shuffle = np.argsort(priorities(self.key, place + np.arange(len(dealt)), 0), kind="stable")
        source, item = dealt[shuffle], np.empty(len(dealt), np.int64)
        own = np.array([f + a for f, a in zip(self.first, low)], np.int64)
        began = np.repeat(np.cumsum(here) - here - own, here)
        item[np.argsort(source, kind="stable")] = np.arange(len(dealt)) - began
        return place, source, item

    def taken(self, place: int) -> list[int]:
        """How many items of each source come before a place in [0, size]."""
        if place >= self.size:
            return list(self.counts)
        block = self.block_at(place)
        start, source, _ = self.deal(block)
        more = np.bincount(source[: place - start], minlength=len(self.counts)).tolist()
        return [a + b for a, b in zip(self.before(block), more)]
