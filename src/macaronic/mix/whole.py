"""Whole documents of named sources whose units sum to a budget exactly, in an order that depends on the seed alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.mixture import Mixture
from macaronic.mix.permute import key_of
from macaronic.mix.sample import Rows, copies, exactly, priorities
from macaronic.mix.shards import Shard
from macaronic.mix.stream import Achieved

Ints = NDArray[np.int64]


class Whole:
    """Documents that are drawn whole: each as often as the budget asks, rows that close the last gap exchanged.

    A `Stream` of documents comes as near to each share as the next document allows, and can go on for ever; this
    fills one budget to the unit, wherever some choice of documents does.

    Args:
        shards: of each source, in order.
        mixture: how much of each, with the unit.
        budget: how many units in all.
        max_epochs: how often a document may be taken at most.
        seed: what the choice and the order depend on.

    >>> import tempfile
    >>> from macaronic.mix.shards import open_shard, write_text
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sizes = [write_text(f"{folder}/{name}", [name * k for k in (1, 2, 3)]) for name in ("a ", "b ")]
    ...     shards = {name: [open_shard(f"{folder}/{name} ")] for name in ("a", "b")}
    ...     whole = Whole(shards, Mixture({"a": 2, "b": 1}, "words"), 9, max_epochs=1, seed=1)
    ...     [a.units for a in whole.achieved()]
    [6.0, 3.0]
    """

    def __init__(
        self, shards: Mapping[str, Sequence[Shard]], mixture: Mixture, budget: int, *, max_epochs: int, seed: int
    ) -> None:
        self.names = tuple(shards)
        self._mixture = mixture
        self._shards = [(i, shard) for i, name in enumerate(self.names) for shard in shards[name]]
        self._ends = np.cumsum([shard.documents for _, shard in self._shards])
        quotas = mixture.allocate(budget)
        wanted = np.array([quotas.get(name, 0) for name in self.names], np.int64)
        self._sizes = np.array([sum(int(s.units(mixture.unit).sum()) for s in shards[n]) for n in self.names], np.int64)
        limits = self._sizes * max_epochs
        drawn = exactly(lambda: self._rows(max_epochs), wanted, limits, names=self.names, seed=seed)
        self._units = drawn.achieved
        self._documents, self._items = self._ordered([copies(drawn, rows) for rows in self._rows(max_epochs)], seed)

    def __len__(self) -> int:
        """How many documents are taken."""
        return len(self._documents)

    def _rows(self, limit: int) -> Iterator[Rows]:
        for (source, shard), end in zip(self._shards, self._ends.tolist()):
            n = shard.documents
            index = np.arange(end - n, end, dtype=np.int64)
            units = shard.units(self._mixture.unit).astype(np.int64)
            yield Rows(index, np.full(n, source, np.int32), units, np.full(n, limit, np.int32))

    def _ordered(self, counts: Sequence[NDArray[np.int32]], seed: int) -> tuple[Ints, list[int]]:
        """The documents in their order, and how many each source gives."""
        count = np.concatenate(counts) if counts else np.zeros(0, np.int32)
        document = np.repeat(np.arange(len(count), dtype=np.int64), count)
        began = np.repeat(np.cumsum(count) - count, count)
        order = priorities(key_of(seed, "order"), document * 1009 + (np.arange(len(document)) - began), 0)
        items = [0] * len(self.names)
        for (source, _), own in zip(self._shards, counts):
            items[source] += int(own.sum())
        return document[np.argsort(order, kind="stable")], items

    def read(self, begin: int, end: int) -> tuple[NDArray[np.int32], list[Any]]:
        """Whose the items [begin, end) are, and the items: texts, or token ids."""
        documents = self._documents[begin:end]
        where = np.searchsorted(self._ends, documents, side="right")
        rows: list[Any] = []
        for number, document in zip(where.tolist(), documents.tolist()):
            shard = self._shards[number][1]
            place = document - int(self._ends[number]) + shard.documents
            rows.append(shard.text(place) if shard.is_text else shard.document(place))
        return np.array([self._shards[number][0] for number in where.tolist()], np.int32), rows

    def achieved(self) -> list[Achieved]:
        """What each source gives, beside what was asked."""
        unit, whole = self._mixture.unit, sum(self._units) or 1
        return [
            Achieved("all", name, unit, self._mixture.weights.get(name, 0.0), u / whole, float(u), n, u / max(size, 1))
            for name, u, n, size in zip(self.names, self._units, self._items, self._sizes.tolist())
        ]
