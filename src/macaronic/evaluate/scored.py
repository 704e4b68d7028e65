"""The scores of a file of outputs: per output, per language, as a whole, with what was wrong with the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from macaronic.core.bootstrap import interval
from macaronic.core.problems import Problems
from macaronic.core.result import Result
from macaronic.evaluate.judged import Judged

ALL = "all"


@dataclass(frozen=True, eq=False)
class Scored:
    """What `score` of a benchmark gives.

    Args:
        benchmark: its name.
        judged: a row an output, none left out.
        results: the numbers that the table shows, each with its signature.
        body: what `--json` gives besides, in the benchmark's own shape.
        problems: rows that could not be read, or were counted as wrong for what they are.
        notes: what a person should know.
    """

    benchmark: str
    judged: tuple[Judged, ...]
    results: tuple[Result, ...]
    body: Mapping[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    notes: tuple[str, ...] = ()

    def asdict(self) -> dict[str, Any]:
        """As JSON values; single outputs are left out (`judged.write` keeps them)."""
        return {
            "benchmark": self.benchmark,
            **self.body,
            "results": [result.asdict() for result in self.results],
            "n": len(self.judged),
            "problems": self.problems.asdict(),
            "notes": list(self.notes),
        }


def mean(
    judged: Sequence[Judged],
    metric: str,
    *,
    level: str,
    signature: str,
    samples: int = 1000,
    seed: int = 0,
    unit: str = "fraction",
) -> Result:
    """The mean of a metric over outputs to which it applies, with its bootstrap interval.

    Args:
        judged: outputs.
        metric: its name.
        level: what they have in common, such as a language.
        signature: of the result.
        samples: resamples; 0 for no interval.
        seed: of the resamples.
        unit: of the number.

    >>> mean([Judged("1", {"acc": 1.0}), Judged("2", {"acc": 0.0})], "acc", level="hi", signature="acc").value
    0.5
    """
    held = [one.values.get(metric) for one in judged]
    values = np.array([value for value in held if value is not None], np.float64)
    if not len(values):
        return Result(metric, level, None, None, None, 0, unit, signature)
    ends = interval(values, rng=np.random.default_rng(seed), samples=samples)
    low, high = ends or (None, None)
    return Result(metric, level, float(values.mean()), low, high, len(values), unit, signature)


def table(
    judged: Sequence[Judged],
    metrics: Sequence[str],
    *,
    signature: str,
    by: Callable[[Judged], str] = lambda one: one.language,
    samples: int = 1000,
    seed: int = 0,
    units: Mapping[str, str] | None = None,
) -> tuple[Result, ...]:
    """Each metric for each language (or whatever `by` says), then for all outputs alike.

    >>> rows = [Judged("1", {"acc": 1.0}, "hi"), Judged("2", {"acc": 0.0}, "en")]
    >>> [(r.level, r.value) for r in table(rows, ["acc"], signature="acc", samples=0)]
    [('en', 0.0), ('hi', 1.0), ('all', 0.5)]
    """
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(by(one), []).append(one)
    parts = [*((name, groups[name]) for name in sorted(groups)), (ALL, list(judged))]
    return tuple(
        mean(
            part, metric, level=level, signature=signature, samples=samples, seed=seed,
            unit=(units or {}).get(metric, "fraction"),
        )
        for metric in metrics
        for level, part in parts
    )  # fmt: skip
