"""Prepared shards as rows in buckets: what a plan looks at, and what a decision on shares can see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.build.recipe import Recipe
from macaronic.mix.sample import Rows


@dataclass(frozen=True)
class Part:
    """One prepared shard: where its rows and facts lie, which source it is from, how often its rows may repeat."""

    rows: Path
    facts: Path
    source: str
    limit: int
    first: int
    count: int


def open_facts(path: Path) -> pa.Table:
    """The facts of a prepared shard, memory-mapped."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
        return reader.read_all()


def bucket_names(table: pa.Table, by: Sequence[str], source: str) -> tuple[NDArray[np.int32], list[str]]:
    """The bucket of each row: codes (rows,) and the names that they point at, such as `hi-Latn/mixed`."""
    code, names = np.zeros(table.num_rows, np.int64), [""]
    for key in by:
        if key == "source":
            own, labels = np.zeros(table.num_rows, np.int64), [source]
        else:
            encoded = table.column(key).combine_chunks().dictionary_encode()
            own, labels = encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()
        used, back = np.unique(code * len(labels) + own, return_inverse=True)
        names = [f"{names[u // len(labels)]}/{labels[u % len(labels)]}".lstrip("/") for u in used.tolist()]
        code = np.ravel(back)
    return code.astype(np.int32), names


def sizes(table: pa.Table, unit: str) -> NDArray[np.int64]:
    """How many units each row holds, shape (rows,)."""
    if unit == "documents":
        return np.ones(table.num_rows, np.int64)
    units: NDArray[np.int64] = table.column(unit).to_numpy().astype(np.int64)
    return units


@dataclass(frozen=True)
class View:
    """A prepared shard as the sampler wants it; its rows are looked up anew each time, so that many views are cheap.

    Args:
        part: the prepared shard.
        by: what makes a bucket.
        unit: what sizes count.
        code: name that the facts give -> number of the bucket.
        repeated: which rows repeat an earlier text and take no part; None for none, shape (rows,).
    """

    part: Part
    by: tuple[str, ...]
    unit: str
    code: Mapping[str, int]
    repeated: NDArray[np.bool_] | None

    def rows(self) -> Rows:
        """The rows with their buckets, sizes and limits."""
        table = open_facts(self.part.facts)
        codes, raw = bucket_names(table, self.by, self.part.source)
        bucket = np.array([self.code[name] for name in raw] or [-1], np.int32)[codes]
        if self.repeated is not None:
            bucket = np.where(self.repeated, np.int32(-1), bucket)
        index = self.part.first + np.arange(self.part.count, dtype=np.int64)
        return Rows(index, bucket, sizes(table, self.unit), np.full(self.part.count, self.part.limit, np.int32))


def views(
    recipe: Recipe, parts: Sequence[Part], code: Mapping[str, int], marks: Mapping[Path, NDArray[np.bool_]]
) -> list[View]:
    """A view of each prepared shard."""
    by = tuple(recipe.mix.by)
    return [View(part, by, recipe.unit, code, marks.get(part.facts)) for part in parts]


@dataclass(frozen=True)
class Seen:
    """What a decision on shares can look at.

    Args:
        views: the prepared shards.
        codes: bucket -> its number.
        sizes: bucket -> units there are.
        capacity: bucket -> units it may give.
        caps: bucket -> its largest share, where the recipe says one.
        budget: units wanted.
    """

    views: Sequence[View]
    codes: Mapping[str, int]
    sizes: Mapping[str, int]
    capacity: Mapping[str, int]
    caps: Mapping[str, float]
    budget: int
