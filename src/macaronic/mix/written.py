"""A mixture on disk: the items of a stream or a draw in files, each whole or not at all, going on after a kill."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa

from macaronic import __version__
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.files import atomic_write, fingerprint, sha256, write_text
from macaronic.mix import shards
from macaronic.mix.stream import Stream
from macaronic.mix.whole import Whole

Format = Literal["shards", "jsonl", "parquet", "text"]
ENDINGS = {"shards": ".shard", "jsonl": ".jsonl", "parquet": ".parquet", "text": ".txt"}
BLOCK = 1024

Item = tuple[str, str, Any]
"""Phase, source, and the text or the token ids."""


@dataclass(frozen=True, eq=False)
class Output:
    """What to write, and where to.

    Args:
        items: the items in their order.
        out: the folder; files come to `data` below it.
        format: of the files.
        files: how many.
        text: whether the items are text.
        wide: whether token ids need 4 bytes.
        content: fingerprint of everything that the items depend on.
    """

    items: Stream | Whole
    out: Path
    format: Format
    files: int
    text: bool
    wide: bool
    content: str

    def __post_init__(self) -> None:
        if self.format not in get_args(Format):
            raise UnknownName("format", self.format, get_args(Format))
        if self.format == "text" and not self.text:
            raise UsageError(
                "token ids cannot be written as text; use --format shards, jsonl or parquet, or no tokenizer."
            )

    @property
    def key(self) -> str:
        """What names the finished files of this very output."""
        return sha256(json.dumps([self.content, self.format, self.files, self.text, self.wide, __version__]))[:16]

    @property
    def done(self) -> Path:
        """Where finished files are noted."""
        return self.out / ".work" / f"written-{self.key}"


def write(output: Output, *, say: Callable[[int, int], None] | None = None) -> list[dict[str, Any]]:
    """Write all files that are not there yet as they shall be.

    Args:
        output: what, and where to.
        say: is told files done, files in all.

    Returns:
        name, SHA-256 and items of each file.

    Raises:
        InputError: a file cannot be written.
    """
    found = []
    for number in range(output.files):
        found.append(_file(output, number))
        if say:
            say(number + 1, output.files)
    return found


def _file(output: Output, number: int) -> dict[str, Any]:
    name = f"train-{number:05d}-of-{output.files:05d}{ENDINGS[output.format]}"
    path, noted = output.out / "data" / name, output.done / f"{number:05d}.json"
    known = _noted(noted)
    if known and path.is_file() and fingerprint(path) == known.get("sha256"):
        return known
    size = len(output.items)
    begin, end = size * number // output.files, size * (number + 1) // output.files
    _write(output, path, read(output.items, begin, end))
    told = {"name": name, "sha256": fingerprint(path), "items": end - begin}
    write_text(noted, json.dumps(told))
    return told


def _noted(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def read(items: Stream | Whole, begin: int, end: int) -> Iterator[Item]:
    """The items [begin, end), a block at a time.

    >>> import tempfile
    >>> from macaronic.core.mixture import Mixture
    >>> from macaronic.mix.schedule import Phase
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = shards.write_text(f"{folder}/a", ["x", "y", "z"])
    ...     stream = Stream({"a": [f"{folder}/a"]}, [Phase("all", Mixture({"a": 1}, "documents"), 3)], seed=1)
    ...     sorted(read(stream, 0, 3))
    [('all', 'a', 'x'), ('all', 'a', 'y'), ('all', 'a', 'z')]
    """
    place = begin
    while place < end:
        size = min(BLOCK, end - place)
        if isinstance(items, Stream):
            batch = next(items.batches(size, position=place))
            phase, sources, rows, place = batch.phase, batch.sources, batch.rows, batch.position
        else:
            phase, (sources, rows), place = "all", items.read(place, place + size), place + size
        for source, row in zip(sources.tolist(), rows):
            yield phase, items.names[source], row


def _write(output: Output, path: Path, items: Iterator[Item]) -> None:
    match output.format:
        case "shards" if output.text:
            shards.write_text(path, (row for _, _, row in items))
        case "shards":
            shards.write_tokens(path, (row for _, _, row in items), vocabulary=1 << (32 if output.wide else 16))
        case "text":
            with atomic_write(path, "w") as file:
                file.writelines(" ".join(row.splitlines()) + "\n" for _, _, row in items)
        case "jsonl":
            with atomic_write(path, "w") as file:
                file.writelines(json.dumps(_record(output, item), ensure_ascii=False) + "\n" for item in items)
        case "parquet":
            _write_parquet(output, path, items)


def _record(output: Output, item: Item) -> dict[str, Any]:
    phase, source, row = item
    held = {"text": row} if output.text else {"input_ids": row.tolist()}
    return {**held, "source": source, **({"phase": phase} if isinstance(output.items, Stream) else {})}


def _write_parquet(output: Output, path: Path, items: Iterator[Item]) -> None:
    import pyarrow.parquet as pq

    ids = pa.list_(pa.uint32() if output.wide else pa.uint16())
    fields = [pa.field("text", pa.string()) if output.text else pa.field("input_ids", ids)]
    fields += [pa.field("source", pa.string())]
    fields += [pa.field("phase", pa.string())] if isinstance(output.items, Stream) else []
    columns = pa.schema(fields)
    with atomic_write(path) as file, pq.ParquetWriter(file, columns) as writer:
        while first := next(items, None):
            rows = [first, *(item for _, item in zip(range(BLOCK - 1), items))]
            writer.write_batch(pa.RecordBatch.from_pylist([_record(output, item) for item in rows], schema=columns))


def remove_others(output: Output, files: list[dict[str, Any]], earlier: list[str]) -> None:
    """Remove the files that an earlier, other output of ours wrote here."""
    current = {str(file["name"]) for file in files}
    for name in earlier:
        if name not in current and Path(name).name == name:
            (output.out / "data" / name).unlink(missing_ok=True)
    for folder in (output.out / ".work").glob("written-*"):
        if folder != output.done:
            for path in chain(folder.glob("*.json"), folder.glob(".*")):
                path.unlink(missing_ok=True)
            folder.rmdir()
