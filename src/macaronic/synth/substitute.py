"""Put words of chosen classes into another language: through a dictionary, or through word links of parallel text."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.synth import classes as word_classes
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import LEXICON, Outcome, Reason, pair
from macaronic.synth.swaps import Swap, apart, linked, listed, projected, shuffled, suits, written

NOUNS = ("NOUN",)


def substitute(
    row: Parallel,
    *,
    main: str | None = None,
    lexicon: Lexicon | None = None,
    pos: Collection[str] = NOUNS,
    ratio: float = 1.0,
    rng: np.random.Generator,
) -> Outcome:
    """Replace a part of the words of some classes by their counterparts in another language.

    Args:
        row: two sides with links, or one side when a dictionary is given.
        main: tag of the side to change; the dictionary's language, or the first side, when left out.
        lexicon: a dictionary out of the main side's language; without one the links of the row are used. Where both
            are there the links come first.
        pos: UPOS classes of the words to replace; a word whose class is not known counts by the word it is linked to.
            What replaces it must hold a word that suits the classes.
        ratio: the part of the replaceable words to replace, above 0 to 1; at least one word is.
        rng: which words, when not all.

    Returns:
        One sentence, or a reason: `empty side`, `unaligned` (no links), `not in the dictionary`, `no switchable word`.

    Raises:
        UsageError: `ratio` is not in its range, or the row has no such side.

    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.synth.lexicon.table import build
    >>> row = Parallel("1", {"en": Utterance.from_words("The old dog sleeps".split())})
    >>> toy = build([("dog", "perro", 1, "NOUN")], "en", "es")
    >>> substitute(row, lexicon=toy, rng=np.random.default_rng(0)).sentences[0].text
    'The old perro sleeps'
    """
    if not 0 < ratio <= 1:
        raise UsageError(f"expected a ratio above 0 and up to 1; got {ratio}")
    ours = chosen_side(row, main, lexicon)
    words = row.texts[ours].words
    if not words:
        return Outcome(row.group, reason="empty side", detail=f"no words in {ours}")
    classes = projected(row, ours)
    wanted = [i for i, p in enumerate(classes) if p in pos]
    if not wanted:
        return Outcome(row.group, reason="no switchable word", detail=f"no word of class {', '.join(sorted(pos))}")
    swaps = replaceable(row, ours, classes, lexicon)
    theirs = {tag: word_classes.of(row.texts[tag], tag).pos for tag in row.tags if tag != ours}
    swaps = {i: s for i, s in swaps.items() if s.side == LEXICON or suits((theirs[s.side][j] for j in s.index), pos)}
    found = apart(shuffled((swaps[i] for i in wanted if i in swaps), rng))
    if not found:
        return Outcome(row.group, reason=why_none(row, ours, lexicon), detail=f"{len(wanted)} words of the classes")
    kept = found[: max(1, int(ratio * len(found) + 1e-9))]
    meta = {"matrix": ours, "asked_ratio": ratio, "replaced": len(kept), "replaceable": len(found)}
    sentence = written(words, ours, kept, group=row.group, method="substitute", meta=meta)
    missing = len(wanted) - sum(i in swaps for i in wanted)
    notes = (f"{missing} words of the classes have no counterpart",) if missing else ()
    return Outcome(row.group, (sentence,), notes=notes)


def replaceable(row: Parallel, main: str, classes: tuple[str, ...], lexicon: Lexicon | None) -> dict[int, Swap]:
    """What may stand in place of each word: an aligned phrase, else a translation."""
    found: dict[int, Swap] = {}
    if lexicon is not None:
        found.update(listed(row.texts[main].words, classes, lexicon))
    for other in reversed([tag for tag in row.tags if tag != main]):
        if lexicon is None or other == lexicon.target:
            found.update(linked(row, main, other))
    return found


def chosen_side(row: Parallel, main: str | None, lexicon: Lexicon | None = None) -> str:
    """The side to change: the one asked for, or the one that the dictionary speaks, or the first.

    Raises:
        UsageError: the row has no such side.
    """
    source = lexicon.source if lexicon and lexicon.source in row.texts else None
    ours = main or source or row.tags[0]
    if ours not in row.texts:
        raise UsageError(f"expected one of the languages of the row, {', '.join(row.tags)}; got {ours!r}")
    if lexicon is None and len(row.tags) > 1:
        return pair(row, ours)[0]
    return ours


def why_none(row: Parallel, main: str, lexicon: Lexicon | None) -> Reason:
    """Why a row has nothing to put in: an empty or unlinked other side, or words that the dictionary lacks."""
    if lexicon is not None:
        return "not in the dictionary"
    others = [tag for tag in row.tags if tag != main]
    if others and not any(row.texts[tag].words for tag in others):
        return "empty side"
    linked_sides = any(main in key and found for key, found in row.links.items())
    return "no switchable word" if linked_sides else "unaligned"
