"""The single words of a text that belong to a word class or stand in a lexicon, as labelled spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from macaronic.core.errors import UsageError
from macaronic.core.languages import parse
from macaronic.core.protocols import Tagger
from macaronic.extract.record import Span
from macaronic.synth import class_backends
from macaronic.synth.classes import WordTagger, classes
from macaronic.text import segment
from macaronic.text.segment import Segmenter
from macaronic.text.words import tokenise

Words = Sequence[tuple[int, int]]


def offsets(text: str, language: str = "") -> Words:
    """Where the words of a text stand; Japanese and Chinese are cut by a dictionary.

    Raises:
        MissingExtra: the text is said to be Japanese or Chinese, and the dictionary is not installed.

    >>> offsets("so chill", "en")
    [(0, 2), (3, 8)]
    """
    return tokenise(text, segmenters=_analyser(language.partition("-")[0])[0])


def by_class(
    text: str, words: Words, wanted: Sequence[str], *, language: str = "", tagger: Tagger | None = None
) -> list[Span]:
    """The words of some word classes, each labelled with its class.

    Args:
        text: any text.
        words: the offsets of its words.
        wanted: UPOS classes.
        language: of the text; its rules are used without a tagger.
        tagger: gives UPOS classes.

    Raises:
        UsageError: neither a language nor a tagger is given.
        UnknownName: the language is not known.

    >>> by_class("The old house", [(0, 3), (4, 7), (8, 13)], ["ADJ"], language="en")
    [Span(label='ADJ', text='old', start=4, end=7)]
    """
    written = [text[start:end] for start, end in words]
    if tagger is not None:
        found: Sequence[str] = tagger.tag([written], [language] if language else None)[0].labels
    elif language:
        found = classes(written, parse(language), tagger=_analyser(language.partition("-")[0])[1]).pos
    else:
        raise UsageError("word classes need a language or a tagger; got neither.")
    return [Span(pos, text[start:end], start, end) for pos, (start, end) in zip(found, words) if pos in wanted]


def by_lexicon(text: str, words: Words, lexicon: Mapping[str, str]) -> list[Span]:
    """The words that a lexicon holds, each labelled with what it says there.

    Args:
        text: any text.
        words: the offsets of its words.
        lexicon: word in lower case -> label.

    >>> by_lexicon("So Chill", [(0, 2), (3, 8)], {"chill": "positive"})
    [Span(label='positive', text='Chill', start=3, end=8)]
    """
    found = []
    for start, end in words:
        label = lexicon.get(text[start:end].lower())
        if label:
            found.append(Span(label, text[start:end], start, end))
    return found


@lru_cache(maxsize=4)
def _analyser(primary: str) -> tuple[Mapping[str, Segmenter] | None, WordTagger | None]:
    """How to cut and to classify a language that is written without spaces and has a dictionary."""
    if primary == "ja":
        cut = segment.japanese()
        return {"Jpan": cut, "Hani": cut}, class_backends.japanese()
    if primary == "zh":
        return {"Hani": segment.chinese()}, class_backends.chinese()
    return None, None
