"""CSV and TSV: one column is the text, the others survive in `meta`.

Columns called `lang`, `language`, `label`, `sentiment` or `class` are sentence labels as well.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from macaronic.core.problems import Problems
from macaronic.text.formats.labels import WordLabels
from macaronic.text.formats.lines import blocks
from macaronic.text.formats.plan import Layout, Shard
from macaronic.text.formats.record import LABELLED, Row, sentence_labels

TEXT_NAMES = (
    "text", "sentence", "sentences", "tweet", "tweets", "content", "comment", "comments", "utterance", "body",
    "review", "post", "message", "transcript", "sent", "line", "question", "prompt", "title",
)  # fmt: skip
_KNOWN = {*TEXT_NAMES, *LABELLED, "id", "labels", "split", "source", "index", "idx", "category"}
_NAME = re.compile(r"[\w .:#/()-]{0,60}")
_BREAKS = re.compile(r"[\t\r\n]")
_SPECIAL = re.compile(r"[,\r\n]")
_CELL_LIMIT = 1 << 28
_BATCH = 4096


def layout(sample: str, delimiter: str, text_key: str = "text", *, whole: bool = True) -> Layout:
    """The columns of a table that begins so; the text column is called by the text key.

    A file without a header gets the column names `column1`, `column2`, ...

    >>> layout("text\\tlabel\\nso chill\\tPositive\\n", "\\t")
    Layout(columns=('text', 'label'), delimiter='\\t', header=True, quoted=False, layers=())
    """
    quoted = delimiter == "," or _is_quoted(sample)
    rows = [row for row in csv.reader(io.StringIO(sample, newline=""), **_dialect(delimiter, quoted=quoted)) if row]
    rows = rows if whole or len(rows) < 3 else rows[:-1]
    if not rows:
        return Layout((text_key,), delimiter, quoted=quoted)
    header = _has_header(rows, text_key)
    names = [*rows[0]] if header else [f"column{i}" for i in range(1, len(rows[0]) + 1)]
    if text_key not in names and not header:
        names[_longest(rows)] = text_key
    return Layout(tuple(names), delimiter, header, quoted)


def _dialect(delimiter: str, *, quoted: bool) -> dict[str, Any]:
    csv.field_size_limit(_CELL_LIMIT)
    return {"delimiter": delimiter, "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE}


def _is_quoted(sample: str) -> bool:
    """Whether quotation marks around TSV fields are marks of the format: always in pairs, or else rows do not fit."""
    widths = [
        {len(row) for row in csv.reader(io.StringIO(sample, newline=""), **_dialect("\t", quoted=quoted)) if row}
        for quoted in (False, True)
    ]
    if len(widths[0]) > 1 and len(widths[1]) == 1 and '"' in sample:
        return True
    fields = [f for line in re.split(r"\r\n|\r|\n", sample) for f in line.split("\t") if f.startswith('"')]
    closed = [f for f in fields if len(f) > 1 and f.endswith('"') and '"' not in f[1:-1].replace('""', "")]
    return bool(fields) and len(closed) == len(fields)


def _has_header(rows: Sequence[Sequence[str]], text_key: str) -> bool:
    first = rows[0]
    if any(not _NAME.fullmatch(cell) for cell in first) or len(set(first)) < len(first):
        return False
    low = [cell.strip().lower() for cell in first]
    if text_key in first or any(name in _KNOWN for name in low):
        return True
    body = rows[1:200]
    if len(first) < 2 or len(body) < 2 or any(map(_is_number, first)):
        return False
    at = _longest(body)
    lengths = [len(row[at]) for row in body if at < len(row)]
    return len(first[at]) * 2 < sum(lengths) / max(1, len(lengths)) or _numeric(body, len(first))


def _numeric(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether some column of the body is all numbers (whose name in the first row is then a name)."""
    columns = [[row[i] for row in rows if i < len(row)] for i in range(width)]
    return any(cells and all(map(_is_number, cells)) for cells in columns)


def _longest(rows: Sequence[Sequence[str]]) -> int:
    width = max(len(row) for row in rows)
    columns = [[row[i] for row in rows if i < len(row)] for i in range(width)]
    totals = [sum(len(cell) for cell in cells if not _is_number(cell)) for cells in columns]
    return totals.index(max(totals))


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).lstrip("-").isdecimal()


