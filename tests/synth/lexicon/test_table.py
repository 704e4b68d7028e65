"""Dictionaries: look-up, plain forms, merging, turning round."""

import pytest

from macaronic.core.errors import UsageError
from macaronic.synth.lexicon import Lexicon, Translation, build, from_aligned, invert, merge

TOY = build(
    [
        ("House", "casa", 0.9, "NOUN"),
        ("house", "alojar", 0.4, "VERB"),
        ("ice cream", "helado", 1, ""),
        ("city", "ciudad", 1, ""),
    ],
    "en",
    "es",
    origin="toy",
)


@pytest.mark.parametrize(
    ("word", "best"),
    [("house", "casa"), ("HOUSES", "casa"), ("house's", "casa"), ("cities", "ciudad"), ("as", None), ("", None)],
)
def test_look_up_folds_case_and_plurals(word: str, best: str | None) -> None:
    assert TOY.best(word) == best


def test_the_word_class_chooses() -> None:
    assert TOY.best("house", "VERB") == "alojar"
    assert TOY.best("house", "ADJ") == "casa"


def test_plural_endings_of_other_languages_are_left_alone() -> None:
    assert build([("haus", "house", 1, "")], "de", "en").best("hauss") is None


def test_phrases() -> None:
    assert TOY.longest == 2
    assert TOY.phrase(["some", "Ice", "cream"], 1)[0] == 2
    assert TOY.phrase(["x"], 0) == (0, ())


def test_merge_and_invert() -> None:
    other = build([("house", "casa", 0.2, ""), ("house", "hogar", 0.5, "")], "en", "es", origin="b")
    both = merge(TOY, other)
    assert [t.text for t in both.lookup("house")] == ["casa", "hogar", "alojar"]
    assert both.origin == "toy + b"
    assert invert(both).best("hogar") == "house"
    assert invert(invert(TOY)).entries == TOY.entries
    with pytest.raises(UsageError, match="one pair"):
        merge(TOY, invert(TOY))


def test_from_aligned_text() -> None:
    found = from_aligned({"House": [("casa", 0.7), ("la", 0.01)]}, "en", "es")
    assert found.entries == {"house": (Translation("casa", 0.7),)}
    assert TOY.translations()["house"] == ("casa", "alojar")


def test_an_empty_dictionary() -> None:
    assert len(Lexicon("en", "es", {})) == 0
    assert Lexicon("en", "es", {}).phrase(["a"], 0) == (0, ())
