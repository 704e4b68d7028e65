"""Scripts of words: hand-checked codes, columns against single words, shares."""

from __future__ import annotations

import pyarrow as pa
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.text.scripts import COMMON, script_names, script_of, script_shares, scripts_of

WORDS = {
    "chai": "Latn",
    "İstanbul": "Latn",
    "चाय": "Deva",
    "চা": "Beng",
    "ਚਾਹ": "Guru",
    "ચા": "Gujr",
    "ଚା": "Orya",
    "தேநீர்": "Taml",
    "టీ": "Telu",
    "ಚಹಾ": "Knda",
    "ചായ": "Mlym",
    "තේ": "Sinh",
    "شاي": "Arab",
    "עליــכם": "Hebr",
    "чай": "Cyrl",
    "τσάι": "Grek",
    "თი": "Geor",
    "թեյ": "Armn",
    "ሻይ": "Ethi",
    "ชา": "Thai",
    "ຊາ": "Laoo",
    "តែ": "Khmr",
    "လက်ဖက်ရည်": "Mymr",
    "茶": "Hani",
    "ちゃ": "Hira",
    "ラーメン": "Kana",
    "차": "Hang",
    "ཇ": "Tibt",
    "123": "Zyyy",
    "!?": "Zyyy",
    "😂": "Zyyy",
    "\u0301": "Zyyy",
    "\ue000": "Zyyy",
    "": "Zyyy",
    "#हिन्दी2024": "Deva",
    "coffeeवाला": "Latn",
    "कcoffee": "Latn",
    "aक": "Latn",
    "कa": "Deva",
    "cafe\u0301": "Latn",
    "\ud800": "Zyyy",
}


@pytest.mark.parametrize(("word", "script"), WORDS.items(), ids=lambda value: ascii(value))
def test_script_of(word: str, script: str) -> None:
    assert script_of(word) == script


def test_the_hebrew_word_with_an_arabic_stroke_is_hebrew() -> None:
    assert script_shares("עליــכם") == {"Hebr": 1.0}  # U+0640 is shared by scripts


@given(st.lists(st.one_of(st.sampled_from([w for w in WORDS if w != "\ud800"]), st.text(max_size=6)), max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_column_is_its_words(words: list[str]) -> None:
    words = [word.encode("utf-8", "ignore").decode() for word in words]
    assert scripts_of(words).to_pylist() == [script_of(word) for word in words]


def test_columns_of_any_kind() -> None:
    words = pa.array(["chai", None, "चाय", "chai"], pa.string())
    expected = ["Latn", None, "Deva", "Latn"]
    assert scripts_of(words).to_pylist() == expected
    assert scripts_of(words.dictionary_encode()).to_pylist() == expected
    assert scripts_of(pa.chunked_array([words[:2], words[2:]])).to_pylist() == expected
    assert scripts_of(words.cast(pa.large_string())).to_pylist() == expected
    assert scripts_of([]).to_pylist() == []


def test_shares() -> None:
    assert script_shares("ab कख 12 !") == {"Deva": 0.5, "Latn": 0.5}
    assert list(script_shares("abc क")) == ["Latn", "Deva"]
    assert script_shares("12 !") == {} == script_shares("")


@given(st.characters(codec="utf-8", exclude_categories=["Cn"]))
@settings(max_examples=300, deadline=None)
def test_agrees_with_another_source(character: str) -> None:
    script = script_of(character)
    assert script in script_names()
    if script not in COMMON:
        assert regex.match(rf"\p{{Script={script}}}", character)
