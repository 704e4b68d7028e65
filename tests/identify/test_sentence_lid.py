"""The trainable sentence identifier."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import Corpus
from macaronic.core.errors import FormatError, MissingData, UsageError
from macaronic.core.utterance import Utterance
from macaronic.identify import sentence_lid, sentence_training

TEXTS = [
    "ek do teen chaar",
    "paanch chhe saat",
    "one two three four",
    "five six seven",
    "un deux trois",
    "quatre cinq six",
]
LANGS = ["hi-Latn", "hi-Latn", "en", "en", "fr", "fr"]


@pytest.fixture(scope="module")
def model() -> sentence_lid.SentenceModel:
    return sentence_lid.fit(TEXTS, LANGS)


def test_it_learns_and_sums_to_one(model: sentence_lid.SentenceModel) -> None:
    assert [label for label, _ in model.identify(TEXTS)] == LANGS
    assert np.allclose(model.probabilities(TEXTS).sum(1), 1)


def test_nothing_to_go_by(model: sentence_lid.SentenceModel) -> None:
    assert model.identify(["", "   ", "☃☃"]) == [(None, 0.0)] * 3
    assert model.identify([]) == []
    assert model.probabilities([]).shape == (0, 3)


@given(st.lists(st.text(max_size=12), max_size=6))
@settings(deadline=None, max_examples=40)
def test_texts_do_not_change_each_other(texts: list[str]) -> None:
    model = sentence_lid.fit(TEXTS, LANGS, iterations=3)
    together = model.probabilities(texts)
    assert np.allclose(together, np.array([model.probabilities([t])[0] for t in texts]).reshape(-1, 3), atol=1e-6)


def test_many_texts_at_once_answer_as_one_by_one(
    model: sentence_lid.SentenceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model.probabilities(TEXTS * 3)
    monkeypatch.setattr(sentence_lid, "_BLOCK", 2)
    assert np.allclose(model.probabilities(TEXTS * 3), whole, atol=1e-6)


def test_saved_and_loaded_it_answers_the_same(model: sentence_lid.SentenceModel, tmp_path: Path) -> None:
    loaded = sentence_lid.load(model.save(tmp_path))
    assert [label for label, _ in loaded.identify(TEXTS)] == LANGS
    assert np.allclose(loaded.probabilities(TEXTS), model.probabilities(TEXTS), atol=5e-3)
    (tmp_path / "model.npz").write_bytes(b"x")
    with pytest.raises(FormatError, match="damaged"):
        sentence_lid.load(tmp_path)


@pytest.mark.parametrize(
    ("texts", "langs", "message"),
    [
        (["a"], ["en", "fr"], "one label a text"),
        (["a", "b"], ["en", "en"], "two labels"),
        ([" ", ""], ["en", "fr"], "blank"),
    ],
)
def test_nothing_to_learn_from(texts: list[str], langs: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        sentence_lid.fit(texts, langs)


def test_the_softmax_equals_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(3)
    gold = np.repeat([0, 1, 2], 20)
    examples = csr_matrix(rng.random((60, 5)) + np.eye(5)[gold])
    weights, bias = sentence_lid._softmax_regression(examples, gold, 3, 1e-2, 500)
    peer = linear_model.LogisticRegression(C=1 / (2 * 1e-2 * 60), max_iter=5000, tol=1e-10).fit(examples, gold)
    ours = sentence_lid._softmax(examples @ weights + bias)
    assert np.allclose(ours, peer.predict_proba(examples), atol=2e-3)


def test_training_reports_on_texts(tmp_path: Path) -> None:
    rows = [
        Utterance(f"{t} {n}", labels={"lang": lang}) for n in range(8) for t, lang in zip(TEXTS, LANGS, strict=True)
    ]
    report = sentence_training.train(Corpus.from_utterances(rows), fold_count=4, out=tmp_path, samples=20)
    assert report.assessment is not None
    assert report.assessment.value("accuracy") == 1.0
    assert report.assessment.matrix.sum() == len(rows)
    assert {result.unit for result in report.results} == {"texts"}
    assert sentence_lid.load(tmp_path).labels == ("en", "fr", "hi-Latn")
    with pytest.raises(MissingData, match="Give a column"):
        sentence_training.train(Corpus.from_utterances([Utterance("x")]), out=tmp_path)


def test_indian_languages_in_their_own_scripts() -> None:
    path = Path(os.environ.get("MACARONIC_DATA", "")) / "parallel-ntrex" / "ntrex200.jsonl"
    if not path.is_file():
        pytest.skip("set MACARONIC_DATA to a folder with parallel-ntrex")
    rows = {row["lang"]: row["sentences"] for row in map(json.loads, path.read_text("utf-8").splitlines())}
    tags = ("hin", "mar", "nep", "ben", "urd", "snd-Arab", "tam")
    learn = [(line, tag) for tag in tags for line in rows[tag][:140]]
    model = sentence_lid.fit([line for line, _ in learn], [tag for _, tag in learn], iterations=20)
    test = [(line, tag) for tag in tags for line in rows[tag][140:]]
    whole = np.mean([a == tag for (a, _), (_, tag) in zip(model.identify([t for t, _ in test]), test, strict=True)])
    short = [" ".join(line.split()[:4]) for line, _ in test]
    cut = np.mean([a == tag for (a, _), (_, tag) in zip(model.identify(short), test, strict=True)])
    assert whole >= 0.995
    assert cut >= 0.95
