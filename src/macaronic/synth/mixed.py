"""What every method of synthesis gives: mixed sentences whose words know where they come from, or a reason."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.measure.cmi import cmi
from macaronic.text.scripts import UNSPACED, script_of

Reason = Literal[
    "empty side",
    "unequal line counts",
    "misnumbered alignment",
    "parse does not cover the words",
    "unaligned",
    "too few links",
    "no equivalence point",
    "no switchable word",
    "not in the dictionary",
    "target unreachable",
    "too long",
    "empty answer",
    "refusal",
    "malformed answer",
    "wrong language",
    "rejected by the judges",
    "call failed",
]
"""Why a row gave nothing; runs print how often each occurred."""

LEXICON = "lexicon"
"""The side of a word that came out of a dictionary and not out of a sentence."""

_CLOSING = frozenset(".,;:!?…)]}»”’%،؛؟।॥。、，！？：；）」』")
_OPENING = frozenset("([{«“‘¿¡（「『")


def word_label(word: str, tag: str) -> str:
    """The label of a word of a sentence in language `tag`: the tag if it has a letter, else `other`.

    >>> word_label("casa", "es"), word_label("12.5", "es")
    ('es', 'other')
    """
    return tag if any(unicodedata.category(c)[0] == "L" for c in word) else "other"


@dataclass(frozen=True, slots=True)
class Mixed:
    """One mixed sentence.

    Args:
        words: its words, in order.
        langs: one label a word: a language tag, or `other` for punctuation, digits and the like.
        sides: which side of the row each word stands in (that side's tag), or `lexicon`.
        index: the word's position in its side (from 0); for a word of the lexicon, the position in the main side of
            the word that it stands for.
        group: the row that it was made of.
        method: how, such as `ec` or `noun-token`.
        text: how it is written; joined from the words when left out.
        meta: settings and what was reached (JSON-like), such as `{"matrix": "hi", "asked_cmi": 25}`.

    >>> one = Mixed(("la", "white", "house"), ("es", "en", "en"), ("es", "en", "en"), (0, 1, 2))
    >>> round(one.cmi, 1), one.text
    (33.3, 'la white house')
    """

    words: tuple[str, ...]
    langs: tuple[str, ...]
    sides: tuple[str, ...]
    index: tuple[int, ...]
    group: str = ""
    method: str = ""
    text: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text:
            object.__setattr__(self, "text", joined(self.words))

    @property
    def cmi(self) -> float:
        """The Code-Mixing Index of its words, in percent (Das & Gambäck 2014)."""
        return cmi(self.langs)

    @property
    def main(self) -> str:
        """The language of most words (of equals, the first to occur); empty when no word has one."""
        counts = Counter(lang for lang in self.langs if lang != "other")
        return max(counts, key=lambda lang: counts[lang]) if counts else ""

    @property
    def is_mixed(self) -> bool:
        """Whether it holds words of more than one language."""
        return len({lang for lang in self.langs if lang != "other"}) > 1

    def utterance(self, number: int = 0) -> Utterance:
        """The sentence as a row: layers `lang` and `source` (`tag:position`), the rest in `meta.synth`.

        >>> one = Mixed(("la", "house"), ("es", "en"), ("es", "en"), (0, 2), group="7", method="ec")
        >>> one.utterance().layers["source"]
        ('es:0', 'en:2')
        """
        layers = {
            "lang": self.langs,
            "source": tuple(f"{side}:{place}" for side, place in zip(self.sides, self.index)),
        }
        told = {"method": self.method, "cmi": round(self.cmi, 4), **self.meta}
        return Utterance.from_words(
            self.words,
            layers=layers,
            text=self.text,
            id=f"{self.group}#{number}",
            labels={"lang": self.main} if self.main else {},
            meta={"synth": {"of": self.group, **told}},
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row gave: sentences, or the reason for none.

    Args:
        group: the row.
        sentences: what was made; empty when `reason` is given.
        count: how many different sentences the method could make, where that was counted.
        reason: why there is no sentence.
        detail: the reason in words, for people.
        notes: what a reader must know of a row that did give sentences, such as unaligned words.
    """

    group: str
    sentences: tuple[Mixed, ...] = ()
    count: int | None = None
    reason: Reason | None = None
    detail: str = ""
    notes: tuple[str, ...] = ()


def tally(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How many rows gave nothing, by reason; rows that gave something are counted under `made`.

    >>> tally([Outcome("1", reason="unaligned"), Outcome("2", (Mixed(("a",), ("en",), ("en",), (0,)),))])
    Counter({'unaligned': 1, 'made': 1})
    """
    return Counter("made" if outcome.sentences else str(outcome.reason) for outcome in outcomes)


def joined(words: Sequence[str]) -> str:
    """Words as running text: no space before closing and behind opening punctuation, none inside unspaced scripts.

    >>> joined(["¿", "Dónde", "is", "it", "?"]), joined(["我", "想", "喝", "coffee", "。"])
    ('¿Dónde is it?', '我想喝 coffee。')
    """
    if not words:
        return ""
    parts = [words[0]]
    for before, word in pairwise(words):
        tight = word[0] in _CLOSING or before[-1] in _OPENING
        tight = tight or (not word.isascii() and _unspaced(before[-1]) and _unspaced(word[0]))
        parts.append(word if tight else " " + word)
    return "".join(parts)


def _unspaced(letter: str) -> bool:
    return not letter.isascii() and script_of(letter) in UNSPACED


def pair(row: Parallel, main: str | None = None) -> tuple[str, str]:
    """The (main, embedded) languages of a row of two: `main` first, or the first side.

    >>> pair(Parallel("1", {"es": Utterance("hola"), "en": Utterance("hello")}), "en")
    ('en', 'es')
    """
    first = main or row.tags[0]
    return first, next(tag for tag in row.tags if tag != first)


def links(row: Parallel, a: str, b: str) -> tuple[tuple[int, int], ...]:
    """The links of a row as (position in side a, position in side b), whichever way round they are kept.

    >>> row = Parallel("1", {"es": Utterance("hola"), "en": Utterance("hello")}, {("es", "en"): ((0, 0),)})
    >>> links(row, "en", "es")
    ((0, 0),)
    """
    if (a, b) in row.links:
        return tuple(sorted(row.links[a, b]))
    return tuple(sorted((j, i) for i, j in row.links.get((b, a), ())))
