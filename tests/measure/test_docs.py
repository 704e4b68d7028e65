import doctest
from pathlib import Path

from macaronic.measure.names import UNITS

PAGE = Path(__file__).parents[2] / "docs" / "measure.md"


def test_the_examples_are_true():
    example = doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) > 5
    assert doctest.DocTestRunner().run(example).failed == 0


def test_every_measure_is_explained():
    text = PAGE.read_text("utf-8")
    assert {name for name in UNITS if f"| `{name}" not in text} == set()
