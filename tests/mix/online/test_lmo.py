"""The frame: closed form against numbers and a numeric optimum, matrices, similarity."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.online import lmo

# From the fitted laws that the authors publish, by the closed form; four decimals.
EXPECTED = (0.4040, 0.4073, 0.3570, 0.3851, 0.3904)


def published() -> list[tuple[tuple[float, float], tuple[float, float]]]:
    folder = os.environ.get("MACARONIC_DATA")
    path = Path(folder or "none") / "aioli_laws" / "law_params.csv"
    if not path.is_file():
        pytest.skip("aioli_laws is not in MACARONIC_DATA")
    laws = {}
    with path.open() as rows:
        for row in csv.reader(rows):
            if row[:2] == ["arxiv_stackexchange", "params_static"]:
                group, _, seed = row[2].split("/")
                laws[group, int(seed)] = (float(row[5]), float(row[6]))
    return [(laws["arxiv", seed], laws["stackexchange", seed]) for seed in range(5)]


def test_closed_form_on_the_published_laws() -> None:
    found = [lmo.two_groups(first, second) for first, second in published()]
    assert found == pytest.approx(EXPECTED, abs=5e-5)


negative, offset = st.floats(-5, -0.2), st.floats(-1, 1)


@given(negative, offset, negative, offset)
def test_closed_form_is_the_minimum(k1: float, b1: float, k2: float, b2: float) -> None:
    p = np.linspace(0, 1, 20001)
    total = np.exp(k1 * p + b1) + np.exp(k2 * (1 - p) + b2)
    closed = lmo.two_groups((k1, b1), (k2, b2))
    assert np.exp(k1 * closed + b1) + np.exp(k2 * (1 - closed) + b2) <= total.min() + 1e-9


def test_a_law_that_rises_has_no_closed_form() -> None:
    with pytest.raises(UsageError, match="own share"):
        lmo.two_groups((0.5, 0.0), (-1.0, 0.0))


def test_update_moves_to_the_largest_column_sum() -> None:
    matrix = np.array([[0.2, 0.5, 0.1], [0.3, 0.1, 0.2]])
    p = np.full(3, 1 / 3)
    for _ in range(400):
        p = lmo.update(p, matrix, rate=1.0)
    assert p[1] > 0.99
    assert p.sum() == pytest.approx(1)


def test_update_keeps_a_share_of_nothing() -> None:
    assert lmo.update(np.array([0.0, 0.4, 0.6]), np.ones((1, 3)), rate=1.0).tolist() == pytest.approx([0, 0.4, 0.6])


@pytest.mark.parametrize("matrix", [np.ones((2, 3)), np.array([[np.nan, 1.0]]), np.ones(2)])
def test_update_refuses_other_shapes_and_nan(matrix: np.ndarray) -> None:
    with pytest.raises(UsageError):
        lmo.update(np.array([0.5, 0.5]), matrix, rate=1.0)


def test_similarity_is_one_for_a_multiple_and_less_for_another_order() -> None:
    truth = np.array([[1.0, 2.0, 3.0]])
    assert lmo.similarity(7 * truth, truth) == pytest.approx(1)
    # cosine 10/14; ranks reversed: -1.
    assert lmo.similarity(truth[:, ::-1], truth) == pytest.approx(0.5 * 10 / 14 - 0.5)
    assert lmo.similarity(np.ones((1, 3)), truth) == pytest.approx(0.5 * 6 / np.sqrt(3 * 14))


def test_matrices_of_the_methods() -> None:
    losses = np.array([2.0, 1.0])
    assert lmo.skillit_matrix(np.eye(2), losses).tolist() == np.diag(losses).tolist()
    assert lmo.predicted(losses, lmo.doremi_matrix(np.array([0.5, 0.1])), np.array([0.5, 0.5])).tolist() == [1.75, 0.95]
    targets, domains = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [3.0, 0.0]])
    assert lmo.doge_matrix(targets, domains).tolist() == [[1.0, 3.0], [2.0, 0.0]]


def test_static_law_is_its_formula() -> None:
    losses = lmo.static_losses([0.25, 0.75], np.array([1.0]), np.array([0.5]), np.array([[-2.0, 0.0]]))
    assert losses == pytest.approx([1 + np.exp(0.0)])
