"""Words of an answer in a form in which inflections agree, by a named lemmatiser."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from macaronic.core.errors import MissingExtra, UnknownName
from macaronic.text.words import words

NAMES = ("identity", "simplemma")


@dataclass(frozen=True, slots=True)
class Lemmatiser:
    """Takes a text and its language tag, gives its lemmas; the name stands in signatures."""

    name: str
    lemmas: Callable[[str, str], list[str]]


def lemmatiser(name: str | None = None) -> Lemmatiser:
    """The lemmatiser with that name.

    Args:
        name: `identity` (words as they are, small letters, without acute accents; the default) or `simplemma`, which
            knows some 50 languages and takes words as they are in the others.

    Raises:
        UnknownName: no such lemmatiser.
        MissingExtra: simplemma is not installed.

    >>> lemmatiser().lemmas("Los Cafés!", "es")
    ['los', 'cafes']
    """
    if name in (None, "identity"):
        return Lemmatiser("identity", lambda text, language: plain(text))
    if name == "simplemma":
        return Lemmatiser("simplemma", _simplemma())
    raise UnknownName("lemmatiser", str(name), NAMES)


def plain(text: str) -> list[str]:
    """The words of a text in small letters, without acute accents and punctuation."""
    apart = unicodedata.normalize("NFD", text.lower()).replace("\u0301", "")
    found = words(unicodedata.normalize("NFC", apart))
    return [word for word in found if any(c.isalnum() for c in word)]


def _simplemma() -> Callable[[str, str], list[str]]:
    try:
        import simplemma
    except ImportError as error:
        raise MissingExtra("simplemma", "eval") from error

    def lemmas(text: str, language: str) -> list[str]:
        base = language.partition("-")[0]
        try:
            return [simplemma.lemmatize(word, lang=base) for word in plain(text)]
        except ValueError:  # a language that it does not know
            return plain(text)

    return lemmas
