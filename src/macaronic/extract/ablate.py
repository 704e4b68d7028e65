"""Do text labels help to find words, and words to find text labels? The mutual reinforcement effect, measured.

Four models a set: the text label alone, the label with the right words told, the words alone, the words with the right
label told. What is told is written behind the text, so any kind of extractor can be asked; each pair is compared on the
same test records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import ratio_interval
from macaronic.core.errors import UsageError
from macaronic.core.result import signature
from macaronic.extract import tasks
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.extractor import Extractor
from macaronic.extract.predict import answered
from macaronic.extract.record import Record
from macaronic.extract.score import COLUMNS, counts, family

Floats = NDArray[np.float64]
Arm = Literal["TL", "TL|WL", "WL", "WL|TL"]
ARMS: tuple[Arm, ...] = ("TL", "TL|WL", "WL", "WL|TL")
Fit = Callable[[Sequence[Record]], Extractor]
BREAK = " || "
"""Stands between a text and what is told about it."""
FLIPS = 2000


@dataclass(frozen=True, slots=True)
class Effect:
    """What being told the other level changes.

    Args:
        metric: `TL` or `WL`.
        level: `all`, a language, a family, or both.
        alone: without it.
        told: with the right answers of the other level.
        change: told - alone.
        low: lower end of the 95 % bootstrap interval of the change, records resampled in pairs.
        high: upper end.
        p: two-sided permutation p of no change: the two answers to a record swapped at random.
        n: test records.
        signature: settings first, version last.
    """

    metric: str
    level: str
    alone: float
    told: float
    change: float
    low: float | None
    high: float | None
    p: float
    n: int
    signature: str

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


def arm(record: Record, which: Arm) -> Record:
    """A record as one of the four models learns it.

    Args:
        record: with both levels.
        which: what is asked, and after the bar what is told.

    >>> from macaronic.extract.record import Span
    >>> record = Record("Pandas live in China.", "Nature", (Span("Nation", "China", 15, 20),))
    >>> arm(record, "TL|WL").text, arm(record, "WL|TL").text
    ('Pandas live in China. || Nation: China', 'Pandas live in China. || Nature')
    """
    if which in ("TL", "TL|WL"):
        text = record.text + (BREAK + told_words(record) if which == "TL|WL" else "")
        return replace(record, text=text, spans=(), relations=(), events=())
    text = record.text + (BREAK + record.text_label if which == "WL|TL" else "")
    return replace(record, text=text, text_label="")


def told_words(record: Record) -> str:
    """What is to be found in a record, as words behind its text.

    >>> from macaronic.extract.record import Relation
    >>> told_words(Record("Ann runs Acme", relations=(Relation("Ann", "runs", "Acme"),)))
    'Ann runs Acme'
    """
    spans = [*record.spans, *(a for event in record.events for a in event.arguments)]
    parts = [f"{span.label}: {span.text}" for span in spans]
    parts += [f"{relation.head} {relation.type} {relation.tail}" for relation in record.relations]
    return "; ".join(parts) or tasks.none(record.language)


def ablate(
    records: Sequence[Record],
    test: Sequence[Record],
    fit: Fit,
    *,
    constrain: bool = True,
    samples: int = 1000,
    rng: np.random.Generator | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> list[Effect]:
    """Train the four models and compare them in pairs.

    Args:
        records: to learn from, with text labels and words.
        test: to be judged on, others than `records`.
        fit: from records to an extractor; called four times, with the same settings each time.
        constrain: hold answers to the form of records.
        samples: bootstrap resamples; 0 for no intervals.
        rng: of the bootstrap and the permutations; seed 0 when left out.
        say: is told which model is trained.

    Returns:
        Two effects (TL, WL) as a whole, and for each language and family where there are several.

    Raises:
        UsageError: a set is empty, or no record has both levels.

    Source: S001, ablation (gold words appended to the input, and the reverse); four models trained alike, the paired
        interval and the test are ours.
    """
    if not any(record.text_label and (record.spans or record.relations or record.events) for record in records):
        raise UsageError("expected records with a text label and words to find, got none with both")
    if not test:
        raise UsageError("expected test records, got none")
    judged = {}
    for which in ARMS:
        say(which)
        extractor = fit([arm(record, which) for record in records])
        asked = [arm(record, which) for record in test]
        answers = [answer.decoded for _, answer in answered(extractor, asked, constrain=constrain)]
        judged[which] = counts(asked, [_within(answer, record) for answer, record in zip(answers, test)])
    return list(effects(judged, test, samples=samples, rng=rng))


def effects(
    judged: dict[Arm, Floats], test: Sequence[Record], *, samples: int, rng: np.random.Generator | None
) -> Iterator[Effect]:
    """The effects of four tables of counts (`score.counts`), one row a test record in each."""
    rng = rng if rng is not None else np.random.default_rng(0)
    sign = signature("mre", {"bs": samples, "flips": FLIPS})
    for level, chosen in _levels(test).items():
        for metric, alone, told in (("TL", "TL", "TL|WL"), ("WL", "WL", "WL|TL")):
            before, after = judged[alone][chosen], judged[told][chosen]  # type: ignore[index]
            yield _effect(metric, level, before, after, samples, rng, sign)


def _within(answer: Decoded, record: Record) -> Decoded:
    """The answer without what was found in the part that was told."""
    if answer.record is None:
        return answer
    spans = [span for span in answer.record.spans if span.end is None or span.end <= len(record.text)]
    return Decoded(replace(answer.record, spans=tuple(spans)), "", answer.notes)


def _effect(
    metric: str, level: str, before: Floats, after: Floats, samples: int, rng: np.random.Generator, sign: str
) -> Effect:
    both = np.hstack([before, after])
    value = _value(metric)

    def change(sums: Floats) -> Floats:
        half = sums.shape[1] // 2
        return value(sums[:, half:]) - value(sums[:, :half])

    seen = float(change(both.sum(0, keepdims=True))[0])
    ends = ratio_interval(both, change, rng=rng, samples=samples)
    low, high = ends or (None, None)
    alone, told = (float(value(one.sum(0, keepdims=True))[0]) for one in (before, after))
    return Effect(metric, level, alone, told, seen, low, high, _p(before, after, change, seen, rng), len(before), sign)


def _p(
    before: Floats, after: Floats, change: Callable[[Floats], Floats], seen: float, rng: np.random.Generator
) -> float:
    """How often swapped answers differ at least as much; what was seen counts as one of them."""
    swap = rng.integers(0, 2, (FLIPS, len(before))).astype(np.float64)
    moved = swap @ (after - before)
    sums = np.hstack([before.sum(0) + moved, after.sum(0) - moved])
    drawn = np.abs(np.nan_to_num(change(sums)))
    return float((1 + np.count_nonzero(drawn >= abs(seen) - 1e-12)) / (FLIPS + 1))


def _value(metric: str) -> Callable[[Floats], Floats]:
    at = {name: i for i, name in enumerate(COLUMNS)}

    def label(sums: Floats) -> Floats:
        return _ratio(sums[:, at["label_right"]], sums[:, at["labelled"]])

    def words(sums: Floats) -> Floats:
        return _ratio(2 * sums[:, at["found"]], sums[:, at["answered"]] + sums[:, at["asked"]])

    return label if metric == "TL" else words


def _ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, 0 where there is nothing."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _levels(test: Sequence[Record]) -> dict[str, list[int]]:
    levels: dict[str, list[int]] = {"all": list(range(len(test)))}
    for kind in (lambda record: record.language or "no language", family):
        found: dict[str, list[int]] = {}
        for i, record in enumerate(test):
            found.setdefault(kind(record), []).append(i)
        if len(found) > 1:
            levels |= dict(sorted(found.items()))
    return levels
