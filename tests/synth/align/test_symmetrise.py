"""Putting two directions together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from macaronic.core.errors import UnknownName
from macaronic.synth.align.symmetrise import METHODS, symmetrised

PAIR = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape))
)


@given(PAIR)
def test_every_method_lies_between_intersection_and_union(pair) -> None:
    forward, backward = pair
    for method in ("intersect", "grow-diag", "grow-diag-final-and", "union"):
        found = symmetrised(forward, backward, method)
        assert not (forward & backward & ~found).any()
        assert not (found & ~(forward | backward)).any()


@given(PAIR)
def test_growing_does_not_depend_on_the_direction(pair) -> None:
    forward, backward = pair
    grown = symmetrised(forward, backward, "grow-diag")
    turned = symmetrised(backward, forward, "grow-diag")
    assert (grown == turned).all()


@given(PAIR)
def test_many_pairs_are_treated_one_by_one(pair) -> None:
    forward, backward = pair
    for method in METHODS:
        alone = symmetrised(forward, backward, method)
        together = symmetrised(np.stack([forward, backward]), np.stack([backward, backward]), method)
        assert (together[0] == alone).all()


def test_the_inputs_are_not_changed() -> None:
    forward, backward = np.ones((2, 2), bool), np.eye(2, dtype=bool)
    symmetrised(forward, backward, "grow-diag-final-and")
    assert forward.all()
    assert backward.sum() == 2


def test_final_and_links_two_unlinked_words() -> None:
    forward = np.zeros((3, 3), bool)
    forward[0, 0] = forward[2, 2] = True
    backward = np.zeros((3, 3), bool)
    backward[0, 0] = True
    assert symmetrised(forward, backward, "grow-diag").sum() == 1
    assert symmetrised(forward, backward, "grow-diag-final-and")[2, 2]


def test_an_unknown_method() -> None:
    with pytest.raises(UnknownName):
        symmetrised(np.eye(1, dtype=bool), np.eye(1, dtype=bool), "grow")
