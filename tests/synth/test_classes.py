"""Word classes: lists, rules, the POS layer, induced function words; accuracy on treebanks where they are here."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.bundled import parallel
from macaronic.core.errors import MissingExtra
from macaronic.core.utterance import Utterance
from macaronic.synth.class_backends import chinese, japanese
from macaronic.synth.class_rules import fold
from macaronic.synth.classes import CLOSED, CONTENT, Classes, classes, induce, listed, of
from macaronic.text.words import words

DATA = os.environ.get("MACARONIC_DATA", "")
LISTED = "en,es,pt,fr,it,de,nl,id,ms,hi,bn,mr,ur,ta,te,tr,fi,sw,rw,ar,fa,ru,zh,ja,ko,vi,hi-Latn"


@pytest.mark.parametrize("tag", LISTED.split(","))
def test_every_listed_language_has_closed_classes(tag: str) -> None:
    assert listed(tag)
    for row in list(parallel())[:5]:
        if tag in row:
            found = classes(words(row[tag]), tag)
            assert found.how == "listed"
            assert set(found.pos) <= CLOSED | CONTENT | {"PUNCT", "SYM"}


@pytest.mark.parametrize(
    ("tag", "text", "pos"),
    [
        ("en", "She wants to study medicine .", "PRON VERB PART VERB NOUN PUNCT"),
        ("en", "My brother goes to work by bicycle .", "PRON NOUN VERB PART VERB ADP NOUN PUNCT"),
        ("en", "I met Ravi in London .", "PRON VERB PROPN ADP PROPN PUNCT"),
        ("en", "Barack Obama speaks 3 languages @home", "PROPN PROPN VERB NUM NOUN SYM"),
        ("es", "La luz de la cocina no funciona .", "DET NOUN ADP DET NOUN PART VERB PUNCT"),
        ("es", "¿ Dónde está la parada ?", "PUNCT ADV AUX DET NOUN PUNCT"),
        ("de", "Das alte Haus in Berlin ist leer .", "DET ADJ NOUN ADP NOUN AUX VERB PUNCT"),
        ("de", "Das Essen ist gut", "DET NOUN AUX ADJ"),
        ("fr", "l'eau et la maison", "NOUN CCONJ DET NOUN"),
        ("hi", "यह किताब अच्छी है ।", "DET NOUN ADJ AUX PUNCT"),
        ("hi-Latn", "yeh kitab acchi hai", "DET X ADJ AUX"),
        ("tr", "İçin", "ADP"),
        ("id", "dia membeli buku ini", "PRON VERB NOUN DET"),
        ("zh", "我 的 猫", "PRON PART X"),
    ],
)
def test_sentences(tag: str, text: str, pos: str) -> None:
    assert classes(text.split(), tag).pos == tuple(pos.split())


def test_a_sentence_in_capitals_is_not_all_names() -> None:
    assert "PROPN" not in classes(["The", "Old", "Dog", "Barks", "Loud", "Today"], "en").pos[:1]
    assert classes(["HELLO"], "en").pos == ("INTJ",)


def test_a_pos_layer_and_a_tagger_come_first() -> None:
    given_layer = Utterance.from_words(["the", "dog"], layers={"pos": ("NOUN", "NOUN")})
    assert of(given_layer, "en") == Classes(("NOUN", "NOUN"), "given")
    assert classes(["the"], "en", tagger=lambda ws: ["VERB"] * len(ws)) == Classes(("VERB",), "given")


def test_an_unknown_language_falls_back_on_induced_words() -> None:
    counts = {"ni": 90, "ti": 60, "ile": 5, "ilekun": 4, ",": 70, "omo": 2}
    assert induce(counts, share=0.95) >= {"ni", "ti"}
    assert "," not in induce(counts)
    found = classes(["Ni", "ile", ",", "7"], "yo", induced=frozenset({"ni"}))
    assert found == Classes(("PART", "X", "PUNCT", "NUM"), "induced")


def test_induced_words_are_mostly_function_words() -> None:
    counts: dict[str, int] = {}
    for row in parallel():
        for word in words(row["es"]):
            counts[word] = counts.get(word, 0) + 1
    found = induce(counts)
    closed = [word for word in found if classes([word], "es").pos[0] in CLOSED | {"ADV"}]
    assert len(closed) >= 0.7 * len(found) > 0


@given(
    st.lists(st.text(min_size=1, max_size=6), max_size=12), st.sampled_from(["en", "de", "fr", "hi", "ar", "zh", "yo"])
)
def test_any_words_get_one_class_each(given_words: list[str], tag: str) -> None:
    assert len(classes(given_words, tag).pos) == len(given_words)


def test_folding() -> None:
    assert fold("l’Été") == "l'été"
    assert fold("É") == "é"


def test_chinese_by_jieba() -> None:
    pytest.importorskip("jieba")
    assert classes(["我", "喜欢", "咖啡"], "zh", tagger=chinese()).pos == ("PRON", "VERB", "NOUN")


def test_japanese_by_mecab() -> None:
    try:
        tagger = japanese()
    except MissingExtra:
        pytest.skip("fugashi and unidic-lite are not installed")
    assert classes(["猫"], "ja", tagger=tagger).pos == ("NOUN",)


@pytest.mark.parametrize(
    ("folder", "files", "key", "label", "tag", "fine", "coarse"),
    [
        ("codemix-tr-de-sagt", "qtd_sagt-ud-*.conllu", "CSID", "TR", "tr", 0.6, 0.8),
        ("codemix-tr-de-sagt", "qtd_sagt-ud-*.conllu", "CSID", "DE", "de", 0.8, 0.94),
        ("codemix-arabizi", "qaf_arabizi-ud-*.conllu", "LangO", "fr", "fr", 0.64, 0.87),
    ],
)
def test_accuracy_on_treebanks(
    folder: str, files: str, key: str, label: str, tag: str, fine: float, coarse: float
) -> None:
    if not (DATA and (Path(DATA) / folder).is_dir()):
        pytest.skip(f"MACARONIC_DATA has no {folder}")
    right = content = n = 0
    for path in sorted((Path(DATA) / folder).glob(files)):
        for sentence in path.read_text("utf-8").split("\n\n"):
            rows = [line.split("\t") for line in sentence.splitlines() if line[:1].isdigit()]
            rows = [row for row in rows if row[0].isdigit()]
            found = classes([row[1] for row in rows], tag).pos
            for row, got in zip(rows, found, strict=True):
                if f"{key}={label}" in row[9].split("|") and row[3] not in ("PUNCT", "SYM", "_"):
                    n += 1
                    right += got == row[3]
                    content += (got in CONTENT) == (row[3] in CONTENT)
    print(f"{tag}: {n} words, class {right / n:.3f}, content or not {content / n:.3f}")
    assert right / n >= fine
    assert content / n >= coarse
