"""What a paper's card holds, and what a check of it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, SupportsFloat

Kind = Literal["method", "dataset", "system", "model", "analysis", "survey", "tool", "benchmark"]
ClaimKind = Literal["number", "direction", "mechanism", "needs"]
Scale = Literal["smoke", "small", "full"]
SCALES: tuple[Scale, ...] = ("smoke", "small", "full")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that must hold.

    Args:
        id: short name, unique in the paper.
        text: the claim in our words.
        kind: `number` (a published figure on the same data), `direction` (an ordering, at reduced scale),
            `mechanism` (an identity or property), `needs` (cannot be checked without what `needs` names).
        reported: the published figure, copied from the source, or None.
        where: where the figure stands.
        tolerance: how far from `reported` counts as reproduced.
        at_least: for directions and mechanisms: the value from which the claim holds.
        needs: what is missing to check it, with the exact command.
    """

    id: str
    text: str
    kind: ClaimKind
    reported: float | None = None
    where: str = ""
    tolerance: float = 0.0
    at_least: float | None = None
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A card.

    Args:
        id: the seed's id, such as `S047`.
        slug: short name, such as `regmix`.
        title: the paper's title.
        kind: what the paper offers.
        url: where it stands.
        uses: dotted names of the parts of macaronic that carry it; a test resolves each.
        claims: what must hold.
        data: names of the data sets that its checks read.
        cost: scale -> what a run costs, in words.
        tasks: what it is about, for searching.
        languages: tags of the languages that it is about.
    """

    id: str
    slug: str
    title: str
    kind: Kind
    url: str
    uses: tuple[str, ...]
    claims: tuple[Claim, ...]
    data: tuple[str, ...] = ()
    cost: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What one run found for one claim.

    Args:
        claim: the claim's id.
        value: the measured value; None when it could not be measured.
        low: lower end of the interval, or None.
        high: upper end, or None.
        n: how many items it rests on.
        data_sha256: fingerprint of the data it was measured on; empty for made-up or bundled data.
        note: anything a reader must know.
    """

    claim: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    data_sha256: str = ""
    note: str = ""


def measured(
    claim: str,
    value: SupportsFloat,
    interval: tuple[float, float] | None = None,
    *,
    n: int,
    data_sha256: str = "",
    note: str = "",
) -> Check:
    """A check with a value, and with the interval that a bootstrap gave where it gave one.

    >>> measured("accuracy", 0.5, (0.4, 0.6), n=10).high
    0.6
    """
    low, high = interval or (None, None)
    return Check(claim, float(value), low, high, n, data_sha256, note)


def unanswered(paper: Paper, why: Exception | str) -> list[Check]:
    """A check without a value for every claim that could have been measured, with the reason.

    >>> unanswered(Paper("S001", "a", "", "method", "", (), (Claim("x", "", "mechanism"),)), "no data here")[0].note
    'no data here'
    """
    return [
        Check(claim.id, None, note="; ".join(str(why).splitlines())) for claim in paper.claims if claim.kind != "needs"
    ]
