"""Files read and worked on in parts, by any engine: what is made of each part lies in a file of its own.

What workers make is often larger than memory, so it never passes through the process that hands the parts out. A
part's summary is written last and says that the part is whole; a part that is there is not made again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from macaronic import __version__
from macaronic.core.corpus import Corpus
from macaronic.core.files import atomic_write, sha256
from macaronic.core.problems import Problems
from macaronic.core.protocols import Executor
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.reading import Reading, read_shard
from macaronic.text.formats.rows import with_layers
from macaronic.text.formats.streams import is_uri

SHARD_BYTES = 8 << 20
"""How large a part is: some seconds of identifying, so that little is lost with a worker."""

Made: TypeAlias = "pa.RecordBatch | str"
Make: TypeAlias = "Callable[[pa.RecordBatch], Made]"
_BLOCK = 1 << 20
_ROWS = b"\xff\xff\xff\xff"
"""What Arrow streams begin with, and no text in UTF-8."""


@dataclass(frozen=True)
class Part:
    """A part of some files, and what is to be made of it.

    Args:
        shard: what to read.
        layers: token layers that each batch is given.
        make: what becomes of a batch: another batch, or text; a function that another process can import.
        to: the file for all that; its summary lies beside it.
        strict: whether the first bad row raises.
    """

    shard: Shard
    layers: tuple[str, ...]
    make: Make
    to: Path
    strict: bool = False

    @property
    def summary(self) -> Path:
        """Where rows, problems and notes are told."""
        return self.to.with_suffix(".json")

    def batches(self, problems: Problems, notes: list[str]) -> Iterator[pa.RecordBatch]:
        """The rows as they are read."""
        for batch in read_shard(self.shard, problems, notes=notes):
            yield with_layers(batch, self.layers)


def parts(reading: Reading, make: Make, folder: Path, *, told: Sequence[str] = ()) -> list[Part]:
    """The parts of a reading, in order, each with a name in `folder` that says all that it depends on.

    Args:
        reading: from `read` with `shard_bytes`.
        make: what becomes of a batch.
        folder: where the parts' files go.
        told: the fingerprint of each shard's bytes and of what `make` does; without it a part is named by its place.
    """
    layers, strict = reading.layers, reading.problems.strict
    names = list(told) or [str(i) for i in range(len(reading.shards))]
    found = []
    for name, shard in zip(names, reading.shards, strict=True):
        key = sha256(json.dumps([__version__, name, asdict(shard), layers, strict], sort_keys=True))[:32]
        found.append(Part(anywhere(shard), layers, make, folder / f"{key}.part", strict))
    return found


def anywhere(shard: Shard) -> Shard:
    """The shard with the full paths of its local files, for a worker in another folder."""
    parts = tuple((tag, _full(place)) for tag, place in shard.parts)
    return replace(shard, place=_full(shard.place), shown=shard.where, parts=parts)


def _full(place: str) -> str:
    return os.path.abspath(place) if place and not is_uri(place) and os.path.exists(place) else place


def make(part: Part) -> dict[str, Any]:
    """Make a part, unless it is made already.

    Returns:
        `rows`, `problems` and `notes`.
    """
    if part.summary.exists():
        known: dict[str, Any] = json.loads(part.summary.read_text("utf-8"))
        return known
    problems, notes, rows = Problems(part.strict), list[str](), 0
    with atomic_write(part.to) as file:
        writer = None
        for batch in part.batches(problems, notes):
            rows += batch.num_rows
            made = part.make(batch)
            if isinstance(made, str):
                file.write(made.encode())
                continue
            if writer is None or writer[0] != made.schema:
                writer = _begin(file, made.schema, writer)
            writer[1].write_batch(made)
        if writer is not None:
            writer[1].close()
    summary = {"rows": rows, "problems": problems.asdict(), "notes": notes}
    with atomic_write(part.summary, "w") as file:
        json.dump(summary, file, ensure_ascii=False)
    return summary


def _begin(file: Any, schema: pa.Schema, before: tuple[pa.Schema, Any] | None) -> tuple[pa.Schema, Any]:
    """A stream of record batches in a file; another one behind it where the columns change."""
    if before is not None:
        before[1].close()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    return schema, pa.ipc.new_stream(pa.PythonFile(file, "w"), schema, options=packed)


def made(part: Part) -> Iterator[Made]:
    """What a part's file holds, a piece at a time: record batches, or text."""
    with open(part.to, "rb") as file:
        rows = file.read(len(_ROWS)) == _ROWS
    yield from made_rows(part) if rows else _text(part.to)


def made_rows(part: Part) -> Iterator[pa.RecordBatch]:
    """The record batches that a part's file holds."""
    with pa.OSFile(str(part.to)) as file:
        while file.tell() < file.size():
            with pa.ipc.open_stream(file) as reader:
                yield from reader


def _text(path: Path) -> Iterator[str]:
    with open(path, encoding="utf-8", newline="") as file:
        while piece := file.read(_BLOCK):
            yield piece


def finished(todo: Sequence[Part], reading: Reading, run: Executor) -> Iterator[tuple[Part, int]]:
    """Each part when it is made, in order, with its number of rows; what was bad or noted is told to the reading."""
    reading.problems.clear()
    there = {part: make(part) for part in todo if part.summary.exists()}
    summaries = run.map(make, [part for part in todo if part not in there])
    for part in todo:
        summary = there[part] if part in there else next(summaries)
        reading.problems.merge(Problems.from_dict(summary["problems"]))
        reading.notes += [line for line in summary["notes"] if line not in reading.notes]
        yield part, summary["rows"]


def passed(reading: Reading, make: Make, run: Executor) -> Iterator[Made]:
    """What workers make of a reading, in order, a piece at a time.

    Between them and this process it lies in temporary files (in TMPDIR), which go as they are read.
    """
    with tempfile.TemporaryDirectory(prefix="macaronic-") as folder:
        for part, _ in finished(parts(reading, make, Path(folder)), reading, run):
            yield from made(part)
            part.to.unlink()


def whole(shards: Sequence[Shard]) -> list[str]:
    """The large files that cannot be cut, so that one worker reads each alone."""
    return [s.where for s in shards if not s.begin and s.end is None and s.place and _large(s.place)]


def _large(place: str) -> bool:
    return is_uri(place) or (os.path.isfile(place) and os.path.getsize(place) > SHARD_BYTES)


def straight(corpus: Corpus, make: Make) -> Iterator[Made]:
    """What is made of a corpus, in this process and without files."""
    for batch in corpus.batches():
        yield make(batch)
