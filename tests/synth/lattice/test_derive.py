"""From rows to trees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.synth.lattice.worlds import BASKET, BASKET_PARSE, DOG, DOG_PARSE, HOUSE, HOUSE_PARSE, row, rows

from macaronic.core.parallel import Parallel
from macaronic.synth.lattice import Tree, tree
from macaronic.synth.mixed import Outcome


def shape(found: Tree | Outcome) -> list[tuple[int, int, tuple[str, ...]]]:
    """The inner nodes of a tree."""
    assert isinstance(found, Tree)
    return [(node.first, node.behind, node.labels) for node in found.nodes if node.children]


def test_parse() -> None:
    assert shape(tree(BASKET, parse=BASKET_PARSE)) == [(0, 2, ("NP",)), (2, 4, ("PP",)), (0, 4, ("ROOT", "NP"))]


def test_parse_of_the_other_column() -> None:
    parse = "(ROOT (S (NP (DT la) (NN casa) (JJ blanca)) (VP (VBZ es) (ADJP (JJ grande)))))"
    found = tree(HOUSE, parse=parse)
    assert isinstance(found, Tree)
    assert found.tags[found.base] == "es"
    assert shape(found) == [(0, 3, ("NP",)), (3, 5, ("VP",)), (0, 5, ("ROOT", "S"))]


def test_no_parse() -> None:
    assert shape(tree(BASKET)) == [(0, 2, ()), (0, 4, ())]
    assert shape(tree(HOUSE)) == [(1, 3, ()), (0, 5, ())]
    assert shape(tree(DOG)) == [(0, 4, ())]


def test_a_torn_constituent_is_flattened() -> None:
    torn = row({"en": "he looks it up", "de": "er schlägt es nach"}, {("en", "de"): "0-0 1-3 2-2 3-1"})
    parse = "(S (NP (PRP he)) (VP (VP (VBZ looks) (NP (PRP it))) (RP up)))"
    assert shape(tree(torn, parse=parse)) == [(1, 3, ("VP",)), (1, 4, ("VP",)), (0, 4, ("S",))]
    torn = row({"en": "a b c", "de": "x y z"}, {("en", "de"): "0-0 1-2 2-1"})
    assert shape(tree(torn, parse="(S (X (A a) (B b)) (C c))")) == [(0, 3, ("S",))]


def test_words_without_a_link_stay() -> None:
    found = tree(row({"en": "Ram ate the apple .", "hi": "राम ने सेब खाया"}, {("en", "hi"): "0-0 1-3 3-2"}))
    assert isinstance(found, Tree)
    assert [[found.words[s][slice(*unit.runs[s])] for s in (0, 1)] for unit in found.units] == [
        [("Ram",), ("राम", "ने")],
        [("ate",), ("खाया",)],
        [("the", "apple", "."), ("सेब",)],
    ]
    assert found.notes[0] == "unaligned words, kept with a neighbour: en 2, hi 1"


def test_words_without_a_link_stay_in_their_constituent() -> None:
    pair = row({"en": "dogs see the cat", "es": "perros ven gatos"}, {("en", "es"): "0-0 1-1 3-2"})
    found = tree(pair, parse="(S (NP (NNS dogs)) (VP (VBP see) (NP (DT the) (NN cat))))")
    assert isinstance(found, Tree)
    assert [unit.runs[0] for unit in found.units] == [(0, 1), (1, 2), (2, 4)]


@pytest.mark.parametrize(
    ("pair", "settings_", "reason"),
    [
        (row({"en": "a b", "es": ""}, {}), {}, "empty side"),
        (row({"en": "a b"}, {}), {}, "empty side"),
        (row({"en": "a b", "es": "c"}, {("en", "es"): "0-0"}), {"main": "hi"}, "empty side"),
        (row({"en": "a b", "es": "c d"}, {}), {}, "unaligned"),
        (row({"en": "a b", "es": "c d"}, {("en", "es"): "2-0"}), {}, "misnumbered alignment"),
        (row({"en": "a b", "es": "c d"}, {("en", "es"): "0-0"}), {"min_links": 2}, "too few links"),
        (row({"en": "a b", "es": "c d"}, {("en", "es"): "0-0"}), {"max_words": 1}, "too long"),
        (DOG, {"parse": HOUSE_PARSE}, "parse does not cover the words"),
        (DOG, {"parse": DOG_PARSE[:-1]}, "parse does not cover the words"),
        (DOG, {"parse": ""}, "parse does not cover the words"),
    ],
)
def test_reasons(pair: Parallel, settings_: dict[str, str], reason: str) -> None:
    found = tree(pair, **settings_)  # type: ignore[arg-type]
    assert isinstance(found, Outcome)
    assert found.reason == reason
    assert found.detail
    assert not found.sentences


@pytest.mark.parametrize("sides", [2, 3])
def test_any_row_gives_a_tree_or_a_reason(sides: int) -> None:
    @given(rows(sides=sides))
    @settings(max_examples=60, deadline=None)
    def check(pair: Parallel) -> None:
        found = tree(pair)
        if isinstance(found, Outcome):
            assert found.reason == "unaligned"
            return
        for side, own in enumerate(found.words):
            units = sorted(found.units, key=lambda unit: unit.runs[side])
            assert [word for unit in units for word in own[slice(*unit.runs[side])]] == list(own)
            assert [found.ranks[side][found.units.index(unit)] for unit in units] == list(range(len(units)))

    check()


def test_two_thousand_words() -> None:
    size = 2000
    links = " ".join(f"{i}-{i + 1 - 2 * (i % 2)}" for i in range(size))
    long = row({"en": " ".join(["w"] * size), "es": " ".join(["v"] * size)}, {("en", "es"): links})
    found = tree(long, max_words=size)
    assert isinstance(found, Tree)
    assert len(found.units) == size
    assert len(found.nodes) == size + size // 2 + 1


def test_closing_marks_belong_together() -> None:
    found = tree(row({"en": "I saw the dog .", "hi": "मैंने कुत्ता देखा ।"}, {("en", "hi"): "0-0 1-2 3-1"}))
    assert isinstance(found, Tree)
    assert found.units[-1].runs == ((4, 5), (3, 4))
    assert found.notes[0] == "unaligned words, kept with a neighbour: en 1"
    alone = tree(row({"en": "dog .", "es": "perro ."}, {}))
    assert isinstance(alone, Outcome)
    assert alone.reason == "unaligned"


def test_a_language_without_a_name() -> None:
    unknown = row({"qaa": "dog runs .", "qab": "perro corre ."}, {("qaa", "qab"): "0-0 1-1 2-2"})
    assert isinstance(tree(unknown), Tree)
    assert isinstance(tree(unknown, parse="(S (NN dog) (VBZ runs) (. .))"), Tree)
