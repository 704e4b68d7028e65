"""Scores: worked out by hand, and by a second formulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.record import Event, Record, Relation, Span
from macaronic.extract.score import METRICS, counts, family, score


def record(label: str, *pairs: tuple[str, str], language: str = "", task: str = "NER", **more: object) -> Record:
    return Record("a text", label, tuple(Span(*pair) for pair in pairs), language=language, task=task)


GOLD = [
    record("Nature", ("animal", "panda"), ("nation", "China")),
    record("Society", ("person", "Ann")),
    record("Society"),
    record("Nature", ("nation", "Peru"), ("nation", "Peru")),
]
ANSWERS = [
    Decoded(record("Nature", ("nation", "China"), ("animal", "panda"))),  # all right, in another order
    Decoded(record("Nature", ("person", "Ann"), ("nation", "Ann"))),  # label wrong, one pair too many
    Decoded(None, "truncated"),  # unreadable: wrong, though there was nothing to find
    Decoded(record("Nature", ("nation", "Peru")), notes={"repaired": 1}),  # right as a set, one short as a multiset
]


def test_golden_case_as_sets() -> None:
    """By hand: labels 2 of 4; pairs found 2+1+0+1 = 4, answered 2+2+0+1 = 5, asked 2+1+0+1 = 4; whole 2 of 4."""
    scores = score(GOLD, ANSWERS, samples=0)
    got = {metric: scores.value(metric) for metric in METRICS}
    assert got == pytest.approx(
        {"TL": 0.5, "WL precision": 4 / 5, "WL recall": 1.0, "WL": 8 / 9, "ALL": 0.5, "format": 0.75}
    )
    assert (scores.n, scores.failures, scores.notes) == (4, {"truncated": 1}, {"repaired": 1})


def test_golden_case_as_multisets() -> None:
    """By hand: Peru is asked twice, so found 4, answered 5, asked 5, and the last sample is not whole."""
    scores = score(GOLD, ANSWERS, counting="multiset", samples=0)
    got = {metric: scores.value(metric) for metric in METRICS}
    assert got == pytest.approx(
        {"TL": 0.5, "WL precision": 4 / 5, "WL recall": 4 / 5, "WL": 0.8, "ALL": 0.25, "format": 0.75}
    )


def test_unreadable_answers_stay_in_the_denominator() -> None:
    scores = score(GOLD, [Decoded(None, "truncated")] * 4, samples=0)
    assert [scores.value(metric) for metric in METRICS] == [0.0, None, 0.0, 0.0, 0.0, 0.0]


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    scores = score([record("a")], [Decoded(record("a"))], samples=0)
    assert [scores.value(metric) for metric in METRICS] == [1.0, None, None, None, 1.0, 1.0]


def test_records_without_a_label_count_for_pairs_only() -> None:
    scores = score([record("", ("a", "b"))], [Decoded(record("guess", ("a", "b")))], samples=0)
    assert (scores.value("TL"), scores.value("ALL")) == (None, 1.0)


def test_relations_are_triples_and_their_direction_counts() -> None:
    task = "Relation Extraction"
    gold = Record("t", "x", relations=(Relation("a", "in", "b"), Relation("c", "in", "d")), task=task)
    answer = Record(
        "t", "x", (Span("never", "asked"),), (Relation("a", "in", "b"), Relation("d", "in", "c")), task=task
    )
    scores = score([gold], [Decoded(answer)], samples=0)
    assert (scores.value("WL"), scores.value("ALL")) == (0.5, 0.0)


def test_events_count_with_their_arguments() -> None:
    task = "Event Extraction"
    gold = Record("t", "x", events=(Event("meet", "met", (Span("who", "Ann"), Span("who", "Bo"))),), task=task)
    answer = Record("t", "x", events=(Event("meet", "met", (Span("who", "Ann"), Span("where", "Bo"))),), task=task)
    assert score([gold], [Decoded(answer)], samples=0).value("WL") == pytest.approx(2 / 3)


def test_a_task_of_ones_own_counts_everything() -> None:
    gold = Record("t", "x", (Span("a", "b"),), (Relation("b", "r", "c"),), task="mine")
    assert score([gold], [Decoded(Record("t", "x", (Span("a", "b"),)))], samples=0).value("WL recall") == 0.5


def test_levels_are_languages_families_and_both() -> None:
    gold = [
        Record("t", "x", language="ja", meta={"family": "SCNM"}),
        Record("t", "x", language="ja", meta={"family": "TCONER"}, task="Open NER"),
        Record("t", "y", language="hi", meta={"family": "SCNM"}),
    ]
    scores = score(gold, [Decoded(one) for one in gold[:2]] + [Decoded(gold[0])], samples=0)
    levels = list(dict.fromkeys(result.level for result in scores.results))
    assert levels == ["all", "hi", "ja", "SCNM", "TCONER", "hi SCNM", "ja SCNM", "ja TCONER"]
    assert [scores.value("TL", level) for level in levels] == pytest.approx([2 / 3, 0, 1, 0.5, 1, 0, 1, 1])
    assert family(gold[1]) == "TCONER"
    with pytest.raises(UnknownName, match="Did you mean 'ja'"):
        scores.value("TL", "jp")
    with pytest.raises(UnknownName, match="metric"):
        scores.value("F1")


def test_intervals_hold_the_value_and_are_the_same_every_time() -> None:
    gold, answers = GOLD * 20, ANSWERS * 20
    first, second = score(gold, answers), score(gold, answers)
    assert first == second
    for result in first.results:
        assert result.low is not None
        assert result.low <= result.value <= result.high  # type: ignore[operator]
        assert result.n == 80
        assert result.signature.startswith("extract|counting:set|bs:1000|v:")
    other = score(gold, answers, rng=np.random.default_rng(9))
    assert [r.value for r in other.results] == [r.value for r in first.results]
    assert other != first


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(UsageError, match=r"one answer a record \(4\); got 1"):
        score(GOLD, ANSWERS[:1])
    with pytest.raises(UnknownName, match="Did you mean 'multiset'"):
        score(GOLD, ANSWERS, counting="multi")  # type: ignore[arg-type]
    assert score([], []).n == 0
    assert all(result.value is None for result in score([], []).results)


PAIRS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=4)
SAMPLES = st.lists(
    st.tuples(st.sampled_from("pq"), PAIRS, st.sampled_from(["p", "q", None]), PAIRS), min_size=1, max_size=8
)


@given(SAMPLES)
def test_two_formulations_agree(
    samples: list[tuple[str, list[tuple[str, str]], str | None, list[tuple[str, str]]]],
) -> None:
    gold = [record(label, *pairs) for label, pairs, _, _ in samples]
    answers = [Decoded(record(a, *pairs)) if a else Decoded(None, "truncated") for _, _, a, pairs in samples]
    scores = score(gold, answers, samples=0)
    asked = {(i, *pair) for i, (_, pairs, _, _) in enumerate(samples) for pair in pairs}
    answered = {(i, *pair) for i, (_, _, a, pairs) in enumerate(samples) if a for pair in pairs}
    right = len(asked & answered)
    assert scores.value("WL") == (pytest.approx(2 * right / total) if (total := len(asked) + len(answered)) else None)
    assert scores.value("TL") == pytest.approx(sum(a == label for label, _, a, _ in samples) / len(samples))
    whole = sum(a == label and set(p) == set(q) for label, p, a, q in samples)
    assert scores.value("ALL") == pytest.approx(whole / len(samples))
    assert counts(gold, answers).shape == (len(samples), 8)
