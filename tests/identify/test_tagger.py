"""The shipped tagger: known sentences, its contract, and accuracy on outside data where that is present."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import MissingData
from macaronic.core.languages import SPECIAL
from macaronic.core.protocols import Tagger
from macaronic.identify import tagger
from macaronic.text.words import words


@pytest.fixture(scope="module")
def shipped() -> tagger.EmbeddedTagger:
    return tagger.load()


def _labels(shipped: tagger.EmbeddedTagger, text: str, languages: list[str] | None = None) -> str:
    return " ".join(shipped.tag([words(text)], languages)[0].labels)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "yaar kal ki meeting cancel ho gayi, so chill",
            "hi-Latn hi-Latn hi-Latn en en hi-Latn hi-Latn other en en",
        ),
        ("ich habe gestern sınav oldu bitti ve sonra nach Hause", "de de de tr tr tr tr tr de de"),
        ("me gusta mucho this song because es muy bonita", "es es es en en en es es es"),
        ("मैं कल office जाऊँगा", "hi hi en hi"),
        ("The weather is nice today.", "en en en en en other"),
        ("Das Wetter ist heute wirklich schön!", "de de de de de de other"),
        ("今日はとても暑いです", None),
        ("наш новый дом стоит у реки", "ru ru ru ru ru ru"),
        ("https://t.co/x @yaar #chill 12.30 :)", "other other other other other"),
    ],
)
def test_known_sentences_without_a_hint(shipped: tagger.EmbeddedTagger, text: str, wanted: str | None) -> None:
    got = _labels(shipped, text)
    assert got == wanted if wanted else set(got.split()) == {"ja"}


def test_romanised_hindi_is_hi_latn_when_hi_was_asked(shipped: tagger.EmbeddedTagger) -> None:
    assert _labels(shipped, "mujhe kal office jana hai", ["hi", "en"]) == "hi-Latn hi-Latn en hi-Latn hi-Latn"
    assert _labels(shipped, "मुझे office जाना है", ["hin_Deva", "eng"]) == "hi en hi hi"


def test_word_internal_mixing(shipped: tagger.EmbeddedTagger) -> None:
    got = _labels(shipped, "bu Praktikumda çok şey öğrendim und dann nach Hause", ["tr", "de"]).split()
    assert got[1] == "mixed"
    assert _labels(shipped, "அது TVல் வந்தது").split()[1] == "mixed"


def test_names_are_marked_only_where_a_capital_means_something(shipped: tagger.EmbeddedTagger) -> None:
    assert _labels(shipped, "yesterday we met Xherdan Zvqarik in the park").split()[3:5] == ["ne", "ne"]
    assert "ne" not in _labels(shipped, "wir haben gestern im Xherdanpark gegessen")


def test_unknown_language_names_both_ways(shipped: tagger.EmbeddedTagger) -> None:
    with pytest.raises(MissingData, match="train tagger FILE") as raised:
        shipped.tag([["a"]], ["rw"])
    assert "--mono rw=raw.txt" in str(raised.value)
    assert raised.value.exit_code == 3
    assert len(str(raised.value).splitlines()) <= 3


@given(st.lists(st.lists(st.text(max_size=9), max_size=12), max_size=5), st.sampled_from([None, ["en", "hi"], ["ja"]]))
@settings(max_examples=60, deadline=None)
def test_any_words_get_one_label_each(sentences: list[list[str]], languages: list[str] | None) -> None:
    shipped = tagger.load()
    tagged = shipped.tag(sentences, languages)
    assert [len(t.labels) for t in tagged] == [len(s) for s in sentences]
    for one in tagged:
        assert set(one.labels) <= {*shipped.languages, *SPECIAL}
        assert all(0 <= c <= 1 for c in one.confidence)


def test_sentences_are_tagged_alone_or_together_alike(shipped: tagger.EmbeddedTagger) -> None:
    sentences = [words(t) for t in ("so chill yaar", "", "je suis là", "naan romba busy", "дом", "me gusta the song")]
    assert shipped.tag(sentences) == [shipped.tag([s])[0] for s in sentences]


def test_a_very_long_sentence_is_cut_and_put_together(shipped: tagger.EmbeddedTagger) -> None:
    long = ["the", "house", "is", "big", "and", "der", "Hund", "ist", "klein", "und", "alt"] * 2000
    done = shipped.decode([*long, "hola", "amigo"], np.array([0, 0, len(long), len(long) + 2]))
    assert len(done.code) == len(long) + 2
    assert [shipped.label(code) for code in done.main.tolist()] == ["other", "de", "es"]
    assert (done.certainty[1:] > 0).all()


def test_many_words_start_the_vocabulary_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from macaronic.identify import vocabulary

    monkeypatch.setattr(vocabulary, "_MOST", 3)
    fresh = tagger.load()
    for text in ("the house is big", "el perro come pan", "the house is big"):
        labels = fresh.tag([text.split()])[0].labels
    assert labels == ["en"] * 4


def test_expectation_prefers_what_was_heard(shipped: tagger.EmbeddedTagger) -> None:
    rows = [words(t) for t in ("ich habe Zeit", "und du auch nicht", "bugün hava çok güzel")] * 5
    flat, offsets = [w for r in rows for w in r], np.cumsum([0, *map(len, rows)])
    expected = shipped.expectation(shipped.decode(flat, offsets)) + shipped.model.prior
    order = [shipped.languages[i] for i in np.argsort(-expected)[:2]]
    assert set(order) == {"de", "tr"}


def test_it_is_a_tagger(shipped: tagger.EmbeddedTagger) -> None:
    assert isinstance(shipped, Tagger)


def _data(*parts: str) -> Path:
    path = Path(os.environ.get("MACARONIC_DATA", ""), *parts)
    if not os.environ.get("MACARONIC_DATA") or not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} under MACARONIC_DATA")
    return path


@pytest.mark.parametrize(("languages", "least"), [(["hi", "en"], 0.90), (None, 0.86)])
def test_accuracy_on_romanised_hindi(shipped: tagger.EmbeddedTagger, languages: list[str] | None, least: float) -> None:
    path = _data("codemix-hinglid-val", "hinglid.validation.first3000.tsv")
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")[:600]
    rows = [[line.split("\t")[:2] for line in block.splitlines()] for block in blocks]
    gold = [{"HI": "hi-Latn", "EN": "en"}[label] for row in rows for _, label in row]
    tagged = shipped.tag([[word for word, _ in row] for row in rows], languages)
    got = [label for t in tagged for label in t.labels]
    assert np.mean([a == b for a, b in zip(got, gold, strict=True)]) >= least


def test_a_word_of_megabytes_is_judged_by_its_beginning() -> None:
    own = tagger.load()
    assert own.tag([["ab.c" * 1_000_000, "hello"]])[0] == own.tag([["ab.c" * 300, "hello"]])[0]
