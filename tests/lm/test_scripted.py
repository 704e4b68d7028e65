import asyncio
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError
from macaronic.core.protocols import LM, Reply
from macaronic.lm.failed import CallFailed
from macaronic.lm.scripted import Scripted, read


def ask(lm: LM, prompt: str = "hi") -> str:
    messages = [{"role": "user", "content": prompt}]
    return asyncio.run(lm.reply(messages, max_tokens=5, temperature=0, seed=None, stop=())).text


def test_replies_in_order_then_a_failure() -> None:
    lm = Scripted(["one", Reply("two"), ValueError("three")])
    assert isinstance(lm, LM)
    assert [ask(lm), ask(lm)] == ["one", "two"]
    with pytest.raises(ValueError, match="three"):
        ask(lm)
    with pytest.raises(CallFailed, match="at its end"):
        ask(lm)
    assert len(lm.calls) == 4
    assert lm.calls[0]["messages"] == [{"role": "user", "content": "hi"}]


def test_replies_by_what_the_prompt_holds() -> None:
    lm = Scripted({"judge": ["7", "8"], "write": "hola"})
    assert [ask(lm, "please write"), *(ask(lm, "now judge") for _ in range(3))] == ["hola", "7", "8", "8"]
    with pytest.raises(CallFailed, match="fits"):
        ask(lm, "something else")


def test_a_function() -> None:
    assert ask(Scripted(lambda messages: messages[-1]["content"].upper()), "hola") == "HOLA"


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"match": "judge", "reply": "8"}\n\n{"reply": "a\u2028b"}\n{"reply": "c"}\n', "utf-8")
    lm = read(path)
    assert [ask(lm), ask(lm, "judge"), ask(lm)] == ["a\u2028b", "8", "c"]
    with pytest.raises(CallFailed):
        ask(lm)


@pytest.mark.parametrize("line", ["{", "[]", '{"match": "x"}', '{"reply": 3}', '{"reply": "x", "match": 1}', "7"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(f'{{"reply": "a"}}\n{line}\n')
    with pytest.raises(FormatError, match=r"replies.jsonl:2: expected"):
        read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the script"):
        read(tmp_path / "none.jsonl")
