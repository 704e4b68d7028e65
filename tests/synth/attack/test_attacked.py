"""The Blend attack: who is attacked, which words go, how many, and what the gate lets through."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.synth.attack import CharacterNgrams, blend, candidates, importance, similarity, tally
from macaronic.synth.attack.attacked import Attacked
from macaronic.synth.attack.masking import probabilities
from macaronic.synth.lexicon.table import build
from macaronic.synth.mixed import LEXICON
from macaronic.text.words import words

WEIGHTS = {"superb": 3.0, "lovely": 2.0, "fine": 1.0, "dull": -2.0, "awful": -3.0}
SPANISH = {
    "superb": ["soberbio"],
    "lovely": ["precioso"],
    "fine": ["bien"],
    "dull": ["aburrido"],
    "awful": ["horrible"],
    "film": ["película"],
    "the": ["el"],
    "friend": ["amigo"],
}
TEXT = "The film was superb, lovely and fine"


def predict(texts):  # type: ignore[no-untyped-def]
    """Class 1 for good words, 0 for bad ones; a logistic model with known weights."""
    value = np.array([sum(WEIGHTS.get(word.lower(), 0.0) for word in words(text)) for text in texts])
    good = 1 / (1 + np.exp(-value))
    return np.stack([1 - good, good], axis=1)


class Fixed:
    """An embedder by table: texts to angles, so that similarities are known."""

    def __init__(self, angle):  # type: ignore[no-untyped-def]
        self.angle = angle

    def embed(self, texts):  # type: ignore[no-untyped-def]
        return np.array([(math.cos(self.angle(t)), math.sin(self.angle(t))) for t in texts], dtype=np.float32)


def test_importance_is_the_drop_of_the_gold_class() -> None:
    spans = [[(13, 19), (21, 27)]]
    sigmoid = [1 / (1 + math.exp(-x)) for x in (6.0, 3.0, 4.0)]
    (scores,) = importance([TEXT], spans, [1], predict)
    np.testing.assert_allclose(scores, [sigmoid[0] - sigmoid[1], sigmoid[0] - sigmoid[2]])


def test_compat_importance_by_hand() -> None:
    def given(texts):  # type: ignore[no-untyped-def]
        return np.array([[0.5, 0.3, 0.2] if "a" in t.split() else [0.2, 0.7, 0.1] for t in texts])

    (scores,) = importance(["a b"], [[(0, 1), (2, 3)]], [0], given, compat=True)
    np.testing.assert_allclose(scores, [-(0.3 + 1) * (0.7 - 0.3), 0.0])


@pytest.mark.parametrize(
    ("ratio", "wanted"),
    [
        (0.2, "The film was soberbio, lovely and fine"),  # 4 words may go: floor(.8) = 0, so at least one
        (0.5, "The film was soberbio, precioso and fine"),
        (0.75, "The film was soberbio, precioso and bien"),
        (1.0, "The película was soberbio, precioso and bien"),
    ],
)
def test_the_most_important_words_go_first(ratio: float, wanted: str) -> None:
    (row,) = blend([TEXT], [1], predict, SPANISH, ratio=ratio, language="en")
    assert row.perturbed == wanted
    assert row.kept is None


def test_words_of_closed_classes_stay_and_case_is_kept() -> None:
    (row,) = blend(["THE film was Superb"], [1], predict, SPANISH, ratio=1.0, language="en")
    assert row.perturbed == "THE película was Soberbio"
    (row,) = blend(["THE film was Superb"], [1], predict, SPANISH, ratio=1.0)
    assert row.perturbed == "EL película was Soberbio"


def test_a_lexicon_does_as_well_as_a_mapping() -> None:
    lexicon = build([("superb", "soberbio", 0.9, ""), ("superb", "genial", 0.1, "")], "en", "es")
    (row,) = blend(["so Superb!"], [1], predict, lexicon, language="en")
    assert row.perturbed == "so Soberbio!"


def test_only_rightly_classified_texts_are_attacked() -> None:
    rows = blend(["superb", "superb", "awful"], [0, 1, 1], predict, SPANISH)
    assert [row.kept for row in rows] == ["misclassified", None, "misclassified"]
    assert rows[0].perturbed == rows[0].text
    assert rows[0].before == rows[0].after == 1
    assert tally(rows) == {"misclassified": 2, "changed": 1}


def test_every_reason_for_leaving_a_text() -> None:
    texts = ["!?", "the", "unlisted", "", "superb"]
    rows = blend(texts, [0, 0, 0, 0, 1], predict, SPANISH, language="en", threshold=1.5)
    assert [row.kept for row in rows] == [
        "no switchable word", "no switchable word", "not in the dictionary", "no switchable word", "not similar enough",
    ]  # fmt: skip
    assert all(row.perturbed == row.text and not row.changes and row.similarity == 1 for row in rows)


def test_protected_words_mentions_and_addresses_stay() -> None:
    dictionary = {**SPANISH, "@superb": "x", "#fine": "y", "https://superb.org": "z"}
    text = "Superb film @superb #fine https://superb.org lovely"
    (row,) = blend([text], [1], predict, dictionary, ratio=1.0, protected={"SUPERB"})
    assert row.perturbed == "Superb película @superb #fine https://superb.org precioso"


def test_the_gate_swaps_the_least_important_word_for_the_most_similar_one() -> None:
    near = {"superb precioso fine film": 0.5, "superb lovely bien film": 0.3}
    judge = Fixed(lambda text: near.get(text, 0.0 if text == "superb lovely fine film" else 1.4))
    (row,) = blend(["superb lovely fine film"], [1], predict, SPANISH, ratio=0.25, embedder=judge, threshold=0.8)
    assert row.perturbed == "superb lovely bien film"
    assert row.similarity == pytest.approx(math.cos(0.3), abs=1e-5)
    assert row.changes == ((2, "fine", "bien"),)


def test_the_gate_keeps_the_chosen_words_but_the_last() -> None:
    judge = Fixed(lambda text: {"a b c d": 0.0, "soberbio lovely fine película": 0.1}.get(text, 0.0))
    same = Fixed(lambda text: 0.0 if text in ("superb lovely fine film", "soberbio lovely fine película") else 1.5)
    (row,) = blend(["superb lovely fine film"], [1], predict, SPANISH, ratio=0.5, embedder=same, threshold=0.9)
    assert row.perturbed == "soberbio lovely fine película"
    assert judge.embed(["a b c d"]).shape == (1, 2)


def test_the_default_threshold_depends_on_length() -> None:
    far = Fixed(lambda text: math.acos(0.05) if "soberbio" in text else 0.0)
    short, long = "superb " + "thing " * 14, "superb " + "thing " * 15
    rows = blend([short.strip(), long.strip()], [1, 1], predict, {"superb": "soberbio"}, ratio=0.01, embedder=far)
    assert [row.kept for row in rows] == [None, "not similar enough"]


def test_provenance_of_the_mixed_sentence() -> None:
    row = Attacked("the big dog!", "the gran cosa perro!", 0, 0, 0, ((1, "big", "gran cosa"), (2, "dog", "perro")))
    mixed = row.mixed("en", "es")
    assert mixed.words == ("the", "gran", "cosa", "perro", "!")
    assert mixed.langs == ("en", "es", "es", "es", "other")
    assert mixed.sides == ("en", LEXICON, LEXICON, LEXICON, "en")
    assert mixed.index == (0, 1, 1, 2, 3)
    assert mixed.text == row.perturbed
    assert mixed.utterance().text == row.perturbed


@pytest.mark.parametrize("ratio", [0.0, -1.0, 1.1])
def test_ratio_out_of_range(ratio: float) -> None:
    with pytest.raises(UsageError, match="ratio"):
        blend(["a"], [0], predict, {}, ratio=ratio)


def test_bad_classifiers_and_classes_are_named() -> None:
    with pytest.raises(UsageError, match="one class for each"):
        blend(["a"], [], predict, {})
    with pytest.raises(UsageError, match="classes from 0 to 1"):
        blend(["a"], [2], predict, {})
    with pytest.raises(UsageError, match="shape"):
        blend(["a"], [0], lambda texts: np.ones(len(texts)), {})
    with pytest.raises(UsageError, match="softmax"):
        blend(["a"], [0], lambda texts: np.full((len(texts), 2), np.nan), {})
    assert blend([], [], predict, {}) == []


def test_the_classifier_is_asked_in_batches() -> None:
    sizes: list[int] = []

    def counted(texts):  # type: ignore[no-untyped-def]
        sizes.append(len(texts))
        return predict(texts)

    blend([TEXT] * 5 + ["superb friend"], [1] * 6, counted, SPANISH, batch=3)
    assert max(sizes) <= 3


some_words = st.lists(st.sampled_from([*SPANISH, "house", ",", "the", "é", "नमस्ते", "😂"]), max_size=20)


@settings(deadline=None, max_examples=80)
@given(some_words, st.floats(0.05, 1), st.floats(-1, 1), st.sets(st.sampled_from(list(SPANISH))), st.booleans())
def test_the_attack_keeps_its_promises(
    drawn: list[str], ratio: float, threshold: float, protected: set[str], compat: bool
) -> None:
    text = " ".join(drawn)
    gold = int(predict([text])[0].argmax())
    (row,) = blend(
        [text], [gold], predict, SPANISH, ratio=ratio, language="en", protected=protected, threshold=threshold,
        compat=compat,
    )  # fmt: skip
    found = candidates(text, SPANISH, language="en", protected=protected)
    assert len(row.changes) <= max(1, math.floor(ratio * len(found.eligible) + 1e-9))
    assert not {word for _, word, _ in row.changes} & protected
    assert {position for position, _, _ in row.changes} <= set(found.translations)
    assert (row.kept is None) == bool(row.changes)
    assert row.similarity >= threshold or row.kept
    assert row.similarity == pytest.approx(similarity(CharacterNgrams(), [text], [row.perturbed])[0])
    assert row.after == int(predict([row.perturbed])[0].argmax())
    assert row == blend([text], [gold], predict, SPANISH, ratio=ratio, language="en", protected=protected,
                        threshold=threshold, compat=compat)[0]  # fmt: skip


def test_ngrams_are_the_same_in_any_company() -> None:
    texts = ["a", "", "so good", "日本語", "\ud800x", "e\u0301", "é"]
    judge = CharacterNgrams()
    rows = judge.embed(texts)
    assert rows.shape == (7, 2048)
    assert rows.dtype == np.float32
    for text, row in zip(texts, rows):
        np.testing.assert_array_equal(judge.embed([text])[0], row)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 1, 1, 1, 1, 1], rtol=1e-6)
    np.testing.assert_array_equal(rows[5], rows[6])
    assert judge.embed([]).shape == (0, 2048)


@pytest.mark.parametrize("answer", [ValueError("boom"), "abc"])
def test_a_classifier_that_fails_is_named(answer: object) -> None:
    def predict(texts: Sequence[str]) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(UsageError, match="the classifier failed: ValueError"):
        probabilities(predict, ["a"])
