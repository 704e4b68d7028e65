"""How far a project is: what is done, by whom, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from macaronic.annotate import planted, warmup
from macaronic.annotate.settings import LABELLING
from macaronic.annotate.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """One person's part.

    Args:
        name: of the person.
        role: what they do.
        opened: items that they were shown.
        accepted: items that they are done with.
        skipped: items that they left out.
        actions: events that count (undone ones do not).
        minutes: time at work; a pause counts as half a minute at most.
        word_seconds: median seconds a word of the accepted items, where times are known.
        misfits: events that no longer fitted the state of the item; anything but 0 is a fault of a program.
        warmup: share of right labels in the warm-up, or None without one.
        planted: share of the planted labels that they let stand in what they accepted, or None without any.
    """

    name: str
    role: str
    opened: int
    accepted: int
    skipped: int
    actions: int
    minutes: float
    word_seconds: float | None
    misfits: int
    warmup: float | None
    planted: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a project: items in all, items that enough people have accepted, items begun, and the people."""

    name: str
    items: int
    warmup: int
    overlap: int
    finished: int
    begun: int
    events: int
    people: tuple[Person, ...]

    def asdict(self) -> dict[str, Any]:
        """The fields as plain values, for JSON."""
        return asdict(self)


def progress(work: Work) -> Progress:
    """How far a project is.

    Args:
        work: of everybody.
    """
    numbers = [number for number, item in work.items.items() if item.kind == "work"]
    done = [len(work.done(number, *LABELLING)) for number in numbers]
    judged = [bool(work.done(number, "adjudicator")) for number in numbers]
    touched = {number for _, number in work.sheets}
    finished = sum(n >= work.settings.overlap or ok for n, ok in zip(done, judged))
    begun = sum(number in touched for number in numbers) - finished
    right = warmup.scores(work)
    people = tuple(_person(work, name, role, right) for name, role in work.people.items())
    return Progress(
        work.settings.name,
        len(numbers),
        len(work.items) - len(numbers),
        work.settings.overlap,
        finished,
        begun,
        work.events,
        people,
    )


def _person(work: Work, name: str, role: str, right: Sequence[warmup.Score]) -> Person:
    sheets = [sheet for (who, _), sheet in work.sheets.items() if who == name]
    paces = [s.time / 1000 / len(s.ends) for s in sheets if s.state == "accepted" and s.time and s.ends]
    own = [score for score in right if score.who == name]
    total = sum(score.total for score in own)
    return Person(
        name,
        role,
        len(sheets),
        sum(sheet.state == "accepted" for sheet in sheets),
        sum(sheet.state == "skipped" for sheet in sheets),
        sum(sheet.used for sheet in sheets),
        round(sum(sheet.time for sheet in sheets) / 60_000, 2),
        round(median(paces), 3) if paces else None,
        sum(sheet.misfits for sheet in sheets),
        round(sum(score.right for score in own) / total, 4) if total else None,
        _planted(work, name),
    )


def _planted(work: Work, name: str) -> float | None:
    keys = [key for key in work.planted if key[0] == name and work.sheets[key].state == "accepted"]
    total = sum(planted.count(work.items[number]) for _, number in keys)
    return round(sum(work.planted[key] for key in keys) / total, 4) if total else None
