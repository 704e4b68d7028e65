"""What a report of a build shows, as plain data: the build fills it, the page, the card and programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from macaronic.core.errors import UsageError
from macaronic.core.result import Result
from macaronic.core.utterance import Utterance
from macaronic.report.mix_report import MixReport


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the mixture: a language, a script or a bucket.

    Args:
        name: language tag, ISO 15924 script, or the bucket's name.
        achieved: its share of what was written, 0 to 1; None when it was not measured.
        asked: the share that the recipe asked for; None when it asked for none.
        available: how much of it there was, in the report's unit.
        taken: how much of it was written, in the report's unit.
        epochs: how often its text was repeated (`taken / available`).
        cap: the limit that binds, in words; empty when none does.
    """

    name: str
    achieved: float | None
    asked: float | None = None
    available: int | None = None
    taken: int | None = None
    epochs: float | None = None
    cap: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts between ascending edges; there is one edge more than counts.

    >>> Histogram((0.0, 10.0, 20.0), (7, 3)).total
    10
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.counts) + 1:
            raise UsageError(f"a histogram of {len(self.counts)} counts needs one edge more; got {len(self.edges)}")
        if any(low >= high for low, high in pairwise(self.edges)):
            raise UsageError(f"histogram edges must ascend; got {self.edges}")

    @property
    def total(self) -> int:
        """How many things were counted."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class SwitchPairs:
    """How often a word of one language follows a word of another: `counts[i][j]` from `names[i]` to `names[j]`.

    >>> SwitchPairs(("en", "hi"), ((0, 4), (3, 0))).pairs()
    [('en', 'hi', 4), ('hi', 'en', 3)]
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if [len(row) for row in self.counts] != [len(self.names)] * len(self.names):
            raise UsageError(f"switch pairs of {len(self.names)} languages need a square of counts of that size")

    def pairs(self) -> list[tuple[str, str, int]]:
        """(from, to, count), the most frequent first; what never happened is left out."""
        found = [(self.names[i], self.names[j], n) for i, row in enumerate(self.counts) for j, n in enumerate(row) if n]
        return sorted(found, key=lambda p: (-p[2], p[0], p[1]))


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence to show: its text, the words' offsets in code points, and a label a word."""

    text: str
    tokens: tuple[tuple[int, int], ...]
    langs: tuple[str | None, ...]
    source: str = ""
    note: str = ""

    @classmethod
    def of(cls, utterance: Utterance, *, source: str = "", note: str = "") -> Sample:
        """A sample from an utterance with a language layer.

        >>> Sample.of(Utterance.from_words(["so", "chill"], layers={"lang": ["en", "en"]})).langs
        ('en', 'en')
        """
        return cls(utterance.text, utterance.tokens, tuple(utterance.langs), source, note)

    @property
    def words(self) -> tuple[str, ...]:
        """The words' strings, in order."""
        return tuple(self.text[start:end] for start, end in self.tokens)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know: its kind (a few words), what it means, and how often it happened."""

    kind: str
    message: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of the build, as it was read."""

    name: str
    licence: str = ""
    rows: int | None = None
    words: int | None = None
    bad_rows: int = 0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SynthRow:
    """Mixed text that the build made.

    Args:
        name: of the made source.
        method: how it was mixed.
        pair: the languages, in words.
        rows: parallel rows that went in.
        made: rows that gave a sentence.
        sentences: mixed sentences made.
        asked_cmi: the wished Code-Mixing Index in percent; None when none was asked for.
        mean_cmi: the mean of what was reached.
        mean_off: mean distance of a sentence from what was asked, in points.
        none: (why a row gave nothing, rows), the most frequent first.
    """

    name: str
    method: str
    pair: str
    rows: int
    made: int
    sentences: int
    asked_cmi: float | None = None
    mean_cmi: float | None = None
    mean_off: float | None = None
    none: tuple[tuple[str, int], ...] = ()

    @property
    def reasons(self) -> str:
        """Why rows gave nothing, in words.

        >>> SynthRow("m", "ec", "en in hi", 9, 8, 8, none=(("unaligned", 1),)).reasons
        'unaligned 1'
        """
        return ", ".join(f"{reason} {count:,}" for reason, count in self.none)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Everything that the page and the card of a build show. What is None or empty is shown as not measured.

    Args:
        title: what was built.
        unit: what sizes and shares count (`words`, `tokens`, `bytes`, `documents`).
        rows: sentences or documents written.
        size: how much was written, in `unit`.
        budget: how much was asked for, in `unit`.
        settings: (name, value) pairs of the recipe, in the order to show them.
        signature: settings and version in one line, as every `Result` carries it.
        results: measures of what was written.
        languages: shares by language tag.
        scripts: shares by script.
        buckets: shares by the recipe's own buckets, where they are neither.
        evidence: what the shares rest on, where they were chosen by evidence.
        cmi: code-mixing index of the sentences (0 to 100).
        switches: which language follows which.
        samples: sentences from the output.
        notices: warnings, the gravest first.
        problems: the first malformed lines as `file:line: message`.
        problem_count: how many malformed lines there were.
        sources: what was read.
        synth: mixed text that was made of it.
        command: the command that gives the same output again.
    """

    title: str
    unit: str = "words"
    rows: int | None = None
    size: int | None = None
    budget: int | None = None
    settings: tuple[tuple[str, str], ...] = ()
    signature: str = ""
    results: tuple[Result, ...] = ()
    languages: tuple[Share, ...] = ()
    scripts: tuple[Share, ...] = ()
    buckets: tuple[Share, ...] = ()
    evidence: MixReport | None = None
    cmi: Histogram | None = None
    switches: SwitchPairs | None = None
    samples: tuple[Sample, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    sources: tuple[SourceRow, ...] = ()
    synth: tuple[SynthRow, ...] = ()
    command: str = ""
