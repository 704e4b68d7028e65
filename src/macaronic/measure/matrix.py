"""The main ("matrix") language of a sentence."""

from __future__ import annotations

from macaronic.measure.labels import Labels, language_counts


def matrix_language(labels: Labels) -> str | None:
    """The language with the most words; among equals, the one that comes first in the sentence.

    A count of words, not a grammatical analysis: it stands for the matrix language wherever a measure needs one.

    Args:
        labels: one word label a token.

    Returns:
        A language tag, or None when no word has a language.

    >>> matrix_language(["hi", "en", "en", "hi", "other"])
    'hi'
    """
    counts = language_counts(labels)
    return max(counts, key=lambda name: counts[name]) if counts else None
