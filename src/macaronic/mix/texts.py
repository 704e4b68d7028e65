"""Texts of several sources as numbers, cut into a part to learn from and a part to be judged on."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.files import atomic_write, sha256
from macaronic.core.mixture import Mixture
from macaronic.mix.ngram_lm import RESERVED, UNKNOWN

Ints = NDArray[np.int64]
Unit = Literal["characters", "words"]
UNITS: tuple[Unit, ...] = ("characters", "words")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Documents one after the other.

    Args:
        symbols: shape (n,).
        offsets: where each document begins, and the end, shape (documents + 1,).
    """

    symbols: Ints
    offsets: Ints

    @property
    def documents(self) -> int:
        """How many there are."""
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """What proxies learn from and are judged on.

    Args:
        train: source -> its documents to learn from.
        held: target -> documents that nothing is learnt from.
        vocabulary: the characters or words, the number RESERVED first; all others are UNKNOWN.
        unit: what a symbol is.
    """

    train: Mapping[str, Part]
    held: Mapping[str, Part]
    vocabulary: tuple[str, ...]
    unit: Unit

    @property
    def size(self) -> int:
        """Number of symbols, with the reserved ones."""
        return len(self.vocabulary) + RESERVED

    @property
    def names(self) -> tuple[str, ...]:
        """The sources."""
        return tuple(self.train)

    @property
    def targets(self) -> tuple[str, ...]:
        """What is judged."""
        return tuple(self.held)


Row = tuple[str, str, str]


def prepare(
    rows: Iterable[Row],
    *,
    targets: Iterable[Row] = (),
    held_out: float = 0.2,
    unit: Unit = "characters",
    rarest: int = 1,
    seed: int = 0,
) -> Texts:
    """Number the symbols of (source, group, text) rows and hold some groups out.

    Rows of one group, such as translations of one message, are all held out or none is. Without other targets the
    held-out rows of each source are a target.

    Args:
        rows: (source, group, text); an empty group is a group of its own.
        targets: the same for texts that are only judged on; then nothing of the sources is held out.
        held_out: the share of groups to judge on, in (0, 1).
        unit: characters, or words between white space.
        rarest: symbols seen less often when learning are UNKNOWN.
        seed: what the choice of groups depends on.

    Raises:
        UsageError: a source with nothing to learn from or a target with nothing to judge on.

    >>> rows = [("es", str(i), "hola") for i in range(20)] + [("en", str(i), "hello") for i in range(20)]
    >>> texts = prepare(rows)
    >>> texts.names, texts.vocabulary, texts.train["es"].documents == texts.train["en"].documents
    (('en', 'es'), ('a', 'e', 'h', 'l', 'o'), True)
    """
    if not 0 < held_out < 1:
        raise UsageError(f"the share to hold out must be between 0 and 1; got {held_out}")
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    learnt: dict[str, list[Sequence[str]]] = {}
    judged: dict[str, list[Sequence[str]]] = {}
    _place(((name, text) for name, _, text in targets), judged, unit)
    apart = bool(judged)
    for number, (name, group, text) in enumerate(rows):
        held = not apart and _chance(f"{seed}/{group or number}") < held_out
        _place([(name, text)], judged if held else learnt, unit)
        learnt.setdefault(name, [])
        if not apart:
            judged.setdefault(name, [])
    for kind, parts, what in (("source", learnt, "learn from"), ("target", judged, "judge on")):
        empty = sorted(name for name, documents in parts.items() if not any(documents))
        if empty or not parts:
            shown = ", ".join(empty) or "list"
            raise UsageError(f"{kind} {shown}: no text to {what}.\nGive it more text, or leave it out.")
    counts = Counter(symbol for documents in learnt.values() for document in documents for symbol in document)
    vocabulary = tuple(sorted(symbol for symbol, count in counts.items() if count >= rarest))
    number_of = {symbol: i for i, symbol in enumerate(vocabulary, RESERVED)}
    train = {name: _part(learnt[name], number_of) for name in sorted(learnt)}
    return Texts(train, {name: _part(judged[name], number_of) for name in sorted(judged)}, vocabulary, unit)


