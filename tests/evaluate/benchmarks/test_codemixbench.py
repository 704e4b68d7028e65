"""CodeMixBench: broken lists, both kinds of F1, labels and numbers in talkative answers."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.codemixbench import number, score
from macaronic.evaluate.labels import said_label
from macaronic.evaluate.token_tasks import align, pairs, spans

RowsFile = Callable[..., str]
FORMS = [
    '[{"so": "en"}, {"yaar": "hi"}]',
    "[('so', 'en'), ('yaar', 'hi')]",
    '```json\n[{"token": "so", "tag": "en"}, {"token": "yaar", "tag": "hi"}]\n```\nHope that helps!',
    "so: en\nyaar: hi",
    "1. so -> en\n2. yaar -> hi",
    "so\ten\nyaar\thi",
    '{"result": [["so", "en"], ["yaar", "hi"]]}',
    "Here: [{'so': 'en'}, {'yaar': 'hi'}, {'cut",
    '[["so", "en"], ["yaar", "hi"], ["cut',
    "[('so', 'en'), ('yaar', 'hi'),",
    '[{"token": "so", "tag": "en"}, {"token": "yaar", "tag": "hi"}, {"tok',
    '[["(", "other"], ["so", "en"], ["]", "other"], ["yaar", "hi"]',
]


@pytest.mark.parametrize("reply", FORMS)
def test_lists_in_any_form(reply: str) -> None:
    assert align(["so", "yaar"], pairs(reply)).tags == ("en", "hi")


@given(st.text(max_size=300))
def test_no_answer_breaks_the_parser(reply: str) -> None:
    aligned = align(["a", "b"], pairs(reply))
    assert len(aligned.tags) == 2


def test_nothing_is_ever_run() -> None:
    assert pairs("[__import__('os').system('exit 1')]") == []


def test_tokens_left_out_put_in_and_repeated() -> None:
    aligned = align(["a", "b", "a"], [("x", "1"), ("a", "2"), ("a", "3")])
    assert aligned.tags == ("2", None, "3")
    assert aligned.extra == 1


def test_entities() -> None:
    assert spans(["B-A", "B-A", "I-A", "O", "I-B", "I-C"]) == {("A", 0, 1), ("A", 1, 3), ("B", 4, 5), ("C", 5, 6)}


def token_row(name: int, gold: list[str], answers: list[str], task: str = "lid") -> dict[str, object]:
    tokens = [f"w{i}" for i in range(len(gold))]
    reply = json.dumps([{t: a} for t, a in zip(tokens, answers)])
    return {"id": name, "task": task, "pair": "hi-en", "tokens": tokens, "gold": gold, "response": reply}


def test_sentence_by_sentence_and_all_tokens_together(rows_file: RowsFile) -> None:
    rows = [token_row(1, ["en", "hi", "hi", "hi"], ["en", "hi", "hi", "en"]), token_row(2, ["en"], ["hi"])]
    ours = {r.name: r.value for r in score(Asked(rows_file(rows), samples=0)).results}
    theirs = {r.name: r.value for r in score(Asked(rows_file(rows), compat=True, samples=0)).results}
    assert ours["accuracy"] == pytest.approx(3 / 5)
    assert theirs["accuracy"] == pytest.approx((3 / 4 + 0) / 2)
    # all tokens: en 1 right of 2 gold and 2 said, hi 2 of 3 and 3; sentence 1: en 2/3, hi 4/5; sentence 2: 0 and 0
    assert ours["macro_f1"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert theirs["macro_f1"] == pytest.approx(((2 / 3 + 4 / 5) / 2 + 0) / 2)
    assert theirs["weighted_f1"] == pytest.approx(((2 / 3 + 3 * 4 / 5) / 4 + 0) / 2)


def test_entities_as_wholes(rows_file: RowsFile) -> None:
    rows = [token_row(1, ["B-PER", "I-PER", "O"], ["B-PER", "O", "O"], "ner")]
    found = {r.name: r.value for r in score(Asked(rows_file(rows), samples=0)).results}
    assert found["span_f1"] == 0.0
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert "span_f1" not in {r.name for r in score(Asked(rows_file(rows), compat=True, samples=0)).results}


def test_labels_numbers_and_translations(rows_file: RowsFile) -> None:
    rows = [
        {"id": 1, "task": "sa", "gold": "positive", "response": "The sentiment is Positive."},
        {"id": 2, "task": "sa", "gold": "negative", "response": "no idea"},
        {"id": 1, "task": "gsm8k", "gold": "1,200", "response": "so it is 1200.0 rupaye"},
        {"id": 1, "task": "mt", "gold": "how are you", "response": "how are you"},
        {"id": 9, "task": "poetry", "gold": "x", "response": "x"},
    ]
    found = score(Asked(rows_file(rows), samples=0))
    values = {(r.level, r.name): r.value for r in found.results}
    assert values["sa", "accuracy"] == 0.5
    assert values["gsm8k", "accuracy"] == 1.0
    assert values["mt", "chrf"] == pytest.approx(100.0)
    assert found.problems.by_kind == {"unknown task": 1, "unparsed answer": 1}


def test_missing_tokens_count_as_wrong(rows_file: RowsFile) -> None:
    rows = [{**token_row(1, ["en", "hi"], ["en", "hi"]), "response": ""}, token_row(2, ["en", "hi"], ["en"])]
    found = score(Asked(rows_file(rows), samples=0))
    assert [one.values["accuracy"] for one in found.judged] == [0.0, 0.5]
    assert found.problems.by_kind == {"empty output": 1}


def test_what_is_said() -> None:
    assert said_label("Not offensive", ["offensive", "not offensive"]) == "not offensive"
    assert said_label("It is B.", ["A", "B"]) == "B"
    assert number("−5 or -7") == "-7"
