"""The counts of a corpus whose shards are read and counted by any engine, merged in the order of the corpus.

What comes back from a worker is additive and small, whatever the size of its shard. Every engine, also the serial one,
counts the same shards and merges them in the same order, so the measures and their intervals are the same bits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from macaronic.core.corpus import layers_of
from macaronic.core.problems import Problems
from macaronic.core.protocols import Executor
from macaronic.measure.corpus import words_of
from macaronic.measure.counts import Counts, Tally
from macaronic.measure.groups import split
from macaronic.measure.names import wants
from macaronic.measure.sentences import summarise
from macaronic.measure.symcom import Pair, main_pair
from macaronic.text.formats.parts import anywhere
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.reading import Reading, read_shard
from macaronic.text.formats.rows import with_layers

Prepare = Callable[[pa.RecordBatch], tuple[pa.RecordBatch, bool]]
"""Gives a batch with word languages, and whether it had none before; another process must be able to import it."""

POS = "pos"


@dataclass(frozen=True)
class Wanted:
    """What is to be counted.

    Args:
        languages: the languages that count; all when left out.
        names: which measures; all when left out.
        key: what makes a group (as in `groups.by`); one group, named by the empty string, when left out.
        pair: the two languages whose tags are counted for SyMCoM.
    """

    languages: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    key: str | None = None
    pair: Pair | None = None


@dataclass(frozen=True)
class Job:
    """A shard to count."""

    shard: Shard
    layers: tuple[str, ...]
    prepare: Prepare
    wanted: Wanted
    strict: bool

    def batches(self, problems: Problems, notes: list[str]) -> Iterator[tuple[pa.RecordBatch, bool]]:
        """The rows with languages, and whether they had none."""
        for batch in read_shard(self.shard, problems, notes=notes):
            yield self.prepare(with_layers(batch, self.layers))


@dataclass
class Counted:
    """What a shard holds: counts by group, what was bad, what was noted, and whether words had no languages."""

    groups: dict[str, Counts] = field(default_factory=dict)
    problems: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    bare: bool = False


def counted(job: Job) -> Counted:
    """Count a shard; what a worker does."""
    problems, found, wanted = Problems(job.strict), Counted(), job.wanted
    held: dict[str, Tally] = defaultdict(Tally)
    for batch, bare in job.batches(problems, found.notes):
        found.bare |= bare
        for group, part in split(batch, wanted.key, wanted.languages) if wanted.key else [("", batch)]:
            for words in words_of([part], wanted.languages, names=wanted.names, pos_layer=POS, pair=wanted.pair):
                held[group].add(summarise(words))
    found.groups = {group: tally.counts() for group, tally in held.items()}
    found.problems = problems.asdict()
    return found


def spoken(job: Job) -> dict[str, int]:
    """How many words of each language a shard has."""
    found: Counter[str] = Counter()
    for batch, _ in job.batches(Problems(job.strict), []):
        for words in words_of([batch], job.wanted.languages, names=(), pos_layer=POS):
            totals = np.bincount(words.language, minlength=len(words.languages)).tolist()
            found.update(dict(zip(words.languages, totals, strict=True)))
    return dict(found)


def jobs(reading: Reading, prepare: Prepare, wanted: Wanted) -> list[Job]:
    """A job for each shard of a reading (from `formats.read` with `shard_bytes`)."""
    layers, strict = reading.layers, reading.problems.strict
    return [Job(anywhere(shard), layers, prepare, wanted, strict) for shard in reading.shards]


def count_all(
    reading: Reading,
    prepare: Prepare,
    wanted: Wanted,
    run: Executor,
    *,
    say: Callable[[int, int, bool], None] | None = None,
) -> dict[str, Counts]:
    """The counts of a reading, by group; what was bad or noted is told to the reading.

    Args:
        reading: from `formats.read` with `shard_bytes`.
        prepare: gives a batch its word languages.
        wanted: what to count.
        run: any engine.
        say: is told shards done, shards in all, and whether words without languages were met.

    Returns:
        Group -> counts, groups in alphabetical order; one group without a name where no key is given.

    >>> import pathlib, tempfile
    >>> from macaronic.core.executor import Serial
    >>> from macaronic.text import formats
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mixed.conll"
    >>> _ = path.write_text("yaar\\tHI\\nchill\\tEN\\n")
    >>> found = count_all(formats.read(path), _as_it_is, Wanted(), Serial())
    >>> found[""].total("words")
    2.0
    """
    todo = jobs(reading, prepare, wanted)
    held: dict[str, Tally] = defaultdict(Tally) if wanted.key else {"": Tally()}
    reading.problems.clear()
    for done, found in enumerate(run.map(counted, todo), 1):
        for group, counts in found.groups.items():
            held[group].join(counts)
        reading.problems.merge(Problems.from_dict(found.problems))
        reading.notes += [line for line in found.notes if line not in reading.notes]
        if say:
            say(done, len(todo), found.bare)
    return {group: held[group].counts() for group in sorted(held)}


def _as_it_is(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, bool]:
    return batch, False


def with_pair(readings: Sequence[Reading], prepare: Prepare, wanted: Wanted, run: Executor) -> Wanted:
    """The same with the two languages that SyMCoM compares, as `measure.corpus.begin` finds them.

    The words are counted first, in a pass of their own, where SyMCoM is asked for, there are tags, and no two languages
    are given.
    """
    tagged = any(POS in layers_of(batch.schema) for reading in readings for batch in _first(reading))
    if not wants("symcom", wanted.names) or not tagged:
        return wanted
    if wanted.languages is not None and len(wanted.languages) > 1:
        return replace(wanted, pair=(wanted.languages[0], wanted.languages[1]))
    found: Counter[str] = Counter()
    for reading in readings:
        for totals in run.map(spoken, jobs(reading, prepare, wanted)):
            found.update(totals)
    return replace(wanted, pair=main_pair(found) or (next(iter(found), ""), ""))


def _first(reading: Reading) -> list[pa.RecordBatch]:
    return [batch for _, batch in zip(range(1), reading.batches())]
