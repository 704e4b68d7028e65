import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.measure.spans import burstiness, memory, span_entropy, spans
from macaronic.measure.switches import switch_count

EXAMPLE = ["en", "en", "hi", "hi", "other", "other", "hi", "hi", "en", "en", "en", "hi", "hi"]
LABELS = st.lists(st.sampled_from(["en", "hi", "ta", "other", "ne", None]), max_size=40)


def test_worked_example():
    assert [length for _, length in spans(EXAMPLE)] == [2, 4, 3, 2]
    assert span_entropy(EXAMPLE) == 1.5
    assert round(burstiness(EXAMPLE), 6) == -0.536675  # with the sample deviation it would be -0.483509
    assert memory(EXAMPLE) == -0.5


@pytest.mark.parametrize("labels", [[], ["other"], [None, "ne"]])
def test_nothing_to_measure(labels):
    assert spans(labels) == []
    assert span_entropy(labels) is burstiness(labels) is memory(labels) is None


def test_one_span_and_a_last_span_of_one_word():
    assert span_entropy(["en", "en"]) == 0
    assert burstiness(["en", "en"]) is memory(["en", "en"]) is None
    assert spans(["en", "en", "hi"]) == [("en", 2), ("hi", 1)]
    assert burstiness(["en", "en", "en", "hi"]) == pytest.approx((1 - 2) / (1 + 2))


def test_memory_needs_lengths_that_vary():
    assert memory(["en", "hi", "en", "hi"]) is None
    assert memory(["en", "hi", "hi"]) is None
    assert memory(["en", "en", "hi", "en", "en", "hi"]) == -1


@given(LABELS)
def test_ranges(labels):
    found = burstiness(labels)
    assert found is None or -1 <= found < 1
    again = memory(labels)
    assert again is None or -1 - 1e-9 <= again <= 1 + 1e-9
    entropy = span_entropy(labels)
    assert entropy is None or entropy >= 0
    assert max(len(spans(labels)) - 1, 0) == switch_count(labels)


def test_golden_of_hiencs_as_one_sequence(hiencs):
    whole = [label for row in hiencs[0] for label in row]
    assert len(spans(whole)) == 4295
    assert round(burstiness(whole), 6) == -0.077633
    assert round(memory(whole), 6) == 0.181024
