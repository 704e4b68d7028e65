"""Romanising: how a word of another script is written in Latin letters, and how people really type it.

`romanise` gives one spelling, `variants` the informal ones with weights. The rules are schwa-aware for the Indic
languages, by style for Cyrillic and Greek, with digits and guessed short vowels for Arabic script and Hebrew;
`anyascii` covers every script that has no rules here.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

import regex
from anyascii import anyascii

from macaronic.core.errors import MissingExtra, UnknownName
from macaronic.core.languages import parse
from macaronic.text.romanise import abjad, alphabet, east, frequent, indic
from macaronic.text.romanise.guess import guess, script_of, scripts_of
from macaronic.text.romanise.lattice import Slot, Spellings, first, spellings

__all__ = ["BACKENDS", "LANGUAGES", "frequent_words", "romanise", "variants"]

BACKENDS = ("macaronic", "uroman", "anyascii")
LANGUAGES = indic.LANGUAGES | alphabet.LANGUAGES | abjad.LANGUAGES | {"ko", "ja"}
"""Languages with rules of their own; the others are spelled by anyascii."""

_RUN = regex.compile(r"(?:(?!\p{Latin})[\p{L}\p{M}\u200c\u200d])+|(?![0-9])\p{Nd}+")


def romanise(text: str, language: str | None = None, *, backend: str = "macaronic") -> str:
    """Text in Latin letters, word by word; what is Latin already, spaces and punctuation stay as they are.

    Args:
        text: Any text, also of several scripts.
        language: Its language's tag. Words in a script that the language does not use, and all words when it is
            None, are read as the usual language of their script (Devanagari as Hindi, Cyrillic as Russian...).
        backend: `macaronic` (our rules, then anyascii), `anyascii`, or `uroman` (Hermjakob et al. 2018; the extra
            `uroman`).

    Raises:
        UnknownName: the backend or the language tag is not known.
        MissingExtra: the backend `uroman` is not installed.

    >>> romanise("कल meeting है, ठीक?")
    'kal meeting hai, theek?'
    >>> romanise("Москва", "ru"), romanise("வணக்கம்", "ta")
    ('Moskva', 'vanakkam')
    """
    if backend not in BACKENDS:
        raise UnknownName("romaniser", backend, BACKENDS)
    if text.isascii():
        return text
    if backend == "anyascii":
        return _RUN.sub(lambda run: _ascii(run[0]), text)
    asked = _base(language) if language else ""
    if backend == "uroman":
        return _RUN.sub(lambda run: _uroman(run[0], asked), text)
    by_script = guess(text)

    def spell(run: regex.Match[str]) -> str:
        word = run[0]
        script = script_of(word)
        known = asked if asked and script in scripts_of(asked) else by_script.get(script, "")
        return _spell(word, known)

    return _RUN.sub(spell, text)


def variants(word: str, language: str, limit: int = 8) -> Spellings:
    """Informal spellings of a word as people type it in Latin letters, with weights.

    Args:
        word: One word in the language's own script.
        language: The language's tag (`hi` and `hi-Latn` mean the same).
        limit: At most so many spellings.

    Returns:
        (spelling, weight) with weights that sum to 1, in lower case; first `romanise(word, language)`, then by weight.
        A word that is not all in the language's script has the one spelling that `romanise` gives.

    Raises:
        UnknownName: the language tag is not known.

    >>> [spelling for spelling, _ in variants("अच्छा", "hi", 3)]
    ['acha', 'accha', 'achha']
    """
    base = _base(language)
    word = word.lower()
    if not _RUN.fullmatch(word) or script_of(word) not in scripts_of(base):
        return [(romanise(word, language), 1.0)]
    usual = _spell(word, base)
    found = frequent.spellings(base).get(word) or _likely(word, base, limit)
    rest = [(spelling, weight) for spelling, weight in found if spelling != usual and spelling]
    own = next((weight for spelling, weight in found if spelling == usual), 0.0) or (rest[0][1] if rest else 1.0)
    kept = [(usual, own), *rest][:limit]
    total = sum(weight for _, weight in kept)
    return [(spelling, weight / total) for spelling, weight in kept]


def frequent_words(language: str) -> dict[str, float]:
    """Romanised function words of a language with their rough share among each other, project-written.

    They name what a native-script list lacks: dialects that are mostly typed in Latin letters, such as Maghrebi
    Arabic (`arq`), and chat spellings.

    Returns:
        Spelling to weight; the weights sum to 1; empty when there is no list.

    >>> frequent_words("arq")["rani"] > 0
    True
    """
    return frequent.latin(_base(language))


@functools.lru_cache(maxsize=4096)
def _base(language: str) -> str:
    return parse(language).split("-")[0]


def _lattices(word: str, language: str) -> Iterator[tuple[float, list[Slot]]]:
    """The word's styles, the usual one first, each worked out when it is asked for; none without rules."""
    if language in indic.LANGUAGES:
        return indic.lattices(word, language)
    if language in alphabet.LANGUAGES:
        return alphabet.lattices(word, language)
    if language in abjad.LANGUAGES:
        return abjad.lattices(word, language)
    if language == "ko":
        return iter([(1.0, east.korean(word))])
    if language == "ja":
        return iter([(1.0, east.japanese(word))])
    return iter([])


def _likely(word: str, language: str, limit: int) -> Spellings:
    """The likeliest spellings over all styles of the language."""
    styles = list(_lattices(word, language))
    if len(styles) == 1:
        return spellings(styles[0][1], limit)
    merged: dict[str, float] = {}
    for share, slots in styles:
        for spelling, weight in spellings(slots, limit):
            merged[spelling] = merged.get(spelling, 0.0) + share * weight
    return sorted(merged.items(), key=lambda item: -item[1])[:limit]


@functools.lru_cache(maxsize=1 << 17)
def _spell(word: str, language: str) -> str:
    """One word or one run of digits; upper case where the source has it."""
    listed = frequent.spellings(language).get(word)
    usual = None if listed else next(_lattices(word, language), None)
    spelled = listed[0][0] if listed else first(usual[1]) if usual else ""
    if not spelled:
        return _ascii(word)
    if not word[0].isupper():
        return spelled
    return spelled.upper() if len(word) > 1 and word.isupper() else spelled[:1].upper() + spelled[1:]


@functools.lru_cache(maxsize=1 << 16)
def _ascii(word: str) -> str:
    if unicodedata.category(word[0]) == "Nd":
        return "".join(str(unicodedata.digit(c)) for c in word)
    spelled = anyascii(word)
    return spelled if word[0].isupper() else spelled.lower()


@functools.lru_cache(maxsize=1 << 16)
def _uroman(word: str, language: str) -> str:
    code = None
    if language:
        import langcodes

        code = langcodes.Language.get(language).to_alpha3()
    return str(_uroman_model().romanize_string(word, lcode=code))


@functools.cache
def _uroman_model():  # type: ignore[no-untyped-def]
    try:
        from uroman import Uroman
    except ImportError:
        raise MissingExtra("uroman", "uroman") from None
    return Uroman()
