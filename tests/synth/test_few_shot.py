"""Golden numbers by hand; Kendall's W also against the tie-free textbook formula."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, UsageError
from macaronic.synth.few_shot import Ranked, agreement, curate, points, ranks

RANKINGS = st.integers(2, 6).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.permutations(range(n)), min_size=1, max_size=5))
)


def ranked(source: str, n: int, *rankings: tuple[int, ...]) -> Ranked:
    return Ranked(source, tuple(f"{source}{i}" for i in range(n)), rankings)


def test_points_by_hand() -> None:
    item = ranked("t", 3, (0, 1, 2), (0, 2, 1), (1, 0, 2))
    assert points(item).tolist() == pytest.approx([5 / 6, 3 / 6, 1 / 6])
    assert agreement(item) == pytest.approx(12 * ((4 - 6) ** 2 + 0 + (8 - 6) ** 2) / (9 * (27 - 3)))


@given(RANKINGS)
def test_points_and_agreement_stay_in_their_bounds(drawn: tuple[int, list[list[int]]]) -> None:
    n, rankings = drawn
    item = ranked("t", n, *(tuple(r) for r in rankings))
    scores = points(item)
    assert scores.mean() == pytest.approx(0.5)
    assert ((scores >= -1e-12) & (scores <= 1 + 1e-12)).all()
    assert ranks(item).sum() == pytest.approx(len(rankings) * n * (n + 1) / 2)
    w = agreement(item)
    assert (w is None) == (len(rankings) < 2)
    if w is not None:
        assert -1e-9 <= w <= 1 + 1e-9


@given(RANKINGS, st.integers(2, 5))
def test_annotators_of_one_mind_agree_fully(drawn: tuple[int, list[list[int]]], times: int) -> None:
    n, rankings = drawn
    item = ranked("t", n, *[tuple(rankings[0])] * times)
    assert agreement(item) == pytest.approx(1.0)
    assert curate([item], 1)[0].target == f"t{rankings[0][0]}"


def test_partial_rankings() -> None:
    item = ranked("t", 4, (3,), (3,))
    assert ranks(item).tolist() == [[3.0, 3.0, 3.0, 1.0]] * 2
    assert points(item).tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])
    assert agreement(item) == pytest.approx(1.0)
    assert agreement(ranked("t", 3, (), ())) is None


@pytest.mark.parametrize("ranking", [(0, 0), (3,), (-1,)])
def test_a_broken_ranking_is_told(ranking: tuple[int, ...]) -> None:
    with pytest.raises(FormatError, match="each once"):
        ranked("t", 3, ranking)


def test_the_clearest_winners_come_first_and_disputed_texts_can_be_left_out() -> None:
    items = [
        ranked("split", 2, (0, 1), (1, 0)),
        ranked("clear", 2, (1, 0), (1, 0)),
        ranked("nobody", 2),
        ranked("most", 2, (0, 1), (0, 1), (1, 0)),
    ]
    assert [e.target for e in curate(items, 9)] == ["clear1", "most0", "split0"]
    assert [e.source for e in curate(items, 9, least=0.5)] == ["clear"]
    assert curate([], 3) == []


def test_diversity_passes_over_what_is_like_an_example_already_chosen() -> None:
    items = [ranked(s, 2, (0, 1), (0, 1)) for s in ("food one", "food two")] + [ranked("work", 3, (0, 1, 2), (1, 0, 2))]
    vectors = {"food one": (1, 0), "food two": (1, 0), "work": (0, 1)}
    embedder: Any = SimpleNamespace(embed=lambda texts: np.array([vectors[t] for t in texts], dtype=np.float32))
    assert [e.source for e in curate(items, 2)] == ["food one", "food two"]
    assert [e.source for e in curate(items, 2, embedder=embedder, diversity=0.5)] == ["food one", "work"]


@pytest.mark.parametrize("settings", [{"k": 0}, {"k": 1, "diversity": 0.5}, {"k": 1, "diversity": 2.0}])
def test_settings_that_cannot_be_meant(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="expected k >= 1"):
        curate([ranked("t", 2, (0, 1))], **settings)
