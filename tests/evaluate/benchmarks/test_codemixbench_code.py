"""CodeMixBench for code: pass@k by hand, solutions 100 %, stubs 0 %, every way to end counted apart."""

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks import codemixbench_code as bench
from macaronic.evaluate.sandbox import mechanism
from macaronic.evaluate.sandbox.limits import Limits

RowsFile = Callable[..., str]
HEAD = "import math\ndef task_func({0}):\n"
TEST = """
import unittest
class TestCases(unittest.TestCase):
    def test_one(self):
        self.assertEqual(task_func({0}), {1})
"""
TASKS = [
    ("BigCodeBench/1", "numbers", "    return sum(numbers) / len(numbers)\n", "[1, 2, 3]", "2"),
    ("BigCodeBench/2", "text", "    return text[::-1]\n", "'नमस्ते'[:2]", "'नमस्ते'[:2][::-1]"),
    ("BigCodeBench/3", "x", "    return math.sqrt(x)\n", "9", "3"),
]
EXAMPLES = [
    {"task_id": task, "code_prompt": HEAD.format(argument), "canonical_solution": body, "entry_point": "task_func",
     "test": TEST.format(given_, wanted)}
    for task, argument, body, given_, wanted in TASKS
]  # fmt: skip


@pytest.fixture(autouse=True)
def shut_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LIMITS", Limits(seconds=20, processes=16))
    if not any(one.works for one in mechanism.available()):
        pytest.skip("nothing here can shut code in")


def values(found: Any) -> dict[tuple[str, str], float | None]:
    return {(r.name, r.level): r.value for r in found.results}


@given(st.integers(1, 7), st.data())
def test_pass_at_k_is_the_share_of_draws_with_a_right_one(n: int, data: st.DataObject) -> None:
    right, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    draws = list(combinations([True] * right + [False] * (n - right), k))
    assert bench.pass_at_k(n, right, k) == pytest.approx(sum(map(any, draws)) / len(draws))


def test_solutions_pass_and_stubs_do_not(rows_file: RowsFile) -> None:
    examples = rows_file(EXAMPLES, name="examples.jsonl")
    good = [
        {"task_id": row["task_id"], "language": "hinglish", "cmd": 0.6, "response": bench.solution(row)}
        for row in EXAMPLES
    ]
    stubs = [{**row, "response": "def task_func(*_):\n    pass", "cmd": 0.9} for row in good]
    found = bench.score(Asked(rows_file(good + stubs), examples, samples=0))
    assert values(found)["pass@1", "hi-Latn cmd 0.6"] == 1.0
    assert values(found)["pass@1", "hi-Latn cmd 0.9"] == 0.0
    assert not found.problems.count
    assert "seccomp" in found.results[0].signature


ANSWERS = {
    "passed": "Sure!\n```python\ndef task_func(x):\n    return x\n```",
    "failed": "def task_func(x):\n    return -x",
    "timeout": "def task_func(x):\n    while True: pass",
    "crashed": "import os\ndef task_func(x):\n    os._exit(0)",
    "refused": "def task_func(x):\n    return open('/etc/shadow').read()",
    "over_limit": "def task_func(x):\n    return len(bytearray(10 << 30))",
    "no_code": "I am sorry, I cannot.",
}


