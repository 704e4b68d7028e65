"""Rows to learn from: files of any format as tables of named fields, read anew at every pass."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from itertools import islice
from typing import Any

from macaronic.core.errors import InputError, UsageError
from macaronic.core.files import fingerprint, sha256
from macaronic.core.problems import Problems
from macaronic.text.formats.jsonl import objects
from macaronic.text.formats.streams import open_bytes

Row = Mapping[str, Any]
Placed = tuple[str, int, Row]
FIELDS = ("text", "prompt", "completion", "source", "target", "tokens", "words", "labels", "label")
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that can be read again and again.

    Args:
        name: of the source.
        pass_over: gives (place, line, row), counting bad lines in the problems it is given.
        fingerprint: of what they hold.
    """

    name: str
    pass_over: Callable[[Problems], Iterator[Placed]]
    fingerprint: str


def of_rows(rows: Iterable[Row], name: str = "rows") -> Rows:
    """Rows that are in memory.

    >>> [row for _, _, row in of_rows([{"text": "a"}]).pass_over(Problems())]
    [{'text': 'a'}]
    """
    held = list(rows)
    mark = sha256("\n".join(repr(sorted(row.items(), key=str)) for row in held))
    return Rows(name, lambda problems: ((name, i, row) for i, row in enumerate(held, 1)), mark)


def of_files(paths: Sequence[str], name: str = "rows") -> Rows:
    """Rows of files: JSON lines, CSV or TSV with known field names, else whatever `text.formats` reads.

    Args:
        paths: files or globs.
        name: of the source.

    Raises:
        InputError: a path that finds no file.
    """
    found: list[str] = []
    for path in paths:
        here = sorted(glob(path, recursive=True)) if any(c in path for c in "*?[") else [path]
        if not here:
            raise InputError(f"no file matches {path}. Give a file or a glob that finds one.")
        found += here
    mark = sha256("\n".join(fingerprint(path) for path in found))
    return Rows(name, lambda problems: (row for path in found for row in _file(path, problems)), mark)


def by_source(data: Sequence[str]) -> dict[str, list[str]]:
    """Source name -> paths, of words such as `hi=hindi.txt`; words without a name are the source `rows`.

    >>> by_source(["hi=a.txt", "hi=b.txt", "en=c.txt"])
    {'hi': ['a.txt', 'b.txt'], 'en': ['c.txt']}
    """
    found: dict[str, list[str]] = {}
    for word in data:
        name, equals, path = word.partition("=")
        if not equals or "/" in name:
            name, path = "rows", word
        found.setdefault(name, []).append(path)
    return found


def _file(path: str, problems: Problems) -> Iterator[Placed]:
    lower = path.lower()
    for packing in (".gz", ".zst", ".bz2", ".xz"):
        lower = lower.removesuffix(packing)
    if lower.endswith((".jsonl", ".ndjson")):
        yield from _json_lines(path, problems)
    elif lower.endswith((".csv", ".tsv")) and _header(path, lower):
        yield from _table(path, "\t" if lower.endswith(".tsv") else ",", problems)
    else:
        yield from _corpus(path, problems)


def _lines(path: str, problems: Problems) -> Iterator[str | None]:
    with open_bytes(path) as raw:
        for number, line in enumerate(io.BufferedReader(raw), 1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                problems.add(path, number, "not UTF-8; save the file as UTF-8", kind="encoding")
                yield None


def _json_lines(path: str, problems: Problems) -> Iterator[Placed]:
    lines, first = _lines(path, problems), 1
    while block := list(islice(lines, BLOCK)):
        yield from ((path, number, row) for number, row in objects(block, first, path, problems))
        first += len(block)


def _header(path: str, lower: str) -> bool:
    first = next(_lines(path, Problems()), None) or ""
    return any(name.strip().strip('"') in FIELDS for name in first.split("\t" if lower.endswith(".tsv") else ","))


def _table(path: str, between: str, problems: Problems) -> Iterator[Placed]:
    reader = csv.DictReader((line for line in _lines(path, problems) if line is not None), delimiter=between)
    for row in reader:
        if None in row or None in row.values():
            problems.add(path, reader.line_num, f"expected {len(reader.fieldnames or ())} columns", kind="columns")
        else:
            yield path, reader.line_num, row


def _corpus(path: str, problems: Problems) -> Iterator[Placed]:
    from macaronic.text.formats.reading import read

    corpus = read(path)
    for number, utterance in enumerate(corpus, 1):
        row: dict[str, Any] = {**utterance.meta, "text": utterance.text, **utterance.labels}
        if any(utterance.langs):
            row |= {"words": list(utterance.words), "labels": [lang or "unk" for lang in utterance.langs]}
        yield path, number, row
    problems.merge(corpus.problems)


def some(data: Sequence[str], rows: Iterable[Row] | None) -> list[Rows]:
    """The sources of a run, in order: rows in memory, or the files of the recipe.

    Raises:
        UsageError: neither or both.
    """
    if rows is not None and data:
        raise UsageError("expected either rows or the recipe's data; got both.")
    if rows is not None:
        return [of_rows(rows)]
    if not data:
        raise UsageError("expected data: name files in the recipe (data = [...]) or give --data FILE.")
    return [of_files(paths, name) for name, paths in by_source(data).items()]
