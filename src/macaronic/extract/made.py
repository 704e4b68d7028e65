"""Made-up records with a class and named spans, to train and try small extractors on.

The sentence patterns and the parts of names are written for this project (`patterns/*.toml`): nobody said these
sentences, the names are put together from syllables. Do not report a score on them as one on real text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from macaronic.core.errors import UnknownName, UsageError
from macaronic.extract.record import Record, Schema, Span

LANGUAGES = ("en", "es", "hi", "ja", "tr", "zh")
KEPT_BACK = 2
"""The last patterns of each class, which only `unseen` records use."""

_BRACE = re.compile(r"\{(\w+)\}")
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Patterns:
    """What records of one language are made of.

    Args:
        language: its tag.
        text_labels: class -> its name in the language.
        span_labels: kind of name -> its label in the language.
        parts: pieces of names.
        names: kind of name -> its forms, with parts in braces.
        openings: what a sentence may begin with.
        words: class -> its nouns.
        patterns: class -> sentences, with kinds of names and `{word}` in braces; those under `any` are for every class.
    """

    language: str
    text_labels: Mapping[str, str]
    span_labels: Mapping[str, str]
    parts: Mapping[str, Sequence[str]]
    names: Mapping[str, Sequence[str]]
    openings: Sequence[str]
    words: Mapping[str, Sequence[str]]
    patterns: Mapping[str, Sequence[str]]

    @property
    def schema(self) -> Schema:
        """The labels of this language."""
        return Schema(tuple(sorted(self.text_labels.values())), tuple(sorted(self.span_labels.values())))


@cache
def patterns(language: str) -> Patterns:
    """The patterns of a language.

    Raises:
        UnknownName: there are none.

    >>> patterns("en").text_labels["nature"]
    'Nature'
    """
    if language not in LANGUAGES:
        raise UnknownName("language of made-up records", language, LANGUAGES)
    place = resources.files("macaronic.extract") / "patterns" / f"{language}.toml"
    told = tomllib.loads(place.read_text(encoding="utf-8"))
    return Patterns(
        language,
        told["text_labels"],
        told["span_labels"],
        told["parts"],
        told["names"],
        told["openings"]["any"],
        told["words"],
        told["patterns"],
    )


def made(
    count: int,
    languages: Sequence[str] = LANGUAGES,
    *,
    rng: np.random.Generator,
    unseen: bool = False,
    known: Collection[str] = (),
) -> list[Record]:
    """Made-up records, the languages and classes in turn.

    Args:
        count: how many, at least 1.
        languages: of `LANGUAGES`.
        rng: where the randomness comes from.
        unseen: use the sentence patterns that are kept back, and no name out of `known`.
        known: names that must not come up, such as all of the training records.

    Raises:
        UsageError: no language, or no new name can be made.

    >>> one, = made(1, ["en"], rng=np.random.default_rng(1))
    >>> one.text_label, all(one.text[s.start : s.end] == s.text for s in one.spans)
    ('Society', True)
    """
    if count < 1 or not languages:
        raise UsageError(f"expected at least 1 record and 1 language, got {count} and {len(languages)}")
    told = [patterns(language) for language in languages]
    taken = frozenset(known)
    return [_record(i, told[i % len(told)], i // len(told), unseen, taken, rng) for i in range(count)]


def names_of(records: Sequence[Record]) -> frozenset[str]:
    """Every span's text."""
    return frozenset(span.text for record in records for span in record.spans)


def _record(
    number: int, told: Patterns, turn: int, unseen: bool, taken: Collection[str], rng: np.random.Generator
) -> Record:
    kind = list(told.text_labels)[turn % len(told.text_labels)]
    pattern, where = _pattern(told, kind, unseen, rng)
    text, spans, at = _one(told.openings, rng).replace("{year}", str(rng.integers(1900, 2030))), [], 0
    for found in _BRACE.finditer(pattern):
        text += pattern[at : found.start()]
        at, slot = found.end(), found.group(1)
        words = _one(told.words[kind], rng) if slot == "word" else _name(told, slot, taken, rng)
        if slot != "word":
            spans.append(Span(told.span_labels[slot], words, len(text), len(text) + len(words)))
        text += words
    text += pattern[at:]
    if not spans or spans[0].start != 0:
        text = _capital(text, told.language)
    id, label = f"{'unseen' if unseen else 'made'}-{number}", told.text_labels[kind]
    return Record(text, label, tuple(spans), id=id, language=told.language, meta={"family": "SCNM", "pattern": where})


def _pattern(told: Patterns, kind: str, unseen: bool, rng: np.random.Generator) -> tuple[str, str]:
    """A sentence pattern and its place."""
    own = told.patterns[kind]
    split = len(own) - KEPT_BACK
    listed = [(pattern, f"{kind}:{i}") for i, pattern in enumerate(own)]
    neutral = [(pattern, f"any:{i}") for i, pattern in enumerate(told.patterns["any"])]
    options = listed[split:] if unseen else listed[:split] + neutral
    return options[int(rng.integers(len(options)))]


def _capital(text: str, language: str) -> str:
    first = "İ" if language == "tr" and text[0] == "i" else text[0].upper()
    return first + text[1:]


def _name(told: Patterns, kind: str, taken: Collection[str], rng: np.random.Generator) -> str:
    for _ in range(_TRIES):
        name = _BRACE.sub(lambda found: _part(told, found.group(1), rng), _one(told.names[kind], rng))
        if name not in taken:
            return name
    raise UsageError(f"no new name of kind {kind!r} in {told.language} after {_TRIES} tries; give fewer known names")


def _part(told: Patterns, part: str, rng: np.random.Generator) -> str:
    return str(rng.integers(2, 999)) if part == "number" else _one(told.parts[part], rng)


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]
