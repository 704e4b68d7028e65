"""Dictionaries as tables: source, target, and where known weight and word class, tab-separated."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from macaronic.core.errors import InputError
from macaronic.core.files import write_text
from macaronic.core.problems import Problems
from macaronic.synth.lexicon.table import Lexicon, build


def read_tsv(
    path: str | os.PathLike[str], pair: tuple[str, str], *, problems: Problems | None = None, origin: str = ""
) -> Lexicon:
    """Read a dictionary; bad lines are counted and left out.

    Args:
        path: a UTF-8 file with `source<TAB>target[<TAB>weight[<TAB>pos]]` a line; `#` begins a remark.
        pair: tags of the languages of the first and the second column.
        problems: where bad lines are told.
        origin: what to call it in provenance; the file's name when left out.

    Raises:
        InputError: the file cannot be read.
        FormatError: a bad line, when `problems` is strict.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "en-es.tsv"
    ...     _ = path.write_text("house\\tcasa\\t0.9\\tNOUN\\nbroken\\n", "utf-8")
    ...     told = Problems()
    ...     read_tsv(path, ("en", "es"), problems=told).best("house"), told.count
    ('casa', 1)
    """
    name = os.fspath(path)
    told = problems if problems is not None else Problems()
    try:
        with open(name, encoding="utf-8-sig", errors="replace") as lines:
            rows = list(_rows(name, lines.read().split("\n"), told))
    except OSError as error:
        raise InputError(f"cannot read the dictionary {name}: {error.strerror}") from error
    return build(rows, *pair, origin=origin or os.path.basename(name))


def _rows(name: str, lines: list[str], problems: Problems) -> Iterator[tuple[str, str, float, str]]:
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if cells == [""] or cells[0].startswith("#"):
            continue
        if len(cells) < 2 or not cells[0] or not cells[1]:
            problems.add(name, number, f"expected source<TAB>target; got {line[:60]!r}", kind="columns")
            continue
        weight = _weight(cells[2]) if len(cells) > 2 and cells[2] else 1.0
        if weight is None:
            problems.add(
                name, number, f"expected a weight above 0 as third column; got {cells[2][:30]!r}", kind="weight"
            )
            continue
        yield cells[0], cells[1], weight, cells[3].upper() if len(cells) > 3 else ""


def _weight(cell: str) -> float | None:
    try:
        weight = float(cell)
    except ValueError:
        return None
    return weight if math.isfinite(weight) and weight > 0 else None


def write_tsv(lexicon: Lexicon, path: str | os.PathLike[str]) -> None:
    """Save a dictionary as the table that `read_tsv` reads, whole or not at all.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "toy.tsv"
    ...     write_tsv(build([("house", "casa", 0.5, "NOUN")], "en", "es"), path)
    ...     path.read_text("utf-8")
    'house\\tcasa\\t0.5\\tNOUN\\n'
    """
    lines = [
        "\t".join((key, t.text, f"{t.weight:g}", t.pos)).rstrip("\t")
        for key, found in lexicon.entries.items()
        for t in found
    ]
    write_text(path, "\n".join(lines) + "\n" if lines else "")
