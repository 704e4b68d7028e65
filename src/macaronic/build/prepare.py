"""The slow part of a build, a shard at a time: read, cut into words, filter, identify, and note the facts.

What comes out depends on the shard's bytes, how it is read, the tagger and the filters, and on nothing else; its name
is the fingerprint of all that, so new proportions never make anything be identified again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from macaronic import __version__
from macaronic.build.facts import Count, facts
from macaronic.build.recipe import Filter
from macaronic.build.synthesis import Making, batches
from macaronic.core.columns import label_column, token_offsets, with_labels, with_token_layer
from macaronic.core.corpus import conform, to_batch
from macaronic.core.files import atomic_write, sha256
from macaronic.core.problems import Problems
from macaronic.core.protocols import Tagger
from macaronic.curate.keep import Mask, by_length, by_rule, load_rule, tally
from macaronic.identify import tagger as taggers
from macaronic.identify.annotate import annotate, has_languages, words_of
from macaronic.mix.sample import priorities
from macaronic.synth.summary import Summary
from macaronic.text import formats, scripts, words
from macaronic.text.formats.plan import Shard

_LAYOUT = 1
"""Raise when prepared shards change their form."""


@dataclass(frozen=True)
class Settings:
    """Everything besides the shard's bytes that decides what a prepared shard holds."""

    language: str | None
    languages: tuple[str, ...] | None
    filter: Filter
    folder: str
    rule_sha256: str
    tokenizer: str | None
    tokenizer_sha256: str
    tagger: str
    labels: tuple[str, ...]
    sample: float | None = None


@dataclass(frozen=True)
class Prepare:
    """One shard to prepare: what to read (or to make), how, and where to put it."""

    shard: Shard
    sha256: str
    settings: Settings
    to: Path
    making: Making | None = None

    @property
    def key(self) -> str:
        """The fingerprint that names the result."""
        own = {k: v for k, v in asdict(self.settings).items() if k not in ("folder", "tokenizer", "filter")}
        own["filter"] = self.settings.filter.model_dump()
        told = [_LAYOUT, __version__, self.sha256, asdict(self.shard), own]
        told += [self.making.asdict()] if self.making else []
        return sha256(json.dumps(told, sort_keys=True, default=str))[:32]

    @property
    def rows(self) -> Path:
        """Where the rows lie."""
        return self.to / f"{self.key}.arrow"

    @property
    def facts(self) -> Path:
        """Where the facts lie."""
        return self.to / f"{self.key}.facts"

    @property
    def summary(self) -> Path:
        """Where the summary lies; it is written last, so it says that all is there."""
        return self.to / f"{self.key}.json"


def prepare(job: Prepare) -> dict[str, Any]:
    """Prepare one shard, unless it is prepared already.

    Returns:
        rows read and kept, words, why rows went, and what could not be read; of made text also how the making went.
    """
    if job.summary.exists():
        known: dict[str, Any] = json.loads(job.summary.read_text("utf-8"))
        return known
    read, gone, problems, notes = 0, dict[str, int](), Problems(), list[str]()
    told = Summary(job.making.settings.target_cmi if job.making else None)
    kept = word_count = 0
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_write(path)) for path in (job.rows, job.facts)]
        writers: list[Any] = []
        for count, batch, refused in _batches(job, problems, notes, told):
            read += count
            for name, number in refused.items():
                gone[name] = gone.get(name, 0) + number
            noted = facts(batch, count_tokens=_counter(job.settings.tokenizer), labels=job.settings.labels)
            if not writers:
                columns = batch.schema
                both = zip(files, (columns, noted.schema), strict=True)
                writers = [stack.enter_context(pa.ipc.new_stream(file, form)) for file, form in both]
            writers[0].write_batch(conform(batch, columns))
            writers[1].write_batch(noted)
            kept += batch.num_rows
            word_count += int(token_offsets(batch)[-1])
        if not writers:
            _write_empty(files[0], files[1], job.settings.labels)
    summary = {
        "read": read,
        "kept": kept,
        "words": word_count,
        "gone": gone,
        "problems": problems.asdict(),
        "notes": notes,
        **({"synth": told.asdict()} if job.making else {}),
    }
    with atomic_write(job.summary, "w") as file:
        json.dump(summary, file, ensure_ascii=False)
    return summary


