"""Training against the attack: what each training sees, and that the joint one loses less."""

import json

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.synth.attack import blend
from macaronic.synth.shots import HEADER, Examples, as_json, perturbed, report, shot, table
from macaronic.text.words import words

GOOD = ["superb", "lovely", "fine", "bright", "warm", "happy", "gentle", "clever"]
BAD = ["awful", "dull", "grim", "harsh", "bleak", "rotten", "bitter", "clumsy"]
PLAIN = ["film", "song", "meal", "house", "garden", "letter", "evening", "story", "river", "market"]
DICTIONARY = {word: [word[::-1] + "o"] for word in GOOD + BAD + PLAIN}


class Bayes:
    """Naive Bayes over words, in a few lines; it can go on from another one's counts."""

    def __init__(self, texts, labels, start=None):  # type: ignore[no-untyped-def]
        self.counts = {word: count.copy() for word, count in start.counts.items()} if start else {}
        for text, label in zip(texts, labels):
            for word in words(text):
                self.counts.setdefault(word, np.ones(2))[label] += 1

    def __call__(self, texts):  # type: ignore[no-untyped-def]
        logs = np.array([sum((np.log(self.counts.get(w, np.ones(2))) for w in words(t)), np.zeros(2)) for t in texts])
        share = np.exp(logs - logs.max(axis=1, keepdims=True))
        return share / share.sum(axis=1, keepdims=True)


def made_up(count: int, rng: np.random.Generator) -> Examples:
    """Texts of ten words: some that tell the class, some that say nothing."""
    texts, labels = [], []
    for number in range(count):
        telling = int(rng.integers(2, 8))
        drawn = [*rng.choice(GOOD if number % 2 else BAD, telling, replace=False), *rng.choice(PLAIN, 10 - telling)]
        texts.append(" ".join(rng.permutation(drawn)))
        labels.append(number % 2)
    return Examples(tuple(texts), tuple(labels))


@pytest.fixture(scope="module")
def data() -> tuple[Examples, Examples]:
    rng = np.random.default_rng(5)
    return made_up(200, rng), made_up(120, rng)


def test_each_training_sees_what_it_should() -> None:
    clean, noisy = Examples(("a", "b"), (0, 1)), Examples(("x",), (0,))
    calls = []

    def fit(texts, labels, start=None):  # type: ignore[no-untyped-def]
        calls.append((texts, labels, start))
        return f"model {len(calls)}"

    assert shot("perturbed", clean, noisy, fit, "base") == "model 1"
    assert shot("two-step", clean, noisy, fit, "base") == "model 3"
    assert shot("joint", clean, noisy, fit) == "model 4"
    assert calls == [
        (("x",), (0,), "base"),
        (("a", "b"), (0, 1), "base"),
        (("x",), (0,), "model 2"),
        (("a", "b", "x"), (0, 1, 0), None),
    ]
    with pytest.raises(UnknownName, match="joint"):
        shot("jiont", clean, noisy, fit)  # type: ignore[arg-type]


def test_examples_must_match() -> None:
    with pytest.raises(UsageError, match="got 1 and 2"):
        Examples(("a",), (0, 1))


def test_perturbed_may_leave_out_what_stayed(data: tuple[Examples, Examples]) -> None:
    train, _ = data
    rows = blend(train.texts, train.labels, Bayes(train.texts, train.labels), DICTIONARY, ratio=0.4)
    assert len(perturbed(rows).texts) == len(train.texts)
    changed = perturbed(rows, changed_only=True)
    assert 0 < len(changed.texts) <= len(train.texts)
    assert not set(changed.texts) & set(train.texts)


def test_loss_grows_with_the_ratio_and_joint_training_shrinks_it(data: tuple[Examples, Examples]) -> None:
    train, test = data
    clean = Bayes(train.texts, train.labels)
    noisy = perturbed(blend(train.texts, train.labels, clean, DICTIONARY, ratio=0.8))
    models = {"clean": clean, **{kind: shot(kind, train, noisy, Bayes) for kind in ("perturbed", "two-step", "joint")}}
    losses = report(models, test, {"made-up": DICTIONARY}, rng=np.random.default_rng(1), samples=200)
    by_training = {kind: [loss.delta_accuracy.value for loss in losses if loss.training == kind] for kind in models}
    clean_losses = [value for value in by_training["clean"] if value is not None]
    assert clean_losses == sorted(clean_losses)
    assert clean_losses[-1] > clean_losses[0] + 0.1
    assert sum(by_training["joint"]) < sum(clean_losses) - 0.2  # type: ignore[arg-type]
    for loss in losses:
        delta = loss.delta_accuracy
        assert delta.value == pytest.approx(loss.accuracy.value - loss.accuracy_perturbed.value)  # type: ignore[operator]
        assert delta.low is not None
        assert delta.high is not None
        assert delta.low <= delta.value <= delta.high  # type: ignore[operator]
        assert delta.n == 120
        assert "attack:blend" in delta.signature
        assert f"ratio:{loss.ratio}" in delta.signature


def test_table_and_json(data: tuple[Examples, Examples]) -> None:
    train, test = data
    losses = report(
        {"clean": Bayes(train.texts, train.labels)}, test, {"xx": DICTIONARY, "none": {}},
        ratios=[0.5], rng=np.random.default_rng(1), samples=50,
    )  # fmt: skip
    rows = table(losses)
    assert [row[:3] for row in rows] == [("clean", "xx", 0.5), ("clean", "none", 0.5)]
    assert all(len(row) == len(HEADER) for row in rows)
    assert rows[1][5] == 0.0
    told = json.loads(json.dumps(as_json(losses)))
    assert sum(told[0]["texts"].values()) == 120
    assert told[1]["texts"].keys() <= {"not in the dictionary", "misclassified"}
    assert [result["name"] for result in told[0]["results"]] == ["accuracy", "accuracy_perturbed", "delta_accuracy"]


def test_nothing_to_test_on() -> None:
    (loss,) = report({"a": lambda t: np.full((len(t), 2), 0.5)}, Examples((), ()), {"x": {}}, ratios=[0.2],
                     rng=np.random.default_rng(1))  # fmt: skip
    assert loss.delta_accuracy.value is None
