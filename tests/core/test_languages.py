"""Tags and labels: one spelling for each."""

import pytest

from macaronic.core.errors import UnknownName
from macaronic.core.languages import SPECIAL, is_language, name, parse, romanised, script, word_label


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("hin", "hi"), ("hin_Deva", "hi"), ("hin-Latn", "hi-Latn"), ("eng-US", "en"), ("por-BR", "pt"),
        ("zho_Hans", "zh"), ("zh-TW", "zh-Hant"), ("cmn", "zh"), ("arb", "ar"), ("pes_Arab", "fa"), ("fil", "tl"),
        ("npi", "ne-Deva"), ("ne", "ne-Deva"), ("ne-Latn", "ne-Latn"), ("nob", "nb"), ("kmr", "ku"),
        ("arq-Latn", "arq-Latn"),
        ("sr-Latn", "sr-Latn"), ("aze-Latn", "az"), ("zsm", "ms"), ("swh", "sw"), ("iw", "he"), ("tgk-Cyrl", "tg"),
    ],
)  # fmt: skip
def test_one_spelling(given: str, expected: str) -> None:
    assert parse(given) == expected
    assert parse(expected) == expected, "a canonical tag is its own spelling"


@pytest.mark.parametrize("bad", ["", "foo", "xx", "und", "mul", "hindi", "12", "en en"])
def test_what_is_no_tag(bad: str) -> None:
    with pytest.raises(UnknownName, match="unknown language tag"):
        parse(bad)


def test_a_language_name_suggests_its_tag() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'hi'"):
        parse("hindi")


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("univ", "other"), ("acro", "other"), ("punct", "other"), ("LANG3", "unk"), ("ar_dz", "arq-Latn"),
        ("MIXED", "mixed"),
        ("OTHER", "other"), ("NE", "ne"), ("ambiguous", "ambiguous"), ("HI", "hi"), ("TR", "tr"),
        ("hi-Latn", "hi-Latn"),
    ],
)  # fmt: skip
def test_word_labels(raw: str, label: str) -> None:
    assert word_label(raw) == label


def test_schemes_and_maps() -> None:
    assert word_label("lang2", "lince-spaeng") == "es"
    assert word_label("K", {"K": "rw"}) == "rw"
    assert word_label("univ", {"K": "rw"}) == "other"
    with pytest.raises(UnknownName, match="lince-spaeng"):
        word_label("lang1", "lince-spaneng")
    with pytest.raises(UnknownName, match="word label"):
        word_label("q")


def test_only_tags_are_languages() -> None:
    assert not any(is_language(label) for label in (*SPECIAL, None))
    assert is_language("ne-Deva")
    assert is_language("hi-Latn")


def test_scripts_and_names() -> None:
    assert (script("hi"), script("hi-Latn"), script("ur"), script("zh-Hant")) == ("Deva", "Latn", "Arab", "Hant")
    assert romanised("ru-Latn")
    assert not romanised("tr")
    assert name("ne-Deva") == "Nepali"
    assert name("ne") == "named entity"
