"""How evenly languages are used, whatever their order: M-index and language entropy."""

from __future__ import annotations

from math import log2

from macaronic.core.errors import UsageError
from macaronic.measure.labels import Labels, language_counts


def m_index(labels: Labels, *, k: int | None = None) -> float | None:
    """The multilingual index: how near the shares of k languages are to equal.

    (1 - sum p_j^2) / ((k - 1) sum p_j^2), with p_j the share of language j among the language words.

    Args:
        labels: one word label a token.
        k: how many languages could have been used, normally those of the whole corpus; those present when left out.

    Returns:
        0 (one language) to 1 (k languages, equally often); None when no word has a language.

    Raises:
        UsageError: more languages than `k` are present.

    Source: Barnett et al. 2000; Guzmán et al. 2017.

    >>> m_index(["en", "hi", "en", "hi"]), m_index(["en", "hi", "en", "hi"], k=3)
    (1.0, 0.5)
    """
    counts = language_counts(labels)
    if not counts:
        return None
    languages = len(counts) if k is None else k
    if languages < len(counts):
        raise UsageError(
            f"k must be at least the {len(counts)} languages present ({', '.join(sorted(counts))}); got {k}"
        )
    if languages == 1:
        return 0.0
    squares = sum(c * c for c in counts.values()) / counts.total() ** 2
    return (1 - squares) / ((languages - 1) * squares)


def language_entropy(labels: Labels) -> float | None:
    """The Shannon entropy of the shares of the languages, in bits.

    Args:
        labels: one word label a token.

    Returns:
        0 (one language) to log2 k; None when no word has a language.

    Source: Guzmán et al. 2017.

    >>> language_entropy(["en", "hi", "ta", "other", "bn"])
    2.0
    """
    counts = language_counts(labels)
    n = counts.total()
    return max(0.0, log2(n) - sum(c * log2(c) for c in counts.values()) / n) if n else None
