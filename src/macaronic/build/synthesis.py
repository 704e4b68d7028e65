"""The `[[synth]]` tables of a recipe: mixed text out of parallel text, made part by part as any other source is read.

A part is prepared like a shard of text: by any engine, whole or not at all, under a name that is the fingerprint of
what goes in. Its words have their languages from the start, so nothing is identified.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from macaronic.build.content import fingerprints
from macaronic.build.recipe import Recipe, Source, Synth
from macaronic.core.corpus import batched, from_batch
from macaronic.core.errors import UsageError
from macaronic.core.files import fingerprint, sha256
from macaronic.core.parallel import grouped
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.synth import make
from macaronic.synth.like import Matcher
from macaronic.synth.mixed import Outcome
from macaronic.synth.profile import known
from macaronic.synth.rows import Given, Reading
from macaronic.synth.summary import Summary, counted
from macaronic.text import formats, words
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.record import tag_of
from macaronic.text.formats.streams import is_uri

PART_BYTES = 32 << 20
_COLUMNS = ("text", "tsv")
"""Formats of files that are read as columns of sentences when a path is named."""
_PLAIN = ("csv", "jsonl", "json", "inline", "conll", "conllu", "lince", "hub", *_COLUMNS)
"""Formats that hold no parallel text (or cannot be told to)."""


@dataclass(frozen=True)
class Making:
    """What one part reads and makes.

    Args:
        shards: parallel text, read one behind the other.
        columns: whether they are columns parted by tabs, without a line of languages on top.
        links: a file of Pharaoh links for them, line by line.
        like: real mixed text, or a profile of such, that the sentences shall be like.
        settings: what to make.
    """

    shards: tuple[Shard, ...]
    columns: bool
    links: str | None
    like: str | None
    settings: make.Settings

    def asdict(self) -> dict[str, Any]:
        """All that decides what comes out, besides what the files hold."""
        return asdict(self)


def settings(synth: Synth, seed: int) -> make.Settings:
    """The settings of a table.

    >>> settings(Synth.model_validate({"name": "m", "from": "p.tsv", "pair": ["hi", "en"]}), 1).method
    'ec'
    """
    return make.Settings(
        synth.method,
        (synth.pair[0], synth.pair[1]),
        n=synth.per_row,
        target_cmi=synth.target_cmi,
        switch_fraction=synth.switch_fraction,
        embedded_share=synth.embedded_share,
        ratio=synth.ratio,
        romanise=synth.romanise,
        noise=synth.noise,
        tolerance=synth.tolerance if synth.tolerance < 100 else None,
        seed=seed,
    )


def makings(recipe: Recipe, synth: Synth, folder: Path) -> list[tuple[Making, str]]:
    """The parts of a table, each with the fingerprint of what its files hold.

    Raises:
        InputError: a path that matches nothing.
        UsageError: a source without parallel text, or links for more than one file.
    """
    made = settings(synth, recipe.run.seed)
    sources = {source.name: source for source in recipe.source}
    links, like = (place(path, folder) if path else None for path in (synth.links, synth.like))
    beside = "".join(fingerprint(path) for path in (links, like) if path)
    found: list[tuple[Making, str]] = []
    for name in synth.sources:
        shards, columns = _of_source(sources[name], folder) if name in sources else _of_path(name, folder, synth)
        if links and (not columns or len(shards) != 1 or len(synth.sources) != 1):
            raise UsageError(f"synth {synth.name!r}: links go with one file of columns parted by tabs, line by line.")
        content = fingerprints(shards)
        for part in parts(shards):
            held = sha256("".join(content[i] for i in part) + beside)
            found.append((Making(tuple(shards[i] for i in part), columns, links, like, made), held))
    return found


def _of_source(source: Source, folder: Path) -> tuple[list[Shard], bool]:
    shards = formats.shards(
        [place(path, folder) for path in source.paths],
        format=source.format,
        text_key=source.text_key,
        encoding=source.encoding,
        shard_bytes=PART_BYTES,
    )
    _check_parallel(shards, f"source {source.name!r}")
    return shards, False


def _of_path(path: str, folder: Path, synth: Synth) -> tuple[list[Shard], bool]:
    shards = formats.shards(place(path, folder), shard_bytes=PART_BYTES)
    if shards and all(shard.format in _COLUMNS for shard in shards):
        if not synth.links and set(synth.pair) <= {tag_of(cell) for cell in _first_line(shards[0]).split("\t")}:
            return formats.shards(place(path, folder), format="parallel-tsv", shard_bytes=PART_BYTES), False
        return [s for s in (replace(s, end=None) for s in shards) if not s.begin], True
    _check_parallel(shards, path)
    return shards, False


def _first_line(shard: Shard) -> str:
    """The first line of a file of columns, which may name their languages beside others."""
    rows = formats.read_shard(replace(shard, format="text", end=None), Problems())
    first = next((u.text for batch in rows for u in from_batch(batch.slice(0, 1))), "")
    return first


def _check_parallel(shards: Sequence[Shard], named: str) -> None:
    plain = next((shard for shard in shards if shard.format in _PLAIN), None)
    if plain is not None:
        raise UsageError(
            f"synth: {named} is no parallel text ({plain.where} looks like {plain.format}).\n"
            "Expected the same sentences in several languages: columns parted by tabs, TMX, JSON lines by language, ..."
        )


def place(path: str, folder: Path) -> str:
    """A path of a recipe, as seen from anywhere."""
    return path if "://" in path or path.startswith(("package:", "hub:")) else str(folder / path)


def parts(shards: Sequence[Shard], size: int = PART_BYTES) -> list[list[int]]:
    """Which shards are made together: about `size` bytes, so that aligning finds enough text in each part."""
    found: list[list[int]] = []
    held = size
    for i, shard in enumerate(shards):
        if held >= size:
            found.append([])
            held = 0
        found[-1].append(i)
        held += _bytes(shard, size)
    if len(found) > 1 and held < size // 2:
        found[-2:] = [found[-2] + found[-1]]
    return found


def _bytes(shard: Shard, unknown: int) -> int:
    if shard.end is not None:
        return shard.end - shard.begin
    places = [held for _, held in shard.parts] or [shard.place]
    if any(is_uri(held) or not os.path.isfile(held) for held in places):
        return unknown
    return sum(os.path.getsize(held) for held in places) - shard.begin


def batches(
    making: Making, problems: Problems, notes: list[str], summary: Summary, *, sample: float | None = None
) -> Iterator[pa.RecordBatch]:
    """The mixed sentences of a part, with the layers `lang` and `source` and the label `synth` (the method).

    Args:
        making: what to read and to make.
        problems: where unreadable lines are counted.
        notes: gets what was guessed while reading.
        summary: counts the outcomes.
        sample: take only about this share of the rows.
    """
    rows = _columns(making, problems, notes) if making.columns else _grouped(making, problems, notes)
    if sample is not None:
        rows = (row for row in rows if _chance(row) < sample)
    made = _matcher(making).choose(rows) if making.like else make.make(rows, making.settings)
    outcomes = counted(made, summary)
    return batched(_labelled(outcomes, making.settings.method))


def _labelled(outcomes: Iterable[Outcome], method: str) -> Iterator[Utterance]:
    for outcome in outcomes:
        for number, one in enumerate(outcome.sentences):
            yield replace(one.utterance(number), labels={"synth": method})


def _matcher(making: Making) -> Matcher:
    like, pair = str(making.like), (making.settings.pair[0], making.settings.pair[1])
    return Matcher(known(like, pair), making.settings)


def _grouped(making: Making, problems: Problems, notes: list[str]) -> Iterator[make.Row]:
    read = chain.from_iterable(formats.read_shard(shard, problems, notes=notes) for shard in making.shards)
    return grouped(utterance for batch in read for utterance in from_batch(words.annotate(batch)))


def _columns(making: Making, problems: Problems, notes: list[str]) -> Iterator[make.Row]:
    for shard in making.shards:
        reading = Reading(shard.place, pair=making.settings.pair, links=making.links)
        yield from reading
        problems.merge(reading.problems)
        notes += [text for text in reading.notes if text not in notes]


def _chance(row: make.Row) -> float:
    """A number in [0, 1) that depends on the row's name alone."""
    held = row.row if isinstance(row, Given) else row
    return int.from_bytes(hashlib.sha256(held.group.encode()).digest()[:8], "big") / 2.0**64
