"""What became of a batch of records: kept, dropped by rule, found by which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from macaronic.core.bootstrap import interval
from macaronic.core.result import Result, signature
from macaronic.extract.record import Record
from macaronic.extract.translate.pieces import Place
from macaronic.extract.translate.rules import Rule

Repair = Literal[
    "label put back",
    "search without case and width",
    "occurrence by order",
    "marks",
    "alignment",
    "marked text",
    "corrected by hand",
]
"""What was done so that a record could be kept, in the order in which it is tried."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record in both languages.

    Args:
        source: as it was.
        record: translated.
        repairs: what it needed.
        places: where its pieces stand.
    """

    source: Record
    record: Record
    repairs: tuple[Repair, ...] = ()
    places: tuple[Place | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that was not translated well enough.

    Args:
        source: as it was.
        rule: the rule that it broke.
        detail: what was found.
        translation: the text that was given, where there was one.
        places: where its pieces stand in that, None where not found; empty without a text.
    """

    source: Record
    rule: Rule
    detail: str = ""
    translation: str = ""
    places: tuple[Place | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated batch.

    Args:
        outcomes: one a record, in their order.
        to: the target language.
        model: who translated.
        requests: how many requests were made of the model, kept answers included.

    >>> done = Translation((Kept(Record("hi"), Record("hola")), Dropped(Record("x"), "refusal")), "es")
    >>> len(done.kept), dict(done.rules), done.retention().value
    (1, {'refusal': 1}, 0.5)
    """

    outcomes: tuple[Kept | Dropped, ...]
    to: str
    model: str = ""
    requests: Mapping[str, int] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[Record, ...]:
        """The translated records."""
        return tuple(one.record for one in self.outcomes if isinstance(one, Kept))

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """The others."""
        return tuple(one for one in self.outcomes if isinstance(one, Dropped))

    @property
    def rules(self) -> Counter[str]:
        """How many records each rule dropped."""
        return Counter(one.rule for one in self.dropped)

    @property
    def repairs(self) -> Counter[str]:
        """How many kept records needed each repair."""
        return Counter(repair for one in self.outcomes if isinstance(one, Kept) for repair in one.repairs)

    def retention(self, *, samples: int = 1000, rng: np.random.Generator | None = None) -> Result:
        """The share of records that are kept, with a bootstrap interval when `rng` is given."""
        values = np.array([isinstance(one, Kept) for one in self.outcomes], dtype=np.float64)
        low, high = (interval(values, rng=rng, samples=samples) if rng is not None else None) or (None, None)
        value = float(values.mean()) if len(values) else None
        sign = signature("retention", {"to": self.to, "model": self.model, "bs": samples if rng is not None else 0})
        return Result("retention", "records", value, low, high, len(values), "records", sign)

    def table(self) -> Iterator[tuple[str, str, int, float]]:
        """Rows of (what, name, records, share of all records): kept, each repair, dropped, each rule."""
        n = max(len(self.outcomes), 1)
        yield "kept", "all", len(self.kept), len(self.kept) / n
        for name, count in self.repairs.most_common():
            yield "repaired", name, count, count / n
        yield "dropped", "all", len(self.dropped), len(self.dropped) / n
        for name, count in self.rules.most_common():
            yield "dropped", name, count, count / n

    def asdict(self, *, rng: np.random.Generator | None = None) -> dict[str, Any]:
        """Counts and retention, for JSON."""
        return {
            "to": self.to,
            "model": self.model,
            "records": len(self.outcomes),
            "kept": len(self.kept),
            "dropped": len(self.dropped),
            "rules": dict(self.rules.most_common()),
            "repairs": dict(self.repairs.most_common()),
            "requests": dict(self.requests),
            "retention": self.retention(rng=rng).asdict(),
        }
