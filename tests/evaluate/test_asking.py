"""Rows without a prompt get one from their benchmark, and what a model answers is scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.evaluate.benchmark import Asked, find
from macaronic.evaluate.prompts import read_prompts

ROWS = {
    "hinge": {"id": "1", "English": "It is late.", "Hindi": "देर हो गई।"},
    "mixed-affect": {"id": "1", "text": "movie ekdum mast", "label": "positive"},
    "comi-lingua": {"Sentences": "kal ki meeting", "Annotated by: A": "hi", "Annotated by: B": "hi"},
    "singlish": {"id": "1", "source": "wah lau eh", "language": "zh"},
    "icl-mt": {"source": "It rains.", "language": "sw", "examples": '[{"source": "yes", "target": "ndiyo"}]'},
    "adaptive-mt": {"id": "1", "source": "Wash hands.", "language": "es", "terms": ["manos"]},
    "mixed-mt": {"id": "1", "source": "kal milte hain", "language": "en"},
    "blend": {"id": "1", "question": "What is eaten at noon?", "country": "South_Korea"},
}
HELD = {
    "hinge": ["English: It is late.", "Hindi: देर हो गई।"],
    "mixed-affect": ["one word: positive.", "Text: movie ekdum mast"],
    "comi-lingua": ["one word: hi.", "Text: kal ki meeting"],
    "singlish": ["into Chinese", "Text: wah lau eh\nChinese:"],
    "icl-mt": ["Text: yes\nSwahili: ndiyo\n\nText: It rains.\nSwahili:"],
    "adaptive-mt": ["Use these terms: manos.", "Spanish:"],
    "mixed-mt": ["into English", "kal milte hain"],
    "blend": ["in South Korea", "What is eaten at noon?"],
}


def asked(folder: Path, name: str, rows: list[dict]) -> tuple[list, Problems]:
    path, problems = folder / "prompts.jsonl", Problems()
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return read_prompts(str(path), find(name).PROMPTS, problems), problems


@pytest.mark.parametrize("name", ROWS)
def test_what_is_asked(tmp_path: Path, name: str) -> None:
    (prompt,), problems = asked(tmp_path, name, [ROWS[name]])
    assert problems.count == 0
    assert [part for part in HELD[name] if part not in prompt.turns[0]] == []
    gold = ROWS[name].get("label", "nothing")
    assert prompt.turns[0].count(gold) <= 1  # among the labels to choose from, and nowhere else


@pytest.mark.parametrize("name", ROWS)
def test_a_prompt_of_the_row_comes_first_and_a_row_with_nothing_is_told(tmp_path: Path, name: str) -> None:
    (prompt,), problems = asked(tmp_path, name, [{**ROWS[name], "prompt": "My own."}, {"id": "2", "other": "x"}])
    assert prompt.turns == ("My own.",)
    assert problems.by_kind["no prompt"] == 1
    with pytest.raises(FormatError):
        asked(tmp_path, name, [{"id": "2", "other": "x"}])


def test_all_labels_of_the_file_may_be_chosen_and_answers_are_scored(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": f"text {n}", "label": label} for n, label in enumerate(["bad", "good", "bad"])]
    prompts, _ = asked(tmp_path, "mixed-affect", rows)
    assert all("one word: bad, good." in prompt.turns[0] for prompt in prompts)
    out = tmp_path / "outputs.jsonl"
    said = [{**prompt.row, "response": "It is bad."} for prompt in prompts]
    out.write_text("".join(json.dumps(row) + "\n" for row in said), "utf-8")
    found = find("mixed-affect").score(Asked(str(out), samples=0)).results
    assert next(r.value for r in found if r.name == "accuracy") == pytest.approx(2 / 3)
