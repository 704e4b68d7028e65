"""How many: words, sentences, paragraphs, letters, keywords, words in capitals."""

from __future__ import annotations

import re
import unicodedata

from macaronic.core.errors import UsageError
from macaronic.evaluate.instructions.context import (
    Arguments,
    Context,
    Followed,
    enough,
    text_given,
    whole,
    words_given,
)
from macaronic.evaluate.translation import occurs
from macaronic.text.normalise import normalise
from macaronic.text.scripts import UNSPACED, script_of
from macaronic.text.sentences import sentences
from macaronic.text.words import words


def number_words(answer: str, arguments: Arguments, context: Context) -> Followed:
    """At least, or fewer than, so many words; where words are not parted by blanks, as many as our segmenter finds."""
    return enough(sum(any(c.isalnum() for c in word) for word in words(answer)), arguments, "num_words")


def number_sentences(answer: str, arguments: Arguments, context: Context) -> Followed:
    """At least, or fewer than, so many sentences."""
    return enough(len(sentences(answer)), arguments, "num_sentences")


def number_paragraphs(answer: str, arguments: Arguments, context: Context) -> Followed:
    """Exactly so many paragraphs parted by `***`; an empty one between two marks breaks the rule."""
    parts = re.split(r"\s?\*\*\*\s?", answer)
    inner = [part for i, part in enumerate(parts) if part.strip() or 0 < i < len(parts) - 1]
    return all(part.strip() for part in inner) and len(inner) == whole(arguments, "num_paragraphs")


def letter_frequency(answer: str, arguments: Arguments, context: Context) -> Followed:
    """A letter so many times, in either case; accents count with their letter."""
    letter = text_given(arguments, "letter").strip().lower()
    if len(unicodedata.normalize("NFC", letter)) != 1:
        raise UsageError(f"expected one letter; got {letter!r}")
    held = unicodedata.normalize("NFC", answer).lower().count(unicodedata.normalize("NFC", letter))
    return enough(held, arguments, "let_frequency", "let_relation")


def keyword_existence(answer: str, arguments: Arguments, context: Context) -> Followed:
    """Every keyword occurs."""
    text = normalise(answer, case=True)
    return all(normalise(word, case=True) in text for word in words_given(arguments, "keywords"))


def keyword_frequency(answer: str, arguments: Arguments, context: Context) -> Followed:
    """A keyword so many times."""
    word = normalise(text_given(arguments, "keyword").strip(), case=True)
    return enough(normalise(answer, case=True).count(word), arguments, "frequency")


def forbidden_words(answer: str, arguments: Arguments, context: Context) -> Followed:
    """None of the words stands in the answer by itself; in scripts without spaces, none occurs."""
    text = normalise(answer, case=True)
    return not any(occurs(normalise(word, case=True), text) for word in words_given(arguments, "forbidden_words"))


def capital_word_frequency(answer: str, arguments: Arguments, context: Context) -> Followed:
    """So many words in capitals throughout; says nothing about scripts without capitals."""
    if not context.authors and not cased(answer):
        return None
    held = sum(word.isupper() for word in words(answer))
    return enough(held, arguments, "capital_frequency", "capital_relation")


def cased(text: str) -> bool:
    """Whether most letters of a text are of scripts that have capitals.

    >>> cased("OK"), cased("你好 OK 朋友们"), cased("")
    (True, False, False)
    """
    letters = [c for c in text if c.isalpha()]
    return sum(c.lower() != c.upper() for c in letters) * 2 > len(letters)


def spaced(word: str) -> bool:
    """Whether a word's script parts words by blanks."""
    return script_of(word) not in UNSPACED
