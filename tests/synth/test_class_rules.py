"""The tables behind the word classes: every list is readable, no word stands in a list that hides it."""

import tomllib
from importlib import resources

import pytest

from macaronic.core.languages import parse
from macaronic.synth.class_rules import fold, rules_of

TABLES = tomllib.loads(resources.files("macaronic.synth").joinpath("closed_class.toml").read_text("utf-8"))
UPOS = {"DET", "PRON", "AUX", "ADP", "SCONJ", "CCONJ", "PART", "NUM", "ADV", "INTJ", "ADJ", "VERB", "NOUN", "PROPN"}
KEYS = {"capital", "unknown", "clitic", "suffix", "prefix"}


@pytest.mark.parametrize("tag", TABLES)
def test_tables_are_well_formed(tag: str) -> None:
    table = TABLES[tag]
    assert parse(tag) == tag
    assert set(table) <= UPOS | KEYS
    for part in (table.get("suffix", {}), table.get("prefix", {})):
        assert set(part) <= UPOS
    words = [word for key, listing in table.items() if key in UPOS for word in listing.split()]
    assert len(words) >= 100
    assert all(fold(word) == fold(fold(word)) for word in words)


def test_a_romanised_language_has_both_lists() -> None:
    rules = rules_of("hi-Latn")
    assert rules is not None
    assert rules.words["hai"] == "AUX"
    assert rules.words["nahin"] == "PART"
    latin_bengali = rules_of("bn-Latn")
    assert latin_bengali is not None
    assert latin_bengali.words
    assert all(word.isascii() for word in latin_bengali.words)


def test_no_list_no_rules() -> None:
    assert rules_of("yo") is None
