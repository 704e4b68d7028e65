"""What could not be read: counted always, shown always, fatal when strict."""

from __future__ import annotations

from collections import Counter
from typing import Any

from macaronic.core.errors import FormatError

SHOWN = 20


class Problems:
    """Collects bad rows while a file is read, so that one bad row never ends a run and none is lost.

    Args:
        strict: raise at the first one instead.

    >>> problems = Problems()
    >>> problems.add("a.tsv", 3, "expected 2 columns; got 1", kind="columns")
    >>> problems.count, problems.first
    (1, ['a.tsv:3: expected 2 columns; got 1'])
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.by_kind: Counter[str] = Counter()
        self.first: list[str] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.by_kind.values())

    def add(self, path: str, line: int, message: str, *, kind: str = "bad row", keep: bool = False) -> None:
        """Count one problem at a place; `keep` shows it also behind the first ones.

        Raises:
            FormatError: when strict.
        """
        if self.strict:
            raise FormatError(message, path, line)
        self.by_kind[kind] += 1
        if keep or len(self.first) < SHOWN:
            self.first.append(f"{path}:{line}: {message}" if line else f"{path}: {message}")

    def merge(self, other: Problems) -> None:
        """Add the problems of another reader to these."""
        self.by_kind.update(other.by_kind)
        self.first.extend(other.first[: max(0, SHOWN - len(self.first))])

    def clear(self) -> None:
        """Forget everything: a new pass begins."""
        self.by_kind.clear()
        self.first.clear()

    def asdict(self) -> dict[str, Any]:
        """Count, kinds and the first messages, for JSON."""
        return {"count": self.count, "kinds": dict(sorted(self.by_kind.items())), "first": list(self.first)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Problems:
        """The problems that `asdict` wrote."""
        problems = cls()
        problems.by_kind.update(data["kinds"])
        problems.first.extend(data["first"][:SHOWN])
        return problems
