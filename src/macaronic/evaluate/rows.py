"""Rows out of a file of outputs or examples, whatever table form it has, with what is wrong counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.text.formats import columnar, jsonl, kinds, reading, table
from macaronic.text.formats.lines import blocks
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.streams import head

Row = dict[str, Any]
FORMS = ("jsonl", "json", "csv", "tsv", "parquet", "arrow")


def read_rows(path: str, problems: Problems, *, format: str | None = None) -> Iterator[tuple[int, Row]]:
    """(line number, row) of a JSONL, JSON, CSV, TSV, Parquet or Arrow file, compressed or not.

    Args:
        path: a file, or `-` for standard input.
        problems: where rows that cannot be read are counted.
        format: one of `FORMS`; found from name and content when left out.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no table of any form.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "outputs.csv"
    >>> _ = path.write_text("id,response\\n1,so chill\\n2\\n")
    >>> problems = Problems()
    >>> list(read_rows(str(path), problems)), problems.count
    ([(2, {'id': '1', 'response': 'so chill'})], 1)
    """
    for shard in reading.read(path, format=format or _format(path)).shards:
        yield from _rows(shard, problems)


def _format(path: str) -> str | None:
    """The form by its ending where that is one of a table; guessing would take texts in two columns for parallel."""
    named = kinds.ending(path)
    if named in ("csv", "tsv", "parquet", "arrow"):
        return named
    if path == "-":
        return None
    sample, whole = head(path)
    guessed = kinds.guess(path, sample, whole=whole).removeprefix("parallel-")
    return guessed if guessed in FORMS else None


def _rows(shard: Shard, problems: Problems) -> Iterator[tuple[int, Row]]:
    match shard.format.removeprefix("parallel-"):
        case "csv" | "tsv":
            yield from _table(shard, problems)
        case "jsonl":
            for first, lines in blocks(shard, problems):
                yield from jsonl.objects(lines, first, shard.where, problems)
        case "json" | "sentence-lists":
            yield from _array(shard, problems)
        case "parquet" | "arrow":
            yield from columnar.records(shard)
        case other:
            raise FormatError(
                f"expected rows with named fields (JSONL, JSON, CSV, TSV, Parquet); this looks like {other}.",
                shard.where,
            )


def _table(shard: Shard, problems: Problems) -> Iterator[tuple[int, Row]]:
    """The rows below the first line, which always names the columns here, whatever it looks like."""
    rows = table.records(shard, problems)
    if shard.layout.header:
        yield from rows
        return
    names = [str(cell) for _, first in islice(rows, 1) for cell in first.values()]
    for number, row in rows:
        yield number, dict(zip(names, row.values()))


def _array(shard: Shard, problems: Problems) -> Iterator[tuple[int, Row]]:
    text = "\n".join(line or "" for _, lines in blocks(shard, problems) for line in lines)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", shard.where, getattr(error, "lineno", 0)) from error
    for number, row in enumerate(value if isinstance(value, list) else [value], 1):
        if isinstance(row, dict):
            yield number, row
        else:
            problems.add(shard.where, 0, f"expected objects; item {number} is a {type(row).__name__}", kind="json")


def required(
    rows: Iterator[tuple[int, Row]],
    fields: Sequence[str],
    path: str,
    problems: Problems,
    *,
    key: Sequence[str] = ("id",),
) -> Iterator[tuple[int, Row]]:
    """The rows that have all fields; what lacks one, and what comes twice, is counted and left out.

    Args:
        rows: of `read_rows`.
        fields: what each row must have; null counts as missing, an empty text does not.
        path: for messages.
        problems: where they are counted, as `missing field` and `duplicate`.
        key: the fields that tell rows apart; none: rows may repeat.

    Raises:
        FormatError: no row at all has the fields.
    """
    seen: set[tuple[str, ...]] = set()
    good = False
    first: Row = {}
    for line, row in rows:
        first = first or row
        lacking = [field for field in fields if row.get(field) is None]
        if lacking:
            problems.add(path, line, f"no {', '.join(lacking)}", kind="missing field")
            continue
        good = True
        name = tuple(str(row[field]) for field in key if field in row)
        if name and name in seen:
            problems.add(path, line, f"{' '.join(name)} comes twice; the first one counts", kind="duplicate")
            continue
        seen.add(name)
        yield line, row
    if not first:
        raise InputError(f"no rows in {path}")
    if not good:
        raise FormatError(f"expected the fields {', '.join(fields)}; got {', '.join(map(str, first))}", path)
