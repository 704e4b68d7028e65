"""Rows out of a file of outputs or examples, whatever table form it has, with what is wrong counted."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.text.formats import columnar, hub, jsonl, kinds, reading, table
from macaronic.text.formats.lines import blocks
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.streams import head

Row = dict[str, Any]
FORMS = ("jsonl", "json", "csv", "tsv", "parquet", "arrow")


def read_rows(path: str, problems: Problems, *, format: str | None = None) -> Iterator[tuple[int, Row]]:
    """(line number, row) of a JSONL, JSON, CSV, TSV, Parquet or Arrow file, compressed or not, or of a set of the hub.

    Args:
        path: a file, `-` for standard input, or `hub:ID/CONFIG#SPLIT`.
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
    if path.startswith(hub.PREFIX):
        yield from enumerate(hub.rows(path), 1)
        return
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
                yield from _sound(jsonl.objects(lines, first, shard.where, problems), shard.where, problems)
        case "json" | "sentence-lists":
            yield from _sound(_array(shard, problems), shard.where, problems)
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


def _sound(rows: Iterator[tuple[int, Row]], where: str, problems: Problems) -> Iterator[tuple[int, Row]]:
    """The rows, with U+FFFD where JSON escapes hold half of a surrogate pair, which no file could be written with."""
    for line, row in rows:
        text = "" if all(map(_is_sound, row.values())) else json.dumps(row, ensure_ascii=False)
        if text and not _is_sound(text):
            problems.add(where, line, "half of a surrogate pair; it is replaced by U+FFFD", kind="half character")
            row = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        yield line, row


def _is_sound(value: object) -> bool:
    if not isinstance(value, str):
        return not isinstance(value, list | dict)
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def required(
    rows: Iterator[tuple[int, Row]],
    fields: Sequence[str],
    path: str,
    problems: Problems,
    *,
    key: Sequence[str] = ("id",),
    answer: str = "",
) -> Iterator[tuple[int, Row]]:
    """The rows that have all fields; what lacks one, and what comes twice, is counted and left out.

    A row that only lacks the model's answer is an empty output, not a missing row: else a model would gain by silence.

    Args:
        rows: of `read_rows`.
        fields: what each row must have; null and NaN count as missing, an empty text does not.
        path: for messages.
        problems: where they are counted, as `missing field` and `duplicate`.
        key: the fields that tell rows apart; none: rows may repeat. Whole numbers such as 7.0 become 7.
        answer: the one of the fields that the model wrote; rows where it is missing or blank are counted as `empty
            output` and come with an empty text.

    Raises:
        FormatError: no row at all has the fields.
    """
    seen: set[tuple[str, ...]] = set()
    good = False
    first: Row = {}
    for line, row in rows:
        first = first or row
        row = {**row, **{field: _named(row[field]) for field in key if field in row}}
        lacking = [field for field in fields if field != answer and _is_nothing(row.get(field))]
        if lacking:
            problems.add(path, line, f"no {', '.join(lacking)}", kind="missing field")
            continue
        good = good or answer in ("", *row)
        name = tuple(str(row[field]) for field in key if field in row)
        if name and name in seen:
            problems.add(path, line, f"{' '.join(name)} comes twice; the first one counts", kind="duplicate")
            continue
        seen.add(name)
        yield line, _answered(row, answer, path, line, problems) if answer else row
    if not first:
        raise InputError(f"no rows in {path}")
    if not good:
        raise FormatError(f"expected the fields {', '.join(fields)}; got {', '.join(map(str, first))}", path)


def names_of(rows: Sequence[Row]) -> list[str]:
    """What names each row: its id, behind its `system` where a file holds several, so that no name comes twice.

    >>> names_of([{"id": 1, "system": "a"}, {"id": 1, "system": "b"}]), names_of([{"id": 1, "system": "a"}])
    (['a/1', 'b/1'], ['1'])
    """
    several = len({str(row.get("system") or "") for row in rows}) > 1
    return [f"{row.get('system') or ''}/{row['id']}" if several else str(row["id"]) for row in rows]


def number_in(value: object, low: float, high: float) -> float | None:
    """A cell as a number within bounds, or None.

    >>> number_in("0.5", 0, 1), number_in("high", 0, 1), number_in("nan", 0, 1), number_in(2, 0, 1)
    (0.5, None, None, None)
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if low <= number <= high else None


def _answered(row: Row, answer: str, path: str, line: int, problems: Problems) -> Row:
    """The row with a text under `answer` where there was nothing; blank ones are counted."""
    said = "" if _is_nothing(row.get(answer)) else row[answer]
    if not str(said).strip():
        problems.add(path, line, "an empty output; it counts as wrong", kind="empty output")
    return {**row, answer: said}


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _named(value: object) -> object:
    """A value that names a row: tables with gaps turn whole numbers into 7.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def listed(value: Any) -> list[Any]:
    """A list, also one that a cell holds as JSON; empty for anything else.

    >>> listed('["a", "b"]'), listed("a")
    (['a', 'b'], [])
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []
