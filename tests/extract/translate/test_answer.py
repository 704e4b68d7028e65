import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.protocols import Reply
from macaronic.extract.translate.answer import read, read_marked
from macaronic.extract.translate.rules import Fault

GOOD = '{"text": "Bo se fue.", "spans": [{"n": 1, "label": "PER", "text": "Bo"}]}'


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty answer"),
        ("<think>long", "empty answer"),
        ("I'm sorry, but I can't help with that.", "refusal"),
        ("Bo se fue.", "not JSON"),
        (GOOD[:30], "answer cut"),
        (GOOD[:-1], "answer cut"),
        ('{"text": "Bo se fue."}', "malformed answer"),
        ('{"text": 3, "spans": []}', "malformed answer"),
        ('{"text": "", "spans": []}', "empty text"),
        ('["text"]', "not JSON"),
        ('{"spans": []}', "malformed answer"),
        ("{" * 5000, "not JSON"),
    ],
)
def test_what_cannot_be_read_has_a_name(text: str, rule: str) -> None:
    with pytest.raises(Fault) as caught:
        read(Reply(text), 1)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("spans", "rule"),
    [
        ([], "count mismatch"),
        ([{"n": 2, "text": "Bo"}], "count mismatch"),
        ([{"n": 1, "text": "Bo"}, {"n": 1, "text": "Bo"}], "count mismatch"),
        ([{"n": 1, "text": " "}], "empty span"),
        (["Bo"], "malformed answer"),
        ("Bo", "malformed answer"),
        ({"1": "Bo"}, "malformed answer"),
        ([{"n": None, "text": "Bo"}], "count mismatch"),
    ],
)
def test_bad_spans_leave_the_text(spans: object, rule: str) -> None:
    answer = read(Reply(json.dumps({"text": "Bo se fue.", "spans": spans})), 1)
    assert answer.text == "Bo se fue."
    assert answer.fault is not None
    assert answer.fault.rule == rule


def test_the_servers_own_refusal_and_cut() -> None:
    for finish, rule in (("content_filter", "refusal"), ("length", "answer cut")):
        with pytest.raises(Fault) as caught:
            read(Reply('{"text": "Bo', finish), 0)
        assert caught.value.rule == rule


def test_a_whole_answer_counts_although_the_chatter_was_cut() -> None:
    assert read(Reply(GOOD + " I hope that", "length"), 1).text == "Bo se fue."


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_string_is_read_or_a_fault(text: str) -> None:
    for reader in (lambda reply: read(reply, 1), read_marked):
        with suppress(Fault):
            reader(Reply(text))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["text", "spans", "n", "label"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_a_fault(value: object) -> None:
    with suppress(Fault):
        read(Reply(json.dumps({"text": "x", "spans": value})), 2)
