"""Values by name: order never matters, bad values are named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.online.named import Gradients, ordered, shares, softmax


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_softmax_is_a_distribution(scores: list[float]) -> None:
    p = softmax(np.array(scores))
    assert p.sum() == pytest.approx(1)
    assert (p >= 0).all()


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_names_does_not_matter(names: list[str]) -> None:
    values = {name: float(ord(name)) for name in names}
    assert ordered(values, ["a", "b", "c"], "domain").tolist() == [97.0, 98.0, 99.0]


def test_gradients_are_checked() -> None:
    with pytest.raises(UsageError, match="none came for b"):
        Gradients({"a": [1.0]}).matrix(["a", "b"])
    with pytest.raises(UnknownName, match="'a'"):
        Gradients({"aa": [1.0], "b": [1.0]}).matrix(["a", "b"])
    with pytest.raises(UsageError, match="one length"):
        Gradients({"a": [1.0], "b": [1.0, 2.0]}).matrix(["a", "b"])
    with pytest.raises(UsageError, match="NaN"):
        Gradients({"a": [1.0], "b": [np.inf]}).matrix(["a", "b"])
    with pytest.raises(UsageError, match="target"):
        Gradients({"a": [1.0], "b": [1.0]}, target=[1.0, 2.0]).towards(["a", "b"])


@pytest.mark.parametrize("weights", [{"a": -1.0, "b": 2.0}, {"a": 0.0, "b": 0.0}, {"a": float("nan"), "b": 1.0}])
def test_bad_shares(weights: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        shares(weights, ["a", "b"])


@pytest.mark.parametrize("names", [["a"], [], ["a", "a"]])
def test_bad_names(names: list[str]) -> None:
    with pytest.raises(UsageError, match="two or more"):
        shares(None, names)


def test_a_share_of_nothing_is_legal() -> None:
    assert shares({"a": 1.0}, ["a", "b"]).tolist() == [1.0, 0.0]
