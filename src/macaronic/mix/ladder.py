"""A ladder of runs: the same mixtures trained at several model sizes and looked at after several amounts of text.

One CSV: `size` (parameters, without the embedding where that is known), `tokens` or `step`, a column a domain (shares
that sum to one) and a column a target (losses). A row is one look at one run.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.mix.runs import SUM_TOLERANCE, short

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
AMOUNTS = ("tokens", "step", "steps")
KEYS = ("index", "id", "run")
_FACTORS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


@dataclass(frozen=True, eq=False)
class Ladder:
    """Looks at runs; row i is one of them.

    Args:
        sizes: parameters, above 0, shape (n,).
        amounts: how much each had been trained, above 0, in tokens or steps, shape (n,).
        which: the mixture of each row, shape (n,).
        mixtures: the different mixtures, shape (g, m), rows on the simplex.
        losses: shape (n, k); NaN where a target was not measured.
        domains: the m names of the columns of `mixtures`.
        targets: the k names of the columns of `losses`.
        unit: `tokens` or `steps`.
        notes: what was done to the table while it was read, for the person to see.
    """

    sizes: Floats
    amounts: Floats
    which: Ints
    mixtures: Floats
    losses: Floats
    domains: tuple[str, ...]
    targets: tuple[str, ...]
    unit: str = "tokens"
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sizes)

    def rows(self, chosen: NDArray[np.bool_]) -> Ladder:
        """Only the chosen looks; all mixtures stay."""
        return replace(
            self,
            sizes=self.sizes[chosen],
            amounts=self.amounts[chosen],
            which=self.which[chosen],
            losses=self.losses[chosen],
        )


def number(text: str) -> float:
    """A number such as 1e9, 70M, 1.3B or 100_000; NaN for anything else, also for an empty cell.

    >>> number("70M"), number("1.5e9"), number("100_000")
    (70000000.0, 1500000000.0, 100000.0)
    """
    text = text.strip().replace(" ", "")
    factor = _FACTORS.get(text[-1:].upper(), 1.0)
    try:
        return float(text[:-1] if factor > 1 else text) * factor
    except ValueError:
        return float("nan")


def ladder(
    sizes: Floats, amounts: Floats, shares: Floats, losses: Floats, domains: Sequence[str], targets: Sequence[str]
) -> Ladder:
    """A ladder out of columns: shares of every row, shape (n, m), rows on the simplex.

    >>> rungs = ladder(np.ones(2), np.array([1.0, 2.0]), np.ones((2, 1)), np.ones((2, 1)), ["hi"], ["hi"])
    >>> rungs.which.tolist(), rungs.mixtures.tolist()
    ([0, 0], [[1.0]])
    """
    _, first, which = np.unique(shares.round(6), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))  # mixtures in the order in which they come
    return Ladder(sizes, amounts, order[which.ravel()], shares[np.sort(first)], losses, tuple(domains), tuple(targets))


def read(
    path: str | os.PathLike[str], *, domains: Sequence[str] | None = None, problems: Problems | None = None
) -> Ladder:
    """Read and check a table of runs.

    Which columns are domains: those named; or those that begin with `train_`; or else the first columns whose shares
    sum to one in most rows. All other columns but `index`, `id` and `run` are targets. A row that cannot be used is
    counted in `problems`.

    Args:
        path: CSV with a header.
        domains: the columns of shares.
        problems: where bad rows are counted.

    Raises:
        InputError: the file cannot be read.
        FormatError: no header, a column that is missing or stands twice, or no columns of shares.
        UnknownName: a domain that is no column.
        UsageError: no row is left.
    """
    problems = Problems() if problems is None else problems
    names, rows = _rows(path, problems)
    size, amount = _column(names, ("size",), path), _column(names, AMOUNTS, path)
    rest = [name for name in names if name not in (size, amount, *KEYS)]
    values = {name: np.array([number(row[names.index(name)]) for _, row in rows]) for name in (size, amount, *rest)}
    chosen = _domains(rest, values, domains, path)
    targets = [name for name in rest if name not in chosen]
    if not targets:
        raise FormatError("expected a column of losses beside the shares; there is none", str(path), 1)
    shares = np.column_stack([values[name] for name in chosen])
    losses = np.column_stack([values[name] for name in targets])
    good, notes = _usable(values[size], values[amount], shares, losses, [line for line, _ in rows], path, problems)
    if not good.any():
        raise UsageError(f"no usable row is left of {len(rows)} in {path}; first: {(problems.first or ['none'])[0]}")
    losses = np.where(np.isfinite(losses) & (losses >= 0), losses, np.nan)[good]
    scaled = shares[good] / shares[good].sum(axis=1, keepdims=True)
    plain = [short(name) for name in (*chosen, *targets)]
    if len(set(plain[: len(chosen)])) < len(chosen) or len(set(plain[len(chosen) :])) < len(targets):
        plain = [*chosen, *targets]
    found = ladder(values[size][good], values[amount][good], scaled, losses, plain[: len(chosen)], plain[len(chosen) :])
    unit = "tokens" if amount == "tokens" else "steps"
    return replace(found, unit=unit, notes=notes)


def _rows(path: str | os.PathLike[str], problems: Problems) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Column names, and (line, cells) of the rows that have all cells."""
    try:
        reader = csv.reader(StringIO(Path(path).read_text("utf-8-sig")))
        lines = [(reader.line_num, line) for line in reader if line]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    except csv.Error as error:
        raise FormatError(f"expected a CSV table; got {error}", str(path)) from error
    if len(lines) < 2:
        raise FormatError("expected a header and a row for each look at a run; got fewer than two lines", str(path), 1)
    names = [name.strip() for name in lines[0][1]]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise FormatError(f"expected columns that differ; {twice[0]!r} stands twice", str(path), 1)
    rows = []
    for line, cells in lines[1:]:
        if len(cells) == len(names):
            rows.append((line, cells))
        else:
            problems.add(str(path), line, f"expected {len(names)} cells as in the header; got {len(cells)}")
    return names, rows