def test_every_end_is_counted_apart(rows_file: RowsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LIMITS", Limits(seconds=2))
    rows = [
        {"task_id": "t", "language": "es", "cmd": 0.9, "test": TEST.format(1, 1), "response": answer}
        for answer in ANSWERS.values()
    ]
    found = bench.score(Asked(rows_file(rows), samples=0))
    one = found.judged[0]
    assert {name: one.values[name] for name in ANSWERS if name in one.values} == {
        name: pytest.approx(1 / 7) for name in ("timeout", "crashed", "refused", "over_limit", "no_code")
    }
    assert one.values["pass@1"] == pytest.approx(1 / 7)
    assert one.values["pass@5"] == pytest.approx(5 / 7)
    assert one.values["pass@10"] is None
    assert found.problems.by_kind == {"no code": 1}
    assert one.id == "es/0.9/t"


def test_change_against_the_plain_prompt(rows_file: RowsFile) -> None:
    good, bad = "def task_func(x):\n    return x", "def task_func(x):\n    return 0"
    rows = [
        {"task_id": task, "language": language, "cmd": cmd, "test": TEST.format(1, 1), "response": response}
        for task, language, cmd, response in (
            ("a", "en", 0, good), ("b", "en", 0, good), ("a", "es", 0.6, good), ("b", "es", 0.6, bad),
            ("c", "es", 0.6, bad),
        )
    ]  # fmt: skip
    found = values(bench.score(Asked(rows_file(rows), samples=0)))
    assert found["pass@1 change", "es cmd 0.6"] == -0.5
    assert found["pass@1", "es cmd 0.6"] == pytest.approx(1 / 3)


def test_nothing_is_dropped_silently(rows_file: RowsFile) -> None:
    examples = rows_file(EXAMPLES, name="examples.jsonl")
    rows = [
        {"task_id": "BigCodeBench/1", "cmd": 0.6, "sample": 1, "solution": ""},
        {"task_id": "BigCodeBench/1", "cmd": 0.6, "sample": 1, "solution": "again"},
        {"task_id": "BigCodeBench/2", "cmd": "NaN", "solution": "    return text[::-1]"},
        {"task_id": "unknown", "cmd": 0.6, "solution": "x"},
        {"task_id": "BigCodeBench/3", "cmd": 0.6},
    ]
    found = bench.score(Asked(rows_file(rows), examples, samples=0))
    assert found.problems.by_kind == {
        "empty output": 2, "duplicate": 1, "bad cmd": 1, "no tests": 1, "no answer": 3
    }  # fmt: skip
    assert {one.id: one.values["pass@1"] for one in found.judged} == {
        "all/0.6/BigCodeBench/1": 0.0, "all/?/BigCodeBench/2": 1.0, "all/0.6/BigCodeBench/2": 0.0,
        "all/0.6/BigCodeBench/3": 0.0, "all/?/BigCodeBench/1": 0.0, "all/?/BigCodeBench/3": 0.0,
    }  # fmt: skip


def test_order_does_not_matter_and_bytes_may_be_bad(tmp_path: Path) -> None:
    rows = [
        {"task_id": str(n), "language": "es", "test": TEST.format(1, 1), "response": f"def task_func(x): return {n}"}
        for n in range(3)
    ]
    lines = [json.dumps(row).encode() + b"\n" for row in rows]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    (tmp_path / "b.jsonl").write_bytes(b"".join(reversed(lines)) + b'{"task_id": "9", "response": "\xff\xfe"}\n')
    first, second = (bench.score(Asked(str(tmp_path / name), samples=0)) for name in ("a.jsonl", "b.jsonl"))
    assert values(first)["pass@1", "es"] == values(second)["pass@1", "es"] == pytest.approx(1 / 3)
    assert second.problems.count == 1


def test_wrong_columns(rows_file: RowsFile) -> None:
    with pytest.raises(FormatError):
        bench.score(Asked(rows_file([{"id": 1, "answer": "x"}])))


def test_no_tests_at_all(rows_file: RowsFile) -> None:
    with pytest.raises(FormatError, match="--examples"):
        bench.score(Asked(rows_file([{"task_id": "a", "response": "x = 1"}])))


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ("Voilà :\n~~~py\ndef f(): return 1\n~~~\nou\n~~~py\ndef f(): return 2\n~~~", "def f(): return 1\n"),
        ("```python\nprint(f())\n```\n```python\ndef f(): return 1", "def f(): return 1"),
        ("```\nreturn 1\n```", "def f():\n    return 1"),
        ("\n    x = 1\n    return x\n", "def f():\n    x = 1\n    return x"),
        ("f = lambda: 1", "f = lambda: 1"),
        ("import os\nwhile True: os.fork()", "import os\nwhile True: os.fork()"),
        ("def other(): pass", "def other(): pass"),
        ("मैं यह नहीं कर सकता।", None),
        ("From here on I would import nothing and define f.", None),
        ("", None),
    ],
)
def test_the_program_in_an_answer(response: str, code: str | None) -> None:
    assert bench.code_of(response, "def f():\n", "f") == code


def test_without_a_sandbox_nothing_runs(rows_file: RowsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    none = tuple(mechanism.Available(name, False, "not here") for name in mechanism.MECHANISMS)
    monkeypatch.setattr(mechanism, "available", lambda: none)
    rows = [{"task_id": "a", "test": "x", "response": "def task_func(): pass"}]
    with pytest.raises(mechanism.NoSandbox, match="was not run") as told:
        bench.score(Asked(rows_file(rows)))
    assert told.value.exit_code == 3


def test_defects_of_released_rows() -> None:
    assert [kind for row in EXAMPLES for kind, _ in bench.defects(row)] == []
    broken = {**EXAMPLES[0], "canonical_solution": "    return 7\n"}
    assert [kind for kind, _ in bench.defects(broken)] == ["canonical solution"]
    assert [kind for kind, _ in bench.defects({**EXAMPLES[0], "test": "x = 1"})] == ["empty tests"]
