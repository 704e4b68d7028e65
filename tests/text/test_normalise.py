"""Normalising: every option alone, idempotence, the lookup form of words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.text.normalise import normalise, normalise_word, normalise_words

AWKWARD = "aiIİıßΣςσﬁⅣǅK`´ʼ’‘′″\u0301\u0307\u0308\u0323\u0640\u200b\u200d\ufeff…–«»١२12!?हि한각\u1fef"
TEXT = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(codec="utf-8")), max_size=12)


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("e\u0301  X’s… 12", {}, "é  X’s… 12"),
        ("e\u0301", {"form": None}, "e\u0301"),
        ("ｆｕｌｌ ﬁ", {"form": "NFKC"}, "full fi"),
        ("é", {"form": "NFD"}, "e\u0301"),
        ("ÉCOLE İstanbul ΟΔΟΣ", {"case": True}, "école istanbul οδος"),
        ("२०२४ ٢٠٢٤ 2024 ๑ ½", {"digits": True}, "2024 2024 2024 1 ½"),
        ("soooo coool!!!! 1000", {"elongation": 2}, "soo cool!!!! 1000"),
        ("soooo", {"elongation": 1}, "so"),
        ("soooo", {"elongation": 3}, "sooo"),
        ("हाााााँ यार", {"elongation": 2}, "हााँ यार"),
        ("عليــــكم", {"tatweel": True}, "عليكم"),
        ("a\u200bb\u00ad \ufeffc\u200f क्\u200dष می\u200cخواهم", {"zero_width": True}, "ab c क्\u200dष می\u200cخواهم"),
        ("👨\u200d👩\ufe0f", {"zero_width": True}, "👨\u200d👩\ufe0f"),
        ("“so” «so» – — … ok", {"punctuation": True}, '"so" "so" - - ... ok'),
        ("don’t don`t don´t oʻzbek", {"apostrophes": True}, "don't don't don't o'zbek"),
        ("", {"case": True, "elongation": 2}, ""),
        ("a\x00b", {"case": True}, "a\x00b"),
    ],
)
def test_options(text: str, options: dict[str, Any], expected: str) -> None:
    assert normalise(text, **options) == expected


@given(
    TEXT,
    st.fixed_dictionaries(
        {
            "form": st.sampled_from(["NFC", "NFD", "NFKC", "NFKD", None]),
            "elongation": st.sampled_from([None, 1, 2, 3]),
            **dict.fromkeys(["case", "digits", "tatweel", "zero_width", "punctuation", "apostrophes"], st.booleans()),
        }
    ),
)
@settings(max_examples=500, deadline=None)
def test_twice_is_once(text: str, options: dict[str, Any]) -> None:
    once = normalise(text, **options)
    assert normalise(once, **options) == once


@pytest.mark.parametrize(("options", "said"), [({"elongation": 0}, "elongation"), ({"form": "NFX"}, "NFKD")])
def test_bad_options(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        normalise("x", **options)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Yaaaaaar", "yaar"),
        ("too", "too"),
        ("L’Eau", "l'eau"),
        ("CAFE\u0301", "café"),
        ("عليــــكم", "عليكم"),
        ("شلون\u200f", "شلون"),
        ("क्\u200dष", "क्\u200dष"),
        ("İİİİ", "ii"),
        ("3lach", "3lach"),
        ("!!!!", "!!!!"),
        ("", ""),
    ],
)
def test_lookup_form(word: str, expected: str) -> None:
    assert normalise_word(word) == expected


@given(st.lists(st.one_of(TEXT, st.sampled_from(["ΟΔΟΣ", "Σ", "a\nb", "\u0301x", "aaa"])), max_size=6))
@settings(max_examples=300, deadline=None)
def test_many_words_are_single_words(words: list[str]) -> None:
    assert normalise_words(words) == [normalise_word(word) for word in words]
