"""How good corrections are: precision, recall and F-beta of edits against one or more annotators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Literal

import numpy as np

from macaronic.core.bootstrap import Floats, ratio_interval
from macaronic.core.errors import FormatError, UsageError
from macaronic.core.result import Result, signature
from macaronic.synth.gec.m2 import Edit, Sentence

Counts = tuple[int, int, int]
"""Edits that are right, edits that are wrong, and edits of the reference that are missing."""


def score(
    hypothesis: Sequence[Sentence],
    reference: Sequence[Sentence],
    *,
    beta: float = 0.5,
    choose: Literal["running", "sentence"] = "running",
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> list[Result]:
    """Precision, recall and F-beta of a system's edits.

    An edit is right when the reference has one with the same words and the same correction (or one of its choices).
    Of several annotators of a sentence the one counts that gives the best F.

    Args:
        hypothesis: the system's edits (its first annotator counts).
        reference: the same sentences with the annotators' edits.
        beta: below 1 precision weighs more.
        choose: the best F of the sums `running` up to and with this sentence, as the field's scorers choose, or of
            the `sentence` alone.
        rng: for bootstrap intervals over sentences; none without it.
        samples: how many resamples.

    Returns:
        `precision`, `recall` and `f0.5`, each over the whole corpus.

    Raises:
        FormatError: the two do not hold the same sentences.
        UsageError: beta is not above 0.

    Source: Dahlmeier & Ng 2012; Bryant, Felice & Briscoe 2017 (choice of the annotator); S059 reports it.

    >>> right = Sentence("He go to home", (Edit(1, 2, "goes"), Edit(2, 3, "")))
    >>> half = Sentence("He go to home", (Edit(1, 2, "goes"), Edit(3, 4, "house")))
    >>> [round(result.value, 3) for result in score([half], [right])]
    [0.5, 0.5, 0.5]
    """
    if beta <= 0:
        raise UsageError(f"beta is above 0; got {beta}")
    total = np.zeros(3, dtype=int)
    rows: list[Counts] = []
    for number, (mine, gold) in enumerate(zip_longest(hypothesis, reference), start=1):
        if mine is None or gold is None or mine.words != gold.words:
            shown = [side.text if side is not None else "no sentence" for side in (mine, gold)]
            raise FormatError(f"sentence {number} differs: the system has {shown[0]!r}, the reference {shown[1]!r}")
        options = [counts(mine.by(mine.annotators[0]), gold.by(who)) for who in gold.annotators]
        base = total if choose == "running" else np.zeros(3, dtype=int)
        best = max(options, key=lambda c: (f_beta(*(base + c).tolist(), beta=beta), c[0], -c[1], -c[2]))
        rows.append(best)
        total += best
    table = np.array(rows, dtype=float).reshape(-1, 3)
    settings: dict[str, str | int | float | bool] = {"match": "span+correction", "annotator": choose}
    label = signature("gec", settings | ({"bs": samples} if rng is not None else {}))
    out = []
    for name, weight in (("precision", 0.0), ("recall", np.inf), (f"f{beta:g}", beta)):
        value = f_beta(*total.tolist(), beta=weight)
        low, high = None, None
        if rng is not None:
            low, high = ratio_interval(table, _of(weight), rng=rng, samples=samples) or (None, None)
        out.append(Result(name, "corpus", value, low, high, len(rows), "sentences", label))
    return out


def counts(mine: Sequence[Edit], gold: Sequence[Edit]) -> Counts:
    """Right, wrong and missing edits of one sentence; each edit of the reference is found at most once.

    >>> counts([Edit(0, 1, "the")], [Edit(0, 1, "a||the"), Edit(2, 3, "")])
    (1, 0, 1)
    """
    free = Counter(range(len(gold)))
    right = 0
    for edit in mine:
        for i, other in enumerate(gold):
            if free[i] and (edit.start, edit.end) == (other.start, other.end) and edit.words in other.choices:
                free[i] -= 1
                right += 1
                break
    return right, len(mine) - right, len(gold) - right


def f_beta(right: int, wrong: int, missing: int, *, beta: float = 0.5) -> float:
    """F-beta of counts; precision with `beta=0`, recall with `beta=inf`; without wrong (missing) edits they are 1.

    >>> round(f_beta(2, 1, 2), 4)
    0.625
    """
    return float(_of(beta)(np.array([[right, wrong, missing]], dtype=float))[0])


def _of(beta: float) -> Callable[[Floats], Floats]:
    def value(sums: Floats) -> Floats:
        right, wrong, missing = sums.T
        with np.errstate(divide="ignore", invalid="ignore"):
            precision = np.where(wrong > 0, right / (right + wrong), 1.0)
            recall = np.where(missing > 0, right / (right + missing), 1.0)
            if beta == 0 or np.isinf(beta):
                return np.asarray(recall if beta else precision)
            both = beta**2 * precision + recall
            return np.where(both > 0, (1 + beta**2) * precision * recall / both, 0.0)

    return value
