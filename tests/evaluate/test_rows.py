"""Rows out of any table form."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.evaluate.benchmark import BENCHMARKS_PACKAGE, find, modules
from macaronic.evaluate.judged import Judged, read, write
from macaronic.evaluate.rows import read_rows, required
from macaronic.text.formats import hub

ROWS = [{"id": "1", "response": "a, b\nc"}, {"id": "2", "response": "नमस्ते"}]


def test_every_form_gives_the_same_rows(tmp_path: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    (tmp_path / "a.json").write_text(json.dumps(ROWS), "utf-8")
    (tmp_path / "a.csv").write_text('id,response\n1,"a, b\nc"\n2,नमस्ते\n', "utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "utf16.csv").write_text('id,response\n1,"a, b\nc"\n2,नमस्ते\n', "utf-16")
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    for path in sorted(tmp_path.iterdir()):
        problems = Problems()
        assert [row for _, row in read_rows(str(path), problems)] == ROWS, path.name
        assert not problems.count


def test_two_texts_in_columns_are_no_parallel_corpus(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("en,hi\nhello,namaste\n", "utf-8")
    assert [row for _, row in read_rows(str(path), Problems())] == [{"en": "hello", "hi": "namaste"}]


def test_bad_lines_are_counted_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1}\nno\n[1]\n{"id": 2}\n', "utf-8")
    problems = Problems()
    assert len(list(read_rows(str(path), problems))) == 2
    assert problems.count == 2
    assert ":2:" in problems.first[0]


def test_what_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("some prose without any fields\n", "utf-8")
    with pytest.raises(FormatError, match="named fields"):
        list(read_rows(str(tmp_path / "a.txt"), Problems()))
    with pytest.raises(InputError):
        list(read_rows(str(tmp_path / "none.csv"), Problems()))


def test_scored_outputs_come_back(tmp_path: Path) -> None:
    path = tmp_path / "scored.jsonl"
    rows = [Judged("1", {"acc": 1.0, "f1": None}, "hi", "a/b", "why", "text", ("hi", "en"))]
    write(rows, path)
    assert read(str(path), Problems()) == rows
    problems = Problems()
    write(rows * 2, path, benchmark="in-language")
    assert [one.benchmark for one in read(str(path), problems)] == ["in-language"]
    assert problems.by_kind == {"duplicate": 1}
    path.write_text('{"id": "1", "values": {"acc": "good"}}\n', "utf-8")
    with pytest.raises(FormatError, match="expected scored outputs"):
        read(str(path), Problems())


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.BENCHMARK.name)
def test_benchmarks_say_what_they_are(module: object) -> None:
    told = module.BENCHMARK  # type: ignore[attr-defined]
    assert find(told.name) is module
    assert told.metrics
    assert told.form
    assert told.licence
    assert module.__name__ == f"{BENCHMARKS_PACKAGE}.{told.name.replace('-', '_')}"  # type: ignore[attr-defined]
    assert bool(told.compat) == ("compat" in told.options)


def test_sets_of_the_hub_are_read_and_their_fields_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Features(list):  # type: ignore[type-arg]
        features = None

    held = Features([{"id": "a", "response": "so chill"}, {"id": "b", "response": None}])
    monkeypatch.setattr(hub, "_opened", lambda place: held)
    problems = Problems()
    read = read_rows("hub:somebody/outputs#test", problems)
    rows = list(required(read, ("id", "response"), "hub:somebody/outputs", problems, answer="response"))
    assert rows == [(1, {"id": "a", "response": "so chill"}), (2, {"id": "b", "response": ""})]
    assert problems.by_kind == {"empty output": 1}
    with pytest.raises(FormatError, match="expected the fields id, gold"):
        list(required(read_rows("hub:somebody/outputs", problems), ("id", "gold"), "hub:somebody/outputs", problems))
