"""Which words of a text may give way to a translation, and the text with some of them replaced."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from macaronic.synth.classes import CLOSED, classes
from macaronic.synth.lexicon.table import Lexicon
from macaronic.text.words import tokenise

Span = tuple[int, int]
Dictionary = Lexicon | Mapping[str, str | Sequence[str]]
"""A lexicon, or a mapping of a word to its translation or to its translations, the best first."""

_NO_WORDS = ("@", "#", "http://", "https://", "www.")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The words of a text that an attack may look at.

    Args:
        text: the text.
        spans: (start, end) of all its word tokens.
        eligible: positions in `spans` of words that may be replaced.
        translations: position -> what would stand there, for those eligible words that the dictionary holds.
    """

    text: str
    spans: tuple[Span, ...]
    eligible: tuple[int, ...]
    translations: Mapping[int, str]

    def word(self, position: int) -> str:
        """The word at a position."""
        start, end = self.spans[position]
        return self.text[start:end]


def candidates(
    text: str, dictionary: Dictionary, *, language: str | None = None, protected: Collection[str] = ()
) -> Candidates:
    """Find the words of a text that may be replaced, and by what.

    Left alone are words without a letter, mentions, hashtags and addresses, protected words, and, where the language
    is given, words of closed classes (articles, pronouns, prepositions...), which are the stop-words here.

    Args:
        text: any text.
        dictionary: a lexicon, or word -> translation or translations, looked up as written, then in lower case.
        language: the tag of the text's language.
        protected: words that must stay, in any case of letters.

    >>> found = candidates("The Cat saw Rome", {"cat": ["gato"], "rome": "Roma"}, language="en", protected={"rome"})
    >>> found.translations
    {1: 'Gato'}
    """
    spans = tuple(tokenise(text))
    words = [text[start:end] for start, end in spans]
    kept = {word.casefold() for word in protected}
    tags = classes(words, language).pos if language else ("X",) * len(words)
    eligible = tuple(
        i
        for i, (word, tag) in enumerate(zip(words, tags, strict=True))
        if tag not in CLOSED and word.casefold() not in kept and _is_word(word)
    )
    found = {i: translation for i in eligible if (translation := _translation(words[i], dictionary))}
    return Candidates(text, spans, eligible, found)


def _is_word(word: str) -> bool:
    letters = any(unicodedata.category(c)[0] == "L" for c in word)
    return letters and not word.lower().startswith(_NO_WORDS)


def _translation(word: str, dictionary: Dictionary) -> str:
    """The first translation that is another word, in the letter case of the original; empty without one."""
    for translation in _listed(word, dictionary):
        if translation.strip() and translation.casefold() != word.casefold():
            return cased(translation.strip(), word)
    return ""


def _listed(word: str, dictionary: Dictionary) -> Sequence[str]:
    if isinstance(dictionary, Lexicon):
        return [translation.text for translation in dictionary.lookup(word)]
    given = dictionary.get(word) or dictionary.get(word.lower()) or dictionary.get(word.casefold()) or ()
    return (given,) if isinstance(given, str) else given


def cased(word: str, like: str) -> str:
    """A word in the letter case of another: all capitals, a capital first, or as it is.

    >>> cased("perro", "Dog"), cased("perro", "DOG"), cased("Hund", "dog"), cased("yo", "I")
    ('Perro', 'PERRO', 'Hund', 'Yo')
    """
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def rewritten(text: str, spans: Sequence[Span], changes: Mapping[int, str]) -> str:
    """A text with some of its words replaced; all else stays as it is.

    >>> rewritten("a dog!", [(0, 1), (2, 5), (5, 6)], {1: "perro"})
    'a perro!'
    """
    parts, at = [], 0
    for position in sorted(changes):
        start, end = spans[position]
        parts += [text[at:start], changes[position]]
        at = end
    return "".join([*parts, text[at:]])