def text_column(columns: Sequence[str], sample: Sequence[Sequence[str]], text_key: str) -> str:
    """Which column holds the text: the one asked for, one of the usual names, or the longest.

    >>> text_column(("id", "Tweet"), [], "text")
    'Tweet'
    """
    if text_key in columns:
        return text_key
    low = {name.strip().lower(): name for name in reversed(columns)}
    usual = next((low[name] for name in TEXT_NAMES if name in low), None)
    return usual or (columns[_longest(sample)] if sample else columns[0])


def records(shard: Shard, problems: Problems) -> Iterator[tuple[int, Row]]:
    """(line number, column -> cell) of every row that has as many cells as there are columns."""
    columns = shard.layout.columns
    header = shard.layout.header
    for number, cells in _cells(shard, problems):
        if header:
            header = False
            continue
        if len(cells) != len(columns):
            problems.add(shard.where, number, f"expected {len(columns)} columns; got {len(cells)}", kind="columns")
        else:
            yield number, dict(zip(columns, cells))


def _cells(shard: Shard, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    fed: list[int] = []
    reader = csv.reader(_fed(shard, problems, fed), **_dialect(shard.layout.delimiter, quoted=shard.layout.quoted))
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.add(shard.where, fed[0] if fed else 0, f"not a table row: {error}", kind="columns")
            cells = []
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield fed[0], cells
        fed.clear()


def _fed(shard: Shard, problems: Problems, fed: list[int]) -> Iterator[str]:
    """The lines for the csv reader; `fed` gets the number of each."""
    for first, lines in blocks(shard, problems, keep_ends=True):
        for number, line in enumerate(lines, first):
            if line is not None:
                fed.append(number)
                yield line


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """An utterance for every row of the table that is not blank."""
    from macaronic.text.formats.jsonl import batches

    labels = WordLabels(shard.options.labels, problems, shard.where)
    held: list[tuple[int, Row]] = []
    size = 0
    for number, row in records(shard, problems):
        held.append((number, row))
        size += sum(map(len, row.values()))
        if len(held) >= _BATCH or size >= 1 << 24:
            yield from batches(held, shard, problems, labels)
            held, size = [], 0
    yield from batches(held, shard, problems, labels)


def write(
    batches: Iterable[pa.RecordBatch], columns: Sequence[str], *, text_key: str, layout: Layout
) -> Iterator[bytes]:
    """A row for every utterance; tokens and layers have no place here.

    Args:
        batches: of a corpus.
        columns: which to write, in order; `id`, the text column, sentence labels or keys of `meta`.
        text_key: the name of the text column.
        layout: delimiter, header and quoting.
    """
    quoted = layout.quoted or layout.delimiter == ","
    if layout.header:
        yield _row(columns, layout.delimiter, quoted=quoted)
    for batch in batches:
        rows: list[bytes] = []
        names = ("id", "text", "labels", "meta")
        for name, text, labels, meta in zip(*(batch.column(key).to_pylist() for key in names)):
            cells = _said(name, text, dict(labels or ()), json.loads(meta) if meta else {}, text_key)
            rows.append(_row([_cell(cells.get(column)) for column in columns], layout.delimiter, quoted=quoted))
        yield b"".join(rows)


def _row(cells: Sequence[str], delimiter: str, *, quoted: bool) -> bytes:
    """One line of a table: quoted where needed, or with spaces for what would break an unquoted row."""
    if not quoted:
        shown = [_BREAKS.sub(" ", cell) for cell in cells]
    else:
        special = _BREAKS if delimiter == "\t" else _SPECIAL
        shown = ['"' + cell.replace('"', '""') + '"' if special.search(cell) or '"' in cell else cell for cell in cells]
    return ((delimiter.join(shown) if any(cells) or len(cells) > 1 else '""') + "\n").encode("utf-8", "replace")


def _said(name: str, text: str, labels: dict[str, str], meta: Row, text_key: str) -> Row:
    old = sentence_labels(meta)
    changed = {key: value for key, value in labels.items() if old.get(key) != value}
    if "lang" in changed and "lang" not in meta and "language" in meta:
        changed["language"] = changed.pop("lang")
    return {"id": name, **meta, **changed, text_key: text}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def columns_of(batches: Iterable[pa.RecordBatch], text_key: str) -> list[str]:
    """The columns that a corpus needs: id, text, and every label and field of `meta` that occurs."""
    names = dict.fromkeys(["id", text_key])
    for batch in batches:
        for labels, meta in zip(batch.column("labels").to_pylist(), batch.column("meta").to_pylist()):
            names |= dict.fromkeys(key for key, _ in labels or ())
            names |= dict.fromkeys(json.loads(meta) if meta else ())
    return list(names)
