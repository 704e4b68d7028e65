"""Noun-token, ratio-token, extreme and reverse forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.classes import classes
from macaronic.synth.marks import Marked, extreme, noun_token, ratio_token, reverse


def said(text: str) -> Utterance:
    return Utterance.from_words(text.split())


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def row(**texts: str) -> Parallel:
    """Sides with as many words as the first, linked word by word."""
    sides = {tag: Utterance.from_words(text.split()) for tag, text in texts.items()}
    first = next(iter(sides))
    same = {(first, tag): tuple((i, i) for i in range(len(u.words))) for tag, u in sides.items() if tag != first}
    return Parallel("r", sides, same)


DOG = row(
    en="the dog drinks cold water",
    es="el perro bebe fría agua",
    de="der Hund trinkt kaltes Wasser",
    fr="le chien boit froide eau",
)


def test_noun_token_changes_the_nouns_only() -> None:
    made = noun_token(DOG, embedded="es", rng=rng()).sentences[0]
    assert made.text == "the perro drinks cold agua"
    assert made.langs == ("en", "es", "en", "en", "es")
    assert made.index == (0, 1, 2, 3, 4)
    kept = noun_token(DOG, embedded="es", keep={"water"}, rng=rng()).sentences[0]
    assert kept.text == "the perro drinks cold water"


def test_reverse_puts_english_nouns_into_another_language() -> None:
    made = reverse(DOG, main="de", rng=rng()).sentences[0]
    assert made.text == "der dog trinkt kaltes water"


def test_extreme_spreads_the_marks_evenly() -> None:
    made = extreme(DOG, rng=rng()).sentences[0]
    assert sorted(set(made.langs) - {"en"}) in (["de", "es"], ["de", "fr"], ["es", "fr"])
    words = ["the", "dog", "house", "water", "ball", "tree", "river", "car", "table"]
    many = Parallel(
        "r",
        {"en": Utterance.from_words(words)}
        | {
            t: Utterance.from_words([f"{t}{w}" for w in words], layers={"pos": ("NOUN",) * 9})
            for t in ("es", "fr", "it")
        },
        {("en", t): tuple((i, i) for i in range(len(words))) for t in ("es", "fr", "it")},
    )
    langs = extreme(many, rng=rng()).sentences[0].langs
    counts = [langs.count(tag) for tag in ("es", "fr", "it")]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) == sum(p == "NOUN" for p in classes(words, "en").pos)


@given(st.integers(1, 30), st.floats(0.01, 1), st.integers(0, 5))
def test_ratio_token_marks_exactly_so_many_words(n: int, ratio: float, seed: int) -> None:
    english = [f"w{chr(97 + i % 26)}{'x' * (i // 26)}" for i in range(n)]
    both = row(en=" ".join(english), es=" ".join(w.upper() + "o" for w in english))
    made = ratio_token(both, ratio=ratio, rng=rng(seed)).sentences[0]
    assert sum(lang == "es" for lang in made.langs) == max(1, int(ratio * n + 1e-9))


def test_ratio_token_counts_no_punctuation_and_tells_what_is_missing() -> None:
    both = Parallel(
        "r",
        {"en": said("a b c d e . , !"), "es": said("v w")},
        {("en", "es"): ((0, 0), (1, 1))},
    )
    found = ratio_token(both, ratio=0.8, rng=rng())
    assert found.sentences[0].meta["marks"] == 4
    assert found.notes == ("2 of 4 marks have no counterpart",)


def test_no_word_of_the_other_side_is_used_twice() -> None:
    both = Parallel(
        "r",
        {"en": said("apple pie"), "de": Utterance.from_words(["Apfelkuchen"])},
        {("en", "de"): ((0, 0), (1, 0))},
    )
    assert noun_token(both, rng=rng()).sentences[0].words.count("Apfelkuchen") == 1


def test_a_filler_takes_the_place_of_the_links() -> None:
    seen: list[Marked] = []

    def fill(marked: Marked) -> list[str]:
        seen.append(marked)
        return ["el perro grande", ""]

    bare = Parallel("r", {"en": DOG.texts["en"], "es": DOG.texts["es"]})
    made = noun_token(bare, fill=fill, rng=rng()).sentences[0]
    assert made.words == ("the", "el", "perro", "grande", "drinks", "cold", "water")
    assert made.sides[1:4] == ("lexicon",) * 3
    assert seen[0].marks == (1, 4)
    assert seen[0].reference == "el perro bebe fría agua"
    assert noun_token(bare, fill=lambda _: [], rng=rng()).reason == "empty answer"


@pytest.mark.parametrize("method", [noun_token, ratio_token, extreme])
def test_empty_results_have_reasons(method) -> None:  # type: ignore[no-untyped-def]
    assert method(row(en="", es="hola"), rng=rng()).reason == "empty side"
    assert method(row(en="dog", es=""), rng=rng()).reason == "empty side"
    bare = Parallel("r", {"en": Utterance.from_words(["dog"]), "es": Utterance.from_words(["perro"])})
    assert method(bare, rng=rng()).reason == "unaligned"


def test_bad_settings() -> None:
    assert noun_token(row(en="of the", es="de la"), rng=rng()).reason == "no switchable word"
    with pytest.raises(UsageError, match="ratio"):
        ratio_token(DOG, ratio=1.5, rng=rng())
    with pytest.raises(UsageError, match="languages of the row"):
        noun_token(DOG, embedded="it", rng=rng())
    with pytest.raises(UsageError, match="side in it"):
        reverse(DOG, embedded="it", rng=rng())
