"""How good a way of learning is: tried on a test set, on folds, or on a held-out fifth, with a learning curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.protocols import Tagged, Tagger
from macaronic.identify.evaluation import Assessment, assess, folds
from macaronic.identify.tagged_data import Gold, TaggedSet, Words

Learner = Callable[[TaggedSet], Tagger]
"""Makes a tagger out of sentences that have at least two different labels."""

Curve = tuple[tuple[int, float, float], ...]
"""(training sentences, accuracy, macro F1), smallest first."""


@dataclass(frozen=True, slots=True)
class _Constant:
    """Stands in for a tagger when a part of the data has one label only."""

    label: str

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        return [Tagged([self.label] * len(words), [1.0] * len(words)) for words in sentences]


@dataclass(frozen=True, slots=True)
class Judge:
    """Scores taggers; the fields are the source of resamples, their number, and what signatures say."""

    rng: np.random.Generator
    samples: int
    settings: Mapping[str, str | int]

    def on(
        self, learner: Learner, data: TaggedSet, test: TaggedSet, shares: Sequence[float], tagger: Tagger
    ) -> tuple[Assessment, Curve]:
        """Scores of `tagger` on a test set, and the learning curve up to it."""
        judged = self.score(test.gold, answers(tagger, test.words), {"eval": "test"})
        return judged, self._curve(learner, data, test, shares, judged)

    def across(
        self, learner: Learner, data: TaggedSet, count: int, shares: Sequence[float], grouped: bool
    ) -> tuple[Assessment, Curve]:
        """Scores over folds (or one fifth, when `count` is 0), and the learning curve of the first."""
        fold = folds(data.groups, count or 5, rng=self.rng, sizes=[len(words) for words in data.words])
        used = sorted(set(fold.tolist()))
        if len(used) < 2:
            raise UsageError(
                "expected at least two groups of sentences to judge on some and learn from others; got one"
            )
        gold: Gold = []
        given: Gold = []
        for number in used if count else used[:1]:
            held = data.part(fold == number)
            gold += held.gold
            given += answers(_learnt(learner, data.part(fold != number)), held.words)
        how: dict[str, str | bool] = {"eval": f"folds-{count}" if count else "held-out", "grouped": grouped}
        first = fold == used[0]
        judged = self.score(gold, given, how)
        return judged, self._curve(learner, data.part(~first), data.part(first), shares, None if count else judged)

    def score(self, gold: Gold, given: Gold, how: Mapping[str, str | bool]) -> Assessment:
        """Scores of answers; `how` they came about goes into the signatures."""
        return assess(gold, given, rng=self.rng, samples=self.samples, settings={**how, **self.settings})

    def _curve(
        self, learner: Learner, data: TaggedSet, test: TaggedSet, shares: Sequence[float], whole: Assessment | None
    ) -> Curve:
        order = self.rng.permutation(len(data.words))
        points = []
        for share in shares:
            size = max(1, round(share * len(order)))
            if size == len(order) and whole is not None:
                judged = whole
            else:
                keep = np.zeros(len(order), dtype=bool)
                keep[order[:size]] = True
                given = answers(_learnt(learner, data.part(keep)), test.words)
                judged = assess(test.gold, given, rng=self.rng, samples=0)
            points.append((size, judged.value("accuracy") or 0.0, judged.value("macro_f1") or 0.0))
        return tuple(points)


def answers(tagger: Tagger, words: Words) -> Gold:
    """What a tagger says to sentences."""
    return [list(tagged.labels) for tagged in tagger.tag(words)]


def _learnt(learner: Learner, data: TaggedSet) -> Tagger:
    labels = {label for line in data.gold for label in line if label is not None}
    return learner(data) if len(labels) > 1 else _Constant(labels.pop())
