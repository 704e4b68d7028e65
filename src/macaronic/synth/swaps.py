"""What may stand in place of which words of a sentence: aligned phrases of another side, or translations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.parallel import Parallel
from macaronic.synth import classes as word_classes
from macaronic.synth.class_rules import fold
from macaronic.synth.classes import CONTENT
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import LEXICON, Mixed, links, word_label

LONGEST = 3
"""An aligned phrase of more words than this, on either side, is not swapped."""


@dataclass(frozen=True, slots=True, order=True)
class Swap:
    """Words `start` to `end` (exclusive) of the main side, and what may stand in their place.

    `side` is a tag, or `lexicon`; `index` are the positions of the new words there.
    """

    start: int
    end: int
    words: tuple[str, ...]
    tag: str
    side: str
    index: tuple[int, ...]


def linked(row: Parallel, main: str, embedded: str, *, longest: int = LONGEST) -> dict[int, Swap]:
    """For each word of the main side the smallest aligned phrase pair that holds it.

    A phrase pair is a run of words on either side of which no word is linked outside of the other run (as in
    phrase-based translation). Pairs that read the same on both sides are left out.

    Args:
        row: the sentences and their links.
        main: tag of the side in which words are replaced.
        embedded: tag of the side that the words come from.
        longest: leave out pairs with more words than this on a side.

    Returns:
        Position in the main side -> swap; several positions share a swap that covers them all.

    >>> from macaronic.core.utterance import Utterance
    >>> sides = {"en": Utterance.from_words(["white", "house"]), "es": Utterance.from_words(["casa", "blanca"])}
    >>> row = Parallel("1", sides, {("en", "es"): ((0, 1), (1, 0))})
    >>> linked(row, "es", "en")[0]
    Swap(start=0, end=1, words=('house',), tag='en', side='en', index=(1,))
    """
    there: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for i, j in links(row, main, embedded):
        there.setdefault(i, []).append(j)
        back.setdefault(j, []).append(i)
    ours, theirs = row.texts[main].words, row.texts[embedded].words
    found: dict[int, Swap] = {}
    for i in there:
        if i in found or i >= len(ours):
            continue
        pair = _closed(i, there, back, longest)
        if pair is None or pair[3] > len(theirs) or pair[1] > len(ours):
            continue
        start, end, low, high = pair
        swap = Swap(start, end, theirs[low:high], embedded, embedded, tuple(range(low, high)))
        if not _same(ours[start:end], swap.words):
            found.update(dict.fromkeys(range(start, end), swap))
    return found


def _closed(
    i: int, there: Mapping[int, list[int]], back: Mapping[int, list[int]], longest: int
) -> tuple[int, int, int, int] | None:
    """The smallest consistent phrase pair around a word: [start, end) here and [low, high) there."""
    start, end, low, high = i, i + 1, min(there[i]), max(there[i]) + 1
    while True:
        if end - start > longest or high - low > longest:
            return None
        ours = [k for j in range(low, high) for k in back.get(j, ())] + [start, end - 1]
        start, end = min(ours), max(ours) + 1
        theirs = [j for k in range(start, min(end, start + 64)) for j in there.get(k, ())] + [low, high - 1]
        wider = min(theirs), max(theirs) + 1
        if wider == (low, high):
            return (start, end, low, high) if end - start <= longest else None
        low, high = wider


def listed(words: Sequence[str], pos: Sequence[str], lexicon: Lexicon) -> dict[int, Swap]:
    """For each word that a dictionary has (or that begins a phrase that it has) its likeliest translation.

    >>> from macaronic.synth.lexicon.table import build
    >>> listed(["the", "dogs"], ["DET", "NOUN"], build([("dog", "perro", 1, "")], "en", "es"))
    {1: Swap(start=1, end=2, words=('perro',), tag='es', side='lexicon', index=(1,))}
    """
    found: dict[int, Swap] = {}
    for i in range(len(words)):
        length, translations = lexicon.phrase(words, i)
        if length == 1:
            translations = lexicon.lookup(words[i], pos[i])
        if not length:
            continue
        new = tuple(translations[0].text.split())
        if not _same(words[i : i + length], new):
            found[i] = Swap(i, i + length, new, lexicon.target, LEXICON, (i,) * len(new))
    return found


def projected(row: Parallel, main: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The word classes of a side; where its rules know no class, that of the word it is linked to.

    >>> from macaronic.core.utterance import Utterance
    >>> sides = {"yo": Utterance.from_words(["ile"]), "en": Utterance.from_words(["houses"])}
    >>> projected(Parallel("1", sides, {("yo", "en"): ((0, 0),)}), "yo")
    ('NOUN',)
    """
    pos = list(word_classes.of(row.texts[main], main).pos)
    for other in others or [tag for tag in row.tags if tag != main]:
        if "X" not in pos:
            break
        theirs = word_classes.of(row.texts[other], other).pos
        for i, j in links(row, main, other):
            if i < len(pos) and j < len(theirs) and pos[i] == "X" and theirs[j] in CONTENT:
                pos[i] = theirs[j]
    return tuple(pos)


def suits(theirs: Iterable[str], pos: Collection[str]) -> bool:
    """Whether words of these classes may stand for a word of the classes `pos`: one has such a class, or none known.

    Names and adjectives may stand for nouns: languages differ in that, and rules err in it.

    >>> suits(["DET", "PROPN"], {"NOUN"}), suits(["ADP"], {"NOUN"}), suits(["X"], {"VERB"})
    (True, False, True)
    """
    wanted = {*pos, "X", *(("PROPN", "ADJ") if "NOUN" in pos else ())}
    return not wanted.isdisjoint(theirs)


def apart(swaps: Iterable[Swap]) -> list[Swap]:
    """Those swaps, in the given order, that overlap none before them."""
    taken: set[int] = set()
    kept = []
    for swap in swaps:
        span = range(swap.start, swap.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(swap)
    return kept


def shuffled(swaps: Iterable[Swap], rng: np.random.Generator) -> list[Swap]:
    """The different swaps in random order."""
    unique = sorted(set(swaps))
    return [unique[i] for i in rng.permutation(len(unique))]


def written(
    words: Sequence[str],
    tag: str,
    swaps: Iterable[Swap],
    *,
    side: str = "",
    group: str = "",
    method: str = "",
    meta: Mapping[str, object] | None = None,
) -> Mixed:
    """The main side with some words swapped; the swaps must not overlap.

    Args:
        words: the words of the main side.
        tag: the language that its words are labelled with.
        swaps: what to put in.
        side: the side's tag, when `tag` is not it (romanised words).
        group: the row.
        method: the method's name.
        meta: settings.

    >>> written(["una", "casa"], "es", [Swap(1, 2, ("house",), "en", "en", (0,))]).langs
    ('es', 'en')
    """
    rows: list[tuple[str, str, str, int]] = []
    at = 0
    for swap in [*sorted(swaps), None]:
        upto = swap.start if swap else len(words)
        rows += [(words[i], word_label(words[i], tag), side or tag, i) for i in range(at, upto)]
        if swap:
            rows += [(w, word_label(w, swap.tag), swap.side, j) for w, j in zip(swap.words, swap.index, strict=True)]
            at = swap.end
    columns = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    return Mixed(columns[0], columns[1], columns[2], columns[3], group, method, meta=dict(meta or {}))


def _same(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return [fold(w) for w in ours] == [fold(w) for w in theirs]