def _write_empty(rows_file: Any, facts_file: Any, labels: tuple[str, ...]) -> None:
    empty = to_batch([], ["lang"])
    for file, batch in ((rows_file, empty), (facts_file, facts(empty, labels=labels))):
        with pa.ipc.new_stream(file, batch.schema) as writer:
            writer.write_batch(batch)


def _batches(
    job: Prepare, problems: Problems, notes: list[str], told: Summary
) -> Iterator[tuple[int, pa.RecordBatch, dict[str, int]]]:
    """Rows read, the batch of those that stay, and why the others went."""
    settings = job.settings
    rule = load_rule(settings.filter.keep, Path(settings.folder)) if settings.filter.keep else None
    done = 0
    for raw in _read(job, problems, notes, told):
        batch = raw
        if settings.sample is not None and job.making is None:
            index = np.arange(done, done + raw.num_rows)
            chance = priorities(7, index, 0).astype(np.float64) / 2.0**64
            batch = raw.filter(pa.array(chance < settings.sample))
        done += raw.num_rows
        count = batch.num_rows
        batch = words.annotate(batch)
        fits = by_length(batch, least=settings.filter.min_words, most=settings.filter.max_words)
        batch, gone = _filtered(batch, {"length": fits})
        batch, sure = _with_languages(batch, settings)
        masks = {"confidence": sure}
        if rule is not None:
            masks["keep"] = by_rule(batch, rule)
        batch, more = _filtered(batch, masks)
        yield count, batch, {**gone, **more}


def _read(job: Prepare, problems: Problems, notes: list[str], told: Summary) -> Iterator[pa.RecordBatch]:
    if job.making is None:
        return formats.read_shard(job.shard, problems, notes=notes)
    return batches(job.making, problems, notes, told, sample=job.settings.sample)


def _filtered(batch: pa.RecordBatch, masks: dict[str, Any]) -> tuple[pa.RecordBatch, dict[str, int]]:
    keep, gone = tally(masks)
    return (batch if keep.all() else batch.filter(pa.array(keep))), gone


def _with_languages(batch: pa.RecordBatch, settings: Settings) -> tuple[pa.RecordBatch, Mask]:
    """The batch with a language for every word, and which rows are sure enough (all, where nothing was identified)."""
    sure = np.ones(batch.num_rows, bool)
    if has_languages(batch):
        return batch, sure
    if settings.language is not None:
        return _as_given(batch, [settings.language] * batch.num_rows), sure
    given = label_column(batch, "lang")
    if all(given) and _parallel(batch):
        return _as_given(batch, [str(tag) for tag in given]), sure
    if any(given):
        batch = with_labels(batch, "lang_given", given)
    batch, _ = annotate(batch, _tagger(), settings.languages)
    if settings.filter.min_confidence > 0:
        told = [float(c or 0) for c in label_column(batch, "lang_confidence")]
        sure = np.array(told) >= settings.filter.min_confidence
    return batch, sure


def _parallel(batch: pa.RecordBatch) -> bool:
    """Whether the rows are parallel text, whose language the source knows."""
    return all('"group"' in meta for meta in batch.column("meta").to_pylist())


def _as_given(batch: pa.RecordBatch, tags: list[str]) -> pa.RecordBatch:
    """Every word with a letter is in the language that its row is said to be in; the rest is `other`."""
    names = [*dict.fromkeys(tags), "other"]
    place = {name: i for i, name in enumerate(names)}
    rows = words_of(batch)
    script = scripts.scripts_of([word for row in rows for word in row])
    letters = np.array([name not in scripts.COMMON for name in script.dictionary.to_pylist()] or [False])
    own = np.repeat([place[tag] for tag in tags], [len(row) for row in rows]).astype(np.int32)
    codes = np.where(letters[script.indices.to_numpy(zero_copy_only=False)], own, np.int32(len(names) - 1))
    return with_token_layer(with_labels(batch, "lang", tags), "lang", codes.astype(np.int32), names)


@lru_cache(maxsize=1)
def _tagger() -> Tagger:
    return taggers.load()


@lru_cache(maxsize=4)
def _counter(tokenizer: str | None) -> Count | None:
    if tokenizer is None:
        return None
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    model = Tokenizer.from_file(tokenizer)
    return lambda texts: [len(e.ids) for e in model.encode_batch(texts, add_special_tokens=False)]
