import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.synth.agents.judges import Verdict, constraints, ratio, share, weighted, worse

LABELS = st.lists(st.sampled_from(["hi", "hi-Latn", "en", "fr", "other", "ne", "unk"]), max_size=30)


def test_ratio_by_hand() -> None:
    # asked half, reached 13 of 20: 10 * (1 - 0.15 / 0.5)
    assert ratio(["es"] * 7 + ["en"] * 13, ("es", "en"), 0.5) == Verdict(
        7.0, ("65% of the words are in en instead of 50%",)
    )
    assert ratio(["es", "en"], ("es", "en"), 0.5) == Verdict(10.0)
    assert ratio(["en", "en"], ("es", "en"), 0.3).score == 0.0
    assert ratio(["es", "es"], ("es", "en"), 0.7).score == 0.0
    assert ratio(["other"], ("es", "en"), 0.5).score == 0.0


def test_several_embedded_languages_count_together() -> None:
    assert share(["ar", "fr", "en", "other"], ("ar", "fr", "en")) == pytest.approx(2 / 3)


@given(LABELS, st.floats(0.01, 0.99))
def test_a_ratio_is_between_zero_and_ten_and_perfect_only_on_the_spot(langs: list[str], asked: float) -> None:
    verdict = ratio(langs, ("hi", "en"), asked)
    assert 0 <= verdict.score <= 10
    reached = share(langs, ("hi", "en"))
    if reached is not None:
        assert ratio(langs, ("hi", "en"), min(max(reached, 0.01), 0.99)).score >= verdict.score


def test_each_fault_costs_until_nothing_is_left() -> None:
    many = constraints(["a"], ["en"], lambda words, langs: [str(i) for i in range(9)])
    assert many.score == 0.0
    assert worse(Verdict(9, ("x",)), Verdict(10)) == Verdict(9, ("x",))


def test_weights() -> None:
    told = {"a": Verdict(10), "b": Verdict(4)}
    assert weighted(told, {"a": 3, "b": 1}) == 8.5
    for wrong in ({"a": 1.0}, {"a": 1.0, "c": 1.0}, {"a": -1.0, "b": 2.0}, {"a": 0.0, "b": 0.0}):
        with pytest.raises(UsageError, match="expected a weight"):
            weighted(told, wrong)
