"""mLongRR: haystacks of the length and depth asked for; numbers with borders; the authors' fault."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.mlongrr import holds, score
from macaronic.evaluate.haystack import build, grid

HAY = [f"Sentence {i} has some words in it." for i in range(37)]
NEEDLE = "The special magic {city} number is {number}."


@given(st.integers(20, 900), st.sampled_from([0, 25, 50, 75, 100]))
def test_length_and_depth(length: int, depth: int) -> None:
    made = build(HAY, [("The number is 77.", "77")], length=length, depth=depth)
    assert length - 7 < made.size <= length
    sentences = made.text.replace(". ", ".\n").split("\n")
    at = sentences.index("The number is 77.")
    assert abs(at - (len(sentences) - 1) * depth / 100) <= 1


def test_a_grid_has_every_cell_once() -> None:
    made = list(
        grid(
            HAY,
            NEEDLE,
            ["Hanoi", "Hue", "Vinh"],
            lengths=(50, 100),
            depths=(0, 100),
            needles=2,
            rng=np.random.default_rng(1),
        )
    )
    assert [(m.length, m.depth) for m in made] == [(50, 0), (50, 100), (100, 0), (100, 100)]
    assert all(len(set(m.labels)) == 2 and all(label in m.text for label in m.labels) for m in made)


def test_haystacks_that_cannot_be() -> None:
    with pytest.raises(UsageError, match="longer than 2"):
        build(HAY, [("The number is 77.", "77")], length=2, depth=0)
    with pytest.raises(UsageError, match="depth 120"):
        build(HAY, [("x", "y")], length=20, depth=120)
    with pytest.raises(UsageError, match="city"):
        list(grid(HAY, "number {number}", ["a"], rng=np.random.default_rng(0)))


def test_numbers_by_themselves() -> None:
    assert holds("5321", "The number is 5,321.")
    assert holds("5321", "संख्या ५३२१ है")
    assert not holds("532", "5321")
    assert not holds("5321", "")


def row(number: int, response: object, **more: object) -> dict[str, object]:
    return {"id": number, "language": "sw", "response": response, **more}


def test_rows_by_themselves_and_the_authors_fault(rows_file: Callable[..., str]) -> None:
    rows = [row(1, "12 and 34", labels=[12, 34]), row(2, "nothing", labels=[12, 34])]
    ours = score(Asked(rows_file(rows), samples=0))
    assert [one.values["found"] for one in ours.judged] == [1.0, 0.0]
    theirs = score(Asked(rows_file(rows), compat=True, samples=0))
    assert [one.values["found"] for one in theirs.judged] == [1.0, 1.0]


def test_one_needle(rows_file: Callable[..., str]) -> None:
    rows = [
        row(1, "1234", label=123),
        row(2, "Ni 123.", label=123.0),
        row(3, "", label=5),
        row(4, "7", label=None),
        row(5, "9", label=9, target=8),
    ]
    found = score(Asked(rows_file(rows), samples=0))
    assert [one.values["found"] for one in found.judged] == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert found.problems.by_kind == {"empty output": 1, "missing label": 1}
    assert score(Asked(rows_file(rows), compat=True, samples=0)).judged[0].values["found"] == 1.0