def _place(rows: Iterable[tuple[str, str]], parts: dict[str, list[Sequence[str]]], unit: Unit) -> None:
    for name, text in rows:
        parts.setdefault(name, []).append(text if unit == "characters" else text.split())


def _chance(key: str) -> float:
    return int(sha256(key)[:13], 16) / 16**13


def _part(documents: list[Sequence[str]], number_of: Mapping[str, int]) -> Part:
    symbols = np.array([number_of.get(s, UNKNOWN) for document in documents for s in document], np.int64)
    return Part(symbols, np.cumsum([0, *map(len, documents)]).astype(np.int64))


def draw(texts: Texts, weights: Mapping[str, float], budget: int, *, seed: int) -> Part:
    """Documents of the sources in the shares asked for, `budget` symbols in all, exactly.

    A source's documents come in an order that depends on the seed alone, again from the start when they run out; the
    last is cut. So a larger share holds all that a smaller one holds, and proxies differ by their mixtures only.

    Args:
        texts: what there is.
        weights: source -> share; a share of 0 gives nothing.
        budget: how many symbols.
        seed: what the order depends on.

    Raises:
        UnknownName: a weight for no source.
        UsageError: a weight that is negative or not finite, or none above 0.

    >>> texts = prepare([("es", str(i), "hola") for i in range(30)] + [("en", str(i), "hello") for i in range(30)])
    >>> len(draw(texts, {"es": 0.25, "en": 0.75}, 100, seed=0).symbols)
    100
    """
    for name in weights:
        if name not in texts.train:
            raise UnknownName("source of a weight", name, texts.names)
    quotas = Mixture({name: weights.get(name, 0.0) for name in texts.names}).allocate(budget)
    symbols, lengths = [], []
    for name, quota in quotas.items():
        own, sizes = _first(texts.train[name], quota, np.random.default_rng([seed, int(sha256(name)[:8], 16)]))
        symbols.append(own)
        lengths.append(sizes)
    return Part(np.concatenate(symbols), np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths])))


def _first(part: Part, quota: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The first `quota` symbols of a part in a random order, and the lengths of their documents."""
    if not quota:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = rng.permutation(part.documents)
    lengths = np.diff(part.offsets)[order]
    epochs = -(-quota // int(lengths.sum()))
    order, lengths = np.tile(order, epochs), np.tile(lengths, epochs)
    ends = np.cumsum(lengths)
    count = int(np.searchsorted(ends, quota)) + 1
    order, lengths = order[:count], lengths[:count]
    places = np.arange(int(lengths.sum())) + np.repeat(part.offsets[order] - (ends[:count] - lengths), lengths)
    lengths = np.append(lengths[:-1], lengths[-1] - (ends[count - 1] - quota))
    return part.symbols[places[:quota]], lengths


def save(texts: Texts, path: str | os.PathLike[str]) -> None:
    """Write texts to one file, whole or not at all; equal texts give equal bytes."""
    with atomic_write(path) as file:
        np.save(file, np.frombuffer(_head(texts).encode(), np.uint8), allow_pickle=False)
        for part in (*texts.held.values(), *texts.train.values()):
            np.save(file, part.symbols, allow_pickle=False)
            np.save(file, part.offsets, allow_pickle=False)


def _head(texts: Texts) -> str:
    head = {"sources": texts.names, "targets": texts.targets, "vocabulary": texts.vocabulary, "unit": texts.unit}
    return json.dumps(head, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=4)
def load(path: str) -> Texts:
    """Texts that `save` wrote; kept in memory, so that many proxies in one process read them once.

    Raises:
        InputError: the file is not there.
        FormatError: it is something else, or cut short.
    """
    try:
        with open(path, "rb") as file:
            told = json.loads(np.load(file, allow_pickle=False).tobytes())
            held = {name: _read(file) for name in told["targets"]}
            train = {name: _read(file) for name in told["sources"]}
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.\nPrepare it first: macaronic mix sweep") from error
    except (ValueError, KeyError, TypeError, EOFError) as error:
        raise FormatError("no prepared texts, or cut short; prepare them again", path) from error
    return Texts(train, held, tuple(told["vocabulary"]), told["unit"])


def _read(file: IO[bytes]) -> Part:
    return Part(np.load(file, allow_pickle=False), np.load(file, allow_pickle=False))
