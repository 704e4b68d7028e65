"""Scores of mixed translations, as the MixMT task gave them: ROUGE-L and the word error rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import Floats, interval, ratio_interval
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.result import Result, signature
from macaronic.text.words import words

Cut = Literal["words", "spaces"]
_CUTS: dict[str, Callable[[str], list[str]]] = {"words": words, "spaces": str.split}
_COLUMNS = 5


def score(
    hypotheses: Sequence[str],
    references: Sequence[str] | Sequence[Sequence[str]],
    *,
    rng: np.random.Generator,
    cut: Cut = "words",
    lowercase: bool = False,
    samples: int = 1000,
) -> list[Result]:
    """ROUGE-L and word error rate of translations.

    ROUGE-L is the F-score of the longest common subsequence of tokens: its mean over sentences, and once more from the
    sums over the corpus. The word error rate is the token edits that turn hypotheses into references over the tokens of
    the references, over the corpus; it can exceed 1. Of several references the best counts, for each score by itself.

    Args:
        hypotheses: n translations.
        references: one reference each, or several each.
        rng: for the intervals.
        cut: `words` for the word tokens of macaronic (each punctuation mark is one), which cut every script and mixed
            text alike; `spaces` to cut at white space only, as published scores often do.
        lowercase: compare in lower case.
        samples: resamples of sentences for the intervals.

    Returns:
        `rouge_l` at levels `sentence_mean` and `corpus`, `wer` at level `corpus`, as shares of 1. Two empty texts have
        ROUGE-L 1; a rate over no reference tokens is None.

    Raises:
        UsageError: unequal lengths, or a sentence without a reference.
        UnknownName: no such `cut`.

    Source: Lin 2004 (ROUGE-L with equal weight on precision and recall); the metrics of the WMT 2022 MixMT task (S060).

    >>> rouge, whole, wer = score(["main movie dekhunga"], ["main kal movie dekhunga"], rng=np.random.default_rng(1))
    >>> round(rouge.value, 4), wer.value
    (0.8571, 0.25)
    """
    if cut not in _CUTS:
        raise UnknownName("cut", cut, _CUTS)
    if len(hypotheses) != len(references):
        raise UsageError(f"expected as many references as hypotheses, got {len(references)} and {len(hypotheses)}")
    rows = [_counts(given, wanted, cut, lowercase, i) for i, (given, wanted) in enumerate(zip(hypotheses, references))]
    counts = np.array(rows, dtype=np.float64).reshape(-1, _COLUMNS)
    f = _f(counts)
    most = max((len(_several(wanted)) for wanted in references), default=1)
    made = signature(
        "mixmt", {"cut": cut, "case": "lower" if lowercase else "kept", "refs": most, "beta": 1, "bs": samples}
    )
    mean = float(f.mean()) if len(f) else None
    return [
        _result("rouge_l", "sentence_mean", mean, interval(f, rng=rng, samples=samples), len(f), made),
        _pooled("rouge_l", counts, _f, rng, samples, made),
        _pooled("wer", counts, _wer, rng, samples, made),
    ]


def _several(references: str | Sequence[str]) -> Sequence[str]:
    return [references] if isinstance(references, str) else references


def _counts(given: str, wanted: str | Sequence[str], cut: str, lowercase: bool, row: int) -> tuple[int, ...]:
    """Common, hypothesis and reference tokens of the best reference by ROUGE-L, edits and tokens of the best by WER."""
    from rapidfuzz.distance import LCSseq, Levenshtein

    if not _several(wanted):
        raise UsageError(f"expected at least one reference for sentence {row + 1}, got none")
    own = _tokens(given, cut, lowercase)
    alike, edits = [], []
    for reference in _several(wanted):
        other = _tokens(reference, cut, lowercase)
        alike.append((LCSseq.similarity(own, other), len(own), len(other)))
        edits.append((Levenshtein.distance(own, other), len(other)))
    f = _f(np.array(alike, dtype=np.float64))
    rate = [distance / length if length else np.inf if distance else 0.0 for distance, length in edits]
    return (*alike[int(f.argmax())], *edits[int(np.argmin(rate))])


def _tokens(text: str, cut: str, lowercase: bool) -> list[str]:
    return _CUTS[cut](text.lower() if lowercase else text)


def _f(sums: Floats) -> Floats:
    """2 common / (hypothesis + reference tokens); 1 for two empty texts."""
    total = sums[:, 1] + sums[:, 2]
    return np.where(total > 0, 2 * sums[:, 0] / np.maximum(total, 1), 1.0)


def _wer(sums: Floats) -> Floats:
    rate: Floats = np.divide(sums[:, 3], sums[:, 4], out=np.full(len(sums), np.nan), where=sums[:, 4] > 0)
    return rate


def _pooled(
    name: str,
    counts: NDArray[np.float64],
    statistic: Callable[[Floats], Floats],
    rng: np.random.Generator,
    samples: int,
    made: str,
) -> Result:
    value = float(statistic(counts.sum(axis=0, keepdims=True))[0]) if len(counts) else None
    value = None if value is None or np.isnan(value) else value
    return _result(
        name, "corpus", value, ratio_interval(counts, statistic, rng=rng, samples=samples), len(counts), made
    )


def _result(name: str, level: str, value: float | None, ends: tuple[float, float] | None, n: int, made: str) -> Result:
    low, high = ends or (None, None)
    return Result(name, level, value, low, high, n, "sentences", made)
