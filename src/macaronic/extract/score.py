"""How right the answers are: text labels (TL), what was to be found (WL), both (ALL), and how many could be read.

An answer that cannot be read is wrong and stays in the denominator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import resampled_sums
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.result import Result, signature
from macaronic.extract import tasks
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.record import Record

Floats = NDArray[np.float64]
Counting = Literal["set", "multiset"]
COUNTINGS = ("set", "multiset")
COLUMNS = ("samples", "labelled", "label_right", "found", "answered", "asked", "all_right", "read")
METRICS = ("TL", "WL precision", "WL recall", "WL", "ALL", "format")
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a set of answers.

    Args:
        results: each metric for each language, family, both together, and as a whole (level `all`).
        n: how many answers.
        failures: why answers could not be read -> how many.
        notes: what was odd about those that could -> how often.
    """

    results: tuple[Result, ...]
    n: int
    failures: Mapping[str, int]
    notes: Mapping[str, int]

    def value(self, metric: str, level: str = WHOLE) -> float | None:
        """One number, or None where it is not defined.

        Raises:
            UnknownName: no such metric or level.
        """
        found = {(result.name, result.level): result.value for result in self.results}
        if (metric, level) not in found:
            named = metric in METRICS
            raise UnknownName(
                *("level", level, {r.level for r in self.results}) if named else ("metric", metric, METRICS)
            )
        return found[metric, level]

    def asdict(self) -> dict[str, Any]:
        """As JSON values."""
        results = [result.asdict() for result in self.results]
        return {"n": self.n, "failures": dict(self.failures), "notes": dict(self.notes), "results": results}


