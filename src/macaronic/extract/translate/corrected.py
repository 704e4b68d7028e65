"""Reading a correction sheet back: the rows that a person has found right, as records of the target language."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from macaronic.core.errors import FormatError, InputError
from macaronic.core.languages import parse
from macaronic.core.problems import Problems
from macaronic.extract.record import Record
from macaronic.extract.translate.draft import Draft, begun
from macaronic.extract.translate.labels import LabelTable
from macaronic.extract.translate.marks import marked, unmarked
from macaronic.extract.translate.rules import Fault
from macaronic.extract.translate.run import named
from macaronic.text.formats import encodings

YES = frozenset({"yes", "y", "ok", "x", "true", "1"})
"""What counts as consent under `ok`."""

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
Row = Mapping[str, str]


def read(
    path: str | os.PathLike[str],
    records: Sequence[Record],
    *,
    to: str,
    labels: LabelTable | None,
    problems: Problems,
    source: str | None = None,
) -> dict[str, Record]:
    """The corrected records of a sheet, by id.

    A row counts once `yes` stands under `ok`; then every piece must have its marks in `suggestion` (in JSON lines: its
    span, with the piece's id). What a person says is right is not judged by the rules again.

    Args:
        path: a sheet of `sheet.write`, in any encoding a spreadsheet saves.
        records: the source records.
        to: the target language.
        labels: as in `translate`.
        problems: where rows that cannot be used are counted.
        source: the language of records that name none.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no correction sheet.
        MissingLabel: the table lacks a label.

    >>> import tempfile
    >>> from macaronic.extract.record import Span
    >>> path = Path(tempfile.mkdtemp()) / "sheet.tsv"
    >>> _ = path.write_text("id\\tsuggestion\\tok\\n1\\tSe fue <e1>Ana</e1>.\\tyes\\n")
    >>> one = Record("Ann left.", spans=(Span("PER", "Ann", 0, 3),), id="1", language="en")
    >>> read(path, [one], to="es", labels=None, problems=Problems())["1"].spans
    (Span(label='PER', text='Ana', start=7, end=10),)
    """
    to, where = parse(to), os.fspath(path)
    known = {record.id: record for record in named(records)}
    drafts: list[tuple[int, Draft, str]] = []
    for number, row in _rows(where, problems):
        if row.get("ok", "").strip().casefold() not in YES:
            continue
        try:
            drafts.append((number, _begun(row["id"], known, to, source), row["suggestion"]))
        except Fault as fault:
            problems.add(where, number, str(fault), kind="correction")
    if labels is not None:
        labels.check((draft.source for _, draft, _ in drafts), to)
    found = {}
    for number, draft, suggestion in drafts:
        try:
            text, places = unmarked(suggestion, len(draft.pieces.items))
            if not text:
                raise Fault("empty text", "the suggestion is empty")
        except Fault as fault:
            problems.add(where, number, f"{fault} in {suggestion[:60]!r}", kind="correction")
            continue
        draft.target = labels.applied(draft.source, to) if labels else draft.source
        found[draft.source.id] = draft.built(text, places, ("corrected by hand",))
    return found


def _begun(name: str, known: Mapping[str, Record], to: str, source: str | None) -> Draft:
    if name not in known:
        raise Fault("not in the records", f"none has the id {name!r}")
    return begun(known[name], to, source)


def _rows(where: str, problems: Problems) -> Iterator[tuple[int, Row]]:
    try:
        data = Path(where).read_bytes()
        text = data.decode(encodings.detect(data)[0]).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the correction sheet {where}: {error}.") from error
    yield from _from_jsonl(text, where, problems) if where.endswith(".jsonl") else _from_tsv(text, where)


def _from_tsv(text: str, where: str) -> Iterator[tuple[int, Row]]:
    sheet = csv.reader(io.StringIO(text, newline=""), dialect="excel-tab")
    try:
        head = [name.strip() for name in next(sheet, [])]
        missing = [name for name in ("id", "suggestion", "ok") if name not in head]
        if missing:
            raise FormatError(f"expected a correction sheet with the column {missing[0]!r}, got {head[:7]}", where, 1)
        for cells in sheet:
            yield sheet.line_num, {name: _plain(cell) for name, cell in zip(head, cells)}
    except csv.Error as error:
        raise FormatError(f"expected cells parted by tabs, got: {error}", where, sheet.line_num) from error


def _plain(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _from_jsonl(text: str, where: str, problems: Problems) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            spans = {int(span["id"].removeprefix("e")): (int(span["start"]), int(span["end"])) for span in row["spans"]}
            suggestion = marked(row["text"], list(spans.values()), list(spans))
            yield number, {"id": str(row["id"]), "ok": str(row.get("ok", "")), "suggestion": suggestion}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.add(
                where, number, f'expected {{"id", "text", "spans", "ok"}}, got {line[:60]!r}', kind="correction"
            )
