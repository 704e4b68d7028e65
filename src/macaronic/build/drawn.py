"""What was drawn, read once more: as a corpus to measure, and as sentences to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from macaronic.build.buckets import Part, View, open_facts
from macaronic.build.plan import Plan
from macaronic.core.corpus import Corpus, from_batch
from macaronic.core.utterance import Utterance
from macaronic.mix.sample import copies, priorities
from macaronic.report.build_report import Sample

SHOWN = 20


def corpus(plan: Plan, taken: Sequence[View]) -> Corpus:
    """The drawn rows in the order in which they were read, each as often as it was drawn."""

    def batches() -> Iterator[pa.RecordBatch]:
        for view in taken:
            count, at = copies(plan.draw, view.rows()), 0
            for batch in Corpus.open(view.part.rows).batches():
                own = count[at : at + batch.num_rows]
                at += batch.num_rows
                if own.any():
                    yield batch if (own == 1).all() else batch.take(pa.array(np.repeat(np.arange(len(own)), own)))

    return Corpus(batches)


def samples(plan: Plan, taken: Sequence[View]) -> tuple[Sample, ...]:
    """Drawn rows in a seeded random order, dealt out over the buckets, so that small ones are seen too."""
    best: dict[int, list[tuple[int, int, int]]] = {}
    for p, view in enumerate(taken):
        rows = view.rows()
        own = np.flatnonzero(copies(plan.draw, rows) > 0)
        long_enough = own[open_facts(view.part.facts).column("words").to_numpy()[own] > 2]
        own = long_enough if len(long_enough) else own
        order = priorities(plan.draw.seed + 1, rows.index[own], 0)
        for bucket in np.unique(rows.bucket[own]).tolist():
            inside = np.flatnonzero(rows.bucket[own] == bucket)
            new = [(int(order[i]), p, int(own[i])) for i in inside[np.argsort(order[inside])[:SHOWN]].tolist()]
            best[bucket] = sorted(best.get(bucket, []) + new)[:SHOWN]
    chosen = _dealt([(bucket, *entry) for bucket in sorted(best) for entry in best[bucket]])
    return tuple(_sample(plan, taken[p].part, row, bucket) for bucket, _, p, row in chosen)


def _dealt(best: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Up to `SHOWN` entries, one from each bucket in turn."""
    turn: Counter[int] = Counter()
    ranked = []
    for entry in best:
        ranked.append((turn[entry[0]], entry[1], entry))
        turn[entry[0]] += 1
    return [entry for _, _, entry in sorted(ranked)[:SHOWN]]


def _sample(plan: Plan, part: Part, row: int, bucket: int) -> Sample:
    for batch in Corpus.open(part.rows).batches():
        if row < batch.num_rows:
            utterance = next(from_batch(batch.slice(row, 1)))
            return Sample.of(_shortened(utterance), source=part.source, note=plan.buckets[bucket].name)
        row -= batch.num_rows
    raise IndexError(row)


def _shortened(utterance: Utterance, most: int = 40) -> Utterance:
    """The first words of a long text: a report shows sentences, not books."""
    if len(utterance.tokens) <= most:
        return utterance
    return replace(
        utterance,
        text=utterance.text[: utterance.tokens[most - 1][1]],
        tokens=utterance.tokens[:most],
        layers={name: labels[:most] for name, labels in utterance.layers.items()},
        spans=(),
        relations=(),
    )
