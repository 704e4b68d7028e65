"""A seeded sample of each bucket's text, for small models that say how much of each bucket is wanted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.build.buckets import Seen, View, open_facts
from macaronic.core.corpus import Corpus
from macaronic.mix.sample import priorities
from macaronic.mix.texts import Row, Texts, prepare

LONGEST = 20_000
"""Characters of a row that are looked at."""
LEAST, RAISED = 40, 200
"""Rows below which a bucket is not judged, and rows that are looked at of each bucket that has them."""
HELD_OUT = 0.2


@dataclass(frozen=True)
class Sampled:
    """What was looked at.

    Args:
        texts: of the buckets that hold enough.
        share: of all text that was looked at, 0 to 1.
        rows: how many rows of each bucket.
        small: buckets with too few rows to judge.
        symbols: how many characters a unit of each bucket has.
    """

    texts: Texts
    share: float
    rows: Mapping[str, int]
    small: tuple[str, ...]
    symbols: Mapping[str, float]

    @property
    def units(self) -> dict[str, float]:
        """How many units of each judged bucket there are to learn from."""
        return {name: len(part.symbols) / self.symbols[name] for name, part in self.texts.train.items()}


def sampled(seen: Seen, most: int, *, seed: int, targets: list[Row] | None = None) -> Sampled:
    """The same share of every bucket, so that models repeat a bucket's text as often as the build would.

    Buckets of which that would be only a few rows give more. Memory is bounded by `most`, not by the text.

    Args:
        seen: the buckets and their rows.
        most: about how many bytes to look at.
        seed: which rows.
        targets: text to judge on; a part of the sample when left out.

    Raises:
        UsageError: no target text.
        ValueError: fewer than two buckets can be judged.
    """
    share, each = _shares(seen, most)
    named = {code: name for name, code in seen.codes.items()}
    taken: dict[str, list[Row]] = {}
    counted = dict.fromkeys(seen.codes, (0, 0))
    for view in seen.views:
        for bucket, group, text, units in _rows(view, each, seed):
            name = named[bucket]
            taken.setdefault(name, []).append((name, group, text[:LONGEST]))
            counted[name] = (counted[name][0] + len(text), counted[name][1] + units)
    rows = Counter({name: len(own) for name, own in taken.items()})
    small = tuple(name for name in seen.codes if rows[name] < LEAST)
    judged = [row for name in seen.codes if name not in small for row in taken[name]]
    if len(seen.codes) - len(small) < 2:
        raise ValueError(f"fewer than two buckets have {LEAST} rows to judge by")
    texts = prepare(judged, targets=targets or (), held_out=HELD_OUT, seed=seed)
    symbols = {name: held / max(units, 1) for name, (held, units) in counted.items()}
    return Sampled(texts, share, {name: rows[name] for name in seen.codes}, small, symbols)


def _shares(seen: Seen, most: int) -> tuple[float, NDArray[np.float64]]:
    """The share of all text to look at, and of each bucket's rows, shape (buckets,)."""
    size, count = (np.zeros(len(seen.codes), np.float64) for _ in range(2))
    for view in seen.views:
        bucket = view.rows().bucket
        own = bucket >= 0
        held = np.minimum(open_facts(view.part.facts).column("bytes").to_numpy(), LONGEST)
        size += np.bincount(bucket[own], weights=held[own], minlength=len(size))
        count += np.bincount(bucket[own], minlength=len(count))
    share = min(1.0, most / max(float(size.sum()), 1.0))
    return share, np.minimum(1.0, np.maximum(share, RAISED / np.maximum(count, 1)))


def _rows(view: View, each: NDArray[np.float64], seed: int) -> Iterator[tuple[int, str, str, int]]:
    """Bucket, group, text and units of the rows of one shard that are looked at."""
    rows = view.rows()
    chance = priorities(seed ^ 0x5A3B1E, rows.index, 0).astype(np.float64) / 2.0**64
    looked = (rows.bucket >= 0) & (chance < each[np.maximum(rows.bucket, 0)]) & (rows.units > 0)
    at = 0
    for batch in Corpus.open(view.part.rows).batches():
        own = np.arange(at, at + batch.num_rows)[looked[at : at + batch.num_rows]]
        few = batch.filter(pa.array(looked[at : at + batch.num_rows]))
        at += batch.num_rows
        told = zip(few.column("meta").to_pylist(), few.column("text"))
        for bucket, units, (meta, text) in zip(rows.bucket[own].tolist(), rows.units[own].tolist(), told):
            yield bucket, _group(meta), text.as_py(), units


def _group(meta: str | None) -> str:
    return str(json.loads(meta).get("group") or "") if meta and '"group"' in meta else ""
