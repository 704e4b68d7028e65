"""Where each kind of error can be, and which kind explains a spelling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.text.typos import ALL, changed, clusters, holds, kind_of, places

words = st.text("aeioubcdfPQRéшиकि", min_size=1, max_size=8).filter(lambda word: word[0].isalpha())


@given(words, st.sampled_from(ALL), st.integers(0, 99))
def test_every_place_gives_an_error(word, kind, seed) -> None:
    letters = clusters(word)
    for at, key in places(kind, letters, "qwerty"):
        first, last, new = changed(kind, letters, at, key, np.random.default_rng(seed))
        after = [*letters[:first], *new, *letters[last:]]
        assert after != letters
        assert len(after) - len(letters) == {"drop": -1, "vowel": -1, "insert": 1, "repeat": 1}.get(kind, 0)
        if kind != "neighbour":
            assert after[0] == letters[0]


@given(words)
def test_a_word_is_its_clusters(word) -> None:
    assert "".join(clusters(word)) == word
    assert kind_of(word, word) == "none"
    assert holds(clusters(word))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("palnner", "swap"),
        ("pzanner", "other"),  # another letter, far away on the keyboard
        ("olanner", "neighbour"),
        ("[lanner", "other"),
        ("lanner", "drop"),
        ("plaanner", "repeat"),
        ("plqanner", "insert"),
        ("plannerss", "other"),
        ("", "other"),
    ],
)
def test_what_explains_a_spelling(typed, kind) -> None:
    assert kind_of("planner", typed) == kind


def test_all_keys_explain_more() -> None:
    assert kind_of("planner", "[lanner", keys="all") == "neighbour"
    assert kind_of("zeit", "teit", layout="qwertz") == "neighbour"


def test_short_words_stay_readable() -> None:
    for kind in ("swap", "drop", "shuffle"):
        assert places(kind, list("the"), "qwerty") == []
    assert places("neighbour", ["ह"], "qwerty") == []
