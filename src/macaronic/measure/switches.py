"""Where the language changes from one word to the next: how often, between which languages, how surprising."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import log2

from macaronic.measure.labels import Labels, language_counts, language_labels


def switch_pairs(labels: Labels) -> Counter[tuple[str, str]]:
    """How often each language is followed by each other one; words without a language are skipped over.

    Args:
        labels: one word label a token.

    Returns:
        (from, to) -> count, only pairs that occur.

    >>> switch_pairs(["en", "hi", "other", "en", "en"])
    Counter({('en', 'hi'): 1, ('hi', 'en'): 1})
    """
    langs = language_labels(labels)
    return Counter((a, b) for a, b in pairwise(langs) if a != b)


def switch_count(labels: Labels) -> int:
    """The number of switch points. (Some programs call this count, and not the share, SPF.)

    Args:
        labels: one word label a token.

    Returns:
        0 up to one less than the number of language words.

    >>> switch_count(["en", "hi", "other", "en"])
    2
    """
    return switch_pairs(labels).total()


def i_index(labels: Labels) -> float | None:
    """The integration index: the share of neighbouring language words that differ in language.

    P / (N - 1), with P switch points among N language words.

    Args:
        labels: one word label a token.

    Returns:
        0 (no switch) to 1 (a switch after each word); None with fewer than two language words.

    Source: Guzmán et al. 2016, 2017.

    >>> i_index(["en", "en", "hi"])
    0.5
    """
    n = len(language_labels(labels))
    return switch_count(labels) / (n - 1) if n > 1 else None


def spf(labels: Labels) -> float | None:
    """The switch-point fraction of a sentence: its switch points by the places where it could switch.

    The same number as `i_index` of one sentence; over a corpus the mean over sentences is what is usually given.

    Args:
        labels: one word label a token.

    Returns:
        0 to 1; None with fewer than two language words.

    Source: Pratapa et al. 2018.

    >>> spf(["en", "hi", "en", "en", "en"])
    0.5
    """
    return i_index(labels)


def cs_ratio(labels: Labels) -> float | None:
    """The share of ALL words that belong to a language other than the sentence's main one.

    Args:
        labels: one word label a token.

    Returns:
        0 to below 1; None for a sentence without words.

    >>> cs_ratio(["en", "en", "hi", "other"])
    0.25
    """
    if not len(labels):
        return None
    counts = language_counts(labels)
    return (counts.total() - max(counts.values(), default=0)) / len(labels)


def switch_entropy(labels: Labels) -> float | None:
    """What switching adds to the entropy of the next step: -q log2 q with q the I-index, in bits.

    Args:
        labels: one word label a token.

    Returns:
        0 (never or always a switch) to 0.5307 (q = 1/e); None with fewer than two language words.

    Source: Guzmán et al. 2017.

    >>> switch_entropy(["en", "en", "hi"])
    0.5
    """
    q = i_index(labels)
    if q is None:
        return None
    return q * log2(1 / q) if q else 0.0


def switch_surprisal(labels: Labels) -> float | None:
    """How surprising a switch is: log2(1/q) with q the I-index, in bits.

    Args:
        labels: one word label a token.

    Returns:
        0 (each step is a switch) upwards; None without a switch, where it would be infinite.

    Source: Guzmán et al. 2017.

    >>> switch_surprisal(["en", "en", "hi"])
    1.0
    """
    q = i_index(labels)
    return log2(1 / q) if q else None
