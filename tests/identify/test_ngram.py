"""Word likelihoods: the trainer, the file, the shipped model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.identify import hashing, lexicon, ngram, tagger

ENGLISH = {"the": 50.0, "house": 4, "with": 9, "thing": 3, "when": 5, "night": 2}
GERMAN = {"das": 50.0, "haus": 4, "mit": 9, "ding": 3, "wenn": 5, "nacht": 2}


@pytest.fixture(scope="module")
def small() -> ngram.NgramModel:
    return ngram.fit({"en": ENGLISH, "de": GERMAN, "hi": {"है": 3.0, "घर": 1}, "ru": {"дом": 1.0}}, rounds=20)


def test_listed_words_and_words_that_look_alike(small: ngram.NgramModel) -> None:
    best = [small.tags[i] for i in small.score(["The", "NACHT", "nights", "mitt", "घर", "дом"]).argmax(axis=1)]
    assert best == ["en", "de", "en", "de", "hi", "ru"]


def test_a_script_excludes_the_languages_of_others(small: ngram.NgramModel) -> None:
    row = dict(zip(small.tags, small.score(["है"])[0].tolist(), strict=True))
    assert row["hi"] > ngram.NEVER
    assert row["en"] == row["ru"] == np.float32(ngram.NEVER)
    assert (small.score(["ไทย", "123", ""]) == ngram.NEVER).sum() >= len(small.tags)


def test_file_gives_the_model_back(small: ngram.NgramModel, tmp_path: Path) -> None:
    small.save(tmp_path / "m.npz")
    again = ngram.load(tmp_path / "m.npz")
    words = ["the", "nacht", "zzz", "है", "дом", "soooo"]
    assert again.tags == small.tags
    np.testing.assert_array_equal(again.score(words), small.score(words))
    with np.load(tmp_path / "m.npz", allow_pickle=False) as stored:
        assert "head" in stored.files


def test_training_is_repeatable() -> None:
    one, two = (ngram.fit({"en": ENGLISH, "de": GERMAN}, rounds=3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.scripts["Latn"].table, two.scripts["Latn"].table)


def test_bad_files_and_counts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the model"):
        ngram.load(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"not a model")
    with pytest.raises(FormatError, match="train it again"):
        ngram.load(tmp_path / "bad.npz")
    with pytest.raises(UsageError, match="no words for 'en'"):
        ngram.fit({"en": {"123": 4.0}, "de": GERMAN})


def test_stray_scripts_are_left_out() -> None:
    assert list(ngram.by_script("hi", {"है": 9.0, "facebook": 8.0})) == ["Deva"]
    assert set(ngram.by_script("ja", {"です": 9.0, "東京": 8.0, "tokyo": 1.0})) == {"Kana", "Hani"}


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8))
@settings(max_examples=60, deadline=None)
def test_hashes_depend_on_the_word_alone(words: list[str]) -> None:
    plain = [hashing.normal(word) for word in words]
    together, bounds = hashing.ngrams(plain, 1 << 12)
    for i, word in enumerate(plain):
        alone, _ = hashing.ngrams([word], 1 << 12)
        assert together[bounds[i] : bounds[i + 1]].tolist() == alone.tolist()
        assert hashing.keys([word])[0] == hashing.keys(plain)[i]


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=6), st.floats(1e-8, 0.5), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_lexicon_survives_packing(words: dict[str, float]) -> None:
    table = lexicon.fit([words, {"zz": 0.1}], limit=50)
    again = lexicon.unpack(lexicon.pack(table), 2)
    np.testing.assert_array_equal(again.frequencies(list(words)), table.frequencies(list(words)))
    found = table.frequencies(list(words))[:, 0]
    np.testing.assert_allclose(np.log(found), np.log(list(words.values())), atol=lexicon.STEP)


def test_shipped_model_is_small_and_says_its_sources() -> None:
    model = tagger.load().model
    assert tagger.SHIPPED.stat().st_size < 10_000_000
    assert len(model.tags) >= 70
    for source in ("wordfreq", "CC BY-SA 4.0", "CLDR", "UDHR", "Kolibri", "Tesseract", "Apache-2.0"):
        assert source in model.notes
    indic = ["hi", "bn", "ur", "ta", "te", "mr", "gu", "kn", "ml", "pa", "or", "as"]
    assert {*indic, *(f"{tag}-Latn" for tag in indic), "ne-Deva", "ne-Latn"} <= set(model.tags)
    assert {"ar-Latn", "arq-Latn", "ru-Latn", "el-Latn", "fa-Latn"} <= set(model.tags)
