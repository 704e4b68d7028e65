"""Kneser-Ney models: they sum to one, agree with counting by hand, and prefer what they were taught."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.ngram_lm import RESERVED, learn, log_probabilities

documents = st.lists(st.lists(st.integers(RESERVED, 7), max_size=8), min_size=1, max_size=6)


def flat(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    symbols = np.array([s for text in texts for s in text], np.int64)
    return symbols, np.cumsum([0, *(len(text) for text in texts)])


@settings(max_examples=30, deadline=None)
@given(documents, st.lists(st.integers(RESERVED, 7), max_size=4), st.integers(1, 4))
def test_the_next_symbol_has_probability_one(texts: list[list[int]], history: list[int], order: int) -> None:
    model = learn(*flat(texts), vocabulary=8, order=order)
    total = 0.0
    for symbol in range(2, 8):
        values = log_probabilities(model, *flat([[*history, symbol]]))
        total += float(np.exp(values[len(history)]))
    total += float(np.exp(log_probabilities(model, *flat([history]))[-1]))
    assert total == pytest.approx(1.0, abs=1e-12)


def test_single_symbols_are_absolute_discounting_by_hand() -> None:
    # counts: 3 twice, 4 once, END once; too few for counts of counts, so 0.75 and 0.5 are taken off
    model = learn(*flat([[3, 3, 4]]), vocabulary=5, order=1)
    three, four, end = np.exp(log_probabilities(model, *flat([[3, 4]])))
    handed = (0.75 + 0.5 + 0.5) / 4 / 4
    assert three == pytest.approx((2 - 0.75) / 4 + handed)
    assert four == pytest.approx((1 - 0.5) / 4 + handed)
    assert end == pytest.approx((1 - 0.5) / 4 + handed)


def test_kneser_ney_counts_what_stands_before() -> None:
    # 4 is frequent but always follows 3; 5 is rarer and follows three different symbols
    texts = [[3, 4]] * 6 + [[6, 5], [7, 5], [3, 5]]
    model = learn(*flat(texts), vocabulary=9, order=2)
    after_unseen = log_probabilities(model, *flat([[8, 4], [8, 5]]))
    assert after_unseen[4] > after_unseen[1]


def test_text_like_the_taught_is_more_likely() -> None:
    rng = np.random.default_rng(0)
    own = [[3 + (i + j) % 4 for j in range(20)] for i in range(20)]
    other = [rng.integers(3, 7, 20).tolist() for _ in range(20)]
    model = learn(*flat(own), vocabulary=7, order=4)
    assert log_probabilities(model, *flat(own[:5])).mean() > log_probabilities(model, *flat(other[:5])).mean() + 1


def test_nothing_learnt_is_uniform() -> None:
    model = learn(np.array([], np.int64), np.array([0]), vocabulary=7, order=3)
    assert np.allclose(log_probabilities(model, *flat([[3, 4]])), -np.log(6))


def test_an_order_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 1"):
        learn(np.array([3]), np.array([0, 1]), vocabulary=4, order=0)
