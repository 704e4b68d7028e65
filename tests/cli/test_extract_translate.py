"""`macaronic extract translate` and `correct`, called as a person calls them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ROWS: list[dict[str, Any]] = [
    {"id": "a", "language": "en", "text": "Ann lives in Rome.", "text_label": "neutral",
     "spans": [{"label": "PER", "text": "Ann", "start": 0, "end": 3}, {"label": "LOC", "text": "Rome"}],
     "relations": [{"head": "Ann", "type": "lives in", "tail": "Rome"}]},
    {"id": "b", "language": "en", "text": "Bo ran.", "spans": [{"label": "PER", "text": "Bo"}]},
    {"id": "c", "language": "ja", "text": "やあ", "spans": []},
]  # fmt: skip
REPLIES = [
    {"match": "Ann lives", "reply": '```json\n{"text": "アンはローマに住む。", "label": "中立", "spans": '
     '[{"n": 1, "label": "人名", "text": "アン"}, {"n": 2, "label": "地名", "text": "ローマ"}]}```'},
    {"match": "Bo ran", "reply": '{"text": "ボーは走った。", "spans": [{"n": 1, "label": "人名", "text": "ボウ"}]}'},
]  # fmt: skip
ASK = ("extract", "translate", "ner.jsonl", "--to", "ja", "--model", "scripted:replies.jsonl", "--out", "out.jsonl")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    lines(tmp_path / "ner.jsonl", ROWS)
    lines(tmp_path / "replies.jsonl", REPLIES)
    return tmp_path


def lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def made(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_run_its_sheet_and_the_corrected_run(cli, here: Path) -> None:
    done = cli(*ASK, "--sheet", "sheet.tsv", "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["records"], told["kept"]) == (3, 1)
    assert told["rules"] == {"span not in the translation": 1, "already in the target language": 1}
    assert told["retention"]["n"] == 3
    assert told["sheet_rows"] == 1
    row = made(here / "out.jsonl")[0]
    assert row["text_label"] == "中立"
    assert row["relations"] == [{"head": "アン", "type": "居住地", "tail": "ローマ"}]
    assert row["meta"]["group"] == "a"

    sheet = here / "sheet.tsv"
    sheet.write_text(sheet.read_text("utf-8").replace("ボーは走った。\t\n", "<e1>ボー</e1>は走った。\tyes\n"), "utf-8")
    done = cli("extract", "correct", "ner.jsonl", "sheet.tsv", "--to", "ja", "--out", "mended.jsonl", "--json")
    assert json.loads(done.out)["corrected"] == 1
    assert made(here / "mended.jsonl")[0]["spans"] == [{"label": "人名", "text": "ボー", "start": 0, "end": 2}]

    paid = (here / "out.jsonl.answers.jsonl").read_bytes()
    done = cli(*ASK, "--corrected", "sheet.tsv")
    assert done.code == 0
    assert "corrected by hand\t1" in done.out
    assert [row["id"] for row in made(here / "out.jsonl")] == ["a", "b"]
    assert (here / "out.jsonl.answers.jsonl").read_bytes() == paid


def test_calls_without_an_answer_end_partially_and_go_on(cli, here: Path) -> None:
    whole = (here / "replies.jsonl").read_text("utf-8")
    lines(here / "replies.jsonl", REPLIES[:1])
    done = cli(*ASK)
    assert done.code == 4
    assert "1 requests gave no answer" in done.err
    assert "Run the same command again" in done.err
    (here / "replies.jsonl").write_text(whole, "utf-8")
    assert cli(*ASK, "--keep", "out.jsonl.answers.jsonl").code == 0


def test_labels_of_ones_own(cli, here: Path) -> None:
    text = (here / "ner.jsonl").read_text("utf-8").replace('"PER"', '"HERO: x"')
    (here / "ner.jsonl").write_text(text, "utf-8")
    done = cli(*ASK)
    assert done.code == 2
    assert "no Japanese word for 1 label" in done.err
    assert not (here / "out.jsonl.answers.jsonl").exists()
    (here / "labels.toml").write_text('[hero]\naliases = ["HERO: x"]\nja = "人名"\n', "utf-8")
    mine = [{**row, "reply": row["reply"].replace("人名", "英雄")} for row in REPLIES]
    (here / "labels.toml").write_text('[hero]\naliases = ["HERO: x"]\nja = "英雄"\n', "utf-8")
    lines(here / "replies.jsonl", mine)
    assert cli(*ASK, "--labels", "labels.toml").code == 0
    assert made(here / "out.jsonl")[0]["spans"][0]["label"] == "英雄"
    kept = [{**row, "reply": row["reply"].replace("人名", "HERO: x").replace("地名", "LOC").replace("中立", "neutral")}
            for row in REPLIES]  # fmt: skip
    lines(here / "replies.jsonl", kept)
    assert cli(*ASK, "--labels", "none").code == 0
    assert made(here / "out.jsonl")[0]["spans"][0]["label"] == "HERO: x"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--to", "xx-bogus"), 2, "unknown language tag 'xx-bogus'"),
        (("--to", "jaa"), 2, "Did you mean 'ja'?"),
        (("--model", "gpt"), 2, "unknown model 'gpt'"),
        (("--model", "opnai:x"), 2, "Did you mean 'openai:MODEL'?"),
        (("--model", "scripted:none.jsonl"), 5, "cannot read the script"),
        (("--labels", "none.toml"), 5, "cannot read the label table"),
        (("--corrected", "none.tsv"), 5, "cannot read the correction sheet"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_paid(cli, here: Path, words: Any, code: int, told: str) -> None:
    done = cli(*ASK, *words)
    assert done.code == code
    assert told in done.err
    assert not (here / "out.jsonl").exists()
    assert not list(here.glob("*.answers.jsonl"))


def test_bad_rows_are_counted(cli, here: Path) -> None:
    bad = [
        {"id": "d", "text": "", "spans": []},
        {"id": "e", "language": "en", "text": "Hi", "spans": [{"label": "PER", "text": "x", "start": 0, "end": 9}]},
        {"id": "f", "language": "en", "text": "Hi", "spans": [{"label": "PER", "text": "Zoe"}]},
        {"id": "g", "language": "no such", "text": "Hi", "spans": []},
    ]
    with open(here / "ner.jsonl", "a", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in bad) + "{broken\n")
    done = cli(*ASK, "--json", "-q")
    told = json.loads(done.out)
    assert told["problems"]["count"] == 3
    assert told["rules"]["span not in the source"] == 1
    assert told["rules"]["no language"] == 1
    assert told["kept"] == 1


def test_no_records(cli, here: Path) -> None:
    (here / "ner.jsonl").write_text("")
    done = cli(*ASK)
    assert done.code == 2
    assert "ner.jsonl: expected records" in done.err


def test_nothing_kept_is_a_failed_check(cli, here: Path) -> None:
    lines(here / "replies.jsonl", [{"match": "", "reply": "no idea"}])
    done = cli(*ASK)
    assert done.code == 1
    assert (here / "out.jsonl").read_bytes() == b""


@pytest.mark.skipif(shutil.which("apertium") is None, reason="needs apertium and apertium-eng-spa")
def test_apertium(cli, here: Path) -> None:
    done = cli("extract", "translate", "ner.jsonl", "--to", "es", "--model", "apertium", "--out", "out.jsonl", "--json")
    if done.code == 3:
        pytest.skip(done.err)
    assert done.code == 0
    rows = made(here / "out.jsonl")
    assert rows[0]["language"] == "es"
    assert rows[0]["spans"][0] == {"label": "persona", "text": "Ann", "start": 0, "end": 3}
    assert not (here / "out.jsonl.answers.jsonl").exists()
