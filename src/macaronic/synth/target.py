"""Just so many words in the other language that the Code-Mixing Index comes as near to a target as it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.synth.class_rules import fold
from macaronic.synth.classes import CONTENT
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import LEXICON, Mixed, Outcome, word_label
from macaronic.synth.substitute import chosen_side, replaceable, why_none
from macaronic.synth.swaps import Swap, apart, projected, shuffled, written

TOLERANCE = 5.0
Rewrite = Callable[[Mixed], str]
"""From a mixed sentence to a more fluent one; a language model behind a function."""


def target_cmi(
    row: Parallel,
    *,
    target: float,
    main: str | None = None,
    lexicon: Lexicon | None = None,
    tolerance: float | None = TOLERANCE,
    rewrite: Rewrite | None = None,
    rng: np.random.Generator,
) -> Outcome:
    """Swap words one after the other, content words first, and keep the sentence whose CMI is nearest to the target.

    Args:
        row: two sides with links, or one side when a dictionary is given.
        target: the wished Code-Mixing Index in percent, 0 to 100.
        main: tag of the side to change; the first side when left out.
        lexicon: a dictionary out of the main side's language, for words without a link.
        tolerance: how many points beside the target still count as reached; None takes the nearest, however far.
        rewrite: rewrites the mixed sentence afterwards; its words are told apart by those of the sentence before.
        rng: the order of the words within content words and within the others.

    Returns:
        One sentence with `asked_cmi` and `reached_cmi` in its meta; or the reason `target unreachable` with the
        nearest and the greatest CMI that could be had, `unaligned`, `not in the dictionary`, `empty side`.

    Raises:
        UsageError: the target is not from 0 to 100, or the tolerance below 0.

    Source: S006, the word-substitution step; the measure is that of Das & Gambäck 2014.

    >>> from macaronic.core.utterance import Utterance
    >>> spanish, english = (Utterance.from_words(t.split()) for t in ("mi casa es azul", "my house is blue"))
    >>> row = Parallel("1", {"es": spanish, "en": english}, {("es", "en"): ((0, 0), (1, 1), (2, 2), (3, 3))})
    >>> target_cmi(row, target=25, rng=np.random.default_rng(0)).sentences[0].cmi
    25.0
    """
    if not 0 <= target <= 100 or (tolerance is not None and tolerance < 0):
        raise UsageError(f"expected a target CMI from 0 to 100 and a tolerance from 0; got {target} and {tolerance}")
    ours = chosen_side(row, main, lexicon)
    words = row.texts[ours].words
    if not words:
        return Outcome(row.group, reason="empty side", detail=f"no words in {ours}")
    classes = projected(row, ours)
    swaps = replaceable(row, ours, classes, lexicon)
    if not swaps:
        return Outcome(row.group, reason=why_none(row, ours, lexicon), detail="no word has a counterpart")
    content = [swap for i, swap in swaps.items() if classes[i] in CONTENT]
    others = [swap for swap in swaps.values() if swap not in content]
    order = apart([*shuffled(content, rng), *shuffled(others, rng)])
    reached = list(_course(words, ours, order))
    best = min(range(len(reached)), key=lambda k: (abs(reached[k] - target), k))
    if tolerance is not None and abs(reached[best] - target) > tolerance:
        detail = f"asked for CMI {target:g}; nearest {reached[best]:.1f}, greatest {max(reached):.1f}"
        return Outcome(row.group, reason="target unreachable", detail=detail)
    meta = {"matrix": ours, "asked_cmi": target, "reached_cmi": round(reached[best], 4), "replaced": best}
    made = written(words, ours, order[:best], group=row.group, method="target-cmi", meta=meta)
    return _rewritten(row, made, rewrite) if rewrite else Outcome(row.group, (made,))


def _course(words: Sequence[str], tag: str, order: Sequence[Swap]) -> Iterator[float]:
    """The CMI in percent with the first 0, 1, 2... swaps done; by counts, since a sentence need not be written."""
    counts = Counter(word_label(w, tag) for w in words)
    yield _cmi(counts)
    for swap in order:
        counts.subtract(word_label(w, tag) for w in words[swap.start : swap.end])
        counts.update(word_label(w, swap.tag) for w in swap.words)
        yield _cmi(counts)


def _cmi(counts: Counter[str]) -> float:
    """100 * (1 - the commonest language's words / words of any language)."""
    of_languages = [n for label, n in counts.items() if label != "other"]
    total = sum(of_languages)
    return 100 * (1 - max(of_languages) / total) if total else 0.0


def _rewritten(row: Parallel, made: Mixed, rewrite: Rewrite) -> Outcome:
    """The outcome after rewriting; words that are new and in neither side are labelled `unk`."""
    from macaronic.text.words import words as cut

    text = rewrite(made).strip()
    new = tuple(cut(text))
    if not new:
        return Outcome(row.group, reason="empty answer", detail="the rewriting gave no words")
    langs, sides, index = zip(*_origins(row, made, new), strict=True)
    whole = replace(made, words=new, langs=langs, sides=sides, index=index, text=text)
    meta: dict[str, Any] = {**made.meta, "reached_cmi": round(whole.cmi, 4), "rewritten": True}
    unknown = sum(lang == "unk" for lang in langs)
    notes = (f"{unknown} words of the rewriting stand in no side",) if unknown else ()
    return Outcome(row.group, (replace(whole, meta=meta),), notes=notes)


def _origins(row: Parallel, made: Mixed, new: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Label, side and position of each word of a rewriting: of the word that it was, else of an equal one of a side."""
    known = {
        fold(word): (word_label(word, tag), tag, i)
        for tag in reversed(row.tags)
        for i, word in enumerate(row.texts[tag].words)
    }
    before, after = [fold(w) for w in made.words], [fold(w) for w in new]
    kept: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        kept.update((b + k, a + k) for k in range(size))
    for i, word in enumerate(after):
        if i in kept:
            yield made.langs[kept[i]], made.sides[kept[i]], made.index[kept[i]]
        elif word_label(word, "en") == "other":
            yield "other", LEXICON, 0
        else:
            yield known.get(word, ("unk", LEXICON, 0))
