"""The constraints: golden numbers, and every sentence against the checker."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.synth.lattice.checker import everything, obeys_ec, obeys_fhc, obeys_mlf
from tests.synth.lattice.worlds import BASKET, BASKET_PARSE, DOG, DOG_PARSE, HOUSE, HOUSE_PARSE, row, trees

from macaronic.core.errors import UnknownName
from macaronic.core.parallel import Parallel
from macaronic.synth.lattice import Automaton, Tree, lattice, tree

CHECKS = {"ec": obeys_ec, "fhc": obeys_fhc, "mlf": obeys_mlf}


def texts(found: Tree, automaton: Automaton) -> set[str]:
    """All sentences of an automaton as text."""
    return {
        " ".join(word for unit, side in path for word in found.words[side][slice(*found.units[unit].runs[side])])
        for path in automaton.enumerate(10_000)
    }


def of(pair: Parallel, parse: str | None) -> Tree:
    """The tree of a row that has one."""
    found = tree(pair, parse=parse)
    assert isinstance(found, Tree)
    return found


# The counts are those of the lattices of Microsoft's GCM (patched to run on today's Python) for the same four inputs.
@pytest.mark.parametrize(
    ("pair", "parse", "constraint", "count"),
    [
        (BASKET, BASKET_PARSE, "ec", 16),
        (DOG, DOG_PARSE, "ec", 16),
        (HOUSE, HOUSE_PARSE, "ec", 32),
        (BASKET, BASKET_PARSE, "mlf", 18),
        (DOG, DOG_PARSE, "mlf", 12),
        (BASKET, None, "ec", 16),
        (DOG, None, "ec", 16),
        (HOUSE, None, "ec", 32),
    ],
)
def test_counts(pair: Parallel, parse: str | None, constraint: str, count: int) -> None:
    found = of(pair, parse)
    automaton = lattice(found, constraint)
    assert automaton.count() == count == len(set(automaton.enumerate(1000)))


@pytest.mark.parametrize("parse", [BASKET_PARSE, None])
@pytest.mark.parametrize("main", ["en", "hi"])
def test_counts_do_not_hang_on_the_first_column(parse: str | None, main: str) -> None:
    turned = Parallel("1", dict(reversed(BASKET.texts.items())), BASKET.links)
    assert lattice(of(turned, parse), "ec").count() == 16
    found = tree(turned, parse=parse, main=main)
    assert isinstance(found, Tree)
    assert lattice(found, "ec").count() == 16


@pytest.mark.parametrize("parse", [BASKET_PARSE, None])
def test_basket(parse: str | None) -> None:
    found = of(BASKET, parse)
    said = texts(found, lattice(found, "ec"))
    assert {"a टोकरी of मछली", "fish की a basket"} <= said
    assert not any("basket a" in text or "fish of" in text for text in said)


def test_house() -> None:
    found = of(HOUSE, HOUSE_PARSE)
    said = texts(found, lattice(found, "ec"))
    phrases = {text.removesuffix(" is big") for text in said if text.endswith(" is big")}
    assert phrases == {
        "la casa blanca", "la house blanca", "la white casa", "la white house",
        "the blanca house", "the casa blanca", "the white casa", "the white house",
    }  # fmt: skip


def test_dog_in_a_frame() -> None:
    found = of(DOG, DOG_PARSE)
    assert texts(found, lattice(found, "mlf")) == {
        "el dog come bread", "el dog come pan", "el perro come bread", "el perro come pan", "el perro eats bread",
        "el perro eats pan", "the dog come bread", "the dog come pan", "the dog eats bread", "the dog eats pan",
        "the perro eats bread", "the perro eats pan",
    }  # fmt: skip
    assert lattice(found, "mlf", main="en").count() == 6


@pytest.mark.parametrize("parse", [DOG_PARSE, None])
def test_functional_heads_keep_their_complement(parse: str | None) -> None:
    found = of(DOG, parse)
    said = texts(found, lattice(found, "fhc"))
    assert "the dog come pan" in said
    assert not any("the perro" in text or "el dog" in text for text in said)


@pytest.mark.parametrize("parse", [HOUSE_PARSE, None])
def test_a_determiner_keeps_what_stands_next_to_it(parse: str | None) -> None:
    found = of(HOUSE, parse)
    said = texts(found, lattice(found, "fhc"))
    assert "the white casa is big" in said
    assert not any(text.startswith(("la white", "la house", "the casa", "the blanca")) for text in said)


def test_long_lattice_is_counted_without_listing() -> None:
    en = "we saw the red car near the old bridge yesterday"
    es = "vimos el coche rojo cerca del puente viejo ayer ."
    assert len(en.split()) == 10
    found = of(row({"en": en, "es": es}, {("en", "es"): "1-0 2-1 3-3 4-2 5-4 6-5 7-7 8-6 9-8"}), None)
    automaton = lattice(found, "ec")
    assert automaton.count() == len(set(automaton.enumerate(100_000)))
    long = row(
        {"en": " ".join(["w"] * 300), "es": " ".join(["v"] * 300)},
        {("en", "es"): " ".join(f"{i}-{i}" for i in range(300))},
    )
    assert lattice(of(long, None), "ec").count() == 2**300


def test_unknown_constraint() -> None:
    with pytest.raises(UnknownName, match="fhc"):
        lattice(of(DOG, None), "fhs")  # type: ignore[arg-type]


@pytest.mark.parametrize("constraint", ["ec", "fhc", "mlf"])
@given(found=trees())
@settings(max_examples=120, deadline=None)
def test_the_lattice_is_what_the_definition_allows(constraint: str, found: Tree) -> None:
    said = list(lattice(found, constraint).enumerate(100_000))  # type: ignore[arg-type]
    assert len(set(said)) == len(said)
    assert set(said) == {sentence for sentence in everything(found) if CHECKS[constraint](found, sentence)}


@pytest.mark.parametrize("constraint", ["ec", "fhc", "mlf"])
@given(found=trees(sides=3, most=4))
@settings(max_examples=60, deadline=None)
def test_three_languages(constraint: str, found: Tree) -> None:
    automaton = lattice(found, constraint)  # type: ignore[arg-type]
    said = set(automaton.enumerate(100_000))
    assert automaton.count() == len(said)
    assert said == {sentence for sentence in everything(found) if CHECKS[constraint](found, sentence)}


@pytest.mark.parametrize("constraint", ["ec", "fhc", "mlf"])
@given(found=trees(most=9))
@settings(max_examples=60, deadline=None)
def test_larger_lattices_obey(constraint: str, found: Tree) -> None:
    automaton = lattice(found, constraint)  # type: ignore[arg-type]
    said = list(automaton.enumerate(200))
    assert len(said) == min(200, automaton.count())
    assert all(CHECKS[constraint](found, sentence) for sentence in said)
