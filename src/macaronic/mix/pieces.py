"""What a stream takes from a source, one after the other: sequences of equal length, or whole documents.

Both give the k-th piece for any k: each pass over the source (an epoch) is a shuffle of its own, computed, not stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.permute import key_of, permuted
from macaronic.mix.sample import priorities
from macaronic.mix.shards import Shard

Ints = NDArray[np.int64]


class Pieces(Protocol):
    """The pieces of a source in the order in which they are taken."""

    arrays: list[NDArray[Any]]
    """The items of each shard."""
    count: int
    """How many pieces an epoch has."""
    text: bool
    """Whether the pieces are text."""

    def check(self, phase: str) -> None:
        """Raise a UsageError when the phase cannot take anything from this source."""

    def locate(self, index: Ints) -> Ints:
        """Shard, begin and end of the pieces with these numbers, shape (3, n)."""

    def units(self, unit: str, first: int, end: int) -> Fraction:
        """How many units the pieces first .. end hold."""

    def each(self, unit: str) -> Fraction:
        """How many units a piece holds on average."""

    def filled(self, unit: str, first: int, wanted: Fraction) -> int:
        """How many pieces from `first` on come nearest to the units wanted."""


class Windows:
    """Sequences of `length` tokens that follow each other in a shard, whatever documents they belong to.

    What does not fill a sequence is left out, but not always the same tokens: where a shard's first sequence begins
    differs from epoch to epoch.

    Args:
        name: the source's name, for messages.
        shards: shards of token ids.
        length: tokens of a sequence, at least 1.
        key: what the shuffles depend on.
    """

    def __init__(self, name: str, shards: Sequence[Shard], length: int, key: int) -> None:
        self.arrays: list[NDArray[Any]] = [shard.items for shard in shards]
        self.text = any(shard.is_text for shard in shards)
        self._name, self._shards, self._length, self._key = name, shards, length, key
        sizes = np.array([len(a) for a in self.arrays], np.int64)
        self._spare = sizes % length
        self._ends = np.cumsum(sizes // length)
        self._begins = self._ends - sizes // length
        self._tokens = int(sizes.sum())
        self.count = int(self._ends[-1]) if len(sizes) else 0

    def check(self, phase: str) -> None:
        """Raise a UsageError for text, or for less than one sequence."""
        if self.text:
            raise UsageError(
                f"phase {phase!r} asks for sequences of tokens, but {self._name!r} is text.\n"
                "Tokenise it (mix.shards.write_tokens), or leave out the length to get whole documents."
            )
        if not self.count:
            raise UsageError(
                f"phase {phase!r}: {self._name!r} holds {self._tokens} tokens; a sequence has {self._length}.\n"
                "Give it no weight, more text, or use shorter sequences."
            )

    def locate(self, index: Ints) -> Ints:
        """Shard, begin and end of the sequences with these numbers, shape (3, n)."""
        where = np.empty((3, len(index)), np.int64)
        epochs = index // self.count
        for epoch in np.unique(epochs).tolist():
            own = np.flatnonzero(epochs == epoch)
            place = permuted(index[own] % self.count, self.count, key_of(self._key, epoch))
            shard = np.searchsorted(self._ends, place, side="right")
            drawn = priorities(key_of(self._key, epoch, "shift"), np.arange(len(self._spare)), 0)
            shift = (drawn % (self._spare + 1).astype(np.uint64)).astype(np.int64)
            where[0, own] = shard
            where[1, own] = (place - self._begins[shard]) * self._length + shift[shard]
        where[2] = where[1] + self._length
        return where

    def units(self, unit: str, first: int, end: int) -> Fraction:
        """How many units that many sequences hold; other units than tokens by the source's average."""
        return (end - first) * self.each(unit)

    def each(self, unit: str) -> Fraction:
        """How many units a sequence holds: its tokens, or as many words, bytes or documents as they make on average."""
        if unit == "tokens":
            return Fraction(self._length)
        held = sum(int(shard.units(unit).sum()) for shard in self._shards)
        if not held:
            raise UsageError(f"{self._name!r} holds no {unit}, so it cannot be weighed by them; give it no weight.")
        return Fraction(self._length * held, self._tokens)

    def filled(self, unit: str, first: int, wanted: Fraction) -> int:
        """How many sequences come nearest to the units wanted."""
        return round(wanted / self.each(unit))


