"""What people get to mend, and what comes back of it."""

import csv
import json
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.extract.record import Record, Relation, Span
from macaronic.extract.translate import Translation, translate
from macaronic.extract.translate.corrected import read
from macaronic.extract.translate.label_files import shipped
from macaronic.extract.translate.sheet import COLUMNS, write
from macaronic.lm.scripted import Scripted
from macaronic.text import formats

RECORDS = [
    Record("=Ann\tleft\nRome.", "neutral", (Span("PER", "Ann", 1, 4), Span("LOC", "Rome", 10, 14)),
           (Relation("Ann", "born in", "Rome"),), id="a", language="en"),
    Record("Bo ran.", spans=(Span("PER", "Bo", 0, 2),), id="b", language="en"),
    Record("Ed sat.", spans=(Span("PER", "Ed", 0, 2),), id="c", language="en"),
]  # fmt: skip


@pytest.fixture
def done() -> Translation:
    replies = {
        "=Ann": '{"text": "=アンは\\tローマを去った。", "spans": [{"n": 1, "text": "アン"}, {"n": 2, "text": "羅馬"}]}',
        "Bo ran": "nothing",
        "Ed sat": '{"text": "エドよ、エドは座った。", "spans": [{"n": 1, "text": "エド"}]}',
    }
    return translate(RECORDS, to="ja", labels=shipped(), model=Scripted(replies), alignment=False)


def edited(path: Path, changes: dict[str, dict[str, str]], encoding: str = "utf-8") -> Path:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, dialect="excel-tab"))
    for row in rows:
        row.update(changes.get(row["id"], {}))
    with open(path, "w", encoding=encoding, newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS, dialect="excel-tab")
        sheet.writeheader()
        sheet.writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_there_and_back(done: Translation, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sheet.tsv"
    assert write(done, path) == 3
    with open(path, encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file, dialect="excel-tab")}
    assert rows["a"]["rule"].startswith("span not in the translation")
    assert rows["a"]["suggestion"] == "'=<e1>アン</e1>は\tローマを去った。"
    assert rows["b"]["suggestion"] == ""
    assert rows["c"]["rule"] == "check: occurrence by order"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())
    edited(path, {
        "a": {"suggestion": "'=<e1>アン</e1>は<e2>ローマ</e2>を去った。", "ok": "Yes"},
        "c": {"suggestion": "エドよ、<e1>エド</e1>は座った。", "ok": "x"},
    }, encoding)  # fmt: skip
    problems = Problems()
    found = read(path, RECORDS, to="ja", labels=shipped(), problems=problems)
    assert problems.count == 0
    assert set(found) == {"a", "c"}
    assert found["a"].spans == (Span("人名", "アン", 1, 3), Span("地名", "ローマ", 4, 7))
    assert found["a"].relations == (Relation("アン", "出生地", "ローマ"),)
    assert found["c"].spans[0].start == 4

    lm = Scripted(["nothing"] * 5)
    again = translate(RECORDS, to="ja", labels=shipped(), model=lm, corrected=found)
    assert [record.id for record in again.kept] == ["a", "c"]
    assert again.repairs == {"corrected by hand": 2}
    assert again.requests["first"] == 1


def test_json_lines_are_read_by_our_readers_and_back(done: Translation, tmp_path: Path) -> None:
    path = tmp_path / "sheet.jsonl"
    write(done, path)
    utterances = {u.id: u for u in formats.read(str(path))}
    assert [(span.layer, span.label, span.id) for span in utterances["a"].spans] == [("entity", "PER", "e1")]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["spans"].append({"layer": "entity", "label": "LOC", "start": 5, "end": 8, "id": "e2"})
    rows[0]["ok"] = "yes"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")
    problems = Problems()
    found = read(path, RECORDS, to="ja", labels=shipped(), problems=problems)
    assert found["a"].spans == (Span("人名", "アン", 1, 3), Span("地名", "ローマ", 5, 8))
    assert problems.count == 1


def test_rows_that_cannot_be_used_are_counted(done: Translation, tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    write(done, path)
    edited(path, {
        "a": {"suggestion": "<e1>アン</e1>は去った。", "ok": "yes"},
        "b": {"suggestion": "", "ok": "yes"},
        "c": {"id": "nobody", "ok": "yes"},
    })  # fmt: skip
    problems = Problems()
    assert read(path, RECORDS, to="ja", labels=shipped(), problems=problems) == {}
    assert problems.by_kind == {"correction": 3}
    assert "no <e2>" in " ".join(problems.first)
    with pytest.raises(FormatError, match="not in the records"):
        read(path, RECORDS, to="ja", labels=shipped(), problems=Problems(strict=True))


def test_what_is_no_sheet(tmp_path: Path) -> None:
    for name, text in (("a.tsv", ""), ("b.tsv", "id\tok\n"), ("c.tsv", "a,b\n1,2\n")):
        (tmp_path / name).write_text(text)
        with pytest.raises(FormatError, match="expected a correction sheet"):
            read(tmp_path / name, RECORDS, to="ja", labels=None, problems=Problems())
    with pytest.raises(InputError):
        read(tmp_path / "none.tsv", RECORDS, to="ja", labels=None, problems=Problems())