def _column(names: Sequence[str], wanted: Sequence[str], path: str | os.PathLike[str]) -> str:
    for name in wanted:
        if name in names:
            return name
    raise FormatError(f"expected a column {' or '.join(wanted)}; got {', '.join(names[:12])}", str(path), 1)


def _domains(
    rest: Sequence[str], values: dict[str, Floats], asked: Sequence[str] | None, path: str | os.PathLike[str]
) -> list[str]:
    """The columns that hold shares."""
    if asked:
        for name in asked:
            if name not in rest:
                raise UnknownName("domain", name, rest)
        return list(asked)
    if marked := [name for name in rest if name.startswith("train_")]:
        return marked
    sums = np.cumsum(np.stack([values[name] for name in rest]), axis=0) if rest else np.zeros((1, 1))
    whole = np.mean(np.abs(sums - 1) < 0.01, axis=1)
    if whole.max() > 0.5:
        return list(rest[: int(np.flatnonzero(whole == whole.max())[-1]) + 1])
    raise FormatError(
        "expected columns of shares that sum to 1, before the losses; found none.\nName them: --domains hi,en",
        str(path),
        1,
    )


def _usable(
    size: Floats,
    amount: Floats,
    shares: Floats,
    losses: Floats,
    lines: Sequence[int],
    path: str | os.PathLike[str],
    problems: Problems,
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Which rows can be used, and what must be told of the others."""
    good = np.ones(len(size), dtype=bool)
    sums = shares.sum(axis=1)
    measured = np.isfinite(losses) & (losses >= 0)
    for i, line in enumerate(lines):
        why = ""
        if not (np.isfinite(size[i]) and size[i] > 0 and np.isfinite(amount[i]) and amount[i] > 0):
            why = "expected a size and an amount above 0"
        elif not (np.isfinite(sums[i]) and (shares[i] >= 0).all() and abs(sums[i] - 1) <= 0.05):
            why = f"expected shares of at least 0 that sum to 1; they sum to {sums[i]:.4g}"
        elif not measured[i].any():
            why = "no loss is a number of at least 0"
        if why:
            problems.add(str(path), line, why)
            good[i] = False
    notes = []
    off = int((np.abs(sums[good] - 1) > SUM_TOLERANCE + 1e-12).sum())
    if off:
        notes.append(f"{off} mixtures did not sum to 1 and were scaled")
    if missing := int((~measured[good]).sum()):
        notes.append(f"{missing} losses are missing, NaN, infinite or negative and were left out")
    return good, tuple(notes)
