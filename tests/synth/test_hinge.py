"""WAC and PAC on a toy dictionary and on links: exact outputs."""

import numpy as np
import pytest

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.hinge import pac, wac
from macaronic.synth.lexicon import build, invert

TOY = build(
    [("book", "किताब", 1, "NOUN"), ("new", "नई", 1, "ADJ"), ("table", "मेज़", 1, "NOUN"), ("is", "है", 1, "AUX")],
    "en",
    "hi",
)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def row(hindi: str, english: str, *links: tuple[int, int]) -> Parallel:
    sides = {"hi": Utterance.from_words(hindi.split()), "en": Utterance.from_words(english.split())}
    return Parallel("r", sides, {("hi", "en"): links} if links else {})


BOOK = row("नई किताब मेज़ पर है ।", "the new book is on the table .")


@pytest.mark.parametrize("lexicon", [TOY, invert(TOY)])
def test_wac_replaces_nouns_and_adjectives_and_romanises_the_rest(lexicon) -> None:  # type: ignore[no-untyped-def]
    made = wac(BOOK, lexicon=lexicon, rng=rng()).sentences[0]
    assert made.words == ("new", "book", "table", "par", "hai", ".")
    assert made.langs == ("en", "en", "en", "hi-Latn", "hi-Latn", "other")
    assert made.sides == ("en", "en", "en", "hi", "hi", "hi")
    assert made.index == (1, 2, 6, 3, 4, 5)


def test_wac_may_keep_the_script() -> None:
    made = wac(BOOK, lexicon=TOY, romanised=False, rng=rng()).sentences[0]
    assert made.text == "new book table पर है।"
    assert made.langs[3] == "hi"


def test_each_english_word_is_used_once() -> None:
    made = wac(row("किताब और किताब", "book and more"), lexicon=TOY, rng=rng()).sentences[0]
    assert made.words.count("book") == 1


def test_links_fill_what_the_dictionary_lacks() -> None:
    linked = row("नई गाड़ी है", "the new car is", (0, 1), (1, 2), (2, 3))
    assert wac(linked, lexicon=TOY, rng=rng()).sentences[0].text == "new car hai"
    assert wac(linked, rng=rng()).sentences[0].text == "new car hai"


def test_pac_takes_the_longest_phrase() -> None:
    made = pac(BOOK, lexicon=TOY, rng=rng()).sentences[0]
    assert made.words == ("new", "book", "table", "par", "hai", ".")
    crossed = row("भारत का सर्वोच्च न्यायालय", "Supreme Court of India", (0, 3), (1, 2), (2, 0), (3, 1))
    assert pac(crossed, rng=rng()).sentences[0].text.split()[-2:] == ["Supreme", "Court"]
    whole = row("मेरा दाल चावल है", "my rice lentils is", (0, 0), (1, 2), (2, 1), (3, 3))
    assert pac(whole, rng=rng()).sentences[0].words == ("mera", "rice", "lentils", "hai")


def test_pac_does_not_take_a_phrase_that_holds_another_word() -> None:
    broken = row("लाल x घर", "red house there", (0, 0), (1, 2), (2, 1))
    made = pac(broken, rng=rng()).sentences[0]
    assert made.words.count("house") <= 1
    assert len(made.words) == 3


@pytest.mark.parametrize("method", [wac, pac])
def test_reasons(method) -> None:  # type: ignore[no-untyped-def]
    assert method(row("", "book"), rng=rng()).reason == "empty side"
    assert method(row("किताब", "book"), rng=rng()).reason == "unaligned"
    assert method(row("घर", "home"), lexicon=TOY, rng=rng()).reason == "not in the dictionary"
    assert method(row("है", "is", (0, 0)), rng=rng()).reason == "no switchable word"


def test_a_matrix_in_latin_letters_stays() -> None:
    sides = {"es": Utterance.from_words(["la", "casa"]), "en": Utterance.from_words(["the", "house"])}
    both = Parallel("r", sides, {("es", "en"): ((0, 0), (1, 1))})
    assert wac(both, rng=rng()).sentences[0].langs == ("es", "en")
