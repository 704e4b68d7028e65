"""A dictionary from the words of one language to those of another, with weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from macaronic.core.errors import UsageError
from macaronic.synth.class_rules import fold


class Translation(NamedTuple):
    """One translation of a word: the text (one or more words), how likely it is, and the word class where known."""

    text: str
    weight: float = 1.0
    pos: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A dictionary of one direction.

    Args:
        source: tag of the language of the keys.
        target: tag of the language of the translations.
        entries: folded word or phrase (words joined by one space) -> translations, the likeliest first.
        origin: where it comes from, for the provenance of what is made with it.

    >>> toy = Lexicon("en", "es", {"house": (Translation("casa"),)}, origin="toy")
    >>> toy.best("Houses"), toy.best("horse"), len(toy)
    ('casa', None, 1)
    """

    source: str
    target: str
    entries: Mapping[str, tuple[Translation, ...]]
    origin: str = ""
    longest: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max((key.count(" ") + 1 for key in self.entries), default=1))

    def __len__(self) -> int:
        return len(self.entries)

    def lookup(self, word: str, pos: str = "") -> tuple[Translation, ...]:
        """The translations of a word or phrase, the likeliest first; of its plain form when it is not listed itself.

        Args:
            word: as it stands in the text; case does not matter.
            pos: its UPOS class; translations of the same class count alone when there are some.
        """
        for form in _forms(fold(word), self.source):
            found = self.entries.get(form)
            if found:
                same = tuple(t for t in found if t.pos == pos)
                return same if pos and same else found
        return ()

    def translations(self) -> dict[str, tuple[str, ...]]:
        """Word -> its translations, the likeliest first, as an aligner takes them."""
        return {word: tuple(t.text for t in found) for word, found in self.entries.items()}

    def best(self, word: str, pos: str = "") -> str | None:
        """The likeliest translation, or None."""
        found = self.lookup(word, pos)
        return found[0].text if found else None

    def phrase(self, words: Sequence[str], start: int) -> tuple[int, tuple[Translation, ...]]:
        """The longest phrase that starts at a word and is listed: its length in words (0: none) and translations."""
        for length in range(min(self.longest, len(words) - start), 1, -1):
            found = self.entries.get(fold(" ".join(words[start : start + length])))
            if found:
                return length, found
        found = self.lookup(words[start])
        return (1, found) if found else (0, ())


def build(
    rows: Iterable[tuple[str, str, float, str]], source: str, target: str, *, origin: str = "", limit: int = 20
) -> Lexicon:
    """A lexicon of (word, translation, weight, class) rows; of equal translations the greatest weight counts.

    >>> build([("Dog", "perro", 1, "NOUN"), ("dog", "can", 2, "")], "en", "es").best("dog")
    'can'
    """
    table: dict[str, dict[str, Translation]] = {}
    for word, text, weight, pos in rows:
        key = fold(" ".join(word.split()))
        found = table.setdefault(key, {})
        before = found.get(text)
        if before is None or weight > before.weight:
            found[text] = Translation(text, weight, pos or (before.pos if before else ""))
    entries = {
        key: tuple(sorted(found.values(), key=lambda t: -t.weight)[:limit]) for key, found in table.items() if key
    }
    return Lexicon(source, target, entries, origin)


def merge(*lexicons: Lexicon) -> Lexicon:
    """All translations of several dictionaries of the same pair; of equal ones the greatest weight counts.

    Raises:
        UsageError: there is none, or the languages differ.

    >>> both = merge(build([("a", "x", 1, "")], "en", "es"), build([("a", "y", 2, "")], "en", "es"))
    >>> [t.text for t in both.lookup("a")]
    ['y', 'x']
    """
    pairs = sorted({(lexicon.source, lexicon.target) for lexicon in lexicons})
    if len(pairs) != 1:
        raise UsageError(f"expected dictionaries of one pair of languages to merge; got {pairs or 'none'}")
    rows = (
        (key, t.text, t.weight, t.pos) for lexicon in lexicons for key, found in lexicon.entries.items() for t in found
    )
    return build(rows, *pairs[0], origin=" + ".join(dict.fromkeys(x.origin for x in lexicons if x.origin)))


def invert(lexicon: Lexicon) -> Lexicon:
    """The dictionary of the other direction, with the same weights.

    >>> invert(build([("house", "casa", 1, "NOUN")], "en", "es")).best("casa")
    'house'
    """
    rows = ((t.text, key, t.weight, t.pos) for key, found in lexicon.entries.items() for t in found)
    return build(rows, lexicon.target, lexicon.source, origin=lexicon.origin)


def from_aligned(
    table: Mapping[str, Iterable[tuple[str, float]]], source: str, target: str, *, least: float = 0.1
) -> Lexicon:
    """A dictionary out of aligned text.

    Args:
        table: word -> (translation, probability), as an aligner gives it.
        source: tag of the words.
        target: tag of the translations.
        least: leave out what is less likely than this.

    >>> from_aligned({"house": [("casa", 0.8), ("la", 0.05)]}, "en", "es").lookup("house")
    (Translation(text='casa', weight=0.8, pos=''),)
    """
    rows = ((word, text, p, "") for word, found in table.items() for text, p in found if p >= least)
    return build(rows, source, target, origin="aligned text")


def _forms(word: str, tag: str) -> list[str]:
    """The forms under which a word may be listed: itself, then a plain form that a plural ending hides."""
    forms = [word]
    base = tag.partition("-")[0]
    if base == "en" and word.endswith("'s"):
        forms.append(word[:-2])
    if base == "en" and len(word) > 4 and word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if base in ("en", "es", "pt", "fr", "nl") and len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    if base in ("en", "es", "pt") and len(word) > 4 and word.endswith("es"):
        forms.append(word[:-2])
    return forms
