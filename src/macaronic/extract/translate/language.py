"""Whether a translation is still in the source language, where the script does not tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Untranslated = Callable[[str, str, str], bool]
"""Whether a text (given with the source and the target language) is still in the source language."""

WORDS = 5
"""Texts with fewer words are not judged."""

CONFIDENCE = 0.98
SHARE = 0.75
"""How sure the whole must be, and the least share of its words: related languages share many."""


class Identifier(Protocol):
    """What `identify.tagger.load()` gives."""

    @property
    def languages(self) -> Sequence[str]:
        """The tags that it knows."""
        ...

    def identify_sentence(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """For each text its language, a confidence, and the shares of the languages among its words."""
        ...


def untranslated_by(identifier: Identifier) -> Untranslated:
    """The check by an identifier; pairs with a language that it does not know always pass.

    Args:
        identifier: such as `identify.tagger.load()`.

    >>> from macaronic.identify import tagger
    >>> untranslated = untranslated_by(tagger.load())
    >>> text = "the waiter was rude and the food was cold"
    >>> untranslated(text, "en", "es"), untranslated("el camarero fue grosero y la comida fría", "en", "es")
    (True, False)
    """
    known = frozenset(identifier.languages)

    def untranslated(text: str, source: str, to: str) -> bool:
        if not {source, to} <= known or len(text.split()) < WORDS:
            return False
        return _is(identifier.identify_sentence([text], [source, to])[0], source)

    return untranslated


def _is(row: Mapping[str, Any], source: str) -> bool:
    return bool(
        row["lang"] == source and row["confidence"] >= CONFIDENCE and row["languages"].get(source, 0.0) >= SHARE
    )
