from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.synth.agents.prompts import BLANKS, prompts


@pytest.mark.parametrize("name", sorted(BLANKS))
def test_every_prompt_fills_and_asks_for_json(name: str) -> None:
    blanks = dict.fromkeys(("matrix", "embedded", "share", "reached", "scenario", "text", "problems"), "$x {y} %z")
    system, user = prompts().messages(name, blanks)
    assert (system["role"], user["role"]) == ("system", "user")
    assert "$x {y} %z" in user["content"]
    assert "JSON" in system["content"]


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "generate.txt").write_text("Mix $matrix for $$5.")
    own = prompts(tmp_path)
    assert own.messages("generate", {"matrix": "Hindi", "embedded": ""})[1]["content"] == "Mix Hindi for $5."
    assert own.texts["fluency"].template == prompts().texts["fluency"].template


@pytest.mark.parametrize("text", ["about $topic", "for $5"])
def test_a_blank_that_cannot_be_filled(tmp_path: Path, text: str) -> None:
    (tmp_path / "generate.txt").write_text(text)
    with pytest.raises(FormatError, match=r"generate.txt: expected only the blanks"):
        prompts(tmp_path)


def test_a_file_that_is_no_prompt(tmp_path: Path) -> None:
    (tmp_path / "genrate.txt").write_text("x")
    with pytest.raises(UnknownName, match="generate"):
        prompts(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        prompts(tmp_path / "none")
