"""Judging a tagger: scores with intervals out of gold and predicted labels, and fair ways to split the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import resampled_sums
from macaronic.core.languages import is_language
from macaronic.core.result import Result, signature
from macaronic.identify import scores

Floats = NDArray[np.float64]
Settings = Mapping[str, str | int | float | bool]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Assessment:
    """How well answers agree with gold labels.

    Args:
        names: the labels, in the matrix's order.
        matrix: counts, gold in rows, answers in columns, shape (k, k).
        results: accuracy and its like, then precision, recall and F1 of each label.
    """

    names: tuple[str, ...]
    matrix: NDArray[np.int64]
    results: tuple[Result, ...]

    def value(self, name: str, level: str = "all") -> float | None:
        """The value of one result; None when it is not defined or not there."""
        return next((r.value for r in self.results if (r.name, r.level) == (name, level)), None)


def assess(
    gold: Sequence[Sequence[str | None]],
    predicted: Sequence[Sequence[str | None]],
    *,
    rng: np.random.Generator,
    settings: Settings | None = None,
    samples: int = 1000,
) -> Assessment:
    """Score answers, with bootstrap intervals over sentences.

    Args:
        gold: labels of each sentence; None is not scored.
        predicted: answers to the same words.
        rng: where the resamples come from.
        settings: what goes into the signature of each result.
        samples: how many resamples; 0 gives no intervals.

    Returns:
        The confusion matrix and the results: `accuracy`, `language_accuracy` (words whose gold label is a
        language), `macro_f1`, `micro_f1` (all labels but `other`), `balanced_accuracy`, each at level `all`, and
        `precision`, `recall`, `f1` at the level of each label.

    >>> done = assess([["en", "hi"]], [["en", "en"]], rng=np.random.default_rng(1))
    >>> done.value("accuracy"), done.value("recall", "hi")
    (0.5, 0.0)
    """
    wanted, answers, sentence, names = scores.codes(gold, predicted)
    k = len(names)
    by_sentence = scores.confusion_by_row(wanted, answers, sentence, len(gold), k)
    matrix = by_sentence.sum(0).reshape(k, k)
    drawn = _resamples(by_sentence, rng, samples).reshape(-1, k, k)
    given = {**(settings or {}), "bs": samples}
    results = [
        _result(name, "all", measure(matrix), measure(drawn), int(matrix.sum()), given)
        for name, measure in _measures(names).items()
    ]
    for name, part in (("precision", scores.precision), ("recall", scores.recall), ("f1", scores.f1)):
        value, resampled = part(matrix), part(drawn)
        results += [
            _result(name, label, value[at], resampled[:, at], int(matrix[at].sum()), given)
            for at, label in enumerate(names)
        ]
    return Assessment(tuple(names), matrix, tuple(results))


def _measures(names: Sequence[str]) -> dict[str, Callable[[Any], Floats]]:
    languages = [at for at, name in enumerate(names) if is_language(name)]
    other = [at for at, name in enumerate(names) if name == "other"]
    return {
        "accuracy": scores.accuracy,
        "language_accuracy": lambda m: scores.language_accuracy(m, languages),
        "macro_f1": scores.macro_f1,
        "micro_f1": lambda m: scores.micro_f1(m, other),
        "balanced_accuracy": scores.balanced_accuracy,
    }


def _resamples(counts: NDArray[np.int64], rng: np.random.Generator, samples: int) -> Floats:
    if len(counts) < 2 or samples < 1:
        return np.zeros((0, counts.shape[1]))
    used = np.flatnonzero(counts.any(0))
    drawn = np.zeros((samples, counts.shape[1]))
    drawn[:, used] = resampled_sums(counts[:, used].astype(np.float64), rng=rng, samples=samples)
    return drawn


def _result(name: str, level: str, value: Any, drawn: Floats, n: int, settings: Settings) -> Result:
    kept = drawn[~np.isnan(drawn)]
    low, high = np.quantile(kept, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist() if len(kept) else (None, None)
    number = None if np.isnan(value) else float(value)
    return Result(name, level, number, low, high, n, "words", signature(name, dict(settings)))


def folds(
    groups: Sequence[Hashable], count: int, *, rng: np.random.Generator, sizes: Sequence[int] | None = None
) -> NDArray[np.int64]:
    """Split rows into folds of like size such that no group is in two of them.

    Groups are shuffled, then each, largest first, goes to the smallest fold.

    Args:
        groups: the group of each of n rows, such as its author.
        count: how many folds, at least 2.
        rng: where the order comes from.
        sizes: how much each row counts, such as its words; 1 when left out.

    Returns:
        The fold of each row, shape (n,); some folds stay empty when there are fewer groups than folds.

    >>> part = folds(["ana", "ben", "ana", "eva"], 3, rng=np.random.default_rng(0))
    >>> bool(part[0] == part[2]), sorted(set(part.tolist()))
    (True, [0, 1, 2])
    """
    total: Counter[Hashable] = Counter()
    members: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        total[group] += sizes[row] if sizes is not None else 1
        members[group].append(row)
    names = list(total)
    shuffled = [names[at] for at in rng.permutation(len(names))]
    fold_of = np.zeros(len(groups), dtype=np.int64)
    filled = np.zeros(count, dtype=np.int64)
    for group in sorted(shuffled, key=lambda name: -total[name]):
        smallest = int(filled.argmin())
        fold_of[members[group]] = smallest
        filled[smallest] += total[group]
    return fold_of
