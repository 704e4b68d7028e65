"""Proxies that fail in ways that a test can watch."""

import math
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Known:
    """A loss that is known: the distance to a mixture that is best."""

    marks: str = ""

    def settings(self) -> dict[str, str | int | float]:
        return {"kind": "known"}

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        self.trouble(weights)
        return {"t": 1 + (weights["a"] - 0.3) ** 2 + seed / 1000}

    def trouble(self, weights: Mapping[str, float]) -> None:
        if self.marks:
            with (Path(self.marks) / "ran").open("a") as file:
                file.write(f"{weights['a']}\n")


@dataclass(frozen=True)
class Dies(Known):
    """Kills its own process once."""

    def trouble(self, weights: Mapping[str, float]) -> None:
        mark = Path(self.marks) / "died"
        if weights["a"] == 0.5 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Diverges(Known):
    """Gives no number for one mixture and fails for another."""

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        if weights["a"] == 0.5:
            return {"t": math.nan}
        if weights["a"] == 0.25:
            raise ValueError("no such text")
        return {"t": weights["a"]}
