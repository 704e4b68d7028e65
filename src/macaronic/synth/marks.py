"""Chosen words of one text of a parallel set, said in another language: nouns, a ratio, several languages, reversed.

The forms of S003. A mark is a word of the matrix text; it is filled with the words that the other text links to it
(the paper's alignment-based variant) or with what a callable says (its variant filled by a language model).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.synth.counterparts import counterpart, distinct, fillable, fitting
from macaronic.synth.mixed import LEXICON, Outcome, word_label
from macaronic.synth.substitute import chosen_side, why_none
from macaronic.synth.swaps import Swap, projected, written


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks, as a filler sees it.

    Args:
        words: the matrix text.
        matrix: its language.
        marks: positions of the marked words.
        tag: the language to fill them in.
        reference: the same text in that language, for the filler to take the words from.
    """

    words: tuple[str, ...]
    matrix: str
    marks: tuple[int, ...]
    tag: str
    reference: str


Fill = Callable[[Marked], Sequence[str]]
"""From a marked text to one replacement a mark; an empty one leaves the word as it is."""


def noun_token(
    row: Parallel,
    *,
    main: str | None = None,
    embedded: str | None = None,
    pos: Collection[str] = ("NOUN",),
    keep: Collection[str] = (),
    fill: Fill | None = None,
    rng: np.random.Generator,
) -> Outcome:
    """Every noun of the matrix text that has a counterpart, in the other language.

    Args:
        row: two or more sides with links (without links when `fill` is given).
        main: the matrix side; the first side when left out.
        embedded: the side that fills the marks; the first other side when left out.
        pos: which classes are marked.
        keep: words that stay, such as those of fixed expressions, in lower case.
        fill: fills the marks instead of the links.
        rng: not used (nothing is chosen at random); every method takes it.

    Returns:
        One sentence; or the reason `empty side`, `no switchable word` (no such noun), `unaligned`, `empty answer`
        (the filler gave nothing).

    Source: S003, noun-token.

    >>> from macaronic.core.utterance import Utterance
    >>> english, spanish = (Utterance.from_words(t.split()) for t in ("the dog sleeps", "el perro duerme"))
    >>> row = Parallel("1", {"en": english, "es": spanish}, {("en", "es"): ((0, 0), (1, 1), (2, 2))})
    >>> noun_token(row, rng=np.random.default_rng(0)).sentences[0].text
    'the perro sleeps'
    """
    ours, others, empty = _sides(row, main, (embedded,) if embedded else ())
    if empty:
        return empty
    found = [i for i, p in enumerate(projected(row, ours)) if p in pos and row.texts[ours].words[i].lower() not in keep]
    if not found:
        return Outcome(row.group, reason="no switchable word", detail=f"no word of class {', '.join(sorted(pos))}")
    meta: dict[str, object] = {"marks": len(found)}
    if fill is None:
        fits = set(fitting(row, ours, others[0], pos))
        found = [i for i in found if i in fits]
    return _filled(row, ours, [(i, others[0]) for i in found], fill, "noun-token", meta)


def ratio_token(
    row: Parallel,
    *,
    main: str | None = None,
    embedded: str | None = None,
    ratio: float = 0.2,
    fill: Fill | None = None,
    rng: np.random.Generator,
) -> Outcome:
    """Exactly max(1, floor(ratio * n)) of the n words of the matrix text, chosen at random, in the other language.

    Marks are drawn among the words that can be filled, so that as many words change as were asked for; where fewer
    can, all those change and a note says so.

    Args:
        row: two or more sides with links (without links when `fill` is given).
        main: the matrix side; the first side when left out.
        embedded: the side that fills the marks; the first other side when left out.
        ratio: above 0 to 1.
        fill: fills the marks instead of the links.
        rng: which words.

    Raises:
        UsageError: `ratio` is not in its range.

    Source: S003, ratio-token (its ratio is 0.2).
    """
    if not 0 < ratio <= 1:
        raise UsageError(f"expected a ratio above 0 and up to 1; got {ratio}")
    ours, others, empty = _sides(row, main, (embedded,) if embedded else ())
    if empty:
        return empty
    count = _count(row, ours, ratio)
    able = fillable(row, ours, others[0], fill is not None)
    drawn = [able[i] for i in rng.permutation(len(able))]
    marks = distinct(row, ours, [(i, others[0]) for i in drawn], count, fill is not None)
    return _filled(row, ours, marks, fill, "ratio-token", {"asked_ratio": ratio, "marks": count})