def score(
    gold: Sequence[Record],
    answers: Sequence[Decoded],
    *,
    counting: Counting = "set",
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> Scores:
    """Score answers against gold records, pairwise.

    TL is the share of right text labels, among records that have one; WL is micro precision, recall and F1 over exact
    (label, span) pairs, triples, or events and their arguments, as the record's task asks; ALL is the share of samples
    in which the label and everything to be found are right and nothing else is there.

    Args:
        gold: what is right.
        answers: one for each, in the same order.
        counting: `set`: the same pair twice counts once, as the authors count; `multiset`: it counts twice.
        rng: of the bootstrap; seeded with 0 when left out.
        samples: resamples of the bootstrap; 0 for no intervals.

    Raises:
        UsageError: not as many answers as records, or an unknown way of counting.

    Source: S001, TL, WL and ALL; that what cannot be read counts as wrong, and the intervals, are ours.

    >>> from macaronic.extract.record import Span
    >>> gold = [Record("so chill", "joy", (Span("adj", "chill"),)), Record("hm", "none")]
    >>> scores = score(gold, [Decoded(gold[0]), Decoded(None, "truncated")], samples=0)
    >>> [(r.name, r.value) for r in scores.results if r.level == "all"][3:], dict(scores.failures)
    ([('WL', 1.0), ('ALL', 0.5), ('format', 0.5)], {'truncated': 1})
    """
    rows = counts(gold, answers, counting=counting)
    rng = rng if rng is not None else np.random.default_rng(0)
    sign = signature("extract", {"counting": counting, "bs": samples})
    results = []
    for level, chosen in _levels(gold).items():
        results += _results(rows[chosen], level, sign, rng=rng, samples=samples)
    failures = Counter(answer.failure or "no record" for answer in answers if answer.record is None)
    notes: Counter[str] = Counter()
    for answer in answers:
        notes.update(answer.notes)
    return Scores(tuple(results), len(gold), dict(sorted(failures.items())), dict(sorted(notes.items())))


def counts(gold: Sequence[Record], answers: Sequence[Decoded], *, counting: Counting = "set") -> Floats:
    """What the scores are made of, a row a sample: resample the rows to compare two models on the same samples.

    Returns:
        shape (n, 8), the columns as `COLUMNS` names them.

    Raises:
        UsageError: not as many answers as records, or an unknown way of counting.

    >>> counts([Record("hm", "none")], [Decoded(Record("hm", "none"))]).tolist()
    [[1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0]]
    """
    if counting not in COUNTINGS:
        raise UnknownName("way of counting", counting, COUNTINGS)
    if len(gold) != len(answers):
        raise UsageError(f"expected one answer a record ({len(gold)}); got {len(answers)}.")
    rows = [_row(record, answer.record, counting) for record, answer in zip(gold, answers)]
    return np.array(rows, np.float64).reshape(len(gold), len(COLUMNS))


def family(record: Record) -> str:
    """The family of a record: what its `meta` says, else its task.

    >>> family(Record("hm")), family(Record("hm", meta={"family": "SCNM"}))
    ('NER', 'SCNM')
    """
    return str(record.meta.get("family") or record.task)


def _row(gold: Record, answer: Record | None, counting: Counting) -> tuple[float, ...]:
    asked = _found(gold, gold.task, counting)
    answered = _found(answer, gold.task, counting) if answer is not None else Counter()
    right = (asked & answered).total()
    label_right = answer is not None and answer.text_label == gold.text_label
    whole = answer is not None and (label_right or not gold.text_label) and asked == answered
    return (
        1, bool(gold.text_label), bool(gold.text_label) and label_right, right, answered.total(), asked.total(),
        whole, answer is not None,
    )  # fmt: skip


def _found(record: Record, task: str, counting: Counting) -> Counter[Hashable]:
    """What is to be found, by the task; all that there is for a task of one's own."""
    wanted = tasks.part(task) if task in tasks.names() else ""
    found: list[Hashable] = []
    if wanted in ("", tasks.SPANS):
        found += [("span", span.label, span.text) for span in record.spans]
    if wanted in ("", tasks.RELATIONS):
        found += [("relation", r.head, r.type, r.tail) for r in record.relations]
    if wanted in ("", tasks.EVENTS):
        for event in record.events:
            found += [("event", event.type, event.trigger)] if event.type or event.trigger else []
            found += [("argument", event.type, a.label, a.text) for a in event.arguments]
    return Counter(found if counting == "multiset" else set(found))


def _levels(gold: Sequence[Record]) -> dict[str, list[int]]:
    """Level -> which samples: as a whole, by language, by family and by both, where there is more than one."""
    kinds: list[dict[str, list[int]]] = [{}, {}, {}]
    for i, record in enumerate(gold):
        language, name = record.language or "no language", family(record)
        for kind, level in zip(kinds, (language, name, f"{language} {name}")):
            kind.setdefault(level, []).append(i)
    several = [kind for kind in kinds if len(kind) > 1]
    levels = {WHOLE: list(range(len(gold)))}
    for kind in several:
        levels.update({level: kind[level] for level in sorted(kind)})
    return levels


def _results(rows: Floats, level: str, sign: str, *, rng: np.random.Generator, samples: int) -> list[Result]:
    values = _metrics(rows.sum(axis=0, keepdims=True))[0]
    ends: list[tuple[float, float] | None] = [None] * len(METRICS)
    if len(rows) > 1 and samples:
        drawn = _metrics(resampled_sums(rows, rng=rng, samples=samples))
        ends = [_ends(column) for column in drawn.T]
    found = []
    for metric, value, end in zip(METRICS, values.tolist(), ends):
        low, high = end or (None, None)
        known = None if np.isnan(value) else value
        found.append(Result(metric, level, known, low, high, len(rows), "fraction", sign))
    return found


def _metrics(sums: Floats) -> Floats:
    """The metrics of column sums, shape (B, 8) -> (B, 6); NaN where there is nothing to divide by."""
    n, labelled, label_right, found, answered, asked, whole, read = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [label_right / labelled, found / answered, found / asked, 2 * found / (answered + asked)]
        return np.stack([*parts, whole / n, read / n], axis=1)


def _ends(drawn: Floats) -> tuple[float, float] | None:
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return None
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
