"""The rules about a language's word classes, read from `closed_class.toml`."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from macaronic.core.languages import romanised
from macaronic.text.romanise import romanise

_KEYS = ("capital", "unknown", "clitic", "suffix", "prefix")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of a language: folded word -> class, endings, beginnings, clitics, what a capital means inside a
    sentence, and the class of a word of which nothing else tells.
    """

    words: Mapping[str, str]
    suffixes: Mapping[str, str]
    prefixes: Mapping[str, str]
    clitics: tuple[str, ...]
    capital: str
    unknown: str


def fold(word: str) -> str:
    """A word as it is looked up: lower case, in the Turkish way where it has a Turkish capital.

    >>> fold("Der"), fold("İÇİN")
    ('der', 'için')
    """
    return unicodedata.normalize("NFC", word.replace("İ", "i").replace("’", "'")).lower()


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str | dict[str, str]]]:
    return tomllib.loads(resources.files("macaronic.synth").joinpath("closed_class.toml").read_text("utf-8"))


@lru_cache(maxsize=256)
def rules_of(tag: str) -> Rules | None:
    """The rules of a language; a romanised one has its own list and that of its usual script, spelled in Latin."""
    base = tag.partition("-")[0]
    table = _tables().get(tag, {})
    usual = _tables().get(base, {}) if tag != base else {}
    if not table and not usual:
        return None
    words = _listed(table)
    for word, pos in _listed(usual).items():
        words.setdefault(fold(romanise(word, base)) if romanised(tag) else word, pos)
    own = table or ({} if romanised(tag) else usual)
    endings = own.get("suffix", {})
    starts = own.get("prefix", {})
    unknown = str(own.get("unknown", "NOUN" if endings or starts else "X"))
    clitics, capital = tuple(str(own.get("clitic", "")).split()), str(own.get("capital", ""))
    return Rules(words, _spread(endings), _spread(starts), clitics, capital, unknown)


def _listed(table: Mapping[str, str | dict[str, str]]) -> dict[str, str]:
    words: dict[str, str] = {}
    for pos, listing in table.items():
        if pos not in _KEYS and isinstance(listing, str):
            for word in listing.split():
                words.setdefault(fold(word), pos)
    return words


def _spread(listing: object) -> dict[str, str]:
    if not isinstance(listing, dict):
        return {}
    return {unicodedata.normalize("NFC", form): pos for pos, forms in listing.items() for form in str(forms).split()}
