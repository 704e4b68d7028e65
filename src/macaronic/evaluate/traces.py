"""How a reasoning trace mixes languages: shares of scripts and languages, their entropy, and where it switches."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from macaronic.core.languages import is_language
from macaronic.text.scripts import script_shares
from macaronic.text.sentences import sentences

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>(.*?)(?:</\1>|\Z)", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Trace:
    """What is in a trace.

    Args:
        scripts: share of each script among its letters.
        languages: share of each language among its words.
        entropy: of the languages, in bits; 0 for one language.
        switches: changes of language from one word with a language to the next.
        words: words with a language.
        points: numbers of the sentences in which the language changes from the sentence before, from 1.
    """

    scripts: Mapping[str, float]
    languages: Mapping[str, float]
    entropy: float
    switches: int
    words: int
    points: tuple[int, ...]


def thought(response: str) -> tuple[str, str]:
    """The reasoning of a response and the answer behind it; all of it is the answer where no reasoning is marked.

    >>> thought("<think>Let me see.</think> Vier.")
    ('Let me see.', 'Vier.')
    """
    found = _THOUGHT.search(response)
    if not found:
        return "", response.strip()
    return found[2].strip(), (response[: found.start()] + response[found.end() :]).strip()


def entropy(shares: Mapping[str, float]) -> float:
    """Of a distribution, in bits.

    >>> entropy({"en": 0.5, "zh": 0.5}), entropy({"en": 1.0})
    (1.0, 0.0)
    """
    return -sum(p * math.log2(p) for p in shares.values() if p > 0) + 0.0


def traces(texts: Sequence[str], *, allowed: Sequence[str] | None = None) -> list[Trace]:
    """Look at many traces.

    Args:
        texts: reasoning traces.
        allowed: the languages that may occur, where that is known.

    Source: S022 (shares of scripts, entropy, switching points).

    >>> made = traces(["First I add the numbers. 然后我把它们乘以二。"])[0]
    >>> sorted(made.languages), made.points
    (['en', 'zh'], (2,))
    """
    from macaronic.identify import tagger
    from macaronic.text.words import words

    pieces = [sentences(text) for text in texts]
    flat = [words(piece) for part in pieces for piece in part]
    tagged = iter(tagger.load().tag(flat, allowed))
    return [_trace(text, [[*next(tagged).labels] for _ in part]) for text, part in zip(texts, pieces)]


def _trace(text: str, labels: Sequence[Sequence[str]]) -> Trace:
    spoken = [[label for label in row if is_language(label)] for row in labels]
    flat = [label for row in spoken for label in row]
    counts = Counter(flat)
    total = max(1, len(flat))
    shares = {name: n / total for name, n in counts.most_common()}
    main = [Counter(row).most_common(1)[0][0] if row else None for row in spoken]
    points, last = [], None
    for number, language in enumerate(main, 1):
        if language is not None and last is not None and language != last:
            points.append(number)
        last = language or last
    switches = sum(a != b for a, b in pairwise(flat))
    return Trace(script_shares(text), shares, entropy(shares), switches, len(flat), tuple(points))
