"""Code-mixed prompts by degree (CMD): so many content words of a translated prompt go back to English (S018).

The words whose English form is the most usual one among the other language's speakers go first, so that a higher
degree changes all that a lower one changes and more. Words change on token boundaries only; code, keys and examples
stay as they are, byte for byte.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import InputError, UsageError
from macaronic.core.languages import parse, script
from macaronic.core.parallel import Parallel
from macaronic.core.problems import Problems
from macaronic.synth import classes as word_classes
from macaronic.synth.class_rules import fold
from macaronic.synth.mixed import Outcome, links, pair
from macaronic.synth.protected import prose
from macaronic.synth.substitute import why_none
from macaronic.synth.swaps import Swap, apart, linked, written
from macaronic.text.romanise import variants
from macaronic.text.words import tokenise

CONTENT = ("NOUN", "ADJ", "ADV", "CCONJ", "INTJ")
"""The word classes that the paper takes as content."""

LIGHT, HEAVY = 0.6, 0.9
"""The paper's two degrees."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt after mixing.

    Args:
        text: the prompt.
        switched: the English words that are in it now, in the order in which the degree takes them.
        switchable: how many could be: the m of floor(CMD * m).
        spans: where they stand, as code points.
    """

    text: str
    switched: tuple[str, ...]
    switchable: int
    spans: tuple[tuple[int, int], ...]


def score(english: str, spellings: Sequence[str], frequency: Mapping[str, int]) -> float:
    """How much more usual a word's English form is than all spellings of its translation; inf if those never occur.

    Args:
        english: the English word.
        spellings: the translation and its romanised spellings.
        frequency: how often each word (lower case) occurs in text of the other language's speakers.

    Source: S018, Algorithm 1.

    >>> score("list", ["lista"], {"list": 6, "lista": 3}), score("list", ["lista"], {})
    (2.0, inf)
    """
    usual = sum(frequency.get(word, 0) for word in {fold(s) for s in spellings} - {fold(english)})
    return frequency.get(fold(english), 0) / usual if usual else math.inf


def switched(scores: Mapping[str, float], cmd: float) -> tuple[str, ...]:
    """The first floor(cmd * m) of m words by falling score; of equal ones those that come first.

    Args:
        scores: English word -> score, in the order of the text.
        cmd: the degree, 0 to 1.

    Raises:
        UsageError: the degree is not from 0 to 1.

    >>> switched({"list": 2.0, "number": 5.0, "mean": 2.0}, 0.7)
    ('number', 'list')
    """
    if not 0 <= cmd <= 1:
        raise UsageError(f"expected a degree of mixing from 0 to 1; got {cmd}")
    ranked = sorted(scores, key=lambda word: -scores[word])
    return tuple(ranked[: math.floor(cmd * len(ranked) + 1e-9)])


def mix(text: str, candidates: Mapping[str, Sequence[str]], *, cmd: float, frequency: Mapping[str, int]) -> Prompt:
    """Put the English words of a prompt back into its translation, to a degree.

    Args:
        text: the translated prompt; its code (fenced, inline, examples) and keys are not touched.
        candidates: English word -> its translations as they may stand in the text (more than one word is allowed),
            with romanised spellings.
        cmd: the degree, 0 to 1; 0.6 is light and 0.9 heavy in the paper.
        frequency: word (lower case) -> count, as `read_frequencies` gives it.

    Returns:
        The prompt in which every occurrence of the chosen words is English: exactly floor(cmd * m) of the m words
        whose translation stands in the text.

    Source: S018, Algorithm 1; there words are replaced as substrings, here on token boundaries.

    >>> mix("Devuelve la lista `lista` de números.", {"list": ["lista"], "numbers": ["números"]}, cmd=1,
    ...     frequency={}).text
    'Devuelve la list `lista` de numbers.'
    """
    places = _places(text, candidates)
    scores = {word: score(word, candidates[word], frequency) for word in candidates if word in places}
    chosen = switched(scores, cmd)
    return _switched(text, chosen, places, len(scores))


def _switched(
    text: str, chosen: Sequence[str], places: Mapping[str, Sequence[tuple[int, int]]], switchable: int
) -> Prompt:
    edits = sorted((start, end, word) for word in chosen for start, end in places.get(word, ()))
    parts, spans, at, length = [], [], 0, 0
    for start, end, word in edits:
        new = _cased(word, text[start:end])
        parts += [text[at:start], new]
        length += start - at
        spans.append((length, length + len(new)))
        length, at = length + len(new), end
    return Prompt("".join([*parts, text[at:]]), tuple(chosen), switchable, tuple(spans))


def mix_fields(
    fields: Mapping[str, object],
    candidates: Mapping[str, Sequence[str]],
    *,
    cmd: float,
    frequency: Mapping[str, int],
    prose: Sequence[str] = ("description", "notes", "params", "returns", "raises"),
) -> dict[str, object]:
    """A structured prompt with its prose mixed; keys, examples and every other field stay as they are.

    >>> mix_fields({"description": ["Una lista"], "examples": [">>> lista"]}, {"list": ["lista"]}, cmd=1, frequency={})
    {'description': ['Una list'], 'examples': ['>>> lista']}
    """
    whole = "\n".join(line for name in prose for line in _lines(fields.get(name)))
    chosen = mix(whole, candidates, cmd=cmd, frequency=frequency).switched

    def said(value: object) -> object:
        if isinstance(value, (list, tuple)):
            return [said(item) for item in value]
        return _switched(value, chosen, _places(value, candidates), 0).text if isinstance(value, str) else value

    return {name: said(value) if name in prose else value for name, value in fields.items()}


def by_degree(
    row: Parallel, *, cmd: float, frequency: Mapping[str, int], main: str | None = None, rng: np.random.Generator
) -> Outcome:
    """The same for a row of parallel text: its links tell which matrix words an English word stands for.

    Args:
        row: a translated side, an English side, and their links.
        cmd: the degree, 0 to 1.
        frequency: word (lower case) -> count.
        main: the translated side; the first when left out.
        rng: not used (nothing is chosen at random); every method takes it.

    Returns:
        One sentence, or the reason `empty side`, `unaligned`, `no switchable word`.
    """
    matrix, other = pair(row, main)
    if not (row.texts[matrix].words and row.texts[other].words):
        return Outcome(row.group, reason="empty side", detail=f"no words in {matrix} or {other}")
    found = candidates(row, main=matrix)
    chosen = switched({word: score(word, told, frequency) for word, told in found.items()}, cmd)
    if not found:
        return Outcome(row.group, reason=why_none(row, matrix, None), detail="no content word with a counterpart")
    swaps = _swaps(row, matrix, other, {fold(word) for word in chosen})
    meta = {"matrix": matrix, "cmd": cmd, "switchable": len(found), "switched": len(chosen)}
    made = written(row.texts[matrix].words, matrix, swaps, group=row.group, method="cmd", meta=meta)
    return Outcome(row.group, (made,))


def candidates(row: Parallel, *, main: str | None = None, spelled: int = 3) -> dict[str, tuple[str, ...]]:
    """English content word -> the matrix words that it is linked to, and their likeliest romanised spellings.

    Args:
        row: a translated side, an English side, and their links.
        main: the translated side; the first when left out.
        spelled: how many romanised spellings; none where the matrix is in Latin letters.
    """
    matrix, other = pair(row, main)
    pos = word_classes.of(row.texts[other], other).pos
    ours, theirs = row.texts[matrix].words, row.texts[other].words
    at = linked(row, matrix, other, longest=1)
    found: dict[str, tuple[str, ...]] = {}
    for i, j in sorted(links(row, matrix, other), key=lambda link: link[1]):
        if i in at and j < len(theirs) and pos[j] in CONTENT:
            told = [ours[i], *(_spellings(ours[i], matrix, spelled))]
            found[theirs[j]] = tuple(dict.fromkeys([*found.get(theirs[j], ()), *told]))
    return found


def read_frequencies(path: str | os.PathLike[str], *, problems: Problems | None = None) -> dict[str, int]:
    """Read a table of words and counts (`word<TAB>count` with a heading); words in lower case, counts added up.

    Raises:
        InputError: the file cannot be read.
    """
    name, told = os.fspath(path), problems if problems is not None else Problems()
    try:
        with open(name, encoding="utf-8-sig", errors="replace") as file:
            lines = file.read().split("\n")
    except OSError as error:
        raise InputError(f"cannot read the table of frequencies {name}: {error.strerror}") from error
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if line.strip() == "" or (number == 1 and not cells[-1].strip().isdigit()):
            continue
        if len(cells) != 2 or not cells[1].strip().isdigit():
            told.add(name, number, f"expected word<TAB>count; got {line[:60]!r}", kind="columns")
        elif cells[0].strip():
            counts[fold(cells[0].strip())] = counts.get(fold(cells[0].strip()), 0) + int(cells[1])
    return counts


def _spellings(word: str, tag: str, limit: int) -> Iterator[str]:
    if script(tag) != "Latn":
        yield from (spelling for spelling, _ in variants(word, parse(tag), limit))


def _places(text: str, told: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[int, int]]]:
    """English word -> where its translations stand in the prose of a text; longer ones first, no two overlapping."""
    tokens = list(prose(text))
    forms: dict[tuple[str, ...], str] = {}
    for english, translations in told.items():
        for translation in translations:
            form = tuple(fold(translation[s:e]) for s, e in tokenise(translation))
            if form and fold(translation) != fold(english):
                forms.setdefault(form, english)
    longest = max(map(len, forms), default=0)
    words = [fold(text[s:e]) for s, e in tokens]
    found: dict[str, list[tuple[int, int]]] = {}
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            start, end = tokens[at][0], tokens[at + length - 1][1]
            near = (
                text[start:end].count("\n") == 0
                and end - start <= sum(e - s for s, e in tokens[at : at + length]) + length
            )
            if near and tuple(words[at : at + length]) in forms:
                found.setdefault(forms[tuple(words[at : at + length])], []).append((start, end))
                at += length
                break
        else:
            at += 1
    return found


def _lines(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [line for line in value if isinstance(line, str)] if isinstance(value, (list, tuple)) else []


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() and word.islower() else word


def _swaps(row: Parallel, matrix: str, other: str, chosen: set[str]) -> list[Swap]:
    found = linked(row, matrix, other, longest=1)
    return apart(sorted({swap for swap in found.values() if fold(swap.words[0]) in chosen}))
