"""Substitution through a dictionary or links: exact outputs, ratios, reasons."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.classes import classes
from macaronic.synth.lexicon import build
from macaronic.synth.substitute import substitute

TOY = build(
    [
        ("dog", "perro", 1, "NOUN"),
        ("ball", "pelota", 1, "NOUN"),
        ("red", "rojo", 1, "ADJ"),
        ("park", "parque público", 1, "NOUN"),
    ],
    "en",
    "es",
)


def said(text: str) -> Utterance:
    return Utterance.from_words(text.split())


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def alone(text: str, tag: str = "en") -> Parallel:
    return Parallel("r", {tag: Utterance.from_words(text.split())})


def test_a_dictionary_changes_the_nouns_only() -> None:
    made = substitute(alone("The dogs chase a red ball in the park ."), lexicon=TOY, rng=rng()).sentences[0]
    assert made.text == "The perro chase a red pelota in the parque público."
    assert made.langs == ("en", "es", "en", "en", "en", "es", "en", "en", "es", "es", "other")
    assert made.sides[8:10] == ("lexicon", "lexicon")
    assert made.index[8:] == (8, 8, 9)


@pytest.mark.parametrize(("ratio", "count"), [(0.01, 1), (0.34, 1), (0.67, 2), (1.0, 3)])
def test_the_ratio_counts_replaceable_words(ratio: float, count: int) -> None:
    made = substitute(alone("The dog has a ball in the park"), lexicon=TOY, ratio=ratio, rng=rng()).sentences[0]
    assert made.meta["replaced"] == count


def test_links_keep_the_place_of_a_word_in_its_side() -> None:
    sides = {
        "es": said("la casa blanca"),
        "en": said("the white house"),
    }
    row = Parallel("r", sides, {("es", "en"): ((0, 0), (1, 2), (2, 1))})
    made = substitute(row, rng=rng()).sentences[0]
    assert (made.words, made.sides, made.index) == (("la", "house", "blanca"), ("es", "en", "es"), (0, 2, 2))


@pytest.mark.parametrize(
    ("row", "lexicon", "reason"),
    [
        (alone(""), TOY, "empty side"),
        (alone("and of the"), TOY, "no switchable word"),
        (alone("the cat"), TOY, "not in the dictionary"),
        (Parallel("r", {"en": Utterance.from_words(["cat"]), "es": Utterance.from_words(["gato"])}), None, "unaligned"),
        (Parallel("r", {"en": Utterance.from_words(["cat"]), "es": Utterance("")}), None, "empty side"),
    ],
)
def test_every_empty_result_has_a_reason(row: Parallel, lexicon: object, reason: str) -> None:
    found = substitute(row, lexicon=lexicon, rng=rng())  # type: ignore[arg-type]
    assert (found.sentences, found.reason) == ((), reason)
    assert found.detail


def test_bad_settings() -> None:
    with pytest.raises(UsageError, match="ratio"):
        substitute(alone("the dog"), lexicon=TOY, ratio=0, rng=rng())
    with pytest.raises(UsageError, match="languages of the row"):
        substitute(alone("the dog"), main="fr", lexicon=TOY, rng=rng())


@pytest.mark.parametrize(
    ("word", "new", "tag", "other"),
    [
        ("पानी", "क्‍या", "hi", "en"),
        ("كتاب", "book", "ar", "en"),
        ("水", "water", "zh", "en"),
        ("👩‍👩‍👧", "family", "en", "es"),
    ],
)
def test_other_scripts(word: str, new: str, tag: str, other: str) -> None:
    row = Parallel("r", {tag: Utterance.from_words([word, "."], layers={"pos": ("NOUN", "PUNCT")})})
    made = substitute(row, lexicon=build([(word, new, 1, "")], tag, other), rng=rng()).sentences[0]
    assert made.words == (new, ".")
    assert made.langs[0] == other


@given(
    st.lists(
        st.sampled_from(["dog", "ball", "red", "park", "the", "a", "runs", "of", "big", ".", "और"]),
        min_size=1,
        max_size=12,
    ),
    st.floats(0.05, 1),
)
def test_only_nouns_change_whatever_the_sentence(given_words: list[str], ratio: float) -> None:
    row = Parallel("r", {"en": Utterance.from_words(given_words)})
    pos = classes(given_words, "en").pos
    found = substitute(row, lexicon=TOY, ratio=ratio, rng=rng())
    for made in found.sentences:
        for word, side, i in zip(made.words, made.sides, made.index, strict=True):
            assert word == given_words[i] if side == "en" else pos[i] == "NOUN"
