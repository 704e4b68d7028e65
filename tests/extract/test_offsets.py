"""Where spans stand in a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.extract.offsets import folded, locate, same
from macaronic.extract.record import Span


def places(text: str, *words: str) -> list[tuple[int | None, int | None]]:
    return [(span.start, span.end) for span in locate([Span("a", word) for word in words], text).spans]


def test_each_place_is_taken_once_from_left_to_right() -> None:
    assert places("Rome and Rome", "Rome", "Rome") == [(0, 4), (9, 13)]


def test_a_span_behind_another_is_looked_for_behind_it() -> None:
    assert places("Rome saw Nero in Rome", "Nero", "Rome") == [(9, 13), (17, 21)]


def test_an_earlier_place_is_taken_when_nothing_is_left_behind() -> None:
    assert places("Rome saw Nero", "Nero", "Rome") == [(9, 13), (0, 4)]


def test_words_are_not_cut_where_that_can_be_avoided() -> None:
    assert places("Romania and Roman roads", "Roman") == [(12, 17)]
    assert places("Romania", "Roman") == [(0, 5)]
    assert places("東京都と東京", "東京") == [(0, 2)]


def test_taken_places_are_left_to_their_span() -> None:
    assert places("the New York Times in New York", "New York Times", "New York") == [(4, 18), (22, 30)]


def test_nested_spans_overlap_when_there_is_no_other_place() -> None:
    assert places("the New York Times", "New York Times", "New York") == [(4, 18), (4, 12)]


def test_named_more_often_than_it_occurs() -> None:
    found = locate([Span("a", "Rome"), Span("b", "Rome")], "in Rome")
    assert [(span.start, span.end) for span in found.spans] == [(3, 7), (3, 7)]
    assert found.again == 1


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("in ROME today", "rome", (3, 7)),
        ("ＡＢＣ社と契約", "ABC社", (0, 4)),
        ("un cafe\u0301 noir", "café", (3, 8)),
        ("un café noir", "cafe\u0301", (3, 7)),
        ("ｶﾞﾗｽの家", "ガラス", (0, 4)),
        ("die STRASSE dort", "Straße", (4, 11)),
        ("New   York", "New York", (0, 10)),
        ("a 👩‍👩‍👧 b É", "é", (10, 11)),
    ],
)
def test_other_forms_are_found_and_flagged(text: str, words: str, place: tuple[int, int]) -> None:
    text = text.replace(" b É", " b É")
    found = locate([Span("a", words)], text)
    span = found.spans[0]
    assert found.repaired == 1
    assert span.text == words, "what was answered stays as it is"
    assert same(text[span.start : span.end], words)
    assert (span.start, span.end) == place


def test_what_stands_nowhere_is_kept_and_counted() -> None:
    found = locate([Span("a", "Oslo"), Span("b", " ")], "in Rome")
    assert found.spans == (Span("a", "Oslo"), Span("b", " "))
    assert found.missing == 2


@given(st.text("ab é語🍎e\u0301", max_size=30), st.lists(st.text("ab é語", min_size=1, max_size=4), max_size=8))
def test_a_place_always_shows_the_words(text: str, words: list[str]) -> None:
    found = locate([Span("a", word) for word in words], text)
    assert len(found.spans) == len(words)
    for span in found.spans:
        if span.start is None:
            assert (
                not span.text.strip() or folded(span.text) not in folded(text) or "\u0301" in text or " " in span.text
            )
        else:
            assert folded(text[span.start : span.end]) == folded(span.text)


@given(st.lists(st.sampled_from(["ab", "cd", "xyz"]), min_size=1, max_size=10))
def test_all_words_of_a_text_come_back_where_they_are(words: list[str]) -> None:
    text = " ".join(words)
    found = places(text, *words)
    assert [text[start:end] for start, end in found] == words
    assert all(one[1] < other[0] for one, other in pairwise(found))  # type: ignore[operator]
