"""A measured number that says what it is, how sure it is, and how it was made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from macaronic import __version__


@dataclass(frozen=True, slots=True)
class Result:
    """One number with its interval and its signature.

    Args:
        name: what was measured, such as `cmi`.
        level: over what: `corpus`, `sentence_mean`, `sentence`, a label, ...
        value: the number, or None where it is not defined.
        low: lower end of the interval, or None.
        high: upper end of the interval, or None.
        n: how many items it rests on.
        unit: what `n` counts and what the value is in, such as `sentences`.
        signature: settings first, version last.

    >>> Result("cmi", "corpus", 34.5, 33.9, 35.1, 1448, "percent", "cmi|v:0.1.0").line()
    'cmi corpus = 34.5 [33.9, 35.1] percent n=1448 (cmi|v:0.1.0)'
    """

    name: str
    level: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    signature: str

    def asdict(self) -> dict[str, Any]:
        """The fields as a plain dict, for JSON."""
        return asdict(self)

    def line(self) -> str:
        """One line for people."""
        value = "not defined" if self.value is None else f"{self.value:.6g}"
        interval = "" if self.low is None or self.high is None else f" [{self.low:.6g}, {self.high:.6g}]"
        return f"{self.name} {self.level} = {value}{interval} {self.unit} n={self.n} ({self.signature})"


def signature(name: str, settings: dict[str, str | int | float | bool] | None = None) -> str:
    """A reproducible description of how a number was made: name, settings, version.

    >>> signature("cmi", {"unit": "word", "bs": 1000})
    'cmi|unit:word|bs:1000|v:0.1.0'
    """
    parts = [name, *(f"{key}:{value}" for key, value in (settings or {}).items()), f"v:{__version__}"]
    return "|".join(parts)
