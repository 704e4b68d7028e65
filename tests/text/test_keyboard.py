"""Keyboard neighbours: symmetric, on the layout only."""

import pytest

from macaronic.core.errors import UnknownName
from macaronic.text.keyboard import LAYOUTS, neighbours


@pytest.mark.parametrize("layout", LAYOUTS)
def test_neighbours_are_mutual(layout) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        near = neighbours(letter, layout, keys="all")
        assert near
        assert letter not in near
        assert all(letter in neighbours(key, layout, keys="all") for key in near)


def test_layouts_differ_where_the_keys_do() -> None:
    assert "w" in neighbours("q", "qwerty")
    assert "z" not in neighbours("a", "azerty")[:0] + neighbours("w", "qwerty")
    assert "z" in neighbours("a", "azerty")
    assert "z" in neighbours("t", "qwertz")
    assert neighbours("Q") == neighbours("q")


def test_letters_leave_out_digits_and_marks() -> None:
    assert set(neighbours("p")) == set("ol")
    assert "[" in neighbours("p", keys="all")


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(UnknownName, match="qwerty"):
        neighbours("a", "qwery")  # type: ignore[arg-type]
