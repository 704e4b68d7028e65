"""The bundled text is whole, in the right scripts, and tagged consistently."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from macaronic import bundled
from macaronic.core.errors import UnknownName
from macaronic.core.languages import is_language, parse
from macaronic.text.words import words

LATIN = {"LATIN"}
SCRIPTS = {
    "hi": {"DEVANAGARI"}, "mr": {"DEVANAGARI"}, "bn": {"BENGALI"}, "ur": {"ARABIC"}, "ar": {"ARABIC"},
    "fa": {"ARABIC"}, "ta": {"TAMIL"}, "te": {"TELUGU"}, "gu": {"GUJARATI"}, "zh": {"CJK"}, "ko": {"HANGUL"},
    "ja": {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, "ru": {"CYRILLIC"}, "el": {"GREEK"},
}  # fmt: skip
ROWS = bundled.parallel()
TAGS = [name for name in ROWS[0] if name != "sentence"]
PAIRS = list(bundled.mixed_paths())
MIXED = bundled.mixed()


def scripts(text: str) -> set[str]:
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


def test_parallel_has_the_rows_and_languages_promised() -> None:
    header = bundled.parallel_path().read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert len(set(header)) == len(header)
    assert len(ROWS) >= 80
    assert len({parse(tag).partition("-")[0] for tag in TAGS}) >= 20
    assert {"hi-Latn", "bn-Latn", "ta-Latn"} <= set(TAGS)
    assert [parse(tag) for tag in TAGS] == TAGS


def test_parallel_ids_are_unique() -> None:
    assert len({row["sentence"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("tag", TAGS)
def test_parallel_column_is_full_and_has_no_duplicates(tag: str) -> None:
    column = [row[tag] for row in ROWS]
    assert all(column)
    assert len(set(column)) == len(column)
    assert all(text == unicodedata.normalize("NFC", text).strip() and "  " not in text for text in column)
    assert all(text[-1] in ".?!।۔؟;。？！" for text in column)


@pytest.mark.parametrize("tag", TAGS)
def test_parallel_column_is_in_the_script_of_its_tag(tag: str) -> None:
    expected = SCRIPTS.get(tag, LATIN)
    wrong = [row["sentence"] for row in ROWS if not scripts(row[tag]) <= expected]
    assert not wrong


@pytest.mark.parametrize("tag", TAGS)
def test_parallel_questions_are_questions_everywhere(tag: str) -> None:
    """A row shifted by one would break this in most languages."""
    marks = {"ja": "か。", "el": ";", "ur": "؟", "fa": "؟", "ar": "؟", "zh": "？"}
    for row in ROWS:
        assert row["en"].endswith("?") == row[tag].endswith(marks.get(tag, "?")), row["sentence"]


def test_parallel_sentences_are_short() -> None:
    spaced = [tag for tag in TAGS if tag not in ("zh", "ja")]
    lengths = {(row["sentence"], tag): len(row[tag].split()) for row in ROWS for tag in spaced}
    assert not {place for place, length in lengths.items() if not 2 <= length <= 16}


def test_mixed_has_the_pairs_promised() -> None:
    assert len(PAIRS) >= 14
    assert {"hi-Latn/en", "hi/en", "es/en", "arq-Latn/fr", "tr/de", "zh/en", "fr/ar"} <= set(PAIRS)
    assert len({sentence.text for sentence in MIXED}) == len(MIXED)


@pytest.mark.parametrize("pair", PAIRS)
def test_mixed_pair_is_large_enough_and_named_by_its_languages(pair: str) -> None:
    sentences = bundled.mixed(pair)
    assert len(sentences) >= 20
    assert [parse(tag) for tag in pair.split("/")] == pair.split("/")
    assert {label for s in sentences for label in s.labels} <= {*pair.split("/"), "ne", "other", "mixed"}


@pytest.mark.parametrize("pair", PAIRS)
def test_mixed_sentences_really_mix_and_are_of_the_length_promised(pair: str) -> None:
    for sentence in bundled.mixed(pair):
        kinds = {label for label in sentence.labels if is_language(label) and label != "mixed"}
        assert len(kinds) >= 2 or "mixed" in sentence.labels, sentence.text
        assert 6 <= len(sentence.words) <= 16, sentence.text


@pytest.mark.parametrize("pair", PAIRS)
def test_mixed_words_are_those_of_the_tokeniser_and_lie_in_the_text(pair: str) -> None:
    for sentence in bundled.mixed(pair):
        assert list(sentence.words) == words(sentence.text)
        assert len(sentence.words) == len(sentence.labels)
        at = 0
        for word in sentence.words:
            found = sentence.text.index(word, at)
            assert not sentence.text[at:found].strip()
            at = found + len(word)
        assert not sentence.text[at:].strip()


def test_mixed_labels_fit_their_words() -> None:
    for sentence in MIXED:
        for word, label in zip(sentence.words, sentence.labels, strict=True):
            plain = word[0] not in "@#" and "://" not in word and any(letter.isalpha() for letter in word)
            assert (label != "other") == plain, (word, label)
            if is_language(label):
                assert scripts(word) <= SCRIPTS.get(label, LATIN), (word, label)


def test_mixed_main_language_comes_first() -> None:
    """In most sentences the first language of the pair has at least as many words as the second."""
    for pair in PAIRS:
        counts = Counter(label for sentence in bundled.mixed(pair) for label in sentence.labels)
        first, second = pair.split("/")
        assert counts[first] > counts[second], pair


def test_every_kind_of_label_is_somewhere() -> None:
    assert {"ne", "other", "mixed"} <= {label for sentence in MIXED for label in sentence.labels}


def test_a_pair_is_found_in_either_order_and_spelling() -> None:
    plain = bundled.mixed("hi-Latn/en")
    assert all(bundled.mixed(pair) == plain for pair in ("en/hi-Latn", "hin_Latn/eng", "hi-Latn_en"))


def test_an_unknown_pair_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match="tr/de"):
        bundled.mixed("tr/dee")


def test_the_readme_says_what_the_text_is() -> None:
    said = Path(bundled.parallel_path().parent / "README.md").read_text(encoding="utf-8")
    for phrase in ("project-written", "not field data", "not reviewed by native speakers", "CC0"):
        assert phrase in said.replace("\n", " ")
