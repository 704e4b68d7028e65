"""Phases that a person writes down as TOML: a mixture, a length and an end each."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from macaronic.core.errors import InputError, MacaronicError, UsageError, nearest
from macaronic.core.mixture import Mixture
from macaronic.mix import mixture_file
from macaronic.mix.schedule import Phase


class PhaseTable(BaseModel):
    """One `[[phase]]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    """Such as stable, long, anneal."""
    weights: dict[str, float] | None = None
    """Source -> weight."""
    mixture: str | None = None
    """A mixture file instead of weights, relative to this file's folder."""
    unit: Literal["tokens", "words", "bytes", "documents"] | None = None
    """What weights and budget count."""
    budget: Annotated[int, Field(ge=1)] | None = None
    """How much in all, in the unit."""
    until: Literal["budget", "first_exhausted", "all_exhausted"] = "budget"
    """The end, when it is no budget."""
    length: Annotated[int, Field(ge=1)] | None = None
    """Tokens of a sequence; whole documents when left out."""


class PhaseFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phase: list[PhaseTable] = Field(min_length=1)


def read(path: str | os.PathLike[str], *, unit: str) -> tuple[Phase, ...]:
    """The phases of a TOML file, in order.

    Args:
        path: a file of `[[phase]]` tables.
        unit: what weights count where the table does not say.

    Raises:
        InputError: it cannot be read.
        UsageError: it is not TOML, or a key or value is wrong; the message says which.

    Source: S104, whose encoders are trained in such phases.

    >>> import pathlib, tempfile
    >>> place = pathlib.Path(tempfile.mkdtemp()) / "phases.toml"
    >>> _ = place.write_text('[[phase]]\\nname = "all"\\nweights = {fi = 3, en = 1}\\nbudget = 4096\\nlength = 128\\n')
    >>> [(p.name, p.mixture.weights["fi"], p.length) for p in read(place, unit="tokens")]
    [('all', 0.75, 128)]
    """
    place = Path(path)
    try:
        told = tomllib.loads(place.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the phases {place}: {error.strerror or error}.") from error
    except ValueError as error:
        raise UsageError(f"{place}: this is not valid TOML: {error}.") from error
    try:
        tables = PhaseFile.model_validate(told).phase
    except ValidationError as error:
        raise UsageError("\n".join(f"{place}: {_explained(e)}" for e in error.errors()[:3])) from error
    return tuple(_phase(table, place, unit) for table in tables)


def _phase(table: PhaseTable, place: Path, unit: str) -> Phase:
    if (table.weights is None) == (table.mixture is None):
        raise UsageError(f"{place}: phase {table.name!r}: expected either weights or mixture = FILE; give one.")
    if table.mixture is not None:
        kept = mixture_file.read(place.parent / table.mixture)
        weights, unit = kept.weights, table.unit or kept.unit or unit
    else:
        weights, unit = table.weights or {}, table.unit or unit
    try:
        return Phase(table.name, Mixture(weights, unit), table.budget, table.until, table.length)
    except MacaronicError as error:
        raise UsageError(f"{place}: phase {table.name!r}: {error}") from error


def _explained(error: object) -> str:
    loc = [part + 1 if isinstance(part, int) else part for part in error["loc"]]  # type: ignore[index]
    name, kind = ".".join(map(str, loc)), error["type"]  # type: ignore[index]
    if kind == "extra_forbidden":
        known = PhaseTable.model_fields if len(loc) > 1 else PhaseFile.model_fields
        near = nearest(str(loc[-1]), known)
        return f"{name}: unknown key. {f'Did you mean {near!r}?' if near else 'Known: ' + ', '.join(known) + '.'}"
    return f"{name} is missing." if kind == "missing" else f"{name}: {error['msg']}."  # type: ignore[index]
