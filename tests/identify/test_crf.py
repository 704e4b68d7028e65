"""The trainable word tagger: what it sees, what it answers, and that it survives saving and copying."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import Card
from macaronic.core.errors import FormatError, InputError, MissingData, MissingExtra, UsageError
from macaronic.identify import crf
from macaronic.identify.crf import CrfTagger, Features

pytest.importorskip("pycrfsuite")

WORDS = [["ich", "habe", "sınav"], ["yarın", "sınav", "und"], ["und", "ich", "!"], ["hic", "vaktim", "yok", "aber"]] * 3
LABELS = [["de", "de", "tr"], ["tr", "tr", "de"], ["de", "de", "other"], ["tr", "tr", "tr", "de"]] * 3


@pytest.fixture(scope="module")
def tagger() -> CrfTagger:
    return crf.fit(WORDS, LABELS, card=Card("made here", "CC0-1.0"))


def test_it_learns_what_it_was_shown(tagger: CrfTagger) -> None:
    assert [t.labels for t in tagger.tag(WORDS[:4])] == LABELS[:4]
    assert tagger.labels == ("de", "other", "tr")


def test_empty_sentences_and_no_sentences(tagger: CrfTagger) -> None:
    assert tagger.tag([]) == []
    assert tagger.tag([[], ["ich"]])[0].labels == []


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), max_size=5), max_size=3))
@settings(deadline=None, max_examples=40)
def test_any_words_get_one_label_and_a_probability(sentences: list[list[str]]) -> None:
    tagger = crf.fit(WORDS, LABELS, iterations=5)
    for words, tagged in zip(sentences, tagger.tag(sentences), strict=True):
        assert len(tagged.labels) == len(tagged.confidence) == len(words)
        assert set(tagged.labels) <= {"de", "tr", "other"}
        assert all(0 <= share <= 1 for share in tagged.confidence)


def test_languages_narrow_the_choice_but_leave_the_special_labels(tagger: CrfTagger) -> None:
    labels = tagger.tag([["sınav", "!"]], ["de"])[0].labels
    assert labels[0] != "tr"
    assert labels[1] == "other"


def test_a_language_that_it_never_saw_names_both_ways_to_add_it(tagger: CrfTagger) -> None:
    with pytest.raises(MissingData, match=r"train tagger FILE") as caught:
        tagger.tag([["x"]], ["rw"])
    assert "--mono rw=raw.txt" in str(caught.value)
    assert caught.value.exit_code == 3


def test_hindi_allows_romanised_hindi() -> None:
    tagger = crf.fit([["yaar", "ok"], ["ok", "yaar"]], [["hi-Latn", "en"], ["en", "hi-Latn"]])
    assert tagger.tag([["yaar"]], ["hi"])[0].labels == ["hi-Latn"]


def test_saved_and_loaded_it_answers_the_same(tagger: CrfTagger, tmp_path: Path) -> None:
    loaded = crf.load(tagger.save(tmp_path / "model"))
    assert loaded.tag(WORDS) == tagger.tag(WORDS)
    assert loaded == tagger
    about = json.loads((tmp_path / "model" / "tagger.json").read_text())
    assert about["kind"] == "crf"
    assert about["card"]["licence"] == "CC0-1.0"
    assert about["training"]["words"] == sum(map(len, WORDS))


def test_the_same_data_give_the_same_bytes() -> None:
    assert crf.fit(WORDS, LABELS).model == crf.fit(WORDS, LABELS).model


def test_it_travels_to_another_process(tagger: CrfTagger) -> None:
    tagger.tag([["ich"]])
    assert pickle.loads(pickle.dumps(tagger)).tag(WORDS) == tagger.tag(WORDS)


def test_words_without_a_label_teach_nothing_but_are_seen() -> None:
    words = [["a", "x", "b"]] * 4
    tagger = crf.fit(words, [["de", None, "tr"]] * 4)
    assert tagger.labels == ("de", "tr")
    assert "+1=x" in crf.describe(words[0], Features())[0]


def test_any_tag_set_will_do() -> None:
    tagger = crf.fit([["der", "hund", "bellt"]] * 3, [["DET", "NOUN", "VERB"]] * 3)
    assert tagger.tag([["der", "hund"]])[0].labels == ["DET", "NOUN"]


@pytest.mark.parametrize(
    ("labels", "message"), [([["de", "de"]], "at least two labels"), ([["de"]], "one label a word")]
)
def test_nothing_to_learn_from(labels: list[list[str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        crf.fit([["ich", "du"]], labels)


def test_more_features_can_be_given() -> None:
    def loud(words: list[str]) -> list[list[str]]:
        return [["loud"] if word.isupper() else [] for word in words]

    sentences = [["ab", "CD"], ["EF", "gh"], ["IJ", "KL"], ["mn", "op"]] * 3
    tagger = crf.fit(
        sentences, [["q", "l"], ["l", "q"], ["l", "l"], ["q", "q"]] * 3, features=Features(1, 1, 0, False), extra=loud
    )
    assert tagger.tag([["zz", "ZZ"]])[0].labels == ["q", "l"]


def test_a_damaged_model_is_noticed(tagger: CrfTagger, tmp_path: Path) -> None:
    folder = tagger.save(tmp_path / "model")
    (folder / "model.crfsuite").write_bytes(b"something else")
    with pytest.raises(FormatError, match="damaged"):
        crf.load(folder)
    (folder / "tagger.json").write_text("{}")
    with pytest.raises(FormatError, match="model description"):
        crf.load(folder)
    with pytest.raises(InputError, match="macaronic train tagger"):
        crf.load(tmp_path / "nowhere")


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pycrfsuite", None)
    with pytest.raises(MissingExtra, match=r"macaronic\[tag\]"):
        crf.fit(WORDS, LABELS)


def test_tag_sets_of_another_kind_are_left_as_they_are() -> None:
    tagger = crf.fit([["ja", "!"], ["nein", "!"]] * 4, [["TR", "OTHER"], ["DE", "OTHER"]] * 4)
    assert tagger.tag([["ja", "!"]])[0].labels == ["TR", "OTHER"]


def test_punctuation_is_no_language() -> None:
    tagger = crf.fit([["ja", "tamam"], ["aber", "ama"]] * 4, [["de", "tr"], ["de", "tr"]] * 4)
    assert tagger.tag([["ja", ",", "tamam", "42", "😂"]])[0].labels[1::2] == ["other", "other"]
