"""Other identifiers as word taggers; packages that are not installed are played by small stand-ins."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from macaronic.core.errors import FormatError, InputError, MissingData, MissingExtra, UnknownName, UsageError
from macaronic.core.protocols import Tagger
from macaronic.identify import backends

WORDS = ["ich", "habe", "yarın", "sınav", "!"]


def detector(text: str) -> dict[str, float]:
    return {"tur": 0.9, "deu": 0.1} if "ı" in text else {"deu": 0.95, "xx?": 0.05} if text.isascii() else {}


def test_a_detector_of_texts_becomes_a_word_tagger() -> None:
    tagger = backends.from_detector(detector, ["deu", "tur", "xx?"])
    assert isinstance(tagger, Tagger)
    assert tagger.languages == ("de", "tr")
    assert tagger.tag([WORDS, []], ["de", "tr"])[0].labels == ["de", "de", "tr", "tr", "other"]
    with pytest.raises(MissingData, match=r"--mono rw=raw\.txt"):
        tagger.tag([WORDS], ["rw"])


def test_words_without_an_answer_are_unknown() -> None:
    tagger = backends.from_detector(lambda text: {}, ["deu", "tur"])
    assert tagger.tag([["ich"]])[0].labels == ["unk"]


@pytest.mark.parametrize(("name", "package"), [("eldc", "eldc"), ("lingua", "lingua")])
def test_real_packages(name: str, package: str) -> None:
    pytest.importorskip(package)
    tagger = backends.load(name)
    assert tagger.tag([["habe", "ich", "yarın", "sınav"]], ["de", "tr"])[0].labels == ["de", "de", "tr", "tr"]


@pytest.mark.parametrize(
    ("name", "model", "package", "extra"),
    [
        ("eldc", None, "eldc", "backends"),
        ("lingua", None, "lingua", "backends"),
        ("fasttext", "m.bin", "fasttext", "eval"),
        ("hub", "some/model", "transformers", "backends"),
    ],
)
def test_a_missing_package_says_how_to_get_it(
    name: str, model: str | None, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"macaronic\[{extra}\]"):
        backends.load(name, model)


def test_names_and_models_that_do_not_fit() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'lingua'"):
        backends.load("lingau")
    with pytest.raises(UsageError, match="expected a model"):
        backends.load("fasttext")
    with pytest.raises(UsageError, match="expected no model"):
        backends.load("eldc", "x")


def test_fasttext_labels_become_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def predict(self, text: str, k: int, threshold: float) -> tuple[tuple[str, ...], np.ndarray[Any, Any]]:
            shares = {"__label__deu_Latn": 0.9, "__label__tur_Latn": 0.1}
            if "ı" in text:
                shares = {"__label__deu_Latn": 0.02, "__label__tur_Latn": 1.00001}
            return tuple(shares), np.array(list(shares.values()))

    monkeypatch.setitem(sys.modules, "fasttext", SimpleNamespace(load_model=lambda path: Model()))
    (tmp_path / "m.ftz").write_bytes(b"x")
    tagger = backends.load("fasttext", tmp_path / "m.ftz")
    assert tagger.tag([WORDS])[0].labels == ["de", "de", "tr", "tr", "other"]
    with pytest.raises(InputError, match="no such file"):
        backends.load("fasttext", tmp_path / "other.ftz")


def test_a_file_that_is_no_fasttext_model(tmp_path: Path) -> None:
    pytest.importorskip("fasttext")
    (tmp_path / "bad.bin").write_bytes(b"123")
    with pytest.raises(FormatError, match="fastText model"):
        backends.load("fasttext", tmp_path / "bad.bin")


class Encoded(dict[str, Any]):
    """What a tokenizer gives: two pieces for a word of four letters or more, and the two ends."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(words=words)
        self.words = words

    def word_ids(self) -> list[int | None]:
        return [None, *(n for n, w in enumerate(self.words) for _ in range(2 if len(w) > 3 else 1)), None]


def hub_tagger(most: int = 128) -> backends.HubTagger:
    def scores(encoded: Encoded) -> np.ndarray[Any, Any]:
        rows = []
        seen: set[int] = set()
        for word in encoded.word_ids():
            first = word is not None and word not in seen
            seen.add(word if word is not None else -1)
            turkish = first and word is not None and "ı" in encoded.words[word]
            rows.append([0.0, 4.0, 1.0] if turkish else [3.0, 0.0, 1.0] if first else [0.0, 0.0, 9.0])
        return np.array(rows)

    return backends.HubTagger(lambda words, **_: Encoded(words), scores, ("de", "tr", "other"), most)


@pytest.mark.parametrize("most", [128, 2])
def test_a_token_classifier_speaks_through_first_pieces(most: int) -> None:
    tagged = hub_tagger(most).tag([WORDS, []])
    assert tagged[0].labels == ["de", "de", "tr", "tr", "de"]
    assert all(0 < share <= 1 for share in tagged[0].confidence)
    assert tagged[1].labels == []


def test_a_token_classifier_can_be_narrowed() -> None:
    assert hub_tagger().tag([["yarın"]], ["de"])[0].labels == ["other"]


def test_loading_from_the_hub_maps_the_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    class Classifier:
        config = SimpleNamespace(id2label={0: "LABEL_X", 1: "TR"})

        def eval(self) -> Classifier:
            return self

    made = SimpleNamespace(from_pretrained=lambda model: Classifier())
    fake = SimpleNamespace(AutoTokenizer=made, AutoModelForTokenClassification=made)
    monkeypatch.setitem(sys.modules, "transformers", fake)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace())
    tagger = backends.load("hub", "some/model", labels={"LABEL_X": "de"})
    assert isinstance(tagger, backends.HubTagger)
    assert tagger.names == ("de", "tr")
    with pytest.raises(UnknownName, match="LABEL_X"):
        backends.load("hub", "some/model")
