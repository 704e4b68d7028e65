"""Scores of label answers over a whole file: accuracy and F1 in its kinds, with bootstrap intervals over rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from macaronic.core.bootstrap import resampled_sums
from macaronic.core.result import Result
from macaronic.identify import scores

NOTHING = "(no answer)"
MEASURES: Mapping[str, Callable[[Any], Any]] = {
    "accuracy": scores.accuracy,
    "weighted_f1": scores.weighted_f1,
    "macro_f1": scores.macro_f1,
}


def label_results(
    gold: Sequence[Sequence[str]],
    answers: Sequence[Sequence[str | None]],
    *,
    level: str,
    signature: str,
    samples: int = 1000,
    seed: int = 0,
    unit: str = "labels",
    measures: Sequence[str] = tuple(MEASURES),
) -> list[Result]:
    """Corpus scores of label sequences (one label a row for classification), rows resampled for the intervals.

    Args:
        gold: labels of each row.
        answers: as many; None counts as wrong.
        level: what the rows have in common.
        signature: of the results.
        samples: resamples; 0 for no intervals.
        seed: of the resamples.
        unit: what is counted.
        measures: of `MEASURES`.

    >>> [r.value for r in label_results([["a"], ["b"]], [["a"], [None]], level="all", signature="x", samples=0)]
    [0.5, 0.5, 0.3333333333333333]
    """
    told = [[NOTHING if answer is None else answer for answer in row] for row in answers]
    if not any(len(row) for row in gold):
        return [Result(name, level, None, None, None, 0, unit, signature) for name in measures]
    wanted, said, row, names = scores.codes(gold, told)
    k = len(names)
    by_row = scores.confusion_by_row(wanted, said, row, len(gold), k)
    matrix = by_row.sum(0).reshape(k, k)
    drawn = None
    if samples and len(gold) > 1:
        rng = np.random.default_rng(seed)
        drawn = resampled_sums(by_row.astype(np.float64), rng=rng, samples=samples).reshape(-1, k, k)
    return [_result(name, level, matrix, drawn, signature, unit) for name in measures]


def _result(name: str, level: str, matrix: Any, drawn: Any, signature: str, unit: str) -> Result:
    value = float(MEASURES[name](matrix))
    low = high = None
    if drawn is not None:
        low, high = (float(x) for x in np.nanquantile(MEASURES[name](drawn), [0.025, 0.975]))
    return Result(name, level, value, low, high, int(matrix.sum()), unit, signature)


def plain_label(text: object) -> str:
    """A label as it is compared: small letters, without marks around it.

    >>> plain_label(" **Positive**. "), plain_label("B-PER")
    ('positive', 'b-per')
    """
    low = unicodedata.normalize("NFC", str(text)).strip().lower()
    return low[_first(low) : len(low) - _first(low[::-1])]


def _first(text: str) -> int:
    """Where the first letter or digit stands; the length without one."""
    return next((i for i, c in enumerate(text) if c.isalnum()), len(text))


def said_label(reply: str, labels: Sequence[str]) -> str | None:
    """Which of the known labels a reply gives: the whole of it, the only one in its first line, or in all of it.

    >>> said_label("The sentiment is Positive.", ["positive", "negative"])
    'positive'
    >>> said_label("positive or negative", ["positive", "negative"]) is None
    True
    """
    known = {plain_label(label): label for label in labels}
    if plain_label(reply) in known:
        return known[plain_label(reply)]
    for part in (reply.strip().split("\n")[0], reply):
        low = unicodedata.normalize("NFC", part.lower())
        held = {name for name in known if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low)}
        held -= {name for name in held if any(name != other and name in other for other in held)}
        if len(held) == 1:
            return known[held.pop()]
    return None
