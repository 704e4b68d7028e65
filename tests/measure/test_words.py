import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.corpus import to_batch
from macaronic.core.errors import UsageError
from macaronic.core.utterance import Utterance
from macaronic.measure.words import language_words, script_letters, tally
from macaronic.text.scripts import script_names


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(1, 9))), st.integers(7, 100_000))
def test_tally_counts_the_same_with_few_and_with_many_possible_keys(items, keys):
    row, key, weight = (np.array([item[i] for item in items], dtype=np.int64) for i in range(3))
    found = tally(row, key, (5, keys), weight)
    expected = {}
    for r, c, w in items:
        expected[r, c] = expected.get((r, c), 0) + w
    cells = list(zip(*(part.tolist() for part in found)))
    assert cells == [(*cell, n) for cell, n in sorted(expected.items())]


def test_special_labels_and_nulls_are_not_words():
    rows = [
        Utterance.from_words("abcde", layers={"lang": ["en", "ne", None, "mixed", "hi"]}),
        Utterance("no tokens"),
        Utterance.from_words("ab", layers={"lang": ["other", "en"]}),
    ]
    words = language_words(to_batch(rows))
    assert words.tokens.tolist() == [5, 0, 2]
    assert words.offsets.tolist() == [0, 2, 2, 3]
    assert [words.languages[i] for i in words.language.tolist()] == ["en", "hi", "en"]


def test_a_slice_of_a_batch():
    rows = [Utterance.from_words("ab", layers={"lang": [a, b]}) for a, b in (["en", "hi"], ["ta", "ta"], ["en"] * 2)]
    words = language_words(to_batch(rows).slice(1, 1), scripts=True)
    assert (words.languages, words.offsets.tolist()) == (("ta",), [0, 2])
    assert words.scripts.n.tolist() == [2]


def test_only_the_languages_asked_for():
    batch = to_batch([Utterance.from_words("abc", layers={"lang": ["en", "hi", "ta"]})])
    assert language_words(batch, languages=["ta", "en"]).languages == ("en", "ta")
    assert language_words(batch, languages=["fr"]).languages == ()


def test_a_batch_without_languages():
    with pytest.raises(UsageError, match="expected a token layer 'lang'; the layers are: pos"):
        language_words(to_batch([Utterance.from_words("a", layers={"pos": ["X"]})]))


def test_scripts_of_texts():
    cells = script_letters(pa.array(["yaar यार 12!", None, "", "мир"]))
    names = script_names()
    found = [(row, names[key], n) for row, key, n in zip(*(part.tolist() for part in cells))]
    assert sorted(found) == [(0, "Deva", 3), (0, "Latn", 4), (3, "Cyrl", 3)]
