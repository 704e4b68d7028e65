"""A bilingual dictionary out of links: which words were linked to which, and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from macaronic.synth.align.aligner import Alignment, Pair
from macaronic.synth.align.types import folded


def lexicon(
    pairs: Sequence[Pair], alignments: Sequence[Alignment], *, min_count: int = 2, least: float = 0.0
) -> dict[str, list[tuple[str, float, int]]]:
    """The translations of each word of the first side.

    Args:
        pairs: the words of both sides.
        alignments: the links of each pair.
        min_count: leave out translations that were linked less often.
        least: leave out links of less confidence, in [0, 1].

    Returns:
        Word (case-folded) to (translation, its share of the word's links, how often), likeliest first. The shares of
        one word sum to less than 1 where translations were left out.

    >>> pairs = [(["the", "House"], ["la", "casa"])] * 2
    >>> lexicon(pairs, [Alignment(((1, 1),), (0.9,))] * 2)
    {'house': [('casa', 1.0, 2)]}
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for (words, others), alignment in zip(pairs, alignments):
        for (i, j), sure in zip(alignment.links, alignment.confidence):
            if sure >= least:
                seen[folded(words[i])][folded(others[j])] += 1
    found: dict[str, list[tuple[str, float, int]]] = {}
    for word in sorted(seen):
        total = seen[word].total()
        ranked = sorted(seen[word].items(), key=lambda item: (-item[1], item[0]))
        if kept := [(other, count / total, count) for other, count in ranked if count >= min_count]:
            found[word] = kept
    return found


def from_alignments(
    pairs: Sequence[Pair], alignments: Sequence[Alignment], *, min_count: int = 2
) -> dict[str, list[tuple[str, float]]]:
    """`lexicon` without the counts: word to (translation, share), likeliest first.

    >>> from_alignments([(["red"], ["rojo"])] * 2, [Alignment(((0, 0),), (1.0,))] * 2)
    {'red': [('rojo', 1.0)]}
    """
    found = lexicon(pairs, alignments, min_count=min_count)
    return {word: [(other, share) for other, share, _ in others] for word, others in found.items()}
