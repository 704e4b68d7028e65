"""Comparing corpora: nothing apart from themselves, romanised or not, and known distances where they differ."""

import os
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.corpus import Corpus
from macaronic.core.errors import MissingData
from macaronic.core.utterance import Utterance
from macaronic.synth.compare import UNITS, compare, symcom_difference
from macaronic.synth.observed import observe, sentences
from macaronic.text import formats


def row(words: str, langs: str, pos: str | None = None) -> Utterance:
    layers = {"lang": langs.split(), **({"pos": pos.split()} if pos else {})}
    return Utterance.from_words(words.split(), layers=layers)


MIXED = [
    row("the casa is big", "en es en en", "DET NOUN AUX ADJ"),
    row("la house es muy big", "es en es es en", "DET NOUN AUX ADV ADJ"),
    row("I like la playa .", "en en es es other", "PRON VERB DET NOUN PUNCT"),
]


def values(results: list) -> dict[str, float | None]:
    return {result.name: result.value for result in results}


def test_a_corpus_is_not_apart_from_itself() -> None:
    found = compare(MIXED, Corpus.from_utterances(MIXED), samples=100)
    assert {r.name: r.unit for r in found} == UNITS
    assert values(found) == pytest.approx(dict.fromkeys(UNITS, 0.0))
    for result in found:
        assert result.low == 0.0
        assert result.high is not None
        assert "pos:given+given" in result.signature


def test_scripts_do_not_matter() -> None:
    native = [row("मैं कल meeting गया", "hi hi en hi", "PRON ADV NOUN VERB")] * 3
    roman = [row("main kal meeting gaya", "hi-Latn hi-Latn en hi-Latn", "PRON ADV NOUN VERB")] * 3
    assert values(compare(native, roman, samples=10)) == pytest.approx(dict.fromkeys(UNITS, 0.0))


def test_known_distances() -> None:
    one = [row("a b c d", "en es en en", "NOUN NOUN VERB VERB")] * 4
    other = [row("a b c d", "en en es es", "NOUN NOUN VERB ADP")] * 4 + [row("a b", "en en", "NOUN NOUN")] * 4
    found = values(compare(one, other, samples=10))
    assert found["cmi"] == pytest.approx(25.0)
    assert found["switching"] == pytest.approx(2 / 3 - 1 / 3)
    assert found["second"] == pytest.approx(0.25)
    assert found["words"] == 0.0
    assert found["mixed"] == pytest.approx(0.5)
    assert found["switched_pos"] == pytest.approx(1.0)
    assert found["switched_function"] == pytest.approx(0.5)


def test_only_function_and_content_words_are_compared_where_classes_are_induced() -> None:
    made = [row("ọkọ the kwa kwa", "yo en yo yo")] * 3
    real = [row("ọkọ the kwa kwa", "yo en yo yo", "NOUN DET ADP ADP")] * 3
    found = compare(made, real, samples=10)
    assert "pos:induced+given" in found[0].signature
    assert values(found)["switched_pos"] == pytest.approx(0.0)


def test_without_mixed_sentences_there_is_nothing_to_compare() -> None:
    with pytest.raises(MissingData, match="second corpus has no mixed sentence"):
        compare(MIXED, [row("the house", "en en")])


def test_symcom_difference_by_hand() -> None:
    p, q = np.array([[2.0, 2.0], [4.0, 0.0]]), np.array([[4.0, 0.0], [0.0, 4.0]])
    # NOUN: 0 against 1, VERB: 1 against -1, each half of the words
    assert symcom_difference(p, q) == pytest.approx(0.5 * 1 + 0.5 * 2)


def test_figures_of_real_tags() -> None:
    """Mean CMI and words by language of the UD Hindi-English tags, as that set's notes give them."""
    data = os.environ.get("MACARONIC_DATA")
    place = Path(data or "", "codemix-hi-en-tags", "qhe_hiencs-ud-train.conllu")
    if not data or not place.exists():
        pytest.skip("MACARONIC_DATA has no codemix-hi-en-tags")
    seen = observe(formats.read(place))
    found = sentences(seen, ("en", "hi"))
    assert seen.pos == "given"
    assert found.cmi.mean() == pytest.approx(34.6811, abs=1e-4)
    assert found.words.sum() == 16633
    assert found.mixed.all()


def test_a_pair_that_is_not_in_the_text_is_refused() -> None:
    with pytest.raises(MissingData, match="no word is in fr"):
        compare(MIXED, MIXED, pair=("en", "fr"), samples=10)
