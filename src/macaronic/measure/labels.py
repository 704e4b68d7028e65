"""Which word labels count: the languages of a sentence, without what belongs to no language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from macaronic.core.languages import is_language

Labels = Sequence[str | None]
"""One word label a token: a language tag, a special label (`ne`, `other`, ...) or None."""


def language_labels(labels: Labels) -> list[str]:
    """The labels that are languages, in order; names, punctuation, mixed and unknown words are left out.

    Args:
        labels: one word label a token.

    Returns:
        The language labels alone, as many as there are language words.

    >>> language_labels(["en", "other", "hi", None, "ne", "en"])
    ['en', 'hi', 'en']
    """
    return [label for label in labels if label is not None and is_language(label)]


def language_counts(labels: Labels) -> Counter[str]:
    """How many words each language has.

    >>> language_counts(["en", "hi", "other", "en"])
    Counter({'en': 2, 'hi': 1})
    """
    return Counter(language_labels(labels))
