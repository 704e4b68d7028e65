import asyncio
from pathlib import Path

import pytest

from macaronic.core.errors import MissingData, UnknownName
from macaronic.lm.named import lm_named


def test_a_script_with_a_memory(tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").write_text('{"reply": "hola"}\n')
    for _ in range(2):
        lm = lm_named(f"scripted:{tmp_path / 'replies.jsonl'}", keep=tmp_path / "kept.jsonl")
        messages = [{"role": "user", "content": "hi"}]
        for _ in range(2):
            assert asyncio.run(lm.reply(messages, max_tokens=1, temperature=0, seed=None, stop=())).text == "hola"


def test_a_server_is_not_called_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    monkeypatch.setenv("OPENAI_API_KEY", "x" * 20)
    assert repr(lm_named("openai:gpt-x")) == "Server('gpt-x')"


@pytest.mark.parametrize("name", ["", "gpt-x", "openai:", ":x", "locale:x"])
def test_an_unknown_name(name: str) -> None:
    with pytest.raises(UnknownName, match="language model"):
        lm_named(name)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="needs macaronic[train]")
    with pytest.raises(MissingData, match="no language model at"):
        lm_named(f"local:{tmp_path}")
