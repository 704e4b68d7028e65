"""The Blend attack: say a classifier's most important words in another language, as long as the text stays similar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.protocols import Embedder
from macaronic.synth.attack.gate import CharacterNgrams, least, similarity
from macaronic.synth.attack.masking import Floats, Predict, importance, probabilities
from macaronic.synth.attack.switchable import Candidates, Dictionary, candidates, rewritten
from macaronic.synth.mixed import LEXICON, Mixed, word_label
from macaronic.text.words import words

Kept = Literal["misclassified", "no switchable word", "not in the dictionary", "not similar enough"]
"""Why a text was left as it is."""

_CHUNK = 64
Choice = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attacked:
    """One text after the attack.

    Args:
        text: the text as it came.
        perturbed: the text as it is now; the same when `kept` says why.
        label: the right class.
        before: the class that the classifier gives `text`.
        after: the class that it gives `perturbed`.
        changes: (position among the word tokens of `text`, word, new words) of each replaced word.
        similarity: of `text` and `perturbed`, by the embedder.
        kept: why nothing was changed.
    """

    text: str
    perturbed: str
    label: int
    before: int
    after: int
    changes: tuple[tuple[int, str, str], ...] = ()
    similarity: float = 1.0
    kept: Kept | None = None

    def mixed(self, main: str, other: str, *, group: str = "") -> Mixed:
        """The perturbed text word by word: the words of `main` that stayed, words of `other` from the lexicon.

        >>> one = Attacked("a dog", "a perro", 0, 0, 1, ((1, "dog", "perro"),)).mixed("en", "es")
        >>> one.langs, one.sides, one.index
        (('en', 'es'), ('en', 'lexicon'), (0, 1))
        """
        new = {position: words(there) for position, _, there in self.changes}
        rows = [
            (word, word_label(word, other if i in new else main), LEXICON if i in new else main, i)
            for i, own in enumerate(words(self.text))
            for word in new.get(i, [own])
        ]
        told, langs, sides, index = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Mixed(told, langs, sides, index, group, "blend", self.perturbed)


def blend(
    texts: Sequence[str],
    gold: Sequence[int],
    predict: Predict,
    dictionary: Dictionary,
    *,
    ratio: float = 0.4,
    language: str | None = None,
    protected: Collection[str] = (),
    embedder: Embedder | None = None,
    threshold: float | None = None,
    mask: str = "[MASK]",
    compat: bool = False,
    batch: int = 256,
) -> list[Attacked]:
    """Attack a classifier with words of another language.

    A text that is classified rightly gets its most important words translated: of the words that may be replaced
    the share `ratio`, rounded down, at least one, those first whose masking costs the right class the most and that
    the dictionary holds. If the result is less similar to the text than the threshold, the least important of them
    gives way to a word that was not chosen: of all such swaps the most similar one counts, and if that is not similar
    enough either, the text stays. Nothing is drawn: the same input gives the same result.

    Args:
        texts: n texts.
        gold: their right classes, numbers of columns of what `predict` gives.
        predict: the classifier: texts to probabilities (n, classes).
        dictionary: word -> translation or translations, best first (the first that is another word is taken).
        ratio: share of the words to replace, in (0, 1].
        language: tag of the texts' language; words of its closed classes stay.
        protected: words that must stay.
        embedder: judges similarity; `CharacterNgrams` when left out.
        threshold: least similarity; when left out 0.1 for texts of more than 15 words, else 0.
        mask: stands in for a word whose importance is measured; "" leaves the word out.
        compat: rank words as the authors' code does (see `importance`).
        batch: texts for each call of `predict`.

    Returns:
        One row a text, in order.

    Raises:
        UsageError: unequal lengths, a ratio outside (0, 1], a class that the classifier does not know.

    Source: S015 (IndoRobusta-Blend).

    >>> def predict(texts): return np.array([[0.9, 0.1] if "good" in text else [0.2, 0.8] for text in texts])
    >>> row = blend(["a good day"], [0], predict, {"good": ["bueno"], "day": ["día"]}, ratio=0.5, language="en")[0]
    >>> row.perturbed, row.before, row.after
    ('a bueno day', 0, 1)
    """
    if len(texts) != len(gold):
        raise UsageError(f"expected one class for each text, got {len(texts)} texts and {len(gold)} classes")
    if not 0 < ratio <= 1:
        raise UsageError(f"expected a ratio above 0 and at most 1, got {ratio}")
    judge = embedder or CharacterNgrams()
    out: list[Attacked] = []
    for at in range(0, len(texts), _CHUNK):
        part, right = texts[at : at + _CHUNK], [int(label) for label in gold[at : at + _CHUNK]]
        before = _classes(predict, part, right, batch)
        rows = [candidates(text, dictionary, language=language, protected=protected) for text in part]
        kept = [_kept(row, now, label) for row, now, label in zip(rows, before, right)]
        todo = [i for i, why in enumerate(kept) if why is None]
        order = _ranked([rows[i] for i in todo], [right[i] for i in todo], predict, mask, compat, batch)
        chosen, alike = _gated([rows[i] for i in todo], order, ratio, threshold, judge)
        changed = {i: (choice, value) for i, choice, value in zip(todo, chosen, alike)}
        new = [_with(row, changed[i][0]) if i in changed else row.text for i, row in enumerate(rows)]
        after = probabilities(predict, new, batch=batch).argmax(axis=1)
        for i, row in enumerate(rows):
            choice, value = changed.get(i, ((), 1.0))
            why = kept[i] if i not in changed or choice else "not similar enough"
            told = tuple((k, row.word(k), row.translations[k]) for k in sorted(choice))
            out.append(Attacked(row.text, new[i], right[i], int(before[i]), int(after[i]), told, float(value), why))
    return out


def _classes(predict: Predict, texts: Sequence[str], gold: Sequence[int], batch: int) -> list[int]:
    seen = probabilities(predict, texts, batch=batch)
    wrong = next((label for label in gold if not 0 <= label < seen.shape[1]), None)
    if wrong is not None:
        raise UsageError(f"expected classes from 0 to {seen.shape[1] - 1}, as the classifier has them, got {wrong}")
    return [int(label) for label in seen.argmax(axis=1)]


def _kept(row: Candidates, before: int, gold: int) -> Kept | None:
    if before != gold:
        return "misclassified"
    if not row.eligible:
        return "no switchable word"
    return None if row.translations else "not in the dictionary"


def _ranked(
    rows: Sequence[Candidates], gold: Sequence[int], predict: Predict, mask: str, compat: bool, batch: int
) -> list[Choice]:
    """For each text its translatable positions, the most important first; equal ones from left to right."""
    places = [sorted(row.translations) for row in rows]
    spans = [[row.spans[i] for i in own] for row, own in zip(rows, places)]
    texts = [row.text for row in rows]
    scores = importance(texts, spans, gold, predict, mask=mask, compat=compat, batch=batch)
    return [tuple(own[k] for k in np.argsort(-score, kind="stable")) for own, score in zip(places, scores)]


def _gated(
    rows: Sequence[Candidates], order: Sequence[Choice], ratio: float, threshold: float | None, judge: Embedder
) -> tuple[list[Choice], list[float]]:
    """The words to replace in each text and the similarity that results; no words where none are similar enough."""
    chosen = [own[: max(1, floor(ratio * len(row.eligible) + 1e-9))] for row, own in zip(rows, order)]
    alike = list(_alike(rows, chosen, judge))
    bars = [least(len(row.spans)) if threshold is None else threshold for row in rows]
    for i in [i for i, value in enumerate(alike) if value < bars[i]]:
        swaps = [(*chosen[i][:-1], other) for other in order[i][len(chosen[i]) :]]
        values = _alike([rows[i]] * len(swaps), swaps, judge)
        best = int(values.argmax()) if len(swaps) else -1
        fits = best >= 0 and values[best] >= bars[i]
        chosen[i], alike[i] = (swaps[best], float(values[best])) if fits else ((), 1.0)
    return chosen, alike


def _alike(rows: Sequence[Candidates], choices: Sequence[Choice], judge: Embedder) -> Floats:
    return similarity(judge, [row.text for row in rows], [_with(row, own) for row, own in zip(rows, choices)])


def _with(row: Candidates, choice: Choice) -> str:
    return rewritten(row.text, row.spans, {i: row.translations[i] for i in choice})


def tally(rows: Iterable[Attacked]) -> Counter[str]:
    """How many texts were changed, and how many were left for which reason.

    >>> tally([Attacked("a", "a", 0, 1, 1, kept="misclassified"), Attacked("a", "b", 0, 0, 0)])["changed"]
    1
    """
    return Counter(row.kept or "changed" for row in rows)
