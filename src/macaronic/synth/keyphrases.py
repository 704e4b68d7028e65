"""Key phrases of a sentence, by statistics of its own document alone.

Our reading of the formula of YAKE (Campos et al. 2020): a term counts the more, the more it is capitalised, the earlier
and the more often it stands, in the more sentences, and the fewer different neighbours it has; a phrase multiplies its
terms. The lower the score, the better the phrase.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from macaronic.synth.class_rules import fold
from macaronic.synth.classes import CONTENT, classes


class Keyphrase(NamedTuple):
    """Words `start` to `end` (exclusive) of the sentence; the lower the score, the better."""

    start: int
    end: int
    score: float


def keyphrases(
    words: Sequence[str],
    tag: str = "en",
    *,
    longest: int = 3,
    document: Sequence[Sequence[str]] = (),
    pos: Sequence[str] | None = None,
) -> list[Keyphrase]:
    """Phrases of up to `longest` words that neither begin nor end with a function word, the best first.

    Args:
        words: the sentence.
        tag: its language, for its function words.
        longest: most words in a phrase.
        document: the other sentences of the document, when there are some; they give better statistics.
        pos: the word classes of the sentence; found by rules when left out.

    Returns:
        Overlapping phrases of the sentence with scores above 0.

    Source: Campos et al. 2020 (YAKE), our reading.

    >>> words = "the White House is the house of the president".split()
    >>> best = keyphrases(words)[0]
    >>> words[best.start:best.end]
    ['White', 'House']
    """
    if not words:
        return []
    pos = pos or classes(words, tag).pos
    sentences = [list(words), *([*other] for other in document if list(other) != list(words))]
    terms = _terms(sentences)
    counts = Counter(fold(" ".join(s[i:j])) for s in sentences for i, j in _spans(len(s), longest))
    found = []
    for start, end in _spans(len(words), longest):
        if pos[start] not in CONTENT or pos[end - 1] not in CONTENT:
            continue
        if any(p in ("PUNCT", "SYM") for p in pos[start:end]):
            continue
        parts = [terms[fold(words[i])] for i in range(start, end) if pos[i] in CONTENT]
        often = counts[fold(" ".join(words[start:end]))]
        found.append(Keyphrase(start, end, math.prod(parts) / (often * (1 + sum(parts)))))
    return sorted(found, key=lambda k: (k.score, k.start - k.end, k.start))


def _spans(n: int, longest: int) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in range(n) for j in range(i + 1, min(i + longest, n) + 1))


def _terms(sentences: Sequence[Sequence[str]]) -> dict[str, float]:
    """The score of every term of a document."""
    count: Counter[str] = Counter()
    cased: Counter[str] = Counter()
    where: defaultdict[str, list[int]] = defaultdict(list)
    left: defaultdict[str, list[str]] = defaultdict(list)
    right: defaultdict[str, list[str]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        folded = [fold(w) for w in sentence]
        for i, word in enumerate(folded):
            count[word] += 1
            cased[word] += i > 0 and sentence[i][:1].isupper()
            where[word].append(number)
            left[word] += folded[i - 1 : i] if i else []
            right[word] += folded[i + 1 : i + 2]
    mean, most = statistics.fmean(count.values()), max(count.values())
    spread = statistics.pstdev(count.values())
    scores = {}
    for word, n in count.items():
        sides = [len(set(near)) / len(near) if near else 0.0 for near in (left[word], right[word])]
        related = 1 + sum(sides) * n / most
        position = math.log(math.log(3 + statistics.median(where[word])))
        case = cased[word] / (1 + math.log(n))
        often, different = n / (mean + spread), len(set(where[word])) / len(sentences)
        scores[word] = related * position / (case + often / related + different / related)
    return scores
