"""From facts to a plan: which bucket each row belongs to, how much of each bucket, and which rows exactly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.build.recipe import Recipe
from macaronic.core.errors import MissingData, UnknownName
from macaronic.core.mixture import Mixture
from macaronic.curate.keep import first_of_each
from macaronic.mix.sample import Draw, Rows, capacities, draw
from macaronic.mix.static import capped, proportional, temperature, unimax

REST = "rest"
_PARTITION_ROWS = 4_000_000


@dataclass(frozen=True)
class Part:
    """One prepared shard: where its rows and facts lie, which source it is from, how often its rows may repeat."""

    rows: Path
    facts: Path
    source: str
    limit: int
    first: int
    count: int


@dataclass(frozen=True)
class Bucket:
    """What there is of one bucket, what was asked and what comes out; sizes in the plan's unit."""

    name: str
    documents: int
    available: int
    capacity: int
    asked: float
    wanted: int
    achieved: int
    epochs: float
    bound: bool


@dataclass(frozen=True)
class Plan:
    """The whole decision: buckets, the draw, and what could not be met."""

    unit: str
    budget: int
    reachable: int
    buckets: tuple[Bucket, ...]
    names: Mapping[str, int]
    draw: Draw
    repeated: Mapping[Path, NDArray[np.bool_]]
    folded: Mapping[str, int]

    @property
    def duplicates(self) -> int:
        """Rows whose text came before."""
        return sum(int(marks.sum()) for marks in self.repeated.values())

    @property
    def achieved(self) -> int:
        """Units that come out in all."""
        return sum(bucket.achieved for bucket in self.buckets)

    @property
    def unmet(self) -> list[str]:
        """What was asked and cannot be given, in words."""
        said = []
        if self.reachable < self.budget:
            said.append(f"budget: asked {self.budget:,} {self.unit}, the text allows {self.reachable:,} under its caps")
        if self.achieved < self.reachable:
            short = self.reachable - self.achieved
            said.append(f"rows are taken whole: {short:,} {self.unit} could not be filled exactly")
        for b in self.buckets:
            if b.bound:
                said.append(f"{b.name}: asked {b.asked:.2%}, its cap allows {b.wanted:,} {self.unit}")
        return said


def open_facts(path: Path) -> pa.Table:
    """The facts of a prepared shard, memory-mapped."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
        return reader.read_all()


def duplicates(parts: Sequence[Part]) -> dict[Path, NDArray[np.bool_]]:
    """For each prepared shard, which rows repeat a text that came before (in any shard).

    Texts are compared by a 128-bit fingerprint, a slice of all fingerprints at a time, so memory stays bounded.
    """
    total = sum(part.count for part in parts)
    slices = max(1, -(-total // _PARTITION_ROWS))
    marks = {part.facts: np.zeros(part.count, bool) for part in parts}
    for s in range(slices):
        held, places = [], []
        for part in parts:
            table = open_facts(part.facts)
            a, b = (table.column(name).to_numpy() for name in ("hash_a", "hash_b"))
            own = np.flatnonzero(a % np.uint64(slices) == s)
            held.append(np.column_stack([a[own], b[own]]))
            places.append(own)
        first = first_of_each(np.concatenate(held)) if held else np.zeros(0, bool)
        ends = np.cumsum([len(p) for p in places])
        for part, own, keep in zip(parts, places, np.split(first, ends[:-1])):
            marks[part.facts][own[~keep]] = True
    return marks


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


def make_plan(recipe: Recipe, parts: Sequence[Part], *, scale: float = 1.0) -> Plan:
    """Decide how much of each bucket comes out, and which rows.

    Args:
        recipe: what is wanted.
        parts: the prepared shards, in corpus order.
        scale: divides the budget, for a plan made on a sample of the text.

    Raises:
        MissingData: nothing is left to build from.
        UnknownName: given weights name a bucket that does not exist.
    """
    marks = duplicates(parts) if recipe.filter.dedup == "exact" else {}
    found, folded = _buckets(recipe, parts, marks)
    names = {name: i for i, name in enumerate(sorted(set(found.values())))}
    codes = {raw: names[final] for raw, final in found.items()}
    seen = views(recipe, parts, codes, marks)

    def shards() -> Iterator[Rows]:
        return (view.rows() for view in seen)

    available, capacity, documents = capacities(shards(), len(names))
    if not available.sum():
        raise MissingData(
            f"nothing is left to build from: {sum(p.count for p in parts):,} rows were read, none stayed."
        )
    sizes = {name: int(available[i]) for name, i in names.items()}
    limits = {name: int(capacity[i]) for name, i in names.items()}
    budget = max(1, round(recipe.mix.budget * scale)) if recipe.mix.budget else sum(sizes.values())
    wanted = _shares(recipe, sizes, budget)
    mixture, bound = capped(wanted, limits, budget)
    reachable = min(budget, sum(limits[name] for name, weight in wanted.weights.items() if weight > 0))
    quotas = mixture.allocate(reachable)
    quotas = {name: min(quotas.get(name, 0), limits[name]) for name in names}
    chosen = _drawn_exactly(shards, quotas, names, limits, seed=recipe.run.seed)
    buckets = tuple(
        Bucket(
            name=name,
            documents=int(documents[i]),
            available=sizes[name],
            capacity=limits[name],
            asked=wanted.weights.get(name, 0.0),
            wanted=quotas[name],
            achieved=chosen.achieved[i],
            epochs=chosen.achieved[i] / sizes[name] if sizes[name] else 0.0,
            bound=name in bound,
        )
        for name, i in names.items()
    )
    return Plan(recipe.unit, budget, reachable, buckets, codes, chosen, marks, folded)


def _drawn_exactly(
    shards: Callable[[], Iterator[Rows]],
    quotas: Mapping[str, int],
    names: Mapping[str, int],
    limits: Mapping[str, int],
    *,
    seed: int,
) -> Draw:
    """Draw; what a small bucket's whole rows cannot fill to the unit goes to the largest bucket that has room."""
    wanted = np.array([quotas[name] for name in names], np.int64)
    chosen = draw(shards, wanted, seed=seed)
    short = int(wanted.sum()) - sum(chosen.achieved)
    room = [name for name, i in names.items() if chosen.achieved[i] == wanted[i] and limits[name] - wanted[i] >= short]
    if not short or not room:
        return chosen
    largest = max(room, key=lambda name: (wanted[names[name]], name))
    wanted[names[largest]] += short
    again = draw(shards, wanted, seed=seed)
    return again if sum(again.achieved) > sum(chosen.achieved) else chosen


