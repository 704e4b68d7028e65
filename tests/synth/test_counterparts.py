"""Counterparts over links."""

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.counterparts import counterpart, distinct, fillable, fitting

ROW = Parallel(
    "1",
    {
        "en": Utterance.from_words(["the", "Madrid", "house", "is", "."]),
        "es": Utterance.from_words(["la", "casa", "de", "Madrid", "es", "."]),
    },
    {("en", "es"): ((0, 0), (1, 3), (2, 1), (2, 2), (2, 5), (3, 4), (4, 5), (9, 9))},
)


def test_the_longest_unbroken_run_counts() -> None:
    assert counterpart(ROW, "en", "es") == {0: (0,), 1: (3,), 2: (1, 2), 3: (4,), 4: (5,)}


def test_equal_words_and_punctuation_are_not_filled() -> None:
    assert fillable(ROW, "en", "es", False) == [0, 2, 3]
    assert fillable(ROW, "en", "es", True) == [0, 1, 2, 3]


def test_the_class_of_the_counterpart_counts() -> None:
    assert fitting(ROW, "en", "es", {"NOUN"}) == [2]


def test_no_counterpart_twice() -> None:
    both = Parallel("1", ROW.texts, {("en", "es"): ((0, 0), (2, 0), (3, 4))})
    assert distinct(both, "en", [(0, "es"), (2, "es"), (3, "es")], 3, False) == [(0, "es"), (3, "es")]
    assert distinct(both, "en", [(0, "es"), (3, "es")], 1, False) == [(0, "es")]
