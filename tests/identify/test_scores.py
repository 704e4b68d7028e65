"""Scores against scikit-learn and against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.identify import scores

PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=60)


def matrix_of(pairs: list[tuple[str, str]]) -> tuple[np.ndarray, list[str]]:
    gold, predicted, _, names = scores.codes([[g for g, _ in pairs]], [[p for _, p in pairs]])
    return scores.confusion(gold, predicted, len(names)), names


@given(PAIRS)
@settings(deadline=None)
def test_all_scores_equal_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    gold, predicted = [g for g, _ in pairs], [p for _, p in pairs]
    matrix, names = matrix_of(pairs)
    assert (matrix == metrics.confusion_matrix(gold, predicted, labels=names)).all()
    p, r, _f, _ = metrics.precision_recall_fscore_support(gold, predicted, labels=names, zero_division=np.nan)
    np.testing.assert_allclose(scores.precision(matrix), p)
    np.testing.assert_allclose(scores.recall(matrix), r)
    np.testing.assert_allclose(scores.f1(matrix), metrics.f1_score(gold, predicted, labels=names, average=None))
    np.testing.assert_allclose(scores.macro_f1(matrix), metrics.f1_score(gold, predicted, average="macro"))
    np.testing.assert_allclose(scores.accuracy(matrix), metrics.accuracy_score(gold, predicted))
    with np.errstate(all="ignore"):
        expected = np.mean([(np.array(predicted)[np.array(gold) == n] == n).mean() for n in sorted(set(gold))])
    np.testing.assert_allclose(scores.balanced_accuracy(matrix), expected)
    without = [names.index(n) for n in names if n != "a"]
    if "a" in names:
        np.testing.assert_allclose(
            scores.micro_f1(matrix, without),
            metrics.f1_score(gold, predicted, labels=["a"], average="micro", zero_division=0),
        )


def test_balanced_accuracy_equals_scikit_learn_on_an_uneven_set() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(7)
    gold, predicted = rng.choice(3, 500, p=[0.8, 0.15, 0.05]), rng.integers(0, 3, 500)
    ours = float(scores.balanced_accuracy(scores.confusion(gold, predicted, 3)))
    assert ours == pytest.approx(metrics.balanced_accuracy_score(gold, predicted), abs=1e-12)


def test_micro_f1_of_all_labels_is_the_accuracy() -> None:
    matrix = np.array([[5, 1, 0], [2, 3, 0], [0, 1, 7]])
    assert float(scores.micro_f1(matrix)) == pytest.approx(float(scores.accuracy(matrix)))


def test_sentences_add_up_and_stacks_work() -> None:
    gold, predicted, row, names = scores.codes([["a", "b"], [], ["b"]], [["a", "a"], [], ["b"]])
    by_row = scores.confusion_by_row(gold, predicted, row, 3, len(names))
    assert by_row.shape == (3, 4)
    assert (by_row.sum(0).reshape(2, 2) == scores.confusion(gold, predicted, 2)).all()
    assert scores.accuracy(by_row.reshape(3, 2, 2)).tolist()[::2] == [0.5, 1.0]
    assert np.isnan(scores.accuracy(by_row.reshape(3, 2, 2))[1])


def test_words_without_gold_are_left_out_and_missing_answers_are_wrong() -> None:
    gold, predicted, _, names = scores.codes([[None, "a", "a"]], [["a", None, "a"]])
    assert names == ["a", "unk"]
    assert float(scores.accuracy(scores.confusion(gold, predicted, 2))) == 0.5


def test_language_accuracy_counts_other_answers_as_wrong() -> None:
    # gold en: 3 right, 1 answered other; gold other: 6 right
    matrix = np.array([[3, 1], [0, 6]])
    assert float(scores.language_accuracy(matrix, [0])) == 0.75


def test_nothing_at_all_is_not_a_number() -> None:
    gold, predicted, _, names = scores.codes([], [], names=["a"])
    matrix = scores.confusion(gold, predicted, len(names))
    assert np.isnan(scores.accuracy(matrix))
    assert np.isnan(scores.macro_f1(matrix))


def test_unequal_lengths_say_so() -> None:
    with pytest.raises(UsageError, match="one predicted label a word"):
        scores.codes([["a"]], [["a", "b"]])
