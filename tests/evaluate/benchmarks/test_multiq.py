"""MultiQ: planted languages, noisy judges."""

from collections.abc import Callable
from pathlib import Path

import pytest

from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.multiq import score
from macaronic.evaluate.judge import verdict

YES = ("yes", "Yes, it is.", "Correct!", "Verdict: yes", "是的", "ja", "हाँ", "نعم", "yes and no")
NO = ("**No**", "no.", "The answer is not correct.", "incorrect", "Answer: no", "不对", "нет", '"No"', "It isn't right")
NEITHER = ("", "I cannot tell", "maybe", "It could be correct or wrong")
REPLIES = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False), **dict.fromkeys(NEITHER)}


@pytest.mark.parametrize("reply", REPLIES)
def test_noisy_judges(reply: str) -> None:
    assert verdict(reply) is REPLIES[reply]


def test_planted_completions(rows_file: Callable[..., str]) -> None:
    rows = [
        {"id": 1, "language": "de", "completion": "Wasser kocht bei hundert Grad.", "judge": "yes"},
        {"id": 1, "language": "hi", "completion": "पानी सौ डिग्री पर उबलता है।", "judge": "No, it"},
        {"id": 2, "language": "hi", "completion": "Water boils at one hundred degrees.", "judge": "hmm"},
        {"id": 3, "language": "hi", "completion": "", "judge": "yes"},
        {"id": 3, "language": "hi", "completion": "again", "judge": "yes"},
    ]
    found = score(Asked(rows_file(rows), samples=0))
    assert [one.values["fidelity"] for one in found.judged] == [1.0, 1.0, 0.0, 0.0]
    assert [one.values["accuracy"] for one in found.judged] == [1.0, 0.0, 0.0, 0.0]
    assert found.problems.by_kind == {"unparsed judge": 1, "empty output": 1, "duplicate": 1}


def test_without_a_judge_there_is_no_accuracy(rows_file: Callable[..., str]) -> None:
    found = score(Asked(rows_file([{"id": 1, "language": "de", "completion": "Das ist gut."}]), samples=0))
    assert {r.name for r in found.results} == {"fidelity"}
    assert "judge" in found.notes[0]


def test_a_scripted_judge(rows_file: Callable[..., str]) -> None:
    outputs = rows_file([{"id": 1, "language": "de", "completion": "Vier.", "prompt_en": "What is two plus two?"}])
    judge = rows_file([{"reply": "Yes"}], name="judge.jsonl")
    found = score(Asked(outputs, judge=f"scripted:{judge}", samples=0))
    assert found.judged[0].values["accuracy"] == 1.0


def test_a_named_judge_is_asked_even_beside_replies(rows_file: Callable[..., str], tmp_path: Path) -> None:
    rows = [{"id": 1, "language": "en", "completion": "Yes, it is warm.", "judge": "yes", "prompt_en": "Is it warm?"}]
    said = tmp_path / "judge.jsonl"
    said.write_text('{"reply": "no"}\n', "utf-8")
    found = score(Asked(rows_file(rows), judge=f"scripted:{said}", samples=0))
    assert found.judged[0].values["accuracy"] == 0.0
    assert "judge:scripted" in found.body["signature"]
    assert "judge:given" in score(Asked(rows_file(rows), samples=0)).body["signature"]
