"""Taggers from raw text alone, and the letter model under them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, MissingData, UsageError
from macaronic.identify import letters, model_folder, mono

TEXTS = {
    "rw": ["umwana arakina mu rugo rwacu", "abana bose bagiye ku ishuri", "amazi aratemba mu mugezi"],
    "fr": ["un enfant joue dans la maison", "tous les enfants vont à l'école", "l'eau coule dans la rivière"],
}


@pytest.fixture(scope="module")
def tagger() -> mono.MonoTagger:
    return mono.fit(TEXTS)


def test_mixed_sentence_and_signs(tagger: mono.MonoTagger) -> None:
    tagged = tagger.tag([["abana", "bagiye", "dans", "la", "rivière", "2026", "!"]])[0]
    assert tagged.labels == ["rw", "rw", "fr", "fr", "fr", "other", "other"]
    assert all(0 <= share <= 1 for share in tagged.confidence)


def test_nothing_empty_and_signs_alone(tagger: mono.MonoTagger) -> None:
    assert tagger.tag([]) == []
    assert [t.labels for t in tagger.tag([[], ["!", "?"]])] == [[], ["other", "other"]]


def test_one_language_asked_for(tagger: mono.MonoTagger) -> None:
    assert tagger.tag([["dans", "rugo", "."]], ["rw"])[0].labels == ["rw", "rw", "other"]
    with pytest.raises(MissingData, match=r"--mono sw=raw\.txt"):
        tagger.tag([["x"]], ["sw"])


def test_saved_and_loaded_it_answers_the_same(tagger: mono.MonoTagger, tmp_path: Path) -> None:
    loaded = mono.load(tagger.save(tmp_path))
    words = [["umwana", "joue", "zzz", "école"]]
    assert loaded.tag(words) == tagger.tag(words)
    assert loaded.training["rw"]["words"] == 14


def test_a_file_with_pickled_objects_is_refused() -> None:
    import io

    buffer = io.BytesIO()
    np.savez(buffer, bad=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FormatError, match="expected arrays"):
        model_folder.unpack(buffer.getvalue())


@pytest.mark.parametrize(
    ("texts", "message"),
    [({"rw": ["a"]}, "at least two"), ({"rw": ["a b"], "fr": ["123 !"]}, "found none")],
)
def test_too_little_text(texts: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        mono.fit(texts)


def test_letter_probabilities_by_hand() -> None:
    # Order 2, the one word "a": each context saw one letter once, so p = (1 + p') / 2 at every order.
    # Alone, "a" and the end were seen once each: p0 = (1 + 2 / 500) / 4.
    model = letters.fit(["a"], [1.0], order=2)
    alone = (1 + 2 / 500) / 4
    assert letters.log_probability(model, ["a"])[0] == pytest.approx(2 * np.log((1 + alone) / 2), rel=1e-6)


@given(st.lists(st.text("abcé", min_size=1, max_size=6), min_size=1, max_size=12, unique=True), st.integers(1, 5))
@settings(deadline=None, max_examples=50)
def test_words_do_not_change_each_other(words: list[str], order: int) -> None:
    model = letters.fit(["abc", "cab", "éé"], [1.0, 2.0, 1.0], order=order)
    together = letters.log_probability(model, words)
    assert np.allclose(together, [letters.log_probability(model, [word])[0] for word in words])
    assert (together < 0).all()


def test_next_letters_sum_to_one() -> None:
    """Over an alphabet of exactly 500 letters, the end among them, what may come next is a distribution."""
    model = letters.fit(["ab", "ba", "abba"], [3.0, 1.0, 2.0], order=3)
    alphabet = ["a", "b", *(chr(0x4E00 + n) for n in range(497))]
    for before in ("", "a", "ab", "q"):
        steps, word = letters._steps(model, [before, *(before + letter for letter in alphabet)])
        at = [np.flatnonzero(word == n)[len(before)] for n in range(500)]
        assert steps[at].sum() == pytest.approx(1, abs=1e-6)


def test_spliced_sentences_use_every_word_once() -> None:
    words, gold = mono.spliced(TEXTS, rng=np.random.default_rng(3))
    assert sorted(w for s in words for w in s) == sorted(
        w for t in TEXTS.values() for s in t for w in mono.split_words(s)
    )
    assert {label for line in gold for label in line} == {"rw", "fr"}


def test_kinyarwanda_french_on_real_text() -> None:
    path = Path(os.environ.get("MACARONIC_DATA", "")) / "parallel-ntrex" / "ntrex200.jsonl"
    if not path.is_file():
        pytest.skip("set MACARONIC_DATA to a folder with parallel-ntrex")
    texts = {row["lang"]: row["sentences"] for row in map(json.loads, path.read_text("utf-8").splitlines())}
    tagger = mono.fit({"rw": texts["kin"][:100], "fr": texts["fra"][:100]})
    words, gold = mono.spliced({"rw": texts["kin"][100:], "fr": texts["fra"][100:]}, rng=np.random.default_rng(1))
    answers = [tagged.labels for tagged in tagger.tag(words)]
    right = [a == g for line, wanted in zip(answers, gold, strict=True) for a, g in zip(line, wanted, strict=True) if g]
    assert np.mean(right) > 0.955
