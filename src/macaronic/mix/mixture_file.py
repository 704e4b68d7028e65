"""Mixtures that were chosen before and kept as JSON: what `mix choose`, `pick --json`, `minimise --json` write."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from macaronic.core.errors import FormatError, InputError, MacaronicError, UsageError
from macaronic.core.mixture import UNITS, Mixture

_KINDS = "what `mix choose`, `mix pick --json`, `mix minimise --json` or `build` write, or {name: share}"


@dataclass(frozen=True)
class Kept:
    """A mixture out of a file, with what the file says of how sure it is.

    Args:
        weights: name -> share, as they stand.
        unit: what the shares count, where the file says so.
        intervals: name -> (low, high) of the shares, where the file has them.
        notes: what a person should know.
    """

    weights: Mapping[str, float]
    unit: str | None = None
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read(path: str | os.PathLike[str]) -> Kept:
    """The mixture of a JSON file.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be read.
        FormatError: it holds something else.
        UsageError: a weight that is no number, negative or NaN, or none above zero.

    >>> import pathlib, tempfile
    >>> place = pathlib.Path(tempfile.mkdtemp()) / "mixture.json"
    >>> _ = place.write_text('{"mixture": {"hi": 0.6, "en": 0.4}, "intervals": {"hi": [0.5, 0.7]}}')
    >>> read(place).weights, read(place).intervals
    ({'hi': 0.6, 'en': 0.4}, {'hi': (0.5, 0.7)})
    """
    place = Path(path)
    try:
        told = json.loads(place.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the mixture {place}: {error.strerror or error}.") from error
    except ValueError as error:
        raise FormatError(f"expected {_KINDS}; this is no JSON ({error}).", str(place), 1) from error
    if not isinstance(told, dict):
        raise FormatError(f"expected {_KINDS}; got {type(told).__name__}.", str(place), 1)
    weights = _weights(told)
    if not isinstance(weights, dict) or not weights or not all(_is_number(v) for v in weights.values()):
        raise FormatError(
            f"expected {_KINDS}; got the keys {', '.join(map(repr, list(told)[:6])) or 'none'}.", str(place), 1
        )
    try:
        Mixture(weights)
    except MacaronicError as error:
        raise UsageError(f"{place}: {error}") from error
    unit = told.get("unit")
    return Kept(
        {str(name): float(share) for name, share in weights.items()},
        unit if unit in UNITS else None,
        _intervals(told.get("intervals")),
        tuple(str(line) for line in told["notes"]) if isinstance(told.get("notes"), list) else (),
    )


def _weights(told: Mapping[str, Any]) -> Any:
    """The shares, wherever such a file has them."""
    if "mixture" in told:
        return told["mixture"]
    if isinstance(buckets := told.get("buckets"), list):
        rows = [b for b in buckets if isinstance(b, dict) and "name" in b and "asked" in b]
        return {str(b["name"]): b["asked"] for b in rows}
    return told


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _intervals(told: Any) -> dict[str, tuple[float, float]]:
    if not isinstance(told, dict):
        return {}
    pairs = {str(name): ends for name, ends in told.items() if isinstance(ends, list) and len(ends) == 2}
    return {name: (float(a), float(b)) for name, (a, b) in pairs.items() if _is_number(a) and _is_number(b)}
