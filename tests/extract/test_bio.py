"""Records as labels of characters and back; the best path beside all paths."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.extract.bio import bio, characters, labels_of, read_bio, viterbi
from macaronic.extract.record import Record, Schema, Span

SCHEMA = Schema(("News", "Sport"), ("Person", "Place"))
LABELS = labels_of(SCHEMA)


def certain(labels: list[str]) -> np.ndarray:
    """Scores that say these labels."""
    return np.array([[0.0 if name == label else -9.0 for name in LABELS] for label in labels])


@given(st.text(alphabet="ab 東京é👩\u200d", min_size=1, max_size=20), st.data())
def test_there_and_back(text, data):
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(ends[::2], ends[1::2]))
    spans = tuple(Span(data.draw(st.sampled_from(SCHEMA.span_labels)), text[a:b], a, b) for a, b in pairs)
    record = Record(text, "Sport", spans)
    assert len(characters(text)) == len(bio(record)) == len(text) + 1
    assert read_bio(record, certain(bio(record)), LABELS) == record


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_best_path_is_the_best_of_all(seed, cuts):
    labels = ["O", "B-x", "I-x", "B-y", "I-y"]
    scores = np.random.default_rng(seed).normal(size=(4, 5))

    def allowed(path):
        names = [labels[i] for i in path]
        if names[0][0] == "I":
            return False
        for at in range(1, 4):
            before, name = names[at - 1], names[at]
            if name[0] == "I" and before[2:] != name[2:]:
                return False
            if not cuts[at] and (name[0] == "B" or (name == "O") != (before == "O")):
                return False
        return True

    best = max((p for p in product(range(5), repeat=4) if allowed(p)), key=lambda p: sum(scores[range(4), p]))
    assert viterbi(scores, labels, cuts) == list(best)


def test_of_overlapping_spans_the_longest_counts():
    record = Record("New York City", "", (Span("Place", "York", 4, 8), Span("Place", "New York City", 0, 13)))
    assert [s.text for s in read_bio(record, certain(["O", *bio(record)[1:]]), LABELS).spans] == ["New York City"]


def test_a_schema_rules_labels_out():
    record = Record("ab", "", (Span("Person", "ab", 0, 2),))
    scores = certain(["text:Sport", "B-Person", "I-Person"])
    told = read_bio(record, scores, LABELS, schema=Schema(("News",), ("Place",)))
    assert (told.text_label, {s.label for s in told.spans} <= {"Place"}) == ("News", True)


def test_whole_words_only():
    record = Record("in Rome")
    scores = certain(["text:News", "O", "O", "O", "O", "B-Place", "I-Place", "I-Place"])
    assert [s.text for s in read_bio(record, scores, LABELS).spans] == ["ome"]
    assert [s.text for s in read_bio(record, scores, LABELS, whole=True).spans] in (["Rome"], [])


def test_an_empty_text():
    assert read_bio(Record(""), certain(["text:News"]), LABELS).spans == ()
    assert viterbi(np.zeros((0, 3)), ["O", "B-x", "I-x"]) == []


def test_labels_of_an_unlocated_span_are_left_out():
    assert bio(Record("ab", "News", (Span("Person", "zz"),))) == ["text:News", "O", "O"]
    assert pytest.approx(len(LABELS)) == 7
