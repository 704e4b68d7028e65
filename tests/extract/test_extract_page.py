"""What the page about extraction shows is what the commands and the code do."""

import doctest
import json
import shlex
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "extract.md"


def test_the_examples_are_true() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried >= 8
    assert not failed


def script(records: Path, replies: Path) -> None:
    """What a translator would say to each record."""
    rows = []
    for line in records.read_text("utf-8").splitlines():
        row = json.loads(line)
        names = [["アン", "ローマ", "トキオ"][i] for i in range(len(row["spans"]))]
        spans = [{"n": i, "label": s["label"], "text": n} for i, (s, n) in enumerate(zip(row["spans"], names), 1)]
        told = {"text": "、".join([*names, "これは試しです。"]), "label": row["text_label"], "spans": spans}
        rows.append({"match": row["text"], "reply": json.dumps(told, ensure_ascii=False)})
    replies.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_the_commands_run_in_order(tmp_path, monkeypatch, capsys) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from macaronic.cli.main import run

    monkeypatch.chdir(tmp_path)
    block = PAGE.read_text("utf-8").partition("```console\n")[2].partition("```")[0]
    commands = [line.removeprefix("$ ") for line in block.splitlines()]
    assert len(commands) == 6
    for command in commands:
        if " translate " in command:
            script(Path("records.jsonl"), Path("replies.jsonl"))
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as ended:
            run()
        shown = capsys.readouterr()
        assert not ended.value.code, (command, shown.err)
    assert "format\tall\t1.0" in shown.out
    assert len(Path("answers.jsonl").read_text("utf-8").splitlines()) == 40
