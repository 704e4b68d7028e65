"""Etymology classes of Maltese words, Arabic spellings, and what a policy makes of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, MissingData, UnknownName, UsageError
from macaronic.identify import etymology, mono, transliterate_mt
from macaronic.identify.transliterate_mt import Mappings, candidates, transliterate
from macaronic.text.scripts import script_of

DATA = Path(os.environ.get("MACARONIC_DATA", "")) / "codemix-maltese-etymology"
needs_data = pytest.mark.skipif(
    not (DATA / "annotations.first80pct.tsv").is_file(), reason="set MACARONIC_DATA to a folder with the Maltese data"
)
TOKENS = ["il-", "kelb", "ra", "television", "ta'", "George", "!"]
CLASSES = ["Arabic", "Arabic", "Arabic", "Non-Arabic", "Arabic", "Name", "Symbol"]


def test_only_words_of_arabic_origin_change_script() -> None:
    out = etymology.process(TOKENS, CLASSES)
    assert [script_of(word) == "Arab" for word in out] == [label == "Arabic" for label in CLASSES]
    assert [word for word, label in zip(out, CLASSES, strict=True) if label != "Arabic"] == [
        "television",
        "George",
        "!",
    ]


def test_translate_and_pass() -> None:
    policy = {"Arabic": "transliterate", "Non-Arabic": "translate"}
    out = etymology.process(TOKENS, CLASSES, policy, spell=str.upper, dictionary={"television": "TV"})
    assert out == ["IL-", "KELB", "RA", "TV", "TA'", "George", "!"]


def test_what_a_policy_cannot_mean() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'transliterate'"):
        etymology.process(["a"], ["Arabic"], {"Arabic": "translitrate"})
    with pytest.raises(UsageError, match="dictionary"):
        etymology.process(["a"], ["Arabic"], {"Arabic": "translate"})
    with pytest.raises(UsageError, match="one class a token"):
        etymology.process(["a"], [])


@pytest.mark.parametrize(
    ("word", "arabic"),
    [
        ("kelb", "كلب"),
        ("ktieb", "كتاب"),
        ("għajn", "عين"),
        ("qalb", "قلب"),
        ("tifel", "طفل"),
        ("ħobż", "خبز"),
        ("sena", "سنة"),
        ("bieb", "باب"),
    ],
)
def test_cognates_are_among_the_candidates(word: str, arabic: str) -> None:
    found = candidates(word, limit=60)
    assert arabic in found or arabic.replace("ز", "ذ") in found


def test_a_list_of_arabic_words_decides() -> None:
    model = mono.from_counts({"خبز": 5.0, "طفل": 3.0, "كلب": 2.0})
    assert transliterate("ħobż", model=model) == "خبز"
    assert candidates("tifel", model=model)[0] == "طفل"


def test_candidates_are_different_and_limited() -> None:
    found = candidates("mistednin", limit=25)
    assert len(found) == len(set(found)) == 25
    assert all(script_of(word) == "Arab" for word in found)


@given(st.text(max_size=20))
def test_any_string_has_a_form(word: str) -> None:
    assert isinstance(transliterate(word), str)
    assert len(candidates(word, limit=3, beam=16)) <= 3


def test_a_letter_outside_the_table_passes() -> None:
    assert candidates("日本") == []
    assert transliterate("2026") == "2026"
    assert script_of(transliterate("perkè")) == "Arab"


def test_tables_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "chars.map").write_text("#letters\na\tا\nb\tب\nb\tپ\n<BOS>a\tآ\na<EOS>\tة\n", encoding="utf-8")
    (tmp_path / "token_words.map").write_text("ab-\tاب+\n", encoding="utf-8")
    table = transliterate_mt.read(tmp_path)
    assert table == Mappings({"a": ("ا",), "b": ("ب", "پ")}, {}, {"a": ("آ",)}, {"a": ("ة",)}, {"ab-": "اب"})
    assert candidates("aba", table) == ["آبة", "آپة"]
    assert candidates("ab-", table)[0] == "اب"
    (tmp_path / "chars.map").write_text("a ا\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"chars\.map:1"):
        transliterate_mt.read(tmp_path)
    with pytest.raises(MissingData, match="correspondences"):
        transliterate_mt.read(tmp_path / "none")


def test_words_seen_with_one_class_overrule_the_crf(tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite")
    tagger = etymology.fit([TOKENS] * 3, [CLASSES] * 3, translations={"en": {"television": "television"}})
    tagged = tagger.tag([["Kelb", "television", "?"], []])
    assert tagged[0].labels[:2] == ["Arabic", "Non-Arabic"]
    assert tagged[0].confidence[0] == 1.0
    assert tagged[1].labels == []
    loaded = etymology.load(tagger.save(tmp_path))
    assert loaded.tag([TOKENS, ["qattus"]]) == tagger.tag([TOKENS, ["qattus"]])


def test_annotations_with_a_short_row(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("id\ttoken\tcategory_merged\n0\til-\tArabic\n0\tx\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"a\.tsv:3: expected 3 columns"):
        etymology.read_annotations(path)
    with pytest.raises(FormatError, match="'class'"):
        etymology.read_annotations(path, column="class")


@needs_data
def test_three_folds_of_the_published_annotations() -> None:
    pytest.importorskip("pycrfsuite")
    words, classes = etymology.read_annotations(DATA / "annotations.first80pct.tsv")
    assert (len(words), sum(map(len, words))) == (351, 8139)
    right = total = 0
    for fold in range(3):
        learn = [at for at in range(len(words)) if at % 10 != fold]
        tagger = etymology.fit([words[at] for at in learn], [classes[at] for at in learn])
        held = range(fold, len(words), 10)
        for at, tagged in zip(held, tagger.tag([words[at] for at in held]), strict=True):
            right += sum(a == b for a, b in zip(tagged.labels, classes[at], strict=True))
            total += len(classes[at])
    assert right / total >= 0.975


@needs_data
def test_the_published_tables_read() -> None:
    table = transliterate_mt.read(DATA)
    assert table.final["a"] == ("ه", "ة", "ا", "ى")
    assert table.words["il-"] == "ال"
    assert "كلب" in candidates("kelb", table)
    assert "ضربة" in candidates("darba", table, limit=60)
