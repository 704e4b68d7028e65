"""Who talks about what, how and to whom: the grid of scenarios that the generator writes out."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from macaronic.core.errors import FormatError, InputError, UsageError

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One cell of the grid.

    Args:
        number: its place in the grid, from 0.
        settings: dimension -> value; `share` is the asked percentage of words in the embedded language.

    >>> Scenario(3, {"share": 30, "topic": "food"}).lines()
    'topic: food'
    """

    number: int
    settings: Mapping[str, Value]

    @property
    def share(self) -> float:
        """The asked share of words in the embedded language, in (0, 1)."""
        return float(self.settings["share"]) / 100.0

    def lines(self) -> str:
        """The settings but for the share, one a line, for a prompt."""
        return "\n".join(f"{name}: {value}" for name, value in self.settings.items() if name != "share")


@dataclass(frozen=True, slots=True)
class Grid:
    """All combinations of the values of the dimensions.

    Args:
        dimensions: name -> values; `share` is among them, in per cent between 0 and 100.

    Source: S050, the scenario dimensions of LinguaMaster.

    >>> grid = Grid({"share": (30, 70), "tense": ("past", "present", "future")})
    >>> len(grid), dict(grid.at(4).settings)
    (6, {'share': 70, 'tense': 'present'})
    """

    dimensions: Mapping[str, tuple[Value, ...]]

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.dimensions.values())

    def at(self, number: int) -> Scenario:
        """The scenario at a place; the last dimension changes fastest."""
        if not 0 <= number < len(self):
            raise UsageError(f"expected a scenario between 0 and {len(self) - 1}, got {number}.")
        settings: dict[str, Value] = {}
        rest = number
        for name in reversed(list(self.dimensions)):
            rest, place = divmod(rest, len(self.dimensions[name]))
            settings[name] = self.dimensions[name][place]
        return Scenario(number, {name: settings[name] for name in self.dimensions})

    def sample(self, count: int, rng: np.random.Generator) -> list[Scenario]:
        """Different scenarios, drawn evenly from the grid.

        Raises:
            UsageError: more were asked for than there are.

        >>> drawn = Grid({"share": (30, 70), "n": (1, 2)}).sample(4, np.random.default_rng(1))
        >>> sorted(scenario.number for scenario in drawn)
        [0, 1, 2, 3]
        """
        if not 0 <= count <= len(self):
            raise UsageError(
                f"expected at most {len(self)} scenarios, got {count}; ask for repeats to get more sentences."
            )
        return [self.at(int(n)) for n in rng.choice(len(self), size=count, replace=False)]


def grid(path: str | os.PathLike[str] | None = None) -> Grid:
    """The grid that is shipped, with the dimensions of a TOML file in place of or beside its own.

    Args:
        path: `dimension = ["value", ...]` a line; a dimension of one value is fixed.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no TOML, a dimension is no list of values, or a share is not between 0 and 100.

    >>> len(grid()) > 1_000_000, grid().dimensions["share"]
    (True, (30, 50, 70))
    """
    shipped = resources.files("macaronic.synth.agents").joinpath("scenarios.toml").read_text("utf-8")
    read: dict[str, object] = tomllib.loads(shipped)
    if path is not None:
        try:
            with open(path, "rb") as file:
                read |= tomllib.load(file)
        except OSError as error:
            raise InputError(f"cannot read the scenarios {path}: {error.strerror or error}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FormatError(f"not TOML: {error}", str(path)) from None
    return Grid({name: _values(name, values, str(path or "")) for name, values in read.items()})


def _values(name: str, values: object, path: str) -> tuple[Value, ...]:
    if not isinstance(values, list) or not values or not all(type(v) in (str, int, float) for v in values):
        raise FormatError(f"expected {name} = [one or more texts or numbers], got {values!r}", path)
    if name == "share" and not all(isinstance(v, int | float) and 0 < v < 100 for v in values):
        raise FormatError(f"expected shares between 0 and 100 (per cent), got {values!r}", path)
    return tuple(values)
