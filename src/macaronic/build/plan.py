"""From facts to a plan: which bucket each row belongs to, how much of each bucket, and which rows exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.build.buckets import Part, Seen, bucket_names, open_facts, views
from macaronic.build.buckets import sizes as sizes_of
from macaronic.build.evidence import Evidence
from macaronic.build.recipe import Recipe
from macaronic.core.errors import MissingData, UnknownName
from macaronic.core.mixture import Mixture
from macaronic.curate.keep import first_of_each
from macaronic.mix.limits import limits
from macaronic.mix.sample import Draw, Rows, capacities, exactly
from macaronic.mix.static import capped, limited, proportional, temperature, unimax

REST = "rest"
_PARTITION_ROWS = 4_000_000


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
    evidence: Evidence | None = None

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


class Judges(Protocol):
    """Finds shares by looking at the buckets."""

    @property
    def named(self) -> set[str]:
        """Buckets that are never put into `rest`."""

    def __call__(self, seen: Seen) -> Evidence:
        """The shares, and what they rest on."""


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


def make_plan(recipe: Recipe, parts: Sequence[Part], *, scale: float = 1.0, judge: Judges | None = None) -> Plan:
    """Decide how much of each bucket comes out, and which rows.

    Args:
        recipe: what is wanted.
        parts: the prepared shards, in corpus order.
        scale: divides the budget, for a plan made on a sample of the text.
        judge: finds the shares, when they are not a rule's.

    Raises:
        MissingData: nothing is left to build from.
        UnknownName: weights, caps or floors name a bucket that does not exist.
        UsageError: caps or floors that no mixture meets.
    """
    marks = duplicates(parts) if recipe.filter.dedup == "exact" else {}
    found, folded = _buckets(recipe, parts, marks, judge.named if judge else set())
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
    most = {name: int(capacity[i]) for name, i in names.items()}
    if recipe.mix.max_epochs is not None:
        most = {name: min(units, int(recipe.mix.max_epochs * sizes[name])) for name, units in most.items()}
    budget = max(1, round(recipe.mix.budget * scale)) if recipe.mix.budget else sum(sizes.values())
    evidence = judge(Seen(seen, names, sizes, most, recipe.mix.caps, budget)) if judge else None
    wanted = Mixture(evidence.weights, recipe.unit) if evidence else _shares(recipe, sizes, budget)
    wanted, mixture, bound, reachable = _within(recipe, wanted, most, budget)
    quotas = mixture.allocate(reachable)
    quotas = {name: min(quotas.get(name, 0), most[name]) for name in names}
    both = (np.array([given[name] for name in names], np.int64) for given in (quotas, most))
    chosen = exactly(shards, *both, names=list(names), seed=recipe.run.seed)
    buckets = tuple(
        Bucket(
            name=name,
            documents=int(documents[i]),
            available=sizes[name],
            capacity=most[name],
            asked=wanted.weights.get(name, 0.0),
            wanted=quotas[name],
            achieved=chosen.achieved[i],
            epochs=chosen.achieved[i] / sizes[name] if sizes[name] else 0.0,
            bound=name in bound,
        )
        for name, i in names.items()
    )
    return Plan(recipe.unit, budget, reachable, buckets, codes, chosen, marks, folded, evidence)


def _within(
    recipe: Recipe, wanted: Mixture, most: Mapping[str, int], budget: int
) -> tuple[Mixture, Mixture, tuple[str, ...], int]:
    """What is asked under the recipe's floors and caps, what there is of that, what binds, and the units in all."""
    if not (recipe.mix.caps or recipe.mix.floors):
        mixture, bound = capped(wanted, most, budget)
        whole = sum(most[name] for name, weight in wanted.weights.items() if weight > 0)
        return wanted, mixture, bound, min(budget, whole)
    allowed = limits(wanted.names, caps=recipe.mix.caps, floors=recipe.mix.floors)
    shares = allowed.nearest(wanted.array)
    asked = Mixture(dict(zip(wanted.names, np.where(shares < 1e-9, 0.0, shares).tolist())), wanted.unit)
    mixture, bound, part = limited(asked, most, budget, allowed)
    bound = tuple(name for name in bound if mixture.weights[name] < asked.weights[name] - 1e-9)
    return asked, mixture, bound, min(budget, round(budget * part))


def _buckets(
    recipe: Recipe, parts: Sequence[Part], marks: Mapping[Path, NDArray[np.bool_]], named: set[str]
) -> tuple[dict[str, str], dict[str, int]]:
    """Raw bucket -> the bucket it is counted in: itself, or `rest` when it is too small to stand alone."""
    sizes: dict[str, int] = {}
    for part in parts:
        table = open_facts(part.facts)
        codes, names = bucket_names(table, recipe.mix.by, part.source)
        units = sizes_of(table, recipe.unit)
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
    named = named | recipe.mix.named
    small = {name: size for name, size in sizes.items() if size < least and name not in named}
    return {name: REST if name in small else name for name in sizes}, small


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
        return unimax(sizes, budget, max_epochs=_most_epochs(recipe), unit=unit)
    return proportional(sizes, unit=unit)


def _most_epochs(recipe: Recipe) -> float:
    return min(recipe.mix.max_epochs or float("inf"), *(s.cap_epochs for s in recipe.origins))


def describe(plan: Plan) -> str:
    """The plan's decision as stable JSON, for fingerprints."""
    drawn = {
        "seed": plan.draw.seed,
        "epochs": plan.draw.epochs,
        "cut": plan.draw.cut,
        "extra": [sorted(e) for e in plan.draw.extra],
    }
    told = [plan.unit, plan.budget, sorted(plan.names.items()), drawn]
    told += [plan.evidence.asdict()] if plan.evidence else []
    return json.dumps(told, sort_keys=True)
