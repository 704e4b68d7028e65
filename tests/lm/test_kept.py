import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from macaronic.core.errors import InputError, UsageError
from macaronic.core.protocols import LM, Reply
from macaronic.lm.answer_file import AnswerFile
from macaronic.lm.failed import CallFailed
from macaronic.lm.kept import Kept, key_of
from macaronic.lm.scripted import Scripted

from .conftest import Loopback, completion


def ask(lm: LM, *prompts: str, seed: int | None = None, temperature: float = 0.0) -> list[Reply | BaseException]:
    async def together() -> list[Reply | BaseException]:
        calls = (
            lm.reply([{"role": "user", "content": p}], max_tokens=5, temperature=temperature, seed=seed, stop=())
            for p in prompts
        )
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(together())


def echo() -> Scripted:
    return Scripted(
        lambda messages: Reply(messages[-1]["content"].upper(), usage={"total_tokens": 2}, logprobs=(-0.1,))
    )


def test_an_answer_is_paid_for_once(tmp_path: Path) -> None:
    model, path = echo(), tmp_path / "deep" / "answers.jsonl"
    first, second = Kept(model, path), Kept(model, path)
    assert isinstance(first, LM)
    assert ask(first, "a", "b") == ask(second, "a", "b")
    assert [(lm.hits, lm.paid) for lm in (first, second)] == [(0, 2), (2, 0)]
    assert len(model.calls) == 2


def test_equal_calls_that_are_open_together_are_one(tmp_path: Path) -> None:
    model = echo()
    lm = Kept(model, tmp_path / "answers.jsonl")
    assert [r.text for r in ask(lm, *["a"] * 50, "b") if isinstance(r, Reply)] == ["A"] * 50 + ["B"]
    assert (len(model.calls), lm.paid, lm.hits) == (2, 2, 49)


@pytest.mark.parametrize(
    "other",
    [
        {"model": "n"},
        {"messages": [{"role": "system", "content": "hi"}]},
        {"settings": {"temperature": 0.1}},
        {"repeat": 1},
    ],
)
def test_everything_that_was_asked_counts(other: dict[str, Any]) -> None:
    one: dict[str, Any] = {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "settings": {"temperature": 0},
        "repeat": 0,
    }
    assert key_of(**one) != key_of(**(one | other))


def test_repeats_are_different_calls(tmp_path: Path) -> None:
    lm = Kept(Scripted(["one", "two", "three"]), tmp_path / "answers.jsonl")
    told = [ask(lm.again(k), "q")[0] for k in (0, 1, 0, 1, 2)]
    assert [r.text for r in told if isinstance(r, Reply)] == ["one", "two", "one", "two", "three"]


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    model = Scripted([CallFailed("timeout"), "fine"])
    lm = Kept(model, tmp_path / "answers.jsonl")
    assert isinstance(ask(lm, "q")[0], CallFailed)
    assert ask(lm, "q") == [Reply("fine")]


def test_a_torn_last_line_is_dropped_and_the_next_row_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    ask(Kept(echo(), path), "a", "b")
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:cut])
        model = echo()
        lm = Kept(model, path)
        assert [r.text for r in ask(lm, "a", "b") if isinstance(r, Reply)] == ["A", "B"]
        again = echo()
        ask(Kept(again, path), "a", "b")
        assert again.calls == []


def test_rubbish_in_the_file_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b'{"key": 1}\n\xff\xfe\n{"key": "k", "text": "ok"}\n[]\n\n')
    rows = AnswerFile(path)
    assert (len(rows), rows.damaged) == (1, 3)
    assert rows.find("k") == {"key": "k", "text": "ok"}


def test_any_text_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    for text in ("", "a\nb\r\u2028c", "नमस्ते", "\ud800 lone", '{"key": "x"}', "\x00"):
        AnswerFile(path).add(repr(text), {"text": text})
        found = AnswerFile(path).find(repr(text))
        assert found is not None
        assert found["text"] == text


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    def write(writer: int) -> None:
        rows = AnswerFile(tmp_path / "a.jsonl")
        for i in range(40):
            rows.add(f"{writer}.{i}", {"text": f"{writer}" * 3000})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    rows = AnswerFile(tmp_path / "a.jsonl")
    assert (len(rows), rows.damaged) == (240, 0)
    assert rows.find("5.39") == {"key": "5.39", "text": "5" * 3000}


def test_another_process_s_answers_are_seen(tmp_path: Path) -> None:
    one, two = AnswerFile(tmp_path / "a.jsonl"), AnswerFile(tmp_path / "a.jsonl")
    two.add("k", {"text": "x"})
    assert one.find("k") is not None


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the answers"):
        AnswerFile(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="the answers in"):
        AnswerFile(tmp_path / "file" / "a.jsonl").add("k", {"text": ""})


def test_a_model_without_a_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name for the model"):
        Kept(Scripted([], model=""), tmp_path / "a.jsonl")


RUN = """
import asyncio, sys
from macaronic.lm.http import Server
from macaronic.lm.kept import Kept

async def main():
    lm = Kept(Server("tiny", base_url=sys.argv[1], concurrency=3), sys.argv[2])
    ask = dict(max_tokens=5, temperature=0, seed=None, stop=())
    await asyncio.gather(*(lm.reply([{"role": "user", "content": f"q{i}"}], **ask) for i in range(int(sys.argv[3]))))
    await lm.close()

asyncio.run(main())
"""


def test_a_killed_run_pays_for_no_finished_call_again(server: Loopback, tmp_path: Path) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    path, calls, finished = tmp_path / "answers.jsonl", 24, 8
    answer, hanging = (200, {}, completion("hola " * 50)), (200, {}, 60.0)
    server.plan, server.usual = [answer] * finished, hanging
    command = [sys.executable, "-c", RUN, server.url, str(path), str(calls)]
    environment = {**os.environ, "OPENAI_API_KEY": "unused"}

    def kept() -> set[str]:
        rows = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return {json.loads(row)["key"] for row in rows}

    process = subprocess.Popen(command, env=environment)
    while len(kept()) < finished and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(kept()) == finished

    server.usual = answer
    before = len(server.requests)
    subprocess.run(command, env=environment, check=True)
    assert len(server.requests) - before == calls - finished
    assert len(kept()) == calls

    before = len(server.requests)
    subprocess.run(command, env=environment, check=True)
    assert len(server.requests) == before
    assert b"unused" not in path.read_bytes()
