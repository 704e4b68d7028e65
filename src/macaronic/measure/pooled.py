"""Every measure of a corpus from sums over its sentences, for many resamples of the corpus at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from macaronic.measure.values import (
    NAMES,
    Floats,
    burstiness_of,
    memory_of,
    switch_entropy_of,
    switch_surprisal_of,
)


@dataclass(frozen=True)
class Sums:
    """Sums over the sentences of B corpora (one, or resamples of one).

    Attributes:
        columns: name -> sums, shape (B,); a name that is missing stands for zeros.
        lengths: spans of each length that occurs, shape (B, D).
        k: languages for the M-index.
    """

    columns: Mapping[str, Floats]
    lengths: Floats
    k: int

    def __getitem__(self, name: str) -> Floats:
        found = self.columns.get(name)
        return np.zeros(len(self.lengths)) if found is None else found

    def keys(self, prefix: str) -> list[str]:
        """What stands behind `prefix:` in the column names."""
        return sorted(name.partition(":")[2] for name in self.columns if name.startswith(prefix + ":"))


def corpus_values(sums: Sums) -> dict[str, Floats]:
    """Each measure at level `corpus`, NaN where it is not defined.

    Token-pooled: numerators and denominators are added up over sentences before dividing, so long sentences weigh more.
    `cmi`, `cu` and `cs_ratio` pool each sentence's own main language; `m_index` and `language_entropy` take the shares
    of the languages in the whole corpus; `i_index`, spans and what follows from them never cross a sentence's end.

    Args:
        sums: sums of B corpora.

    Returns:
        name -> values, shape (B,).
    """
    s = sums
    languages = _stack([s[f"language:{name}"] for name in s.keys("language")], len(s.lengths))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = s["switches"] / s["steps"]
        values = {
            "cmi": np.where(s["words"] > 0, 100 * (1 - s["top"] / s["words"]), _zero_or_none(s)),
            "cu": np.where(s["words"] > 0, 50 * (s["words"] - s["top"] + s["switches"]) / s["words"], _zero_or_none(s)),
            "cc": 100 / s["sentences"] * ((s["complexity"] + s["shifts"]) / 2 + 5 / 6 * s["mixed"]),
            "cc_code": 100 / s["sentences"] * ((s["complexity"] + s["mixed_shifts"]) / 2 + 5 / 6 * s["mixed"]),
            "m_index": _m_index(languages, s.k),
            "language_entropy": _entropy(languages),
            "span_entropy": _entropy(s.lengths),
            "i_index": q,
            "spf": q,
            "switch_count": s["switches"],
            "switch_entropy": switch_entropy_of(q),
            "switch_surprisal": switch_surprisal_of(q),
            "burstiness": burstiness_of(s["spans"], s["words"], s["squares"]),
            "memory": memory_of(*(s[f"near{i}"] for i in range(6))),
            "cs_ratio": (s["words"] - s["top"]) / s["tokens"],
            "script_mix": s["in_scripts"] / s["in_script"],
        }
        return values | _symcom(s) | _shares(s)


def mean_values(sums: Sums) -> dict[str, Floats]:
    """Each measure at level `sentence_mean`: the mean over the sentences in which it is defined; NaN without one.

    Args:
        sums: sums of B corpora.

    Returns:
        name -> values, shape (B,).
    """
    s = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        names = [*NAMES, *(f"symcom:{tag}" for tag in s.keys("tag0"))]
        values = {name: s[f"sum:{name}"] / s[f"seen:{name}"] for name in names}
    return values | {"m_index": values["m_index"] / max(s.k - 1, 1)}


def _zero_or_none(s: Sums) -> Floats:
    return np.where(s["sentences"] > 0, 0.0, np.nan)


def _stack(columns: list[Floats], rows: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((rows, 0))


def _entropy(counts: Floats) -> Floats:
    """Entropy in bits of each row of counts, NaN for an empty one."""
    total = counts.sum(axis=1)
    bits = (counts * np.log2(np.where(counts > 0, counts, 1))).sum(axis=1) / total
    return np.where(total > 0, np.maximum(np.log2(total) - bits, 0), np.nan)


def _m_index(languages: Floats, k: int) -> Floats:
    total = languages.sum(axis=1)
    squares = (languages**2).sum(axis=1) / total**2
    value = (1 - squares) / ((k - 1) * squares) if k > 1 else np.zeros(len(total))
    return np.where(total > 0, value, np.nan)


def _symcom(s: Sums) -> dict[str, Floats]:
    values: dict[str, Floats] = {}
    apart, total = np.zeros(len(s.lengths)), np.zeros(len(s.lengths))
    for tag in s.keys("tag0"):
        first, second = s[f"tag0:{tag}"], s[f"tag1:{tag}"]
        values[f"symcom:{tag}"] = (first - second) / (first + second)
        apart, total = apart + np.abs(first - second), total + first + second
    return {"symcom": apart / total} | values


def _shares(s: Sums) -> dict[str, Floats]:
    values: dict[str, Floats] = {}
    for family in ("language", "matrix_language", "script"):
        names = s.keys(family)
        total = np.zeros(len(s.lengths))
        for name in names:
            total = total + s[f"{family}:{name}"]
        values |= {f"{family}:{name}": s[f"{family}:{name}"] / total for name in names}
    return values
