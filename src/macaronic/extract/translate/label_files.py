"""Label tables as people write them: TOML or TSV; and the one that is shipped."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.languages import parse
from macaronic.extract.translate.labels import Entry, LabelTable
from macaronic.text.formats import encodings

ALIASES = "aliases"


@cache
def shipped() -> LabelTable:
    """The table that comes with macaronic: common classes of entities, sentiment, relations and events.

    >>> shipped().translated("PERSON", "en", "ja"), shipped().translated("positive", "en", "zh")
    ('人名', '积极')
    """
    text = resources.files("macaronic.extract.translate").joinpath("labels.toml").read_text("utf-8")
    return LabelTable(_from_toml(text, "labels.toml"), "the shipped label table")


def read(path: str | os.PathLike[str], *, besides: LabelTable | None = None) -> LabelTable:
    """A table from a file.

    TOML: a section a class, `tag = "word"` lines and an optional `aliases = ["PER"]`. TSV: a head of tags (and
    `aliases`, parted by `|`), a class a line.

    Args:
        path: ends in `.toml`, or is read as TSV.
        besides: another table whose classes hold too; a word of the file's takes precedence.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no such table.
        UnknownName: a tag names no language.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "labels.tsv"
    >>> _ = path.write_text("en\\tja\\taliases\\nship\\t船\\tSHIP|VESSEL\\n")
    >>> read(path, besides=shipped()).translated("VESSEL", "en", "ja")
    '船'
    """
    where = str(path)
    try:
        data = Path(path).read_bytes()
        text = data.decode(encodings.detect(data)[0]).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the label table {where}: {error}.") from error
    own = _from_toml(text, where) if where.endswith(".toml") else _from_tsv(text, where)
    if not own:
        raise FormatError("expected a label table with at least one class, got none", where)
    own_table = LabelTable(own, where)
    return own_table if besides is None else _joined(own_table, besides)


def _joined(own: LabelTable, other: LabelTable) -> LabelTable:
    taken = {word for entry in own.entries for word in (*entry.words.values(), *entry.aliases)}
    rest = [
        Entry(
            {tag: word for tag, word in entry.words.items() if word not in taken},
            tuple(alias for alias in entry.aliases if alias not in taken),
        )
        for entry in other.entries
    ]
    return LabelTable((*own.entries, *rest), f"{own.where} and {other.where}")


def _from_toml(text: str, where: str) -> tuple[Entry, ...]:
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"expected TOML, got {error}", where) from error
    return tuple(_entry(section, row, where) for section, row in sections.items())


def _entry(section: str, row: Any, where: str) -> Entry:
    place = f"{where}: [{section}]"
    if not isinstance(row, Mapping):
        raise FormatError(f'expected lines such as ja = "人名" under a section, got {row!r}', place)
    aliases = row.get(ALIASES, [])
    words = {tag: word for tag, word in row.items() if tag != ALIASES}
    if not isinstance(aliases, list) or not all(isinstance(word, str) and word for word in (*aliases, *words.values())):
        raise FormatError(f"expected words in quotes and {ALIASES} as a list of words", place)
    return Entry({_tag(tag, place): word for tag, word in words.items()}, tuple(aliases))


def _from_tsv(text: str, where: str) -> tuple[Entry, ...]:
    rows = list(csv.reader(io.StringIO(text), dialect="excel-tab"))
    if not rows or len(rows[0]) < 2:
        raise FormatError("expected a head of language tags parted by tabs, such as en<tab>ja", where, 1)
    head = [cell if cell == ALIASES else _tag(cell, f"{where}:1") for cell in rows[0]]
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(head):
            raise FormatError(f"expected {len(head)} columns, got {len(row)}", where, number)
        cells = {key: cell.strip() for key, cell in zip(head, row) if cell.strip()}
        aliases = tuple(alias for alias in cells.pop(ALIASES, "").split("|") if alias)
        found.append(Entry(cells, aliases))
    return tuple(found)


def _tag(cell: str, where: str) -> str:
    try:
        return parse(cell)
    except UnknownName as error:
        raise FormatError(f"{error}".partition("\n")[0], where) from error
