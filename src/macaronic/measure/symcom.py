"""SyMCoM: which language gives which kind of word, and how far a sentence separates them."""

from __future__ import annotations

from collections import Counter

from macaronic.core.errors import UsageError
from macaronic.measure.labels import Labels, language_counts

Pair = tuple[str, str]


def main_pair(counts: Counter[str]) -> Pair | None:
    """The two most frequent languages, in alphabetical order (ties by name); None with fewer than two.

    >>> main_pair(Counter(hi=5, en=3, ta=1))
    ('en', 'hi')
    """
    ranked = sorted(counts, key=lambda name: (-counts[name], name))[:2]
    return (min(ranked), max(ranked)) if len(ranked) == 2 else None


def symcom_tags(labels: Labels, pos: Labels, *, languages: Pair | None = None) -> dict[str, float]:
    """For each part of speech, which of two languages its words come from.

    (C1 - C2) / (C1 + C2), with C1 and C2 the words of that tag in the first and the second language.

    Args:
        labels: one word label a token.
        pos: one part-of-speech tag (or None) a token.
        languages: the two languages, first and second; when left out the two most frequent, in alphabetical order.

    Returns:
        tag -> -1 (all from the second language) to 1 (all from the first), only tags that occur in either.

    Raises:
        UsageError: not as many tags as labels.

    Source: Kodali et al. 2022 (SyMCoM of a syntactic unit).

    >>> symcom_tags(["en", "en", "hi", "hi"], ["NOUN", "NOUN", "NOUN", "VERB"])
    {'NOUN': 0.3333333333333333, 'VERB': -1.0}
    """
    first, second = _counts(labels, pos, languages)
    tags = sorted(first | second)
    return {tag: (first[tag] - second[tag]) / (first[tag] + second[tag]) for tag in tags}


def symcom(labels: Labels, pos: Labels, *, languages: Pair | None = None) -> float | None:
    """How far the languages of a sentence are kept apart by part of speech.

    sum_s C_s / len |SyMCoM_s|, with C_s the words of tag s in either language and len the sum of all C_s.

    Args:
        labels: one word label a token.
        pos: one part-of-speech tag (or None) a token.
        languages: the two languages; the two most frequent when left out.

    Returns:
        0 (each tag half from each language) to 1 (each tag from one language only); None when no word counts.

    Raises:
        UsageError: not as many tags as labels.

    Source: Kodali et al. 2022 (SyMCoM of a sentence).

    >>> symcom(["en", "en", "hi", "hi"], ["NOUN", "NOUN", "NOUN", "VERB"])
    0.5
    """
    first, second = _counts(labels, pos, languages)
    length = first.total() + second.total()
    return sum(abs(first[tag] - second[tag]) for tag in first | second) / length if length else None


def _counts(labels: Labels, pos: Labels, languages: Pair | None) -> tuple[Counter[str], Counter[str]]:
    if len(labels) != len(pos):
        raise UsageError(f"one part-of-speech tag a word label is needed; got {len(pos)} for {len(labels)}")
    present = language_counts(labels)
    pair = languages or main_pair(present) or (next(iter(present), ""), "")
    words = list(zip(labels, pos, strict=True))
    first, second = (Counter(tag for label, tag in words if tag is not None and label == one) for one in pair)
    return first, second
