"""Reading bracketed parses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synth.lattice.worlds import BASKET_PARSE

from macaronic.core.errors import FormatError
from macaronic.synth.lattice.ptb import Parse, label_of, read


def test_spans() -> None:
    found = read(BASKET_PARSE)
    assert found.leaves == ("a", "basket", "of", "fish")
    assert found.tags == ("DT", "NN", "IN", "NN")
    assert found.constituents == (("ROOT", 0, 4), ("NP", 0, 4), ("NP", 0, 2), ("PP", 2, 4), ("NP", 3, 4))


def test_empty_labels_traces_and_brackets() -> None:
    found = read("( (S (NP-SBJ-1 (-NONE- *)) (VP (VB Go) (-LRB- -LRB-) (NP=2 (NN home)) (-RRB- -RRB-))))")
    assert found.leaves == ("Go", "(", "home", ")")
    assert found.tags == ("VB", "-LRB-", "NN", "-RRB-")
    assert [label for label, _, _ in found.constituents] == ["ROOT", "S", "VP", "NP"]
    assert found.covers(["go", "(", "Home", "-RRB-"])


def test_slashes_and_quotes() -> None:
    assert read("(X (CC and\\/or) (`` ``) (NN x) ('' ''))").leaves == ("and/or", '"', "x", '"')
    assert label_of("NP|<NN>") == "NP"


def test_two_trees_stand_next_to_each_other() -> None:
    assert read("(S (NN a)) (S (NN b))").constituents == (("S", 0, 1), ("S", 1, 2))


@pytest.mark.parametrize("text", ["(S (NN a)", "(S (NN a)))", "house", "(S (NN a b))", ")("])
def test_malformed(text: str) -> None:
    with pytest.raises(FormatError, match=r"trees\.txt:3: expected"):
        read(text, path="trees.txt", line=3)


@pytest.mark.parametrize("text", ["", "()", "(())"])
def test_nothing(text: str) -> None:
    assert read(text) == Parse((), (), ())


def test_deep_trees_do_not_recurse() -> None:
    assert len(read("(S " * 5000 + "(NN a)" + ")" * 5000).constituents) == 5000


@given(st.text(alphabet="()ab -", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except FormatError:
        return
    assert all(0 <= first < behind <= len(found.leaves) for _, first, behind in found.constituents)
