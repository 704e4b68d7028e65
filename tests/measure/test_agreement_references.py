"""Cohen's kappa is that of scikit-learn on random tables with missing labels."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from macaronic.measure.agreement import cohen_kappa, krippendorff_alpha

metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn")


def tables(n: int) -> list[list[tuple[str | None, ...]]]:
    rng = np.random.default_rng(11)
    made = []
    for _ in range(n):
        labels = [*"abcdef"[: int(rng.integers(1, 7))]]
        first = rng.choice(labels, int(rng.integers(1, 80))).astype(object)
        second = np.where(rng.random(len(first)) < rng.random(), first, rng.choice(labels, len(first)))
        units = np.column_stack([first, second])
        units[rng.random(units.shape) < rng.uniform(0, 0.4)] = None
        made.append([tuple(unit) for unit in units.tolist()])
    return made


def test_kappa_is_that_of_scikit_learn() -> None:
    compared = 0
    for table in tables(200):
        both = [unit for unit in table if None not in unit]
        ours = cohen_kappa(*zip(*table))
        if not both:
            assert ours is None
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = float(metrics.cohen_kappa_score(*zip(*both)))
        if math.isnan(theirs):
            assert ours is None
        else:
            assert ours == pytest.approx(theirs, abs=1e-12)
            compared += 1
    assert compared > 150


def test_alpha_of_two_people_is_near_kappa_on_long_tables_with_like_margins() -> None:
    rng = np.random.default_rng(2)
    first = rng.choice([*"abc"], 20_000)
    second = np.where(rng.random(20_000) < 0.7, first, rng.permutation(first))
    table = list(zip(first.tolist(), second.tolist()))
    kappa = float(metrics.cohen_kappa_score(first, second))
    assert krippendorff_alpha(table) == pytest.approx(kappa, abs=1e-3)
