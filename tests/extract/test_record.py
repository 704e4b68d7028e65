"""Records: what is read, what is refused, and that nothing is lost on the way to a file and back."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.extract.record import Event, Record, Relation, Schema, Span, read, write
from macaronic.extract.utterances import of_utterance, to_utterance

FULL = Record(
    "Jobs led Apple 🍎 in café.",
    "news",
    (Span("person", "Jobs", 0, 4), Span("company", "Apple", 9, 14), Span("thing", "pear")),
    (Relation("Jobs", "led", "Apple"), Relation("Jobs", "ate", "pear")),
    (Event("lead", "led", (Span("who", "Jobs", 0, 4),)),),
    "r1",
    "en",
    "Event Extraction",
    {"source": "made up"},
)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    bare = Record("hm", id="r2")
    write([FULL, bare], path)
    assert list(read(path, problems=Problems())) == [FULL, bare]
    assert "🍎" in path.read_text("utf-8")


def test_rows_of_other_tools_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ner.jsonl"
    row = {
        "curid": "7",
        "text": "松友は選手。",
        "label": "sport",
        "entities": [{"name": "松友", "span": [0, 2], "type": "人名"}],
    }
    path.write_text(json.dumps(row), "utf-8")
    record = next(read(path, problems=Problems()))
    assert record.spans == (Span("人名", "松友", 0, 2),)
    assert (record.text_label, record.id, record.meta) == ("sport", "ner:1", {"curid": "7"})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"spans": []}', "expected a string under 'text'; got nothing"),
        ('{"text": "  "}', "got an empty one"),
        ('{"text": "hi", "spans": [{"label": "a", "text": ""}]}', "got an empty text"),
        ('{"text": "hi", "spans": [{"label": "a", "text": "hi", "start": 1, "end": 9}]}', "is 'i', not 'hi'"),
        ('{"text": "hi", "spans": [{"label": "a", "text": "hi", "start": "0", "end": 2}]}', "expected whole numbers"),
        ('{"text": "hi", "spans": [{"label": "a", "text": "hi", "start": 0}]}', "or neither"),
        ('{"text": "hi", "spans": ["a"]}', "expected objects under 'spans'; got a str"),
        ('{"text": "hi", "label": 3}', "expected a string under 'label'; got a int"),
        ('{"text": "hi", "relations": [{"head": "hi"}]}', "'type'"),
        ('{"text": "a\\ud800"}', "surrogate"),
        ('{"text": "hi", "meta": 1}', "expected an object under 'meta'"),
        ('{"text": "hi", "id": [1]}', "under 'id'"),
        ("[1]", "expected a JSON object"),
        ('{"text": ', "not JSON"),
    ],
)
def test_a_bad_row_is_counted_with_its_place(tmp_path: Path, row: str, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"text": "good"}}\n{row}\n{{"text": "good too"}}\n', "utf-8")
    problems = Problems()
    assert [record.text for record in read(path, problems=problems)] == ["good", "good too"]
    assert problems.count == 1
    assert "bad.jsonl:2: " in problems.first[0]
    assert says in problems.first[0]


def test_an_empty_file_has_no_records_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    assert list(read(tmp_path / "empty.jsonl", problems=Problems())) == []
    with pytest.raises(InputError):
        list(read(tmp_path / "nowhere.jsonl", problems=Problems()))


def test_another_encoding_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "utf16.jsonl"
    path.write_bytes('{"text": "だめ", "label": "感情"}\n'.encode("utf-16"))
    assert [record.text_label for record in read(path, problems=Problems())] == ["感情"]


def test_spans_outside_the_text_are_refused() -> None:
    with pytest.raises(FormatError, match="outside"):
        Record("hi", spans=(Span("a", "hi!", 0, 3),))
    with pytest.raises(FormatError, match="start < end"):
        Span("a", "hi", 2, 2)


def test_a_schema_is_sorted_and_distinct() -> None:
    schema = Schema.of([FULL, FULL])
    assert schema.span_labels == ("company", "person", "thing")
    assert (schema.text_labels, schema.relation_types, schema.event_types, schema.roles) == (
        ("news",), ("ate", "led"), ("lead",), ("who",)
    )  # fmt: skip
    assert schema.closed
    assert not Schema.of([], closed=False).closed


def test_an_utterance_and_back() -> None:
    utterance = to_utterance(FULL)
    assert utterance.labels == {"lang": "en", "text": "news"}
    assert [span.layer for span in utterance.spans] == ["entity", "entity"]
    assert of_utterance(utterance) == FULL


LABELS = st.text("abcXYZ:; é語", min_size=1, max_size=5).filter(str.strip)


@given(
    st.text("ab é語🍎", min_size=1, max_size=20).filter(str.strip),
    st.lists(st.tuples(LABELS, LABELS), max_size=3),
    LABELS,
)
def test_dictionaries_keep_everything(text: str, pairs: list[tuple[str, str]], label: str) -> None:
    record = Record(text, label, tuple(Span(*pair) for pair in pairs), tuple(Relation(a, b, a) for a, b in pairs))
    assert Record.from_dict(json.loads(json.dumps(record.asdict()))) == record
