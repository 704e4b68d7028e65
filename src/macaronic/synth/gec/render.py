"""Words of the other language for a stretch of a sentence: by a translator, a dictionary or an aligned translation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from macaronic.core.protocols import Translator
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import LEXICON, Reason, joined, word_label
from macaronic.text.words import words as cut


@dataclass(frozen=True, slots=True)
class Part:
    """What stands in place of a stretch: words, the label of each, the side each comes from and its position there."""

    words: tuple[str, ...]
    langs: tuple[str, ...]
    sides: tuple[str, ...]
    index: tuple[int, ...]


Render = Callable[[Sequence[str], int, int], "Part | Reason"]
"""From the sentence's words, first and behind the last, to what stands there instead, or why there is nothing."""


def by_translator(translator: Translator, source: str, target: str) -> Render:
    """Stretches as a translator puts them, one call a stretch.

    Args:
        translator: anything that translates.
        source: tag of the sentence's language.
        target: tag of the other language.
    """

    def render(words: Sequence[str], start: int, end: int) -> Part | Reason:
        asked = joined(words[start:end])
        answer = translator.translate([asked], source, target)[0]
        got = tuple(cut(answer))
        if not got:
            return "empty answer"
        if answer.strip().casefold() == asked.casefold():
            return "wrong language"
        labels = tuple(word_label(word, target) for word in got)
        return Part(got, labels, (LEXICON,) * len(got), tuple(min(start + i, end - 1) for i in range(len(got))))

    return render


def by_lexicon(lexicon: Lexicon) -> Render:
    """Stretches word by word (and phrase by phrase) out of a dictionary; what it lacks stays as it is.

    >>> from macaronic.synth.lexicon.table import Translation
    >>> toy = Lexicon("en", "es", {"house": (Translation("casa"),)})
    >>> by_lexicon(toy)("the old house".split(), 1, 3)
    Part(words=('old', 'casa'), langs=('en', 'es'), sides=('en', 'lexicon'), index=(1, 2))
    """

    def render(words: Sequence[str], start: int, end: int) -> Part | Reason:
        out: list[tuple[str, str, str, int]] = []
        found, at = False, start
        inside = list(words[:end])
        while at < end:
            length, choices = lexicon.phrase(inside, at)
            if length:
                found = True
                out += [(w, word_label(w, lexicon.target), LEXICON, at) for w in choices[0].text.split()]
            else:
                out.append((words[at], word_label(words[at], lexicon.source), lexicon.source, at))
            at += length or 1
        if not found:
            return "not in the dictionary"
        columns = list(zip(*out))
        return Part(*(tuple(column) for column in columns))

    return render


def by_links(other: Sequence[str], links: Sequence[tuple[int, int]], tag: str) -> Render:
    """Stretches as the sentence's translation has them: its words from the first to the last that are linked.

    A stretch without links, or whose words there are also linked to words outside it, is `unaligned`.

    Args:
        other: the words of the translation.
        links: (position in the sentence, position in `other`).
        tag: the language of `other`.

    >>> by_links(["la", "casa", "vieja"], [(0, 0), (1, 2), (2, 1)], "es")("the old house".split(), 1, 3).words
    ('casa', 'vieja')
    """

    def render(words: Sequence[str], start: int, end: int) -> Part | Reason:
        mine = [j for i, j in links if start <= i < end]
        if not mine:
            return "unaligned"
        first, behind = min(mine), max(mine) + 1
        if any(first <= j < behind and not start <= i < end for i, j in links):
            return "unaligned"
        got = tuple(other[first:behind])
        labels = tuple(word_label(word, tag) for word in got)
        return Part(got, labels, (tag,) * len(got), tuple(range(first, behind)))

    return render
