"""Checks by code; `the white house` / `la casa blanca` has eight noun phrases under the Equivalence Constraint."""

from itertools import product

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.agents.constraints import equivalence, free_morphemes, function_heads, switches

EN, ES = ["the", "white", "house"], ["la", "casa", "blanca"]
HOUSE = Parallel(
    "1",
    {
        "en": Utterance.from_words(EN, layers={"pos": ("DET", "ADJ", "NOUN")}),
        "es": Utterance.from_words(ES, layers={"pos": ("DET", "NOUN", "ADJ")}),
    },
    {("en", "es"): ((0, 0), (1, 2), (2, 1))},
)


def langs(words: list[str]) -> list[str]:
    return ["en" if w in EN else "es" for w in words]


def test_the_eight_noun_phrases_pass_and_others_do_not() -> None:
    check = equivalence(HOUSE, "en", "es")
    told = "la casa blanca, la house blanca, la white casa, la white house, the blanca house, the casa blanca, "
    for phrase in (told + "the white casa, the white house").split(", "):
        words = phrase.split()
        assert check(words, langs(words)) == [], phrase
    for phrase in ("house white la", "blanca casa the", "white la casa"):
        words = phrase.split()
        assert check(words, langs(words)), phrase


def test_the_monotone_pair_allows_everything() -> None:
    en, es = ["the", "dog", "eats", "bread"], ["el", "perro", "come", "pan"]
    row = Parallel(
        "1",
        {"en": Utterance.from_words(en), "es": Utterance.from_words(es)},
        {("es", "en"): tuple((i, i) for i in range(4))},
    )
    check = equivalence(row, "en", "es")
    for side in product((0, 1), repeat=4):
        words = [(en, es)[s][i] for i, s in enumerate(side)]
        assert check(words, [("en", "es")[s] for s in side]) == []


def test_a_function_word_does_not_cross() -> None:
    row = Parallel(
        "1",
        {"en": Utterance.from_words(["basket", "of", "fish"]), "hi": Utterance.from_words(["मछली", "की", "टोकरी"])},
        {("hi", "en"): ((0, 2), (1, 1), (2, 0))},
    )
    check = equivalence(row, "en", "hi")
    assert check(["basket", "की", "मछली"], ["en", "hi", "hi"])
    assert check(["टोकरी", "of", "fish"], ["hi", "en", "en"]) == []


def test_words_that_are_in_no_side_are_passed_over() -> None:
    assert equivalence(HOUSE, "en", "es")(["muy", "big", "blanca"], ["es", "en", "es"]) == []


def test_free_morphemes() -> None:
    assert free_morphemes(["vamos", "to", "the", "playa"], ["es", "en", "en", "es"]) == []
    assert free_morphemes(["computerने"], ["hi"]) == ["'computerने' mixes languages inside"]
    assert free_morphemes(["parqueear"], ["mixed"]) == ["'parqueear' mixes languages inside"]
    assert free_morphemes(["日本のカメラ", "いい"], ["ja", "ja"]) == []
    assert free_morphemes(["anti-", "guerra"], ["en", "es"]) == ["'anti-' (en) is bound to 'guerra' (es)"]
    assert free_morphemes(["perro", "'s"], ["es", "en"]) == ["\"'s\" (en) is bound to 'perro' (es)"]
    assert free_morphemes(["perro", "-", "dog"], ["es", "other", "en"]) == []
    assert free_morphemes([], []) == []


def test_function_heads_on_either_side() -> None:
    assert function_heads(["the", "casa", "is", "big"], ["en", "es", "en", "en"]) == [
        "'the' (en) is parted from 'casa' (es)"
    ]
    assert function_heads(["car", "में"], ["en", "hi"]) == ["'में' (hi) is parted from 'car' (en)"]
    assert function_heads(["perro", "sleeps"], ["es", "en"]) == []


def test_switches_pass_over_what_is_no_language() -> None:
    assert list(switches(["other", "en", "ne", "es", "es"])) == [(1, 3)]
    assert list(switches([])) == []
