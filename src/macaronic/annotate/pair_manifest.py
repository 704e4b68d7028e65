"""A table of utterances that the same speaker said in two languages: read, and every row checked.

One row is a pair. Its two sides, `a` and `b`, each have a language, a sound file, the times at which the utterance
begins and ends in it, a speaker and the words; `original` says which side was said first, the other re-enacts it.

Source: S035, its released table of pairs and its protocol: bilingual speakers re-enact their own utterances.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from macaronic.annotate.sound_files import below, seconds_of
from macaronic.core import languages
from macaronic.core.errors import FormatError, InputError, MacaronicError
from macaronic.core.problems import Problems

SIDES = ("a", "b")
FIELDS = ("lang", "audio", "start", "end", "speaker", "text")
COLUMNS = ("id", *(f"{field}_{side}" for side in SIDES for field in FIELDS), "original")
"""The columns of a manifest; others are kept as they are."""

OUTLIER = 3.5
"""So many robust standard deviations from the median of the log ratio of durations make a pair an outlier."""

_LEAST_SPREAD = 0.1
_SLACK = 0.05
"""Seconds by which an utterance may end behind its sound, for times that were rounded."""


@dataclass(frozen=True, slots=True)
class Side:
    """One utterance of a pair.

    Args:
        lang: its language tag.
        audio: its sound file, a path from the manifest's folder.
        start: seconds at which it begins in the file.
        end: seconds at which it ends.
        speaker: who says it.
        text: what is said.

    >>> Side("en", "c1.wav", 1.5, 4.0, "s1", "so it goes").seconds
    2.5
    """

    lang: str
    audio: str
    start: float
    end: float
    speaker: str
    text: str

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Pair:
    """An utterance and its re-enactment.

    Args:
        id: of the pair.
        sides: the utterances a and b.
        original: which side was said first, `a` or `b`.
        line: of the manifest.
        row: the line's columns as they were.
    """

    id: str
    sides: tuple[Side, Side]
    original: str
    line: int
    row: Mapping[str, str]

    @property
    def ratio(self) -> float:
        """Duration of side b over that of side a."""
        return self.sides[1].seconds / self.sides[0].seconds


def read(path: str | Path, problems: Problems) -> list[Pair]:
    """The pairs of a manifest, a CSV or TSV file; rows with a fault are told with their line and left out.

    Args:
        path: of the manifest; sound files lie in its folder or below.
        problems: gets every fault, not the first ones alone, since a manifest is put right by hand.

    Raises:
        InputError: it cannot be read.
        FormatError: a column is missing.
    """
    table = _Checked(str(path), Path(path).parent, problems)
    return [pair for line, row in _rows(path) if (pair := table.pair(line, row)) is not None]


def _rows(path: str | Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, delimiter="\t" if Path(path).suffix == ".tsv" else ",")
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise FormatError(f"expected the columns {', '.join(COLUMNS)}; missing {missing[0]}", str(path), 1)
            for row in table:
                yield table.line_num, {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a table in UTF-8: {error}", str(path)) from error


class _Checked:
    """Checks rows one by one; knows the ids so far and how long each sound file is."""

    def __init__(self, path: str, root: Path, problems: Problems) -> None:
        self.path, self.root, self.problems = path, root, problems
        self.seen: dict[str, int] = {}
        self.lengths: dict[str, float | None] = {}
        self.faults = 0

    def tell(self, line: int, kind: str, message: str) -> None:
        """One fault more."""
        self.faults += 1
        self.problems.add(self.path, line, message, kind=kind, keep=True)

    def pair(self, line: int, row: dict[str, str]) -> Pair | None:
        """The pair of a row, or None when it has a fault."""
        before, name = self.faults, row["id"]
        if not name:
            self.tell(line, "id", "the pair has no id")
        elif name in self.seen:
            self.tell(line, "id", f"the id {name!r} is that of line {self.seen[name]}")
        else:
            self.seen[name] = line
        a, b = (self.side(line, row, side) for side in SIDES)
        if row["original"] not in SIDES:
            self.tell(line, "original", f"expected a or b under original, got {row['original']!r}")
        if a and b:
            self.together(line, a, b)
        return Pair(name, (a, b), row["original"], line, row) if a and b and self.faults == before else None

    def side(self, line: int, row: dict[str, str], side: str) -> Side | None:
        """One side of a row, or None when it cannot be used."""
        told = {field: row[f"{field}_{side}"] for field in FIELDS}
        empty = [f"{field}_{side}" for field in FIELDS if not told[field]]
        if empty:
            whole = "the whole side is" if len(empty) == len(FIELDS) else f"{', '.join(empty)} is"
            self.tell(line, "missing side", f"side {side}: {whole} missing")
            return None
        start, end = (self.time(line, told[field], f"{field}_{side}") for field in ("start", "end"))
        lang = self.language(line, told["lang"], side)
        if start is None or end is None or lang is None:
            return None
        if not 0 <= start < end:
            self.tell(line, "times", f"side {side}: expected 0 <= start < end, got {start:g} to {end:g}")
            return None
        self.inside(line, told["audio"], end, side)
        return Side(lang, told["audio"], start, end, told["speaker"], told["text"])

    def time(self, line: int, value: str, name: str) -> float | None:
        """A number of seconds."""
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.tell(line, "times", f"{name}: expected seconds, got {value!r}")
            return None
        return found

    def language(self, line: int, tag: str, side: str) -> str | None:
        """A language tag."""
        try:
            return languages.parse(tag)
        except MacaronicError as error:
            self.tell(line, "language", f"side {side}: {str(error).splitlines()[0]}")
            return None

    def inside(self, line: int, name: str, end: float, side: str) -> None:
        """See that the sound file is there and long enough."""
        try:
            if name not in self.lengths:
                self.lengths[name] = seconds_of(below(self.root, name))
        except MacaronicError as error:
            self.tell(line, "sound file", f"side {side}: {error}")
            return
        long = self.lengths[name]
        if long is not None and end > long + _SLACK:
            self.tell(line, "times", f"side {side}: ends at {end:g} s, but {name} is {long:g} s long")

    def together(self, line: int, a: Side, b: Side) -> None:
        """What must be so between the sides."""
        if a.lang == b.lang:
            self.tell(line, "language", f"both sides are in {a.lang}")
        if a.speaker != b.speaker:
            self.tell(line, "speaker", f"expected the same speaker in both sides, got {a.speaker} and {b.speaker}")


def outliers(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs whose ratio of durations is far from the others': often a wrong time or a wrong partner.

    Far is `OUTLIER` robust standard deviations (1.4826 times the median distance from the median, at least 0.1) of the
    logarithm. They stay in the project, for people to listen to.

    >>> side = Side("en", "a.wav", 0.0, 2.0, "s", "so")
    >>> others = [Side("es", "b.wav", 0.0, seconds, "s", "así") for seconds in (2.0, 2.1, 1.9, 9.0)]
    >>> pairs = [Pair(str(other.end), (side, other), "a", 2, {}) for other in others]
    >>> [pair.id for pair in outliers(pairs)]
    ['9.0']
    """
    if len(pairs) < 3:
        return []
    logs = np.log([pair.ratio for pair in pairs])
    away = np.abs(logs - np.median(logs))
    spread = max(1.4826 * float(np.median(away)), _LEAST_SPREAD)
    return [pair for pair, one in zip(pairs, away) if one > OUTLIER * spread]


def speaker_split(pairs: Sequence[Pair], share: float = 0.2) -> dict[str, str]:
    """A split in which no speaker is on both sides: those with the fewest pairs are held out, as in the released one.

    Args:
        pairs: of a manifest.
        share: of the pairs, about, that shall be held out; between 0 and 1.

    Returns:
        speaker -> `train` or `test`; with a single speaker all is `train`.

    >>> sides = [Side("en", "a.wav", 0.0, 2.0, who, "so") for who in "kkkkrm"]
    >>> pairs = [Pair(str(n), (side, side), "a", n, {}) for n, side in enumerate(sides, 2)]
    >>> speaker_split(pairs, 0.34)
    {'m': 'test', 'r': 'test', 'k': 'train'}
    """
    counts: dict[str, int] = {}
    for pair in pairs:
        counts[pair.sides[0].speaker] = counts.get(pair.sides[0].speaker, 0) + 1
    ordered = sorted(counts, key=lambda who: (counts[who], who))
    held, out = 0, {}
    for n, who in enumerate(ordered):
        fits = held + counts[who] <= share * len(pairs) or n == 0
        out[who] = "test" if fits and len(ordered) > n + 1 else "train"
        held += counts[who]
    return out
