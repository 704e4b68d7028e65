"""Training against the Blend attack in three ways, and how much accuracy the attack costs each (S015)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import ratio_interval
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.protocols import Embedder
from macaronic.core.result import Result, signature
from macaronic.synth.attack.attacked import Attacked, blend, tally
from macaronic.synth.attack.gate import CharacterNgrams
from macaronic.synth.attack.masking import Predict, probabilities
from macaronic.synth.attack.switchable import Dictionary

Shot = Literal["perturbed", "two-step", "joint"]
"""What a classifier learns from: perturbed text only, clean text and then perturbed text, or both at once."""

RATIOS = (0.2, 0.4, 0.6, 0.8)
HEADER = ("training", "language", "ratio", "accuracy", "accuracy_perturbed", "delta_accuracy", "low", "high", "changed")
Model = TypeVar("Model")


class Fit(Protocol[Model]):
    """Trains a classifier, from scratch or from where another one stands."""

    def __call__(self, texts: Sequence[str], labels: Sequence[int], start: Model | None = None) -> Model:
        """The classifier that learnt these texts; it goes on from `start` where that is given."""
        ...


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with their classes.

    Args:
        texts: n texts.
        labels: n class numbers, from 0.

    Raises:
        UsageError: unequal lengths.
    """

    texts: tuple[str, ...]
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.texts) != len(self.labels):
            raise UsageError(f"expected one class for each text, got {len(self.texts)} and {len(self.labels)}")

    def __add__(self, other: Examples) -> Examples:
        return Examples(self.texts + other.texts, self.labels + other.labels)


def perturbed(rows: Iterable[Attacked], *, changed_only: bool = False) -> Examples:
    """The perturbed texts of an attack with their right classes, as examples to learn from.

    Args:
        rows: what `blend` gave for the training texts.
        changed_only: leave out the texts that the attack left as they are.

    >>> perturbed([Attacked("a dog", "a perro", 1, 1, 0), Attacked("a", "a", 0, 1, 1, kept="misclassified")]).texts
    ('a perro', 'a')
    """
    kept = [row for row in rows if row.kept is None or not changed_only]
    return Examples(tuple(row.perturbed for row in kept), tuple(row.label for row in kept))


def shot(kind: Shot, clean: Examples, perturbed: Examples, fit: Fit[Model], model: Model | None = None) -> Model:
    """Train a classifier that has seen the attack.

    Args:
        kind: `perturbed` (on perturbed text only), `two-step` (on clean text, then on perturbed text) or `joint` (on
            both together).
        clean: the training texts as they are.
        perturbed: the training texts after the attack.
        fit: does the training; gets texts, labels and where to start.
        model: where to start, such as a pre-trained model.

    Raises:
        UnknownName: no such training.

    Source: S015 (IndoRobusta-Shot).

    >>> def fit(texts, labels, start=None): return [*(start or []), *texts]
    >>> a, b = Examples(("dog",), (0,)), Examples(("perro",), (0,))
    >>> shot("two-step", a, b, fit), shot("perturbed", a, b, fit)
    (['dog', 'perro'], ['perro'])
    """
    if kind == "perturbed":
        return fit(perturbed.texts, perturbed.labels, start=model)
    if kind == "two-step":
        return fit(perturbed.texts, perturbed.labels, start=fit(clean.texts, clean.labels, start=model))
    if kind == "joint":
        both = clean + perturbed
        return fit(both.texts, both.labels, start=model)
    raise UnknownName("training", kind, get_args(Shot))


@dataclass(frozen=True, slots=True)
class Loss:
    """What an attack costs one classifier in one language at one ratio.

    Args:
        training: how the classifier was trained.
        language: the language that the words came from.
        ratio: the share of words that was replaced.
        accuracy: on the texts as they are.
        accuracy_perturbed: on the perturbed texts.
        delta_accuracy: the first less the second, with an interval over pairs.
        rows: the texts, attacked.
    """

    training: str
    language: str
    ratio: float
    accuracy: Result
    accuracy_perturbed: Result
    delta_accuracy: Result
    rows: tuple[Attacked, ...] = ()

    @property
    def results(self) -> tuple[Result, Result, Result]:
        """The three numbers."""
        return self.accuracy, self.accuracy_perturbed, self.delta_accuracy


