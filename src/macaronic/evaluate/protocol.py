"""Train on made text, test on people's: and what may not be done with sets that are only for testing.

The SentMix-3L and OffMix-3L sets are small and for testing alone: a model learns from synthetic mixed text and is
judged on what people wrote. Cross-validation on such a set is another question; it is answered with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.core.result import Result, signature
from macaronic.evaluate.labels import label_results
from macaronic.evaluate.mixing import degrees

Classifier = Callable[[Sequence[str]], Sequence[str]]
Learner = Callable[[Sequence[str], Sequence[str]], Classifier]
TEST_ONLY = "cross-validation on a test-only set: its figures say nothing about models trained elsewhere"


@dataclass(frozen=True, slots=True)
class Study:
    """Scores of a classifier beside the majority class, in all and apart for mixed and unmixed rows."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]


def train_on_made(
    made: Sequence[tuple[str, str]],
    human: Sequence[tuple[str, str]],
    *,
    learner: Learner | None = None,
    samples: int = 1000,
    seed: int = 0,
) -> Study:
    """Teach a classifier synthetic rows, judge it on human ones.

    Args:
        made: (text, label) to learn from.
        human: (text, label) to be judged on.
        learner: (texts, labels) -> texts -> labels; character n-grams and logistic regression when left out.
        samples: bootstrap resamples.
        seed: of the resamples.

    Raises:
        UsageError: fewer than two labels to learn, or nothing to judge on.
        MissingExtra: scikit-learn is not installed and no learner is given.

    Source: S007, S009 (the protocol and the weighted F1); S021 (mixed and unmixed rows apart).
    """
    if len({label for _, label in made}) < 2 or not human:
        raise UsageError("expected rows of at least two labels to learn from, and human rows to judge on")
    classify = (learner or ngram_learner)([text for text, _ in made], [label for _, label in made])
    answers = list(classify([text for text, _ in human]))
    constant = Counter(label for _, label in made).most_common(1)[0][0]
    told = signature("train-on-made", {"made": len(made), "human": len(human), "bs": samples})
    parts = {"all": list(range(len(human))), **_by_mixing([text for text, _ in human])}
    results: list[Result] = []
    for level, rows in parts.items():
        gold = [[human[i][1]] for i in rows]
        for name, said in (("", [answers[i] for i in rows]), ("majority/", [constant] * len(rows))):
            results += label_results(
                gold,
                [[s] for s in said],
                level=f"{name}{level}",
                signature=told,
                samples=samples,
                seed=seed,
                unit="rows",
            )
    overlap = len({text for text, _ in made} & {text for text, _ in human})
    notes = (f"{overlap} human rows stand among the made ones: these figures are too good",) if overlap else ()
    return Study(tuple(results), notes)


def cross_validated(
    rows: Sequence[tuple[str, str]],
    *,
    folds: int = 5,
    test_only: bool = True,
    learner: Learner | None = None,
    samples: int = 1000,
    seed: int = 0,
) -> Study:
    """The other question: how well can a set be learnt from itself? With a warning where it is for testing alone.

    Raises:
        UsageError: fewer rows than folds.
    """
    if len(rows) < max(folds, 2):
        raise UsageError(f"{folds} folds need at least as many rows; got {len(rows)}")
    order = np.random.default_rng(seed).permutation(len(rows))
    answers: list[str | None] = [None] * len(rows)
    for part in np.array_split(order, folds):
        held = set(part.tolist())
        train = [rows[i] for i in order.tolist() if i not in held]
        classify = (learner or ngram_learner)([text for text, _ in train], [label for _, label in train])
        for i, answer in zip(part.tolist(), classify([rows[i][0] for i in part.tolist()])):
            answers[i] = answer
    told = signature("cross-validated", {"folds": folds, "bs": samples})
    results = label_results(
        [[label] for _, label in rows], [[a] for a in answers], level="all", signature=told, samples=samples, seed=seed,
        unit="rows",
    )  # fmt: skip
    return Study(tuple(results), (TEST_ONLY,) if test_only else ())


def _by_mixing(texts: Sequence[str]) -> dict[str, list[int]]:
    """Row numbers of mixed and of unmixed texts."""
    mixed = [degree > 0 for degree in degrees(texts)]
    parts = {"mixed": [i for i, m in enumerate(mixed) if m], "unmixed": [i for i, m in enumerate(mixed) if not m]}
    return {name: rows for name, rows in parts.items() if rows}


def ngram_learner(texts: Sequence[str], labels: Sequence[str]) -> Classifier:
    """Character n-grams and logistic regression: strong on short mixed text, and quick.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        raise MissingExtra("scikit-learn", "mix") from error
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=1),
        LogisticRegression(max_iter=1000, C=10.0, class_weight="balanced"),
    )
    model.fit(list(texts), list(labels))
    return lambda some: [str(label) for label in model.predict(list(some))]
