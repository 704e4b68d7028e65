"""Scores with intervals, and fair folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.identify.evaluation import assess, folds


def test_intervals_hold_the_value_and_signatures_say_how() -> None:
    rng = np.random.default_rng(5)
    gold = [rng.choice(["en", "hi", "other"], 8).tolist() for _ in range(60)]
    answers = [[g if rng.random() < 0.8 else "en" for g in line] for line in gold]
    done = assess(gold, answers, rng=np.random.default_rng(1), settings={"eval": "test"}, samples=300)
    for result in done.results:
        assert result.value is not None
        assert result.low is not None
        assert result.high is not None
        assert result.low <= result.value <= result.high
        assert result.signature.startswith(f"{result.name}|eval:test|bs:300|v:")
    assert {r.level for r in done.results} == {"all", "en", "hi", "other"}


def test_a_label_that_is_never_answered_has_no_precision() -> None:
    done = assess([["en", "hi"]], [["en", "en"]], rng=np.random.default_rng(1))
    assert done.value("precision", "hi") is None
    assert done.value("recall", "hi") == 0.0
    assert done.matrix.tolist() == [[1, 0], [1, 0]]


def test_the_same_seed_gives_the_same_intervals() -> None:
    gold = [["en", "hi"], ["hi"], ["en", "en", "hi"]]
    answers = [["en", "en"], ["hi"], ["en", "hi", "hi"]]
    one, other = (assess(gold, answers, rng=np.random.default_rng(7)).results for _ in range(2))
    assert one == other


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60), st.integers(2, 6), st.integers(0, 5))
def test_no_group_is_split(groups: list[str], count: int, seed: int) -> None:
    part = folds(groups, count, rng=np.random.default_rng(seed))
    assert part.shape == (len(groups),)
    for group in set(groups):
        assert len({p for g, p in zip(groups, part.tolist(), strict=True) if g == group}) == 1


def test_folds_are_even_in_words() -> None:
    sizes = np.random.default_rng(2).integers(1, 30, 400).tolist()
    part = folds(range(400), 5, rng=np.random.default_rng(1), sizes=sizes)
    filled = np.bincount(part, sizes)
    assert filled.max() - filled.min() <= 2
    assert filled.sum() == pytest.approx(sum(sizes))
