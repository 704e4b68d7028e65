"""HinGE's two generators: nouns and adjectives, or key phrases, of the embedded text inside the matrix text (S028).

The paper looked words up in an online dictionary; here it is a `Lexicon`, the links of the row, or both (dictionary
first). What stays of the matrix text is written in Latin letters, as Hinglish is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from macaronic.core.languages import in_latin as latin_tag
from macaronic.core.languages import script
from macaronic.core.parallel import Parallel
from macaronic.synth import classes as word_classes
from macaronic.synth.class_rules import fold
from macaronic.synth.keyphrases import keyphrases
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import Mixed, Outcome, Reason, links, pair, word_label
from macaronic.synth.swaps import LONGEST, Swap, apart, projected, written
from macaronic.text.romanise import romanise

_SIGNS = {"।": ".", "॥": ".", "،": ",", "؛": ";", "؟": "?", "。": ".", "，": ","}
NAMING = ("NOUN", "PROPN", "ADJ")


def wac(
    row: Parallel,
    *,
    main: str | None = None,
    lexicon: Lexicon | None = None,
    pos: Collection[str] = NAMING,
    romanised: bool = True,
    rng: np.random.Generator,
) -> Outcome:
    """Word-aligned mixing: every noun and adjective of the matrix that has one in the other text becomes that word.

    Args:
        row: a matrix side (Hindi in the paper) and an embedded one (English).
        main: the matrix side; the first when left out.
        lexicon: a dictionary between the two, either way round; links fill what it lacks.
        pos: word classes that are replaced, by the class on either side.
        romanised: write what stays in Latin letters.
        rng: not used (nothing is chosen at random); every method takes it.

    Returns:
        One sentence, or the reason `empty side`, `unaligned`, `not in the dictionary`, `no switchable word`.

    Source: S028, WAC.

    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.synth.lexicon.table import build
    >>> row = Parallel("1", {"hi": Utterance.from_words("यह किताब अच्छी है".split()),
    ...     "en": Utterance.from_words("this book is good".split())})
    >>> toy = build([("book", "किताब", 1, "NOUN"), ("good", "अच्छी", 1, "ADJ")], "en", "hi")
    >>> wac(row, lexicon=toy, rng=np.random.default_rng(0)).sentences[0].text
    'ye book good hai'
    """
    matrix, other = pair(row, main)
    pairs = _pairs(row, matrix, other, lexicon)
    missing = _missing(row, matrix, other, lexicon, pairs)
    if missing:
        return missing
    ours, theirs = projected(row, matrix), word_classes.of(row.texts[other], other).pos
    words = row.texts[other].words
    swaps = [
        Swap(i, i + 1, (words[j],), other, other, (j,))
        for i, j in pairs
        if ours[i] in pos and theirs[j] in pos and fold(words[j]) != fold(row.texts[matrix].words[i])
    ]
    return _made(row, matrix, swaps, romanised, "wac")


def pac(
    row: Parallel,
    *,
    main: str | None = None,
    lexicon: Lexicon | None = None,
    longest: int = LONGEST,
    romanised: bool = True,
    rng: np.random.Generator,
) -> Outcome:
    """Phrase-aligned mixing: key phrases of the embedded text in place of the longest matrix phrase that matches them.

    A key phrase matches the run of matrix words that its words are paired with, when no word of that run is paired
    outside of the phrase; where the whole phrase has none, its longest part that has one counts.

    Args:
        row: a matrix side (Hindi in the paper) and an embedded one (English).
        main: the matrix side; the first when left out.
        lexicon: a dictionary between the two, either way round; links fill what it lacks.
        longest: most words of a key phrase (3 in the paper).
        romanised: write what stays in Latin letters.
        rng: not used (nothing is chosen at random); every method takes it.

    Returns:
        One sentence, or a reason as for `wac`.

    Source: S028, PAC; the key phrases are `keyphrases`, our reading of YAKE.
    """
    matrix, other = pair(row, main)
    pairs = _pairs(row, matrix, other, lexicon)
    missing = _missing(row, matrix, other, lexicon, pairs)
    if missing:
        return missing
    words = row.texts[other].words
    swaps: list[Swap] = []
    used: set[int] = set()
    for phrase in _ranked(words, other, longest, word_classes.of(row.texts[other], other).pos):
        span = _matched(pairs, phrase)
        if span and used.isdisjoint(range(*phrase)) and span[1] - span[0] <= longest + 1:
            swap = Swap(*span, words[slice(*phrase)], other, other, tuple(range(*phrase)))
            if len(apart([*swaps, swap])) > len(swaps):
                swaps.append(swap)
                used.update(range(*phrase))
    return _made(row, matrix, swaps, romanised, "pac")


def in_latin(made: Mixed, tag: str) -> Mixed:
    """A sentence whose words in the language `tag` are written in Latin letters, and labelled so.

    >>> in_latin(Mixed(("यह", "book"), ("hi", "en"), ("hi", "en"), (0, 1)), "hi").langs
    ('hi-Latn', 'en')
    """
    if script(tag) == "Latn":
        return made
    ours = [lang in (tag, "other") for lang in made.langs]
    words = tuple(_SIGNS.get(w) or romanise(w, tag) if own else w for w, own in zip(made.words, ours, strict=True))
    langs = tuple(latin_tag(tag) if lang == tag else lang for lang in made.langs)
    return Mixed(words, langs, made.sides, made.index, made.group, made.method, meta=made.meta)


def _pairs(row: Parallel, matrix: str, other: str, lexicon: Lexicon | None) -> list[tuple[int, int]]:
    """One-to-one pairs of words: by the dictionary in order of place, then by the links among words still free."""
    ours, theirs = row.texts[matrix].words, row.texts[other].words
    found: dict[int, int] = {}
    if lexicon is not None:
        asked, told = (ours, theirs) if lexicon.source == matrix else (theirs, ours)
        places: dict[str, list[int]] = {}
        for j, word in enumerate(told):
            places.setdefault(fold(word), []).append(j)
        taken: set[int] = set()
        for i, word in enumerate(asked):
            texts = [fold(t.text) for t in lexicon.lookup(word)]
            free = [j for text in texts for j in places.get(text, ()) if j not in taken]
            if free:
                taken.add(free[0])
                found.update([(i, free[0])] if asked is ours else [(free[0], i)])
    free_theirs = set(range(len(theirs))) - set(found.values())
    for i, j in links(row, matrix, other):
        if i < len(ours) and i not in found and j in free_theirs:
            found[i] = j
            free_theirs.discard(j)
    lettered = [(i, j) for i, j in found.items() if word_label(ours[i], matrix) != "other"]
    return sorted((i, j) for i, j in lettered if word_label(theirs[j], other) != "other")


def _missing(
    row: Parallel, matrix: str, other: str, lexicon: Lexicon | None, pairs: Sequence[tuple[int, int]]
) -> Outcome | None:
    empty = [tag for tag in (matrix, other) if not row.texts[tag].words]
    if empty:
        return Outcome(row.group, reason="empty side", detail=f"no words in {', '.join(empty)}")
    if not pairs:
        reason: Reason = "not in the dictionary" if lexicon else "unaligned"
        return Outcome(row.group, reason=reason, detail="no word of one side is paired with one of the other")
    return None


def _ranked(words: Sequence[str], tag: str, longest: int, pos: Sequence[str]) -> list[tuple[int, int]]:
    """Key phrases, the best first, each followed by its parts, the longest first; each span once."""
    order: dict[tuple[int, int], None] = {}
    for key in keyphrases(words, tag, longest=longest, pos=pos):
        parts = [(i, j) for i in range(key.start, key.end) for j in range(i + 1, key.end + 1)]
        good = [(i, j) for i, j in parts if pos[i] in word_classes.CONTENT and pos[j - 1] in word_classes.CONTENT]
        order.update(dict.fromkeys(sorted(good, key=lambda s: (s[0] - s[1], s[0]))))
    return list(order)


def _matched(pairs: Sequence[tuple[int, int]], phrase: tuple[int, int]) -> tuple[int, int] | None:
    """The run of matrix words that a phrase is paired with; None when a word in it is paired elsewhere."""
    ours = [i for i, j in pairs if phrase[0] <= j < phrase[1]]
    if len(ours) < phrase[1] - phrase[0]:
        return None
    start, end = min(ours), max(ours) + 1
    outside = any(start <= i < end and not phrase[0] <= j < phrase[1] for i, j in pairs)
    return None if outside else (start, end)


def _made(row: Parallel, matrix: str, swaps: list[Swap], romanised: bool, method: str) -> Outcome:
    if not swaps:
        return Outcome(row.group, reason="no switchable word", detail="nothing paired is of the classes to replace")
    meta = {"matrix": matrix, "replaced": len(swaps), "romanised": romanised}
    made = written(row.texts[matrix].words, matrix, apart(swaps), group=row.group, method=method, meta=meta)
    return Outcome(row.group, (in_latin(made, matrix) if romanised else made,))
