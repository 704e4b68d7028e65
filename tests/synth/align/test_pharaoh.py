"""Pharaoh lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError
from macaronic.synth.align import Alignment
from macaronic.synth.align.pharaoh import Linked, checked, line, parse, read

LINKS = st.dictionaries(st.tuples(st.integers(0, 60), st.integers(0, 60)), st.integers(0, 1000))


@given(LINKS, st.sampled_from(["second-first", "first-second"]), st.booleans())
def test_what_is_written_is_read(links, order, confidence) -> None:
    pairs = tuple(sorted(links))
    one = Alignment(pairs, tuple(links[pair] / 1000 for pair in pairs))
    back = parse(line(one, order=order, confidence=confidence), order=order)
    assert back.links == pairs
    assert back.confidence == (one.confidence if confidence else (1.0,) * len(pairs))


def test_by_default_the_number_before_the_dash_counts_the_second_column() -> None:
    assert parse("3-0").links == ((0, 3),)
    assert parse("3-0", order="first-second").links == ((3, 0),)


def test_possible_links_are_kept_apart() -> None:
    found = parse("0-0 1?1 2p0 0?0")
    assert found == Linked(((0, 0),), (1.0,), ((0, 2), (1, 1)))
    assert line(found) == "0-0 1?1 2?0"
    assert parse(line(found)) == found


def test_a_link_given_twice_counts_once() -> None:
    assert parse("0-0:0.2 0-0:0.7") == Linked(((0, 0),), (0.7,))


@pytest.mark.parametrize("bad", ["0", "0-", "a-1", "-1-0", "0-1-2", "0-1:x", "0-1:1.5", "0-1:nan", "0-1:", "१-२"])
def test_what_is_no_link_is_named_with_its_place(bad: str) -> None:
    with pytest.raises(FormatError, match=r"^links.txt:7: expected a link such as") as caught:
        parse(f"0-0 {bad}", where="links.txt:7")
    assert len(str(caught.value).splitlines()) <= 3


def test_a_file_with_blank_lines(tmp_path: Path) -> None:
    place = tmp_path / "links.txt"
    place.write_text("0-0\n\n1-0 0-1\n", "utf-8")
    assert [one.links for one in read(place)] == [((0, 0),), (), ((0, 1), (1, 0))]
    place.write_text("0-0\n0_0\n", "utf-8")
    with pytest.raises(FormatError, match=r"links.txt:2: "):
        list(read(place))


def test_links_behind_the_end_are_named() -> None:
    assert checked([], 0, 0) is None
    assert checked([(1, 2)], 2, 3) is None
    assert "the first side has 2 words, the second 3" in str(checked([(0, 0), (2, 0)], 2, 3))
    assert checked([(0, 3)], 2, 3)