def _buckets(
    recipe: Recipe, parts: Sequence[Part], marks: Mapping[Path, NDArray[np.bool_]]
) -> tuple[dict[str, str], dict[str, int]]:
    """Raw bucket -> the bucket it is counted in: itself, or `rest` when it is too small to stand alone."""
    sizes: dict[str, int] = {}
    for part in parts:
        table = open_facts(part.facts)
        codes, names = bucket_names(table, recipe.mix.by, part.source)
        units = _units(table, recipe.unit)
        if part.facts in marks:
            units = np.where(marks[part.facts], 0, units)
        sums = np.bincount(codes, weights=units, minlength=len(names))
        for name, units_here in zip(names, sums.tolist()):
            sizes[name] = sizes.get(name, 0) + int(units_here)
    if recipe.mix.by == ["source"]:
        for source in recipe.origins:
            if source.name in recipe.consumed:
                continue
            sizes.setdefault(source.name, 0)
        return {name: name for name in sizes}, {}
    least = recipe.mix.min_share * sum(sizes.values())
    given = recipe.mix.weights or {}
    small = {name: size for name, size in sizes.items() if size < least and name not in given}
    return {name: REST if name in small else name for name in sizes}, small


def _units(table: pa.Table, unit: str) -> NDArray[np.int64]:
    if unit == "documents":
        return np.ones(table.num_rows, np.int64)
    units: NDArray[np.int64] = table.column(unit).to_numpy().astype(np.int64)
    return units


def _shares(recipe: Recipe, sizes: Mapping[str, int], budget: int) -> Mixture:
    mix, unit = recipe.mix, recipe.unit
    if mix.method == "given":
        unknown = [name for name in mix.weights or {} if name not in sizes]
        if unknown:
            raise UnknownName("bucket in mix.weights", unknown[0], sizes)
        return Mixture({name: (mix.weights or {}).get(name, 0.0) for name in sizes}, unit)
    if mix.method == "temperature":
        return temperature(sizes, mix.temperature, unit=unit)
    if mix.method == "unimax":
        return unimax(sizes, budget, max_epochs=min(s.cap_epochs for s in recipe.origins), unit=unit)
    return proportional(sizes, unit=unit)


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
        return Rows(index, bucket, _units(table, self.unit), np.full(self.part.count, self.part.limit, np.int32))


def views(
    recipe: Recipe, parts: Sequence[Part], code: Mapping[str, int], marks: Mapping[Path, NDArray[np.bool_]]
) -> list[View]:
    """A view of each prepared shard."""
    by = tuple(recipe.mix.by)
    return [View(part, by, recipe.unit, code, marks.get(part.facts)) for part in parts]


def describe(plan: Plan) -> str:
    """The plan's decision as stable JSON, for fingerprints."""
    drawn = {
        "seed": plan.draw.seed,
        "epochs": plan.draw.epochs,
        "cut": plan.draw.cut,
        "extra": [sorted(e) for e in plan.draw.extra],
    }
    return json.dumps([plan.unit, plan.budget, sorted(plan.names.items()), drawn], sort_keys=True)
