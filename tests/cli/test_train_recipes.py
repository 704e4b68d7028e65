"""`macaronic train ls|show|copy|run`, called as a person calls them, and the page that explains them."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest

from macaronic.train import recipe as recipes

QUICK = ["--model", "0.3m", "--tokenizer", "256", "--steps", "3", "--batch", "4", "--length", "24"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [{"prompt": f"{a} + {b} =", "completion": f" {a + b}"} for a in range(6) for b in range(6)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_the_shelf(cli, tmp_path: Path) -> None:
    listed = json.loads(cli("train", "ls", "--json").out)
    assert {"causal-tiny", "lora", "mlm-encoder", "prompt-completion"} <= {r["name"] for r in listed["recipes"]}
    assert {"0.3m", "1m", "5m", "30m", "tiny-0.3m"} <= {p["name"] for p in listed["presets"]}
    shown = cli("train", "show", "causal-tiny").out
    assert recipes.parse(shown).length == 128
    assert cli("train", "copy", "causal-tiny", "my.toml").code == 0
    assert (tmp_path / "my.toml").read_text() == shown
    assert cli("train", "copy", "causal-tiny", "my.toml").code == 2
    assert "causal-tiny" in cli("train", "show", "casual-tiny").err


def test_a_run_and_its_own_recipe_again(cli, data: Path) -> None:
    first = cli("train", "run", "prompt-completion", "--data", "rows.jsonl", *QUICK, "--out", "a", "--json")
    assert first.code == 0, first.err
    told = json.loads(first.out)
    assert told["steps"] == 3
    again = cli("train", "run", "a/recipe.toml", "--out", "b", "--json")
    assert json.loads(again.out)["curve"] == told["curve"]
    assert (data / "a" / "model.safetensors").read_bytes() == (data / "b" / "model.safetensors").read_bytes()
    assert "nothing to do" in cli("train", "run", "a/recipe.toml", "--out", "a").err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["prompt-completion", "--out", "x"], 2, "expected data"),
        (["prompt-completion", "--data", "none.jsonl", "--out", "x"], 5, "none.jsonl"),
        (["prompt-completion", "--data", "empty.jsonl", "--out", "x"], 2, "holds no row"),
        (["prompt-completion", "--data", "rows.jsonl", "--steps", "0", "--out", "x"], 2, "steps or epochs"),
        (["prompt-completion", "--data", "rows.jsonl", "--model", "2m", "--out", "x"], 2, "unknown preset"),
        (["prompt-completion", "--data", "rows.jsonl", "--batch", "99", "--out", "x"], 2, "at least one step"),
        (["prompt-completion", "--data", "rows.jsonl", "--shares", "hi", "--out", "x"], 2, "NAME=WEIGHT"),
        (["prompt-completion", "--data", "rows.jsonl", "--model", "no/model", "--out", "x"], 3, "no/model"),
        (["nothing", "--out", "x"], 2, "unknown recipe"),
        (["my.toml", "--out", "x"], 5, "my.toml"),
    ],
)
def test_what_cannot_be_says_what_to_do(cli, data: Path, words: list[str], code: int, said: str, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (data / "empty.jsonl").write_text("")
    done = cli("train", "run", *words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err


def test_bad_lines_are_counted_and_shown(cli, data: Path) -> None:
    with open(data / "rows.jsonl", "ab") as file:
        file.write(b'{"prompt": "x"}\nnot json\n{"text": "\xff"}\n')
    done = cli("train", "run", "prompt-completion", "--data", "rows.jsonl", *QUICK, "--out", "a")
    assert done.code == 0
    assert "rows.jsonl:37" in done.err
    assert json.loads((data / "a" / "trained.json").read_text())["problems"]["count"] == 3


def test_help_says_what_the_docstring_says(cli) -> None:
    shown = cli("train", "run", "--help").out
    assert "--evaluate-every" in shown
    assert "--no-offline" in shown


def test_the_page_holds(cli, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "train.md"
    found = doctest.testfile(str(page), module_relative=False)
    assert found.attempted > 6
    assert found.failed == 0
