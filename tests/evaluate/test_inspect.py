"""The benchmarks as tasks of inspect-ai: found by its entry point, asked by it, scored by us."""

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macaronic.core.errors import MissingExtra
from macaronic.core.problems import Problems
from macaronic.evaluate import benchmark, inspect_tasks
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.prompts import CONFUSION, Form, read_prompts

from .scripted_server import Script, serving

HERE = importlib.util.find_spec("inspect_ai") is not None
needed = pytest.mark.skipif(not HERE, reason="needs inspect-ai: pip install 'macaronic[eval]'")
TASKS = ("language_confusion", "in_language", "multiq", "marco_mif", "multi_if", "mlongrr", "codemixbench",
         "reasoning_mixing", "mixed_versions")  # fmt: skip


def test_every_task_has_its_benchmark() -> None:
    known = {module.BENCHMARK.name for module in benchmark.modules()}
    for name in TASKS:
        assert callable(getattr(inspect_tasks, name))
        assert name.replace("_", "-") in known


@pytest.mark.skipif(HERE, reason="inspect-ai is installed")
def test_without_inspect_the_command_is_told() -> None:
    with pytest.raises(MissingExtra, match=r"macaronic\[eval\]"):
        inspect_tasks.in_language()


def test_a_file_scores_as_its_rows_together(rows_file: Callable[..., str]) -> None:
    rows = [{"id": i, "response": text, "allowed": ["de"]} for i, text in enumerate(("Das ist gut so.", "Very well."))]
    module = benchmark.find("in-language")
    scored = inspect_tasks._scored(module, rows)
    assert scored is not None
    assert scored.results == module.score(Asked(rows_file(rows), samples=0)).results
    assert inspect_tasks._scored(module, []) is None


def test_the_entry_point_is_declared() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    points = project.get("entry-points", {}).get("inspect_ai")
    if points is None:
        pytest.skip("the entry point is not in pyproject.toml yet")
    assert points == {"macaronic": "macaronic.evaluate.inspect_tasks"}


@needed
def test_samples_are_the_prompts() -> None:
    prompts = read_prompts(CONFUSION, Form(), Problems())
    task = inspect_tasks.in_language()
    assert len(task.dataset) == len(prompts)
    assert task.dataset[0].input[-1].content == prompts[0].turns[0]
    assert len(inspect_tasks.in_language(prompt_limit=7).dataset) == 7


@needed
def test_a_run_over_a_server(tmp_path: Path) -> None:
    rows = [{"id": i, "prompt": f"Frage {i}?", "allowed": ["de"]} for i in range(12)]
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text("".join(json.dumps(row) + "\n" for row in rows))
    script = Script(wrong=4, too_many=5)
    with serving(script):
        log = evaluated(script, tmp_path, "in_language", prompts)
    assert log["status"] == "success"
    found = {name: m["value"] for name, m in log["results"]["scores"][0]["metrics"].items()}
    assert found["right all"] == pytest.approx(0.75)
    assert max(script.served.values()) == 1


def evaluated(script: Script, folder: Path, name: str, prompts: Path) -> dict[str, Any]:
    """A task through inspect's own command line; its log."""
    words = [f"{Path(inspect_tasks.__file__)}@{name}", "--model", "openai-api/tiny/tiny", "-T", f"prompts={prompts}"]
    options = ["--log-dir", str(folder / "logs"), "--log-format", "json", "--display", "none", "--max-retries", "5"]
    environment = {**os.environ, "TINY_API_KEY": "unused", "TINY_BASE_URL": script.url, "HOME": str(folder)}
    command = [sys.executable, "-m", "inspect_ai", "eval", *words, *options]
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)
    (log,) = (folder / "logs").glob("*.json")
    held: dict[str, Any] = json.loads(log.read_text("utf-8"))
    return held
