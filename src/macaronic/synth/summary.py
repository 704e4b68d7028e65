"""What a run of synthesis made, added up as it goes: rows, reasons, asked and reached CMI, and sentences to show."""

from __future__ import annotations

import bisect
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from macaronic.core.result import Result, signature
from macaronic.report.build_report import Histogram, Sample
from macaronic.report.synth_report import SynthReport
from macaronic.synth.make import Settings
from macaronic.synth.mixed import Mixed, Outcome

SHOWN = 20
_WIDTH = 5.0
_CMI = tuple(i * _WIDTH for i in range(21))
_OFF = tuple(i * _WIDTH - 50 for i in range(21))
_FIRST = 20


class Summary:
    """Counts outcomes; what it holds stays small, and two parts of a run can be put together.

    Args:
        asked_cmi: the wished CMI in percent, if any.

    >>> one = Mixed(("la", "white", "house"), ("es", "en", "en"), ("es", "en", "en"), (0, 1, 2), group="1")
    >>> summary = Summary(asked_cmi=30)
    >>> summary.add(Outcome("1", (one,))), summary.add(Outcome("2", reason="unaligned"))
    (None, None)
    >>> summary.rows, summary.reasons, round(summary.mean_off or 0, 2)
    (2, Counter({'made': 1, 'unaligned': 1}), 3.33)
    """

    def __init__(self, asked_cmi: float | None = None) -> None:
        self.asked_cmi = asked_cmi
        self.reasons: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.details: list[str] = []
        self.sentences = self.words = 0
        self._cmi = [0] * (len(_CMI) - 1)
        self._off = [0] * (len(_OFF) - 1)
        self._cmi_sum = self._off_sum = 0.0
        self._shown: list[tuple[str, dict[str, Any]]] = []

    @property
    def rows(self) -> int:
        """Rows that went in."""
        return self.reasons.total()

    @property
    def mean_cmi(self) -> float | None:
        """Mean CMI of the sentences made, in percent."""
        return self._cmi_sum / self.sentences if self.sentences else None

    @property
    def mean_off(self) -> float | None:
        """Mean distance between reached and asked CMI, in points; None where none was asked for or nothing made."""
        return self._off_sum / self.sentences if self.sentences and self.asked_cmi is not None else None

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.reasons["made" if outcome.sentences else str(outcome.reason)] += 1
        self.notes.update({_kind(note) for note in outcome.notes} if outcome.sentences else ())
        if not outcome.sentences and len(self.details) < _FIRST:
            self.details.append(f"{outcome.group}: {outcome.reason}{f' ({outcome.detail})' if outcome.detail else ''}")
        for number, one in enumerate(outcome.sentences):
            self._count(one)
            self._show(one, number)

    def _count(self, one: Mixed) -> None:
        cmi = one.cmi
        self.sentences += 1
        self.words += len(one.words)
        self._cmi_sum += cmi
        self._cmi[_bin(_CMI, cmi)] += 1
        if self.asked_cmi is not None:
            self._off_sum += abs(cmi - self.asked_cmi)
            self._off[_bin(_OFF, cmi - self.asked_cmi)] += 1

    def _show(self, one: Mixed, number: int) -> None:
        """Keep the sentences whose names hash lowest: a random choice that no order changes."""
        rank = hashlib.sha256(f"{one.group}#{number}".encode()).hexdigest()
        if len(self._shown) == SHOWN and rank > self._shown[-1][0]:
            return
        u = one.utterance(number)
        shown = {"text": u.text, "tokens": [list(t) for t in u.tokens], "langs": list(one.langs), "note": _note(one)}
        bisect.insort(self._shown, (rank, shown), key=lambda entry: entry[0])
        del self._shown[SHOWN:]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """A few sentences, chosen at random."""
        return tuple(
            Sample(s["text"], tuple((a, b) for a, b in s["tokens"]), tuple(s["langs"]), note=s["note"])
            for _, s in self._shown
        )

    def merge(self, other: Summary) -> None:
        """Take in what another part of the run counted."""
        self.reasons.update(other.reasons)
        self.notes.update(other.notes)
        self.details = [*self.details, *other.details][:_FIRST]
        self.sentences += other.sentences
        self.words += other.words
        self._cmi = [a + b for a, b in zip(self._cmi, other._cmi)]
        self._off = [a + b for a, b in zip(self._off, other._off)]
        self._cmi_sum += other._cmi_sum
        self._off_sum += other._off_sum
        self._shown = sorted([*self._shown, *other._shown], key=lambda entry: entry[0])[:SHOWN]

    def asdict(self) -> dict[str, Any]:
        """All of it as JSON values; `from_dict` reads it."""
        return {
            "asked_cmi": self.asked_cmi,
            "reasons": dict(sorted(self.reasons.items())),
            "notes": dict(sorted(self.notes.items())),
            "details": self.details,
            "sentences": self.sentences,
            "words": self.words,
            "cmi": self._cmi,
            "off": self._off,
            "sums": [self._cmi_sum, self._off_sum],
            "shown": [list(entry) for entry in self._shown],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Summary:
        """What `asdict` gave."""
        found = cls(told["asked_cmi"])
        found.reasons, found.notes = Counter(told["reasons"]), Counter(told["notes"])
        found.details, found.sentences, found.words = list(told["details"]), told["sentences"], told["words"]
        found._cmi, found._off = list(told["cmi"]), list(told["off"])
        found._cmi_sum, found._off_sum = told["sums"]
        found._shown = [(rank, shown) for rank, shown in told["shown"]]
        return found

    def lines(self) -> list[str]:
        """What a run prints at its end: how many rows gave something, why the others did not, and the CMI."""
        told = [f"{self.reasons['made']:,} of {self.rows:,} rows gave {self.sentences:,} sentences"]
        told += [f"{count:,} rows: {reason}" for reason, count in self.reasons.most_common() if reason != "made"]
        if self.mean_cmi is not None:
            off = f", asked {self.asked_cmi:g} (mean distance {self.mean_off:.1f})" if self.mean_off is not None else ""
            told.append(f"mean CMI {self.mean_cmi:.1f}{off}")
        return told

    def report(
        self, settings: Settings, *, title: str, distances: Iterable[Result] = (), command: str = ""
    ) -> SynthReport:
        """The run in the form that the page reads.

        Args:
            settings: what was asked for.
            title: what was made.
            distances: how far the text is from real text (`synth.compare`), where that was measured.
            command: the command that gives the same again.
        """
        aimed = self.asked_cmi is not None
        return SynthReport(
            title=title,
            rows=self.rows,
            made=self.reasons["made"],
            sentences=self.sentences,
            words=self.words,
            asked_cmi=self.asked_cmi,
            mean_cmi=self.mean_cmi,
            mean_off=self.mean_off,
            reached=Histogram(_CMI, tuple(self._cmi)) if self.sentences else None,
            off=Histogram(_OFF, tuple(self._off)) if self.sentences and aimed else None,
            reasons=tuple((r, n) for r, n in self.reasons.most_common() if r != "made"),
            details=tuple(self.details),
            notes=tuple(self.notes.most_common(_FIRST)),
            samples=self.samples,
            distances=tuple(distances),
            settings=told(settings),
            signature=signed(settings),
            command=command,
        )


def counted(outcomes: Iterable[Outcome], summary: Summary) -> Iterator[Outcome]:
    """The outcomes as they are, each counted in the summary as it goes by."""
    for outcome in outcomes:
        summary.add(outcome)
        yield outcome


def told(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The settings that matter, as (name, value) for people."""
    shown = [("method", settings.method), ("languages", f"{' and '.join(settings.pair[1:])} in {settings.pair[0]}")]
    shown += [("sentences a row", str(settings.n))]
    shown += [(name.replace("_", " "), f"{value:g}") for name, value in settings.targets.items()]
    shown += [("romanised", "yes")] if settings.romanise else []
    shown += [("noise", f"{settings.noise:g}")] if settings.noise else []
    return (*shown, ("seed", str(settings.seed)))


def signed(settings: Settings) -> str:
    """How the sentences were made, as a signature.

    >>> signed(Settings("ec", ("hi", "en"), target_cmi=25)).partition("|v:")[0]
    'synth|method:ec|pair:hi+en|n:1|target_cmi:25.0|tolerance:10.0|seed:1'
    """
    own: dict[str, str | int | float | bool] = {"method": settings.method, "pair": "+".join(settings.pair)}
    own |= {"n": settings.n, **{name: float(value) for name, value in settings.targets.items()}}
    if settings.targets and settings.tolerance is not None:
        own["tolerance"] = float(settings.tolerance)
    own |= {"romanise": True} if settings.romanise else {}
    own |= {"noise": float(settings.noise)} if settings.noise else {}
    return signature("synth", {**own, "seed": settings.seed})


def _bin(edges: tuple[float, ...], value: float) -> int:
    return min(max(bisect.bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _kind(note: str) -> str:
    """What a note says of a row, without what it says of this row alone.

    >>> _kind("unaligned words, kept with a neighbour: hi 3, en 2"), _kind("2 words have no counterpart")
    ('unaligned words, kept with a neighbour', 'some words have no counterpart')
    """
    return re.sub(r"\d[\d,.]*", "some", note.partition(":")[0])


def _note(one: Mixed) -> str:
    return f"{one.group}, CMI {one.cmi:.0f}"
