from math import e, log2

import pytest

from macaronic.measure.switches import (
    cs_ratio,
    i_index,
    spf,
    switch_count,
    switch_entropy,
    switch_pairs,
    switch_surprisal,
)

EXAMPLE = ["en", "en", "hi", "hi", "other", "other", "hi", "hi", "en", "en", "en", "hi", "hi"]


def test_worked_example():
    assert switch_count(EXAMPLE) == 3
    assert i_index(EXAMPLE) == spf(EXAMPLE) == 0.3
    assert switch_pairs(EXAMPLE) == {("en", "hi"): 2, ("hi", "en"): 1}
    assert cs_ratio(EXAMPLE) == pytest.approx(5 / 13)
    assert switch_entropy(EXAMPLE) == pytest.approx(-0.3 * log2(0.3))
    assert switch_surprisal(EXAMPLE) == pytest.approx(-log2(0.3))


@pytest.mark.parametrize("labels", [[], ["other", None], ["en"], ["ne", "en", "other"]])
def test_too_few_words(labels):
    assert switch_count(labels) == 0
    assert i_index(labels) is spf(labels) is switch_entropy(labels) is switch_surprisal(labels) is None


def test_no_switch_and_only_switches():
    assert i_index(["en", "en"]) == switch_entropy(["en", "en"]) == 0
    assert switch_surprisal(["en", "en"]) is None
    assert i_index(["en", "hi", "ta"]) == 1
    assert switch_entropy(["en", "hi", "ta"]) == switch_surprisal(["en", "hi", "ta"]) == 0


def test_switch_entropy_peaks_at_one_in_e():
    labels = ["en"] * 1000
    labels[1 : 2 * round(999 / e / 2) : 2] = ["hi"] * round(999 / e / 2)
    assert switch_entropy(labels) == pytest.approx(log2(e) / e, abs=1e-4)


def test_cs_ratio_edges():
    assert cs_ratio([]) is None
    assert cs_ratio(["other", None]) == cs_ratio(["en"]) == 0


def test_golden_of_hiencs(hiencs):
    labels, _ = hiencs
    assert sum(map(switch_count, labels)) == 3488
    assert round(i_index([label for row in labels for label in row]), 6) == 0.258177