def extreme(
    row: Parallel,
    *,
    main: str | None = None,
    embedded: Sequence[str] = (),
    pos: Collection[str] = ("NOUN",),
    fill: Fill | None = None,
    rng: np.random.Generator,
) -> Outcome:
    """Marks spread evenly over several languages: each language fills as many of them as any other, give or take one.

    Args:
        row: a side for the matrix and one for each embedded language.
        main: the matrix side; the first side when left out.
        embedded: the other languages; all other sides when left out.
        pos: which classes are marked.
        fill: fills the marks instead of the links, once a language.
        rng: which mark goes to which language.

    Source: S003, extreme code-switching.
    """
    ours, others, empty = _sides(row, main, tuple(embedded))
    if empty:
        return empty
    found = [i for i, p in enumerate(projected(row, ours)) if p in pos]
    if not found:
        return Outcome(row.group, reason="no switchable word", detail=f"no word of class {', '.join(sorted(pos))}")
    able = {tag: set(fillable(row, ours, tag, True) if fill else fitting(row, ours, tag, pos)) for tag in others}
    order = [others[i] for i in rng.permutation(len(others))]
    marks: list[tuple[int, str]] = []
    given = dict.fromkeys(others, 0)
    for i in (found[k] for k in rng.permutation(len(found))):
        for tag in sorted((tag for tag in order if i in able[tag]), key=lambda t: given[t]):
            if len(distinct(row, ours, [*marks, (i, tag)], len(marks) + 1, fill is not None)) > len(marks):
                marks.append((i, tag))
                given[tag] += 1
                break
    if given and max(given.values()) - min(given.values()) > 1:
        marks = _evened(marks, min(given.values()) + 1)
    return _filled(row, ours, marks, fill, "extreme", {"marks": len(found), "languages": len(others)})


def reverse(
    row: Parallel, *, embedded: str = "en", main: str | None = None, fill: Fill | None = None, rng: np.random.Generator
) -> Outcome:
    """English nouns inside a text of another language: noun-token with the roles exchanged.

    Args:
        row: an English side, another side, and their links.
        embedded: the side that the nouns come from.
        main: the matrix side; the first other side when left out.
        fill: fills the marks instead of the links.
        rng: not used; every method takes it.

    Source: S003, reversed direction (Arabic, German, French and Chinese as matrix).
    """
    others = [tag for tag in row.tags if tag != embedded]
    if embedded not in row.texts or not others:
        raise UsageError(f"expected a side in {embedded} and another; got {', '.join(row.tags)}")
    made = noun_token(row, main=main or others[0], embedded=embedded, fill=fill, rng=rng)
    return made


def _sides(row: Parallel, main: str | None, embedded: tuple[str, ...]) -> tuple[str, tuple[str, ...], Outcome | None]:
    """The matrix side, the others, and the outcome of a row that has an empty side."""
    ours = chosen_side(row, main)
    others = embedded or tuple(tag for tag in row.tags if tag != ours)
    unknown = [tag for tag in others if tag not in row.texts or tag == ours]
    if unknown or not others:
        raise UsageError(
            f"expected other languages of the row, {', '.join(row.tags)}; got {', '.join(unknown) or 'none'}"
        )
    empty = [tag for tag in (ours, *others) if not row.texts[tag].words]
    if empty:
        return ours, others, Outcome(row.group, reason="empty side", detail=f"no words in {', '.join(empty)}")
    return ours, others, None


def _count(row: Parallel, main: str, ratio: float) -> int:
    """max(1, floor(ratio * n)) of the n words that have a letter."""
    n = sum(word_label(w, main) != "other" for w in row.texts[main].words)
    return max(1, int(ratio * n + 1e-9))


def _evened(marks: list[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    """At most so many marks of each language."""
    kept: list[tuple[int, str]] = []
    for mark in marks:
        if sum(tag == mark[1] for _, tag in kept) < most:
            kept.append(mark)
    return kept


def _filled(
    row: Parallel, main: str, marks: list[tuple[int, str]], fill: Fill | None, method: str, meta: dict[str, object]
) -> Outcome:
    """The sentence with its marks filled, or why there is none."""
    words = row.texts[main].words
    swaps: list[Swap] = []
    by_language: dict[str, int] = {}
    for tag in dict.fromkeys(tag for _, tag in marks):
        places = sorted(i for i, own in marks if own == tag)
        found = _said(row, main, tag, places, fill) if fill else _linked(row, main, tag, places)
        swaps += found
        by_language[tag] = len(found)
    if not swaps:
        reason = "empty answer" if fill and marks else why_none(row, main, None)
        return Outcome(row.group, reason=reason, detail=f"{len(marks)} marks, none of them filled")
    told = {"matrix": main, **meta, "filled": len(swaps), "by_language": by_language}
    wanted = int(str(meta["marks"]))
    notes = (f"{wanted - len(swaps)} of {wanted} marks have no counterpart",) if len(swaps) < wanted else ()
    return Outcome(row.group, (written(words, main, swaps, group=row.group, method=method, meta=told),), notes=notes)


def _linked(row: Parallel, main: str, tag: str, places: list[int]) -> list[Swap]:
    there, theirs, able = counterpart(row, main, tag), row.texts[tag].words, set(fillable(row, main, tag, False))
    kept = distinct(row, main, [(i, tag) for i in places if i in able], len(places), False)
    return [Swap(i, i + 1, tuple(theirs[j] for j in there[i]), tag, tag, there[i]) for i, _ in kept]


def _said(row: Parallel, main: str, tag: str, places: list[int], fill: Fill) -> list[Swap]:
    """What a filler says; its words come out of no side."""
    told = fill(Marked(row.texts[main].words, main, tuple(places), tag, row.text(tag)))
    pairs = zip(places, told, strict=False)
    return [
        Swap(i, i + 1, new, tag, LEXICON, (i,) * len(new))
        for i, new in ((i, tuple(text.split())) for i, text in pairs)
        if new and new != (row.texts[main].words[i],)
    ]
