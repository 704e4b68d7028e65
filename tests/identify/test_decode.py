"""Decoding: language sets and hidden Markov posteriors, against enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.identify.choose import Charges, language_sets
from macaronic.identify.contact import rebates
from macaronic.identify.decode import LONGEST, Chain, clipped, path_values, posteriors


def _paths(score: np.ndarray, switch: float) -> list[tuple[tuple[int, ...], float]]:
    states = score.shape[1]
    found = []
    for path in itertools.product(range(states), repeat=len(score)):
        value = sum(score[t, s] for t, s in enumerate(path))
        for a, b in itertools.pairwise(path):
            value += np.log(1 - switch) if a == b else np.log(switch / (states - 1))
        found.append((path, float(value)))
    return found


@given(st.integers(1, 5), st.integers(2, 3), st.integers(0, 10_000), st.sampled_from([0.1, 0.25, 0.4]))
@settings(max_examples=40, deadline=None)
def test_posteriors_and_paths_equal_enumeration(words: int, states: int, seed: int, switch: float) -> None:
    score = clipped(np.random.default_rng(seed).normal(0, 3, (words, states)).astype(np.float32), 9.0)
    paths = _paths(score, switch)
    weight = np.exp([value for _, value in paths])
    wanted = np.array(
        [[sum(w for (p, _), w in zip(paths, weight) if p[t] == s) for s in range(states)] for t in range(words)]
    )
    offsets = np.array([0, words])
    got = posteriors(score, offsets, Chain(switch=switch))
    np.testing.assert_allclose(got, wanted / wanted.sum(axis=1, keepdims=True), rtol=2e-3, atol=1e-5)
    best = max(value for _, value in paths) - (words - 1) * np.log(1 - switch)
    assert path_values(score, offsets, switch)[0] == pytest.approx(best, abs=1e-3)


def test_sentences_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(0)
    sizes = [3, 0, 7, 1, LONGEST + 40, 2]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    score = clipped(rng.normal(0, 3, (offsets[-1], 2)).astype(np.float32), 9.0)
    together = posteriors(score, offsets, Chain())
    for a, b in itertools.pairwise(offsets):
        np.testing.assert_allclose(together[a:b], posteriors(score[a:b], np.array([0, b - a]), Chain()), atol=1e-5)
    assert np.isfinite(together).all()


def test_language_sets() -> None:
    charges = Charges(second=6.0, a_word=0.0, switch=0.5)
    one, two = [0.0, -9.0, -9.0], [-9.0, 0.0, -9.0]
    prior = np.zeros(3, np.float32)

    def found(rows: list[list[float]]) -> list[int]:
        table = np.array(rows, dtype=np.float32)
        return sorted(language_sets(table, np.array([0, len(rows)]), prior, charges)[0][0].tolist())

    assert found([one] * 4) == [-1, -1, 0]
    assert found([one, one, two, two]) == [-1, 0, 1]
    assert found([one] * 3 + [two] * 3 + [[-9.0, -9.0, 0.0]] * 3) == [0, 1, 2]


def test_empty_sentences_have_no_language() -> None:
    sets, single = language_sets(np.zeros((0, 4), np.float32), np.array([0, 0]), np.zeros(4, np.float32), Charges())
    assert sets.tolist() == [[-1, -1, -1]]
    assert single.shape == (1, 4)


def test_rebates_are_symmetric_and_know_relatives() -> None:
    tags = ("en", "es", "da", "nb", "hi", "hi-Latn", "tr", "de")
    table = rebates(tags)
    np.testing.assert_array_equal(table, table.T)
    assert table[2, 3] < 0 < table[6, 7]
    assert not table.diagonal().any()
