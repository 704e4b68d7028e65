"""What Language Confusion says of a task, source and language, and the averages over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from macaronic.evaluate.judged import Judged

OTHER_SCRIPTS = ("ar", "hi", "ja", "ko", "ru", "zh")
"""The languages in other scripts than English, which alone have a word-level pass rate."""


def cells(judged: Sequence[Judged], *, authors: bool) -> list[dict[str, Any]]:
    """LPR, WPR and accuracy of each task, source and language.

    Where no output counts the authors give 1; here there is no number.
    """
    held: dict[tuple[str, str, str], list[Judged]] = {}
    for one in judged:
        task, _, source = one.group.partition("/")
        held.setdefault((task, source, one.language), []).append(one)
    rows = []
    for (task, source, language), part in sorted(held.items()):
        lpr, wpr, acc = (_mean([one.values[name] for one in part]) for name in ("lpr", "wpr", "acc"))
        counted = sum(one.values["lpr"] is not None for one in part)
        if authors:
            lpr = 1.0 if lpr is None else lpr
            wpr = 1.0 if wpr is None and language in OTHER_SCRIPTS else wpr
        row = {"task": task, "source": source, "language": language}
        rows.append({**row, "lpr": lpr, "wpr": wpr, "acc": acc, "n": counted, "outputs": len(part)})
    return rows


def _mean(values: Sequence[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return sum(held) / len(held) if held else None


def averages(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Of each task: the mean over sources of a language, then over languages; LCPR out of the two means."""
    out = {}
    for task in sorted({cell["task"] for cell in rows}):
        means = {name: _macro([cell for cell in rows if cell["task"] == task], name) for name in ("lpr", "wpr", "acc")}
        out[task] = {**means, "lcpr": harmonic(means["lpr"], means["wpr"])}
    return out


def _macro(cells: Sequence[Mapping[str, Any]], name: str) -> float | None:
    languages = sorted({cell["language"] for cell in cells})
    return _mean([_mean([cell[name] for cell in cells if cell["language"] == language]) for language in languages])


def harmonic(a: float | None, b: float | None) -> float | None:
    """The harmonic mean of two rates; not defined where one is not.

    >>> harmonic(1.0, 0.5), harmonic(0.5, None)
    (0.6666666666666666, None)
    """
    if a is None or b is None:
        return None
    return 2 * a * b / (a + b) if a + b else 0.0
