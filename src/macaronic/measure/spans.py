"""Stretches of words in one language: how long they are, how regular, and how one length tells the next."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from math import log2, sqrt

from macaronic.measure.labels import Labels, language_labels


def spans(labels: Labels) -> list[tuple[str, int]]:
    """The stretches of one language with their lengths in words; words without a language are skipped over.

    Args:
        labels: one word label a token.

    Returns:
        (language, length) pairs in order; neighbours differ in language.

    >>> spans(["en", "en", "other", "en", "hi"])
    [('en', 3), ('hi', 1)]
    """
    return [(lang, len(list(run))) for lang, run in groupby(language_labels(labels))]


def span_entropy(labels: Labels) -> float | None:
    """The Shannon entropy of the span lengths, in bits: how hard it is to guess how long a span is.

    Args:
        labels: one word label a token.

    Returns:
        0 (all spans equally long, or one span) upwards; None when no word has a language.

    Source: Guzmán et al. 2017.

    >>> span_entropy(["en", "en", "hi", "en", "en", "hi"])
    1.0
    """
    lengths = Counter(length for _, length in spans(labels))
    r = lengths.total()
    return max(0.0, log2(r) - sum(c * log2(c) for c in lengths.values()) / r) if r else None


def burstiness(labels: Labels) -> float | None:
    """Whether switching comes at regular intervals or in bursts.

    (s - m) / (s + m), with m the mean and s the POPULATION standard deviation of the span lengths.

    Args:
        labels: one word label a token.

    Returns:
        -1 (all spans equally long) over about 0 (random) towards 1 (bursts); None with fewer than two spans.

    Source: Goh & Barabási 2008; Guzmán et al. 2017.

    >>> burstiness(["en", "en", "hi", "hi"])
    -1.0
    """
    lengths = [length for _, length in spans(labels)]
    if len(lengths) < 2:
        return None
    total, deviation = sum(lengths), sqrt(_spread(lengths, lengths))
    return (deviation - total) / (deviation + total)


def memory(labels: Labels) -> float | None:
    """Whether a long span is followed by a long one: the correlation of neighbouring span lengths.

    1/(r-1) sum_{i<r} (t_i - m1)(t_{i+1} - m2) / (s1 s2) over the lengths t_1..t_r; (m1, s1) belong to all but
    the last, (m2, s2) to all but the first.

    Args:
        labels: one word label a token.

    Returns:
        -1 to 1; None with fewer than three spans, or where the lengths on either side do not vary.

    Source: Goh & Barabási 2008; Guzmán et al. 2017.

    >>> memory(["en", "hi", "hi", "en", "en", "en"])
    1.0
    """
    lengths = [length for _, length in spans(labels)]
    left, right = lengths[:-1], lengths[1:]
    varies = _spread(left, left) * _spread(right, right)
    return _spread(left, right) / sqrt(varies) if varies else None


def _spread(a: list[int], b: list[int]) -> int:
    """n^2 times the population covariance: exact, so that no spread is exactly 0."""
    return len(a) * sum(x * y for x, y in zip(a, b, strict=True)) - sum(a) * sum(b)