class Documents:
    """Whole documents, shuffled over all shards of the source.

    Args:
        name: the source's name, for messages.
        shards: shards of text, or of token ids.
        key: what the shuffles depend on.
    """

    def __init__(self, name: str, shards: Sequence[Shard], key: int) -> None:
        self.arrays: list[NDArray[Any]] = [shard.items for shard in shards]
        self.text = any(shard.is_text for shard in shards)
        self._name, self._shards, self._key = name, shards, key
        sizes = np.array([shard.documents for shard in shards], np.int64)
        self._ends = np.cumsum(sizes)
        self._begins = self._ends - sizes
        self.count = int(self._ends[-1]) if len(sizes) else 0

    def check(self, phase: str) -> None:
        """Raise a UsageError for a source without documents, or with text and token ids side by side."""
        if not self.count:
            raise UsageError(f"phase {phase!r}: {self._name!r} holds no documents; give it no weight.")
        if self.text and not all(shard.is_text for shard in self._shards):
            raise UsageError(f"phase {phase!r}: some shards of {self._name!r} are text and some tokens; use one kind.")

    def locate(self, index: Ints) -> Ints:
        """Shard, begin and end of the documents with these numbers, shape (3, n)."""
        where = np.empty((3, len(index)), np.int64)
        place = self._order(index)
        where[0] = np.searchsorted(self._ends, place, side="right")
        for number in np.unique(where[0]).tolist():
            own = where[0] == number
            inside = place[own] - self._begins[number]
            where[1, own] = self._shards[number].offsets[inside]
            where[2, own] = self._shards[number].offsets[inside + 1]
        return where

    def _order(self, index: Ints) -> Ints:
        """Which document each number is."""
        place, epochs = np.empty(len(index), np.int64), index // self.count
        for epoch in np.unique(epochs).tolist():
            own = np.flatnonzero(epochs == epoch)
            place[own] = permuted(index[own] % self.count, self.count, key_of(self._key, epoch))
        return place

    def _sizes(self, unit: str) -> Ints:
        return np.concatenate([shard.units(unit) for shard in self._shards])

    def units(self, unit: str, first: int, end: int) -> Fraction:
        """How many units the documents first .. end hold, exactly."""
        return Fraction(self._until(unit, end) - self._until(unit, first))

    def _until(self, unit: str, end: int) -> int:
        epochs, rest = divmod(end, self.count)
        sizes = self._sizes(unit)
        partial = sizes[self._order(np.arange(epochs * self.count, end))] if rest else sizes[:0]
        return epochs * int(sizes.sum()) + int(partial.sum())

    def each(self, unit: str) -> Fraction:
        """How many units a document holds on average."""
        return Fraction(int(self._sizes(unit).sum()), self.count)

    def filled(self, unit: str, first: int, wanted: Fraction) -> int:
        """How many documents from `first` on come nearest to the units wanted."""
        sizes = self._sizes(unit)
        whole = int(sizes.sum())
        if not whole:
            raise UsageError(f"{self._name!r} holds no {unit}, so it cannot be weighed by them; give it no weight.")
        target = self._until(unit, first) + wanted
        epochs = int(target // whole)
        rest = float(target - epochs * whole)
        reached = np.cumsum(sizes[self._order(epochs * self.count + np.arange(self.count))])
        more = int(np.searchsorted(reached, rest, side="left"))
        over = float(reached[more]) - rest if more < self.count else float("inf")
        under = rest - (float(reached[more - 1]) if more else 0.0)
        return max(0, epochs * self.count + more + (1 if over < under else 0) - first)