def report(
    models: Mapping[str, Predict],
    test: Examples,
    dictionaries: Mapping[str, Dictionary],
    *,
    rng: np.random.Generator,
    ratios: Sequence[float] = RATIOS,
    language: str | None = None,
    protected: Collection[str] = (),
    embedder: Embedder | None = None,
    threshold: float | None = None,
    mask: str = "[MASK]",
    compat: bool = False,
    samples: int = 1000,
) -> list[Loss]:
    """Attack every classifier in every language at every ratio, and count what it loses.

    Each classifier is attacked by itself, with its own important words. `delta_accuracy` is the accuracy on the texts
    as they are less that on the perturbed ones, so a positive number is a loss; its interval resamples texts, both
    answers together.

    Args:
        models: training -> classifier.
        test: texts that none of them has seen.
        dictionaries: language -> dictionary into it.
        rng: for the intervals.
        ratios: shares of the words to replace.
        language: tag of the texts' language.
        protected: words that must stay.
        embedder: judges similarity.
        threshold: least similarity (see `blend`).
        mask: stands in for a masked word.
        compat: rank words as the authors' code does.
        samples: resamples for the intervals.

    Returns:
        One `Loss` for each training, language and ratio, in this order.

    Source: S015.

    >>> def predict(texts): return np.array([[0.9, 0.1] if "good" in text else [0.2, 0.8] for text in texts])
    >>> loss, = report({"clean": predict}, Examples(("so good", "so bad"), (0, 1)), {"es": {"good": ["bueno"]}},
    ...                ratios=[0.2], rng=np.random.default_rng(1))
    >>> loss.delta_accuracy.value
    0.5
    """
    settings: dict[str, str | int | float | bool] = {
        "attack": "blend" + ("-compat" if compat else ""),
        "classes": language or "open",
        "protected": len(protected),
        "similarity": type(embedder or CharacterNgrams()).__name__,
        "threshold": "length" if threshold is None else threshold,
        "bs": samples,
    }
    losses = []
    for training, model in models.items():
        predict = _remembering(model)
        for tag, dictionary in dictionaries.items():
            for ratio in ratios:
                rows = blend(
                    test.texts,
                    test.labels,
                    predict,
                    dictionary,
                    ratio=ratio,
                    language=language,
                    protected=protected,
                    embedder=embedder,
                    threshold=threshold,
                    mask=mask,
                    compat=compat,
                )
                losses.append(_loss(training, tag, ratio, rows, settings, rng))
    return losses


def _remembering(predict: Predict) -> Predict:
    """The classifier, asked only once about a text: the ratios share the clean texts and the masked ones."""
    known: dict[str, NDArray[Any]] = {}

    def answer(texts: Sequence[str]) -> NDArray[Any]:
        new = [text for text in texts if text not in known]
        known.update(zip(new, probabilities(predict, new)))
        return np.array([known[text] for text in texts])

    return answer


def _loss(
    training: str,
    language: str,
    ratio: float,
    rows: list[Attacked],
    settings: dict[str, str | int | float | bool],
    rng: np.random.Generator,
) -> Loss:
    counts = np.array([(row.before == row.label, row.after == row.label, 1) for row in rows], dtype=np.float64)
    counts = counts.reshape(-1, 3)
    made = signature("shot", {"training": training, "language": language, "ratio": ratio, **settings})
    level = f"{training} {language} {ratio:g}"
    samples = int(settings["bs"])

    def result(name: str, gain: tuple[float, float]) -> Result:
        total = counts.sum(axis=0)
        value = float(total[:2] @ gain / total[2]) if total[2] else None
        ends = ratio_interval(counts, lambda sums: sums[:, :2] @ np.array(gain) / sums[:, 2], rng=rng, samples=samples)
        low, high = ends or (None, None)
        return Result(name, level, value, low, high, len(rows), "texts", made)

    plain, after = result("accuracy", (1, 0)), result("accuracy_perturbed", (0, 1))
    return Loss(training, language, ratio, plain, after, result("delta_accuracy", (1, -1)), tuple(rows))


def table(losses: Iterable[Loss]) -> list[tuple[object, ...]]:
    """Rows for `report.table.write_table`, under `HEADER`: a loss a line, with the interval of `delta_accuracy`.

    >>> table([])
    []
    """
    return [
        (
            loss.training,
            loss.language,
            loss.ratio,
            loss.accuracy.value,
            loss.accuracy_perturbed.value,
            loss.delta_accuracy.value,
            loss.delta_accuracy.low,
            loss.delta_accuracy.high,
            sum(row.kept is None for row in loss.rows),
        )
        for loss in losses
    ]


def as_json(losses: Iterable[Loss]) -> list[dict[str, Any]]:
    """The results as plain dicts, for JSON, with the reasons why texts were left as they are.

    >>> as_json([])
    []
    """
    return [
        {
            "training": loss.training,
            "language": loss.language,
            "ratio": loss.ratio,
            "texts": dict(sorted(tally(loss.rows).items())),
            "results": [result.asdict() for result in loss.results],
        }
        for loss in losses
    ]
