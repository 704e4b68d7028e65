"""JSON lines, CSV, TSV, Parquet: which column is the text, what survives, what is reported."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.text import formats
from macaronic.text.formats.jsonl import objects
from macaronic.text.formats.table import layout


def test_json_fields_become_id_labels_and_meta(put):
    row = {"id": "x1", "text": "yaar chill", "lang": "hin_Latn", "sentiment": "good", "likes": 3, "url": None}
    (u,) = formats.read(put("a.jsonl", json.dumps(row)))
    assert (u.id, u.text) == ("x1", "yaar chill")
    assert u.labels == {"lang": "hi-Latn", "sentiment": "good"}
    assert u.meta == {"lang": "hin_Latn", "sentiment": "good", "likes": 3, "url": None}


def test_json_words_and_language_lists(put):
    row = {"words": ["yaar", "ok"], "lid": ["lang2", "lang1"], "ner": ["O", "O"], "confidence": [0.5, 0.25]}
    (u,) = formats.read(put("a.jsonl", json.dumps(row)), label_map="lince-hineng")
    assert u.langs == ("hi-Latn", "en")
    assert u.layers["ner"] == ("O", "O")
    assert u.meta["confidence"] == [0.5, 0.25]


def test_the_output_of_identify_is_a_tagged_format(put):
    row = {"text": "yaar, ok", "words": ["yaar", ",", "ok"], "langs": ["hi-Latn", "other", "en"], "matrix": "hi-Latn"}
    row |= {"start": [0, 4, 6], "end": [4, 5, 8], "confidence": [0.9, 1, 0.8]}
    (u,) = formats.read(put("a.jsonl", json.dumps(row)))
    assert u.tokens == ((0, 4), (4, 5), (6, 8))
    assert u.langs == ("hi-Latn", "other", "en")


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ('{"text": "x"', "json", "not JSON: Expecting ',' delimiter"),
        ("[1, 2]", "json", "expected a JSON object in one line; got a list"),
        ('{"content": "x"}', "no text", "expected a string under 'text'; got fields: content"),
        ('{"text": 3}', "no text", "expected a string under 'text'"),
        ("{}", "no text", "an empty object"),
        ('{"text": "\\ud83d"}', "encoding", "half of a surrogate pair"),
        ('{"text": "a\\u0000b"}', "nul", "NUL"),
        ('{"text": "ab", "tokens": [[0, 5]]}', "offsets", "token offsets"),
        ('{"text": "ab", "tokens": [[0, 1]], "layers": {"lang": []}}', "offsets", "one label a token"),
        ('{"text": "ab", "words": ["zz"]}', "offsets", "does not stand in the text"),
        ("[" * 100_000, "json", "not JSON"),
    ],
)
def test_bad_json_rows_are_reported_with_their_line(put, line, kind, message):
    path = put("a.jsonl", '{"text": "one"}\n' + line + '\n{"text": "two"}\n')
    reading = formats.read(path)
    assert [u.id for u in reading] == ["a:1", "a:3"]
    assert reading.problems.by_kind == {kind: 1}
    assert reading.problems.first[0].startswith(f"{path}:2: ")
    assert message in reading.problems.first[0]


def test_half_a_surrogate_in_another_field_does_no_harm(put):
    (u,) = formats.read(put("a.jsonl", '{"text": "x", "note": "\\ud83d"}'))
    assert u.meta["note"] == "\ud83d"


fragments = st.lists(
    st.sampled_from(['{"text": "a"}', '{"text": "b", "n": [{}]}', "", " ", "{", "}", '{"a":[{}', "{}]}", "{},{}", "3"])
)


@settings(max_examples=200, deadline=None)
@given(fragments)
@example(["{},{}", '{"a":[{}', "{}]}"])
@example(['{"n": -Infinity}', '{"n": Infinity}', '{"text": "a"}'])
def test_many_objects_at_once_are_those_of_one_at_a_time(lines):
    """Two ways to parse: the whole stretch in one call, and line by line."""
    once = list(objects(lines, 1, "x", Problems()))
    apart = [found for n, line in enumerate(lines, 1) for found in objects([line], n, "x", Problems())]
    assert once == apart


def test_the_usual_name_of_the_text_is_found_and_said(put):
    reading = formats.read(put("a.jsonl", '{"tweet": "yaar"}\n{"tweet": "ok"}\n'))
    assert [u.text for u in reading] == ["yaar", "ok"]
    assert "'tweet'" in reading.notes[0]


def test_a_json_array_is_read(put):
    reading = formats.read(put("a.json", '[{"text": "a"},\n 3,\n {"text": "b"}]'))
    assert [u.text for u in reading] == ["a", "b"]
    assert reading.problems.count == 1


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_tables_with_and_without_a_header(put, delimiter):
    name = "a.csv" if delimiter == "," else "a.tsv"
    rows = [["id", "tweet", "label"], ["1", "yaar kya scene hai", "Pos"], ["2", "all good here", "Neg"]]
    table = "".join(delimiter.join(row) + "\n" for row in rows)
    first, second = formats.read(put(name, table))
    assert (first.id, first.text, first.labels) == ("1", "yaar kya scene hai", {"label": "Pos"})
    bare = "".join(delimiter.join(row) + "\n" for row in rows[1:])
    first, second = formats.read(put("b" + name, bare))
    assert (first.id, first.text) == (f"b{name[:-4]}:1", "yaar kya scene hai")
    assert second.meta == {"column1": "2", "column3": "Neg"}


def test_a_given_text_column_wins(put):
    (u,) = formats.read(put("a.csv", "note,text,gloss\nn,x,something longer\n"), text_key="gloss")
    assert u.text == "something longer"


def test_quoted_cells_with_line_breaks_keep_their_line_numbers(put):
    path = put("a.csv", 'text,n\n"one\r\ntwo",1\nthree\nfour,4\n')
    reading = formats.read(path)
    assert [(u.id, u.text) for u in reading] == [("a:2", "one\r\ntwo"), ("a:5", "four")]
    assert reading.problems.first == [f"{path}:4: expected 2 columns; got 1"]


def test_an_undecodable_line_does_not_shift_the_numbers(put):
    path = put("a.csv", b"text,n\ngood,1\nb\xff,2\nlast,3\nx\n")
    reading = formats.read(path, encoding="utf-8")
    assert [u.id for u in reading] == ["a:2", "a:4"]
    assert [p.split(": ")[0] for p in reading.problems.first] == [f"{path}:3", f"{path}:5"]


def test_stray_quotes_in_tsv_are_text(put):
    reading = formats.read(put("a.tsv", 'text\tlabel\n"hello there\tPos\nsay "hi"\tNeg\nlast one\tPos\n'))
    assert [u.text for u in reading] == ['"hello there', 'say "hi"', "last one"]


def test_layout_of_a_table_with_an_index_column():
    assert layout(",ID,text\n0,a,b\n", ",").columns == ("", "ID", "text")


def test_comi(data):
    reading = formats.read(data / "codemix-comi-mli" / "MLI.first1000.csv", strict=True)
    rows = list(reading)
    assert len(rows) == 1000
    assert all(u.meta["Annotated by: Annotator 1"] in ("hi", "en") for u in rows)


def test_foreign_parquet(tmp_path):
    table = pa.table({"sentence": ["yaar", "ok"], "n": [1, 2], "day": pa.array([0, 1], pa.date32())})
    pq.write_table(table, tmp_path / "a.parquet")
    reading = formats.read(tmp_path / "a.parquet")
    assert [(u.id, u.text, u.meta["n"]) for u in reading] == [("a:1", "yaar", 1), ("a:2", "ok", 2)]
    assert next(iter(reading)).meta["day"] == "1970-01-01"


def test_parquet_of_words_and_tags(tmp_path):
    pq.write_table(pa.table({"tokens": [["yaar", "ok"]], "langs": [["hi", "en"]]}), tmp_path / "a.parquet")
    (u,) = formats.read(tmp_path / "a.parquet")
    assert u.langs == ("hi-Latn", "en")


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_a_broken_columnar_file_is_named(put, name):
    with pytest.raises(FormatError, match=name):
        formats.read(put(name, b"PAR1 not really")).count()


def test_arrow_files_of_both_kinds(tmp_path):
    batch = pa.record_batch({"text": ["a", "b"]})
    with pa.OSFile(str(tmp_path / "f.arrow"), "wb") as out, pa.ipc.new_file(out, batch.schema) as writer:
        writer.write(batch)
    with pa.OSFile(str(tmp_path / "s.arrow"), "wb") as out, pa.ipc.new_stream(out, batch.schema) as writer:
        writer.write(batch)
    assert [u.id for u in formats.read(tmp_path / "*.arrow")] == ["f:1", "f:2", "s:1", "s:2"]
