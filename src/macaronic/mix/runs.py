"""Tables of finished runs: which mixture each was trained on, and the losses it ended with.

Two CSV files: mixtures (a column a domain, rows sum to one) and losses (a column a target), joined by the column
`index` or `id`, or else by the first column. Anyone may train the runs, anywhere, and bring the tables back.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.files import write_text

Floats = NDArray[np.float64]
PathLike = str | os.PathLike[str]

KEYS = ("index", "id")
SUM_TOLERANCE = 1e-3
_PREFIXES = ("metric/", "train_", "valid_")
_SUFFIXES = ("_val_loss", "_loss")


@dataclass(frozen=True, eq=False)
class Runs:
    """Finished runs: row i of `mixtures` was trained on and gave row i of `losses`.

    Args:
        mixtures: shares, shape (n, m), each row on the simplex.
        losses: shape (n, k), finite; k may be 0 for runs that are still to be trained.
        domains: the m names of the columns of `mixtures`.
        targets: the k names of the columns of `losses`.
        ids: a name for each run.
        stated: the shares as they were written, before they were scaled to sum to one; as `mixtures` when left out.
        notes: what was done to the tables while they were read, for the person to see.

    >>> runs = Runs(np.eye(2), np.array([[1.0], [2.0]]), ("hi", "en"), ("hi",), ("0", "1"))
    >>> runs.target("hi").tolist()
    [1.0, 2.0]
    """

    mixtures: Floats
    losses: Floats
    domains: tuple[str, ...]
    targets: tuple[str, ...]
    ids: tuple[str, ...]
    stated: Floats | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = len(self.mixtures)
        if self.mixtures.shape != (rows, len(self.domains)) or self.losses.shape != (rows, len(self.targets)):
            raise UsageError(
                f"expected mixtures ({rows}, {len(self.domains)}) and losses ({rows}, {len(self.targets)}); "
                f"got {self.mixtures.shape} and {self.losses.shape}"
            )
        if len(self.ids) != rows:
            raise UsageError(f"expected an id for each of {rows} runs; got {len(self.ids)}")
        for kind, names in (("domain", self.domains), ("target", self.targets)):
            if len(set(names)) < len(names):
                raise UsageError(f"the {kind} names must differ; got {', '.join(names)}")

    def __len__(self) -> int:
        return len(self.mixtures)

    def target(self, name: str) -> Floats:
        """The losses of one target, shape (n,).

        Raises:
            UnknownName: no such target.
        """
        if name not in self.targets:
            raise UnknownName("target", name, self.targets)
        return self.losses[:, self.targets.index(name)]

    def rows(self, chosen: Sequence[int] | NDArray[np.intp]) -> Runs:
        """Only the chosen runs, in the order given."""
        at = np.asarray(chosen, dtype=np.intp)
        stated = None if self.stated is None else self.stated[at]
        return replace(
            self,
            mixtures=self.mixtures[at],
            losses=self.losses[at],
            ids=tuple(self.ids[i] for i in at),
            stated=stated,
        )

    def aligned(self, domains: Sequence[str]) -> Runs:
        """The same runs with their domains in the order of `domains`.

        Raises:
            UnknownName: a domain that only one of the two has.
        """
        for name in domains:
            if name not in self.domains:
                raise UnknownName("domain", name, self.domains)
        for name in self.domains:
            if name not in domains:
                raise UnknownName("domain", name, domains)
        order = [self.domains.index(name) for name in domains]
        stated = None if self.stated is None else self.stated[:, order]
        return replace(self, mixtures=self.mixtures[:, order], domains=tuple(domains), stated=stated)


def read(mixtures: PathLike, losses: PathLike | None = None) -> Runs:
    """Read and check the two tables.

    Rows whose shares do not sum to one (within 0.001) are scaled and told; runs with a loss that is missing, NaN or
    infinite, or that stand in one table only, are left out and told. RegMix's column names are shortened:
    `train_`, `valid_` and `metric/` before, `_val_loss` and `_loss` behind.

    Args:
        mixtures: CSV, a column a domain.
        losses: CSV, a column a target; without it the runs have no targets.

    Raises:
        FormatError: a cell that is not a number, a share below 0, a duplicate column or id, a row too short or long.
        UsageError: the tables have no run in common, or no run is left.
    """
    names, keys, shares = _table(mixtures)
    notes: list[str] = []
    keyed = _is_keyed(names, shares)
    domains, ids, stated = _split(names, keys, shares, keyed, mixtures)
    if bad := [i for i in range(len(stated)) if not np.all(stated[i] >= 0)]:
        raise FormatError(
            "expected shares of at least 0; a share here is negative or missing", str(mixtures), bad[0] + 2
        )
    values: Floats = np.zeros((len(ids), 0))
    targets: tuple[str, ...] = ()
    if losses is not None:
        names, keys, table = _table(losses)
        targets, other, table = _split(names, keys, table, keyed, losses)
        at, values = _joined(ids, other, table, keyed, notes)
        ids, stated = [ids[i] for i in at], stated[at]
    sums = stated.sum(axis=1)
    good = (sums > 0) & np.isfinite(values).all(axis=1)
    if dropped := [name for name, ok in zip(ids, good, strict=True) if not ok]:
        notes.append(
            f"{len(dropped)} runs left out (a loss missing, NaN or infinite, or no share above 0): {_few(dropped)}"
        )
    if not good.any():
        raise UsageError(f"no usable run is left of {len(ids)} in {mixtures} and {losses}")
    ids, stated, values, sums = [n for n, ok in zip(ids, good) if ok], stated[good], values[good], sums[good]
    off = np.abs(sums - 1) > SUM_TOLERANCE + 1e-12
    if off.any():
        notes.append(
            f"{int(off.sum())} mixtures did not sum to 1 (they sum to {sums[off].min():.4g} .. {sums[off].max():.4g}) "
            "and were scaled"
        )
    return Runs(stated / sums[:, None], values, domains, targets, tuple(ids), stated, tuple(notes))


def write(runs: Runs, mixtures: PathLike, losses: PathLike | None = None) -> None:
    """Write the tables that `read` reads, with the column `index` first; shares are written in full.

    Args:
        runs: what to write.
        mixtures: path of the CSV of shares.
        losses: path of the CSV of losses; nothing is written when left out.
    """
    write_text(Path(mixtures), _csv(("index", *runs.domains), runs.ids, runs.mixtures))
    if losses is not None:
        write_text(Path(losses), _csv(("index", *runs.targets), runs.ids, runs.losses))


def short(name: str) -> str:
    """A column's name without RegMix's prefixes and suffixes.

    >>> short("train_the_pile_arxiv"), short("metric/the_pile_arxiv_val_loss"), short("valid_en")
    ('the_pile_arxiv', 'the_pile_arxiv', 'en')
    """
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix) or name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix) or name
    return name


def _table(path: PathLike) -> tuple[list[str], list[list[str]], Floats]:
    """Column names, all cells as text, and the numbers with NaN where a cell is empty (the first column unread)."""
    try:
        lines = list(csv.reader(StringIO(Path(path).read_text("utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    lines = [line for line in lines if line]
    if len(lines) < 2 or len(lines[0]) < 2:
        raise FormatError("expected a header of at least two columns and a row for each run", str(path), 1)
    names, cells = [name.strip() for name in lines[0]], lines[1:]
    for i, row in enumerate(cells):
        if len(row) != len(names):
            raise FormatError(f"expected {len(names)} cells as in the header; got {len(row)}", str(path), i + 2)
    numbers = np.array([[_number(c, path, i + 2, j) for j, c in enumerate(row)] for i, row in enumerate(cells)])
    return names, cells, numbers


def _number(cell: str, path: PathLike, line: int, column: int) -> float:
    if not cell.strip():
        return math.nan
    try:
        return float(cell)
    except ValueError:
        if column == 0 or len(cell) > 40:
            return math.nan
        raise FormatError(f"expected a number; got {cell!r}", str(path), line) from None


def _is_keyed(names: list[str], shares: Floats) -> bool:
    """False when there is no column `index` or `id` and the first column is a share like the others."""
    if any(name in KEYS for name in names):
        return True
    whole, rest = shares.sum(axis=1), shares[:, 1:].sum(axis=1)
    return not (np.all(np.abs(whole - 1) < 0.02) and not np.all(np.abs(rest - 1) < 0.02))


def _split(
    names: list[str], cells: list[list[str]], numbers: Floats, keyed: bool, path: PathLike
) -> tuple[tuple[str, ...], list[str], Floats]:
    """Names, ids and numbers of the columns that are no key."""
    key = next((names.index(k) for k in KEYS if k in names), 0 if keyed else -1)
    columns = [j for j in range(len(names)) if j != key]
    kept = [names[j] for j in columns]
    shortened = [short(name) for name in kept]
    if len(set(shortened)) < len(kept):
        shortened = kept
    if len(set(shortened)) < len(kept):
        raise FormatError(f"expected columns that differ; got {', '.join(kept)}", str(path), 1)
    ids = [row[key].strip() if key >= 0 else str(i) for i, row in enumerate(cells)]
    if len(set(ids)) < len(ids):
        twice = next(i for i, name in enumerate(ids) if name in ids[:i])
        raise FormatError(f"expected each id once; got {ids[twice]!r} again in {names[key]!r}", str(path), twice + 2)
    return tuple(shortened), ids, numbers[:, columns]


def _joined(ids: list[str], other: list[str], table: Floats, keyed: bool, notes: list[str]) -> tuple[list[int], Floats]:
    """Which mixtures have losses, and those losses."""
    if not keyed:
        if len(ids) != len(other):
            raise UsageError(f"without a column `index` rows go by order; got {len(ids)} mixtures, {len(other)} losses")
        notes.append("no column `index`: rows were joined by their order")
        return list(range(len(ids))), table
    place = {name: i for i, name in enumerate(other)}
    at = [i for i, name in enumerate(ids) if name in place]
    if not at:
        raise UsageError(f"the tables have no run in common: ids {_few(ids)} against {_few(other)}")
    if len(at) < len(ids) or len(at) < len(other):
        only = sorted({*ids} ^ {*other})
        notes.append(f"{len(only)} runs left out that stand in one table only: {_few(only)}")
    return at, table[[place[ids[i]] for i in at]]


def _csv(header: Sequence[str], ids: Sequence[str], numbers: Floats) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([name, *map(repr, row)] for name, row in zip(ids, numbers.tolist(), strict=True))
    return out.getvalue()


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
