"""`align`: links between the words of sentence pairs; `Aligner`: what was learnt, to align more pairs with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.files import atomic_write
from macaronic.synth.align import model
from macaronic.synth.align.grid import Block, Cells, laid
from macaronic.synth.align.priors import Dictionary, Prior, prior
from macaronic.synth.align.symmetrise import METHODS, Method, symmetrised
from macaronic.synth.align.types import Floats, Ints, Types, numbered

Pair = tuple[Sequence[str], Sequence[str]]

SURE = 0.65
LARGEST = 1_000_000
"""Sentences whose word pairs are more than this (1,000 by 1,000 words) are neither learnt from nor linked."""

"""Links that both directions give are kept from this confidence on, unless another limit is asked for."""

_KEPT = 1e-3
_EMPTY = ("",)  # the form of the place holder among the cells


@dataclass(frozen=True, slots=True)
class Alignment:
    """The links of one sentence pair.

    Args:
        links: (word of the first side, word of the second), from 0, ascending.
        confidence: how sure each link is, in [0, 1]: the geometric mean of its posteriors in the two directions.
    """

    links: tuple[tuple[int, int], ...] = ()
    confidence: tuple[float, ...] = ()


def align(
    pairs: Sequence[Pair],
    *,
    source: str | None = None,
    target: str | None = None,
    extra: Sequence[Pair] = (),
    dictionary: Dictionary | None = None,
    method: Method = "intersect",
    least: float | None = None,
    ibm_rounds: int = 2,
    hmm_rounds: int = 2,
    progress: model.Progress | None = None,
) -> list[Alignment]:
    """Link the words of sentence pairs that translate each other; the same pairs always give the same links.

    Args:
        pairs: the words of both sides, pair by pair.
        source, target: the languages' tags, which help to spell words in Latin letters.
        extra: more parallel text to learn from; no links of it are given.
        dictionary: translations of words of the first side, where known.
        method: how the two directions become one (`macaronic.synth.align.symmetrise.METHODS`).
        least: keep links of at least this confidence, in [0, 1]; by default `SURE` for `intersect`, 0 for the others.
        ibm_rounds, hmm_rounds: how often each model goes over the text.
        progress: called with how much is done, in [0, 1].

    Returns:
        An `Alignment` a pair, empty where a side has no words.

    Raises:
        UnknownName: no such method.

    >>> text = [("the house", "la casa"), ("the cat", "el gato"), ("a house", "una casa")]
    >>> pairs = [(first.split(), second.split()) for first, second in text]
    >>> [found.links for found in align(pairs * 4)][2]
    ((0, 0), (1, 1))
    """
    _checked(method)
    text = _laid([*pairs, *extra] if extra else pairs, (source, target), dictionary)
    counts, jumps = _learnt(text, ibm_rounds, hmm_rounds, progress)
    return _linked(text, counts, jumps, len(pairs), method, least)


@dataclass(frozen=True, slots=True)
class Aligner:
    """What was learnt from sentence pairs, to align others with it.

    Args:
        first, second: the forms of both sides with how often they occurred.
        cells: the pairs of forms that some link joined.
        counts: how often each is expected to be linked.
        jumps: the weights of the jumps, a row a direction.
        languages: the tags of both sides.
        dictionary: the translations that were given.

    >>> text = [("the house", "la casa"), ("the cat", "el gato"), ("a house", "una casa")]
    >>> pairs = [(first.split(), second.split()) for first, second in text]
    >>> Aligner.fit(pairs * 4).align([(["house"], ["casa"])])[0].links
    ((0, 0),)
    """

    first: Types
    second: Types
    cells: tuple[Ints, Ints]
    counts: Floats
    jumps: model.Jumps
    languages: tuple[str | None, str | None] = (None, None)
    dictionary: Dictionary = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        pairs: Sequence[Pair],
        *,
        source: str | None = None,
        target: str | None = None,
        dictionary: Dictionary | None = None,
        ibm_rounds: int = 2,
        hmm_rounds: int = 2,
        progress: model.Progress | None = None,
    ) -> Aligner:
        """Learn from sentence pairs; the arguments are those of `align`."""
        text = _laid(pairs, (source, target), dictionary)
        counts, jumps = _learnt(text, ibm_rounds, hmm_rounds, progress)
        kept = np.flatnonzero(counts > _KEPT)
        cells = text.cells.first[kept].astype(np.int64), text.cells.second[kept].astype(np.int64)
        return cls(text.first, text.second, cells, counts[kept], jumps, (source, target), dictionary or {})

    def align(
        self, pairs: Sequence[Pair], *, method: Method = "intersect", least: float | None = None
    ) -> list[Alignment]:
        """Link the words of more sentence pairs; the arguments are those of the function `align`."""
        _checked(method)
        text = _laid(pairs, self.languages, self.dictionary, known=self)
        counts = np.zeros(len(text.cells.first), np.float32)
        keys = text.cells.first.astype(np.int64) << 32 | text.cells.second
        keys[0] = -1
        counts[np.searchsorted(keys, self.cells[0] << 32 | self.cells[1])] = self.counts
        return _linked(text, counts, self.jumps, len(pairs), method, least)

    def save(self, folder: str | Path) -> None:
        """Keep it as `aligner.npz` (numbers) and `aligner.json` (words) in a folder, which is made if need be."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        words = {
            "format": 1,
            "languages": self.languages,
            "first": self.first.forms,
            "second": self.second.forms,
            "dictionary": {word: sorted(others) for word, others in self.dictionary.items()},
        }
        with atomic_write(place / "aligner.json") as out:
            out.write(json.dumps(words, ensure_ascii=False).encode())
        with atomic_write(place / "aligner.npz") as out:
            np.savez_compressed(
                out,
                first=self.first.counts,
                second=self.second.counts,
                cells=np.stack(self.cells),
                counts=self.counts,
                jumps=np.stack(self.jumps),
            )

    @classmethod
    def load(cls, folder: str | Path) -> Aligner:
        """Read what `save` wrote.

        Raises:
            FormatError: the folder holds no aligner of this format.
        """
        place = Path(folder)
        try:
            words = json.loads((place / "aligner.json").read_text("utf-8"))
            with np.load(place / "aligner.npz", allow_pickle=False) as kept:
                numbers = {name: kept[name] for name in ("first", "second", "cells", "counts", "jumps")}
            first, second = (
                Types(tuple(words["first"]), numbers["first"]),
                Types(tuple(words["second"]), numbers["second"]),
            )
            languages = tuple(words["languages"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise FormatError(
                f"expected a saved aligner (aligner.json, aligner.npz), got {error}", str(place)
            ) from error
        cells, jumps = numbers["cells"], numbers["jumps"]
        return cls(
            first,
            second,
            (cells[0], cells[1]),
            numbers["counts"],
            (jumps[0], jumps[1]),
            (languages[0], languages[1]),
            words.get("dictionary", {}),
        )


@dataclass(frozen=True, slots=True)
class _Text:
    first: Types
    second: Types
    blocks: list[Block]
    cells: Cells
    prior: Prior


def _checked(method: str) -> None:
    if method not in METHODS:
        raise UnknownName("way to symmetrise", method, METHODS)


def _laid(
    pairs: Sequence[Pair],
    languages: tuple[str | None, str | None],
    dictionary: Dictionary | None,
    known: Aligner | None = None,
) -> _Text:
    pairs = [pair if len(pair[0]) * len(pair[1]) <= LARGEST else ((), ()) for pair in pairs]
    first, *a = _types((words for words, _ in pairs), known.first if known else None)
    second, *b = _types((words for _, words in pairs), known.second if known else None)
    blocks, cells = laid((a[0], a[1]), (b[0], b[1]), kept=known.cells if known else None)
    before = prior(cells, first, second, languages=languages, dictionary=dictionary)
    return _Text(first, second, blocks, cells, before)


def _types(sentences: Iterable[Sequence[str]], known: Types | None) -> tuple[Types, Ints, Ints]:
    forms, ids, starts = numbered(sentences, known.forms if known else _EMPTY)
    counts = np.bincount(ids, minlength=len(forms)).astype(np.float32)
    if known:
        counts[: len(known.counts)] = known.counts
    return Types(tuple(forms), counts), ids, starts


def _learnt(
    text: _Text, ibm_rounds: int, hmm_rounds: int, progress: model.Progress | None
) -> tuple[Floats, model.Jumps]:
    return model.trained(
        text.blocks,
        text.cells,
        text.prior,
        text.first,
        text.second,
        ibm_rounds=ibm_rounds,
        hmm_rounds=hmm_rounds,
        progress=progress,
    )


def _linked(
    text: _Text, counts: Floats, jumps: model.Jumps, pairs: int, method: str, least: float | None
) -> list[Alignment]:
    answers = [Alignment()] * pairs
    known = model.tables(counts, text.cells, text.prior)
    limit = least if least is not None else SURE if method == "intersect" else 0.0
    wanted = [block for block in text.blocks if (block.rows < pairs).any()]
    for block, forward, backward in model.found(wanted, known, text.first, text.second, jumps):
        ahead = (forward == forward.max(1, keepdims=True)) & (forward > 0)
        behind = (backward == backward.max(2, keepdims=True)) & (backward > 0)
        sure = np.sqrt(forward * backward).clip(0, 1)
        where, i, j = np.nonzero(symmetrised(ahead, behind, method) & (sure >= limit))
        links, values = list(zip(i.tolist(), j.tolist())), sure[where, i, j].tolist()
        cuts = np.searchsorted(where, np.arange(len(block.rows) + 1)).tolist()
        for row, start, stop in zip(block.rows.tolist(), cuts, cuts[1:]):
            if row < pairs:
                answers[row] = Alignment(tuple(links[start:stop]), tuple(values[start:stop]))
    return answers
