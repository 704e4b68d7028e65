"""The sampler: exact quotas, no dependence on shards, every epoch whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.mix.sample import Rows, capacities, copies, draw, priorities


def corpus(units: list[int], buckets: list[int], limits: list[int]) -> Rows:
    n = len(units)
    return Rows(np.arange(n), np.array(buckets, np.int32), np.array(units), np.array(limits, np.int32))


def cut(rows: Rows, at: list[int]) -> list[Rows]:
    parts = np.split(np.arange(len(rows.index)), sorted(at))
    return [Rows(rows.index[p], rows.bucket[p], rows.units[p], rows.limit[p]) for p in parts]


row = st.tuples(st.integers(0, 30), st.integers(-1, 3), st.integers(0, 4))


@settings(deadline=None, max_examples=60)
@given(st.lists(row, max_size=80), st.lists(st.integers(0, 80), max_size=4), st.integers(0, 10**6), st.floats(0, 1))
def test_draw_is_bounded_exact_and_blind_to_shards(rows: list, at: list[int], seed: int, part: float) -> None:
    whole = corpus([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    _, most, _ = capacities([whole], 4)
    quotas = (most * part).astype(np.int64)
    one = draw(lambda: [whole], quotas, seed=seed)
    many = draw(lambda: cut(whole, at), quotas, seed=seed)
    assert one == many
    taken = copies(one, whole)
    assert (taken <= whole.limit).all()
    for b in range(4):
        own = whole.bucket == b
        assert int((taken[own] * whole.units[own]).sum()) == one.achieved[b] <= quotas[b]
        # At most one row's worth is missing, and nothing is when single units are at hand.
        assert quotas[b] - one.achieved[b] < max(1, int(whole.units[own].max(initial=0)))
    assert taken[whole.bucket < 0].sum() == 0


def test_single_unit_rows_make_any_quota_exact() -> None:
    whole = corpus([1] * 500, [0] * 500, [3] * 500)
    for quota in (0, 1, 499, 500, 501, 1499, 1500):
        assert draw(lambda: [whole], np.array([quota]), seed=7).achieved == (quota,)


def test_full_epochs_take_every_row_before_any_is_taken_again() -> None:
    whole = corpus([2] * 100, [0] * 100, [4] * 100)
    taken = copies(draw(lambda: [whole], np.array([250]), seed=3), whole)
    assert set(taken.tolist()) == {1, 2}
    assert (taken == 2).sum() == 25


def test_more_rows_in_a_bin_than_are_kept_at_once() -> None:
    n = 60_000
    whole = corpus([1] * n, [0] * n, [1] * n)
    assert draw(lambda: cut(whole, [20_000, 40_000]), np.array([n // 2]), seed=1).achieved == (n // 2,)


def test_an_exchange_closes_the_gap() -> None:
    # 7 + 7 + 7 leaves a gap of 2; exchanging a 7 for the 9 closes it.
    whole = corpus([7, 7, 7, 9], [0] * 4, [1] * 4)
    assert draw(lambda: [whole], np.array([23]), seed=1).achieved == (23,)


def test_sentences_of_usual_lengths_fill_any_quota_exactly() -> None:
    rng = np.random.default_rng(0)
    whole = corpus(rng.poisson(20, 3000).tolist(), [0] * 3000, [4] * 3000)
    for quota in rng.integers(1000, 200_000, 20).tolist():
        assert draw(lambda: [whole], np.array([quota]), seed=quota).achieved == (quota,)


def test_priorities_look_uniform_and_differ_by_epoch_and_seed() -> None:
    index = np.arange(20_000)
    share = priorities(5, index, 0).astype(np.float64) / 2**64
    assert share.mean() == pytest.approx(0.5, abs=0.02)
    assert abs(np.corrcoef(share, priorities(5, index, 1).astype(np.float64))[0, 1]) < 0.03
    assert abs(np.corrcoef(share, priorities(6, index, 0).astype(np.float64))[0, 1]) < 0.03
