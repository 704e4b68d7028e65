"""What is wrong with released data: rows that cannot be read, that come twice, or that a benchmark cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from macaronic.core.problems import Problems
from macaronic.evaluate.rows import read_rows

NAMES = ("key", "id", "index", "qid")


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: where, of which row, of what kind, and what it is."""

    line: int
    key: str
    kind: str
    what: str

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {"line": self.line, "key": self.key, "kind": self.kind, "what": self.what}


def defects(module: ModuleType, path: str) -> tuple[list[Defect], int]:
    """The defects of a file of a benchmark's data, and how many rows it has.

    Args:
        module: of `benchmark.find`; its `defects(row)` gives (kind, what) of a row, where it has one.
        path: the file.

    Raises:
        InputError: it cannot be read.
    """
    problems = Problems()
    found: list[Defect] = []
    seen: dict[str, int] = {}
    rows = 0
    for line, row in read_rows(path, problems):
        rows += 1
        key = next((str(row[name]) for name in NAMES if row.get(name) not in (None, "")), "")
        if key and key in seen:
            found.append(Defect(line, key, "duplicate", f"stands in line {seen[key]} as well"))
        seen.setdefault(key, line)
        found += [Defect(line, key, kind, what) for kind, what in _own(module, row)]
    found += [] if rows or problems.count else [Defect(0, "", "no rows", "the file is empty")]
    found += [_unread(message) for message in problems.first]
    hidden = problems.count - len(problems.first)
    if hidden > 0:
        found.append(Defect(0, "", "unreadable", f"{hidden} more rows that cannot be read"))
    return sorted(found, key=lambda defect: defect.line), rows


def _own(module: ModuleType, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if hasattr(module, "defects"):
        yield from module.defects(row)


def _unread(message: str) -> Defect:
    """A problem of the reader as a defect: its line stands behind the file's name."""
    head, _, what = message.partition(": ")
    line = head.rpartition(":")[2]
    return Defect(int(line) if line.isdigit() else 0, "", "unreadable", what)
