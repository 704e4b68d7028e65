"""Marco-Bench-MIF and Multi-IF: pooled scores by hand, released files, their defects."""

import json
from collections.abc import Callable

import pytest

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.curate.datasets import locate, present
from macaronic.evaluate.benchmark import Asked, find
from macaronic.evaluate.benchmarks import marco_mif, multi_if
from macaronic.evaluate.defects import defects
from macaronic.evaluate.rows import read_rows

RowsFile = Callable[..., str]
ONE = {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
TWO = {
    "instruction_id_list": ["punctuation:no_comma", "length_constraints:number_words"],
    "kwargs": [{}, {"num_words": 3, "relation": "at least"}],
}


def test_four_scores_by_hand(rows_file: RowsFile) -> None:
    rows = [
        {"key": 1, "language": "en", "response": "fine", **ONE},
        {"key": 2, "language": "en", "response": "one, two", **TWO},
        {"key": 3, "language": "en", "response": "Sure, so:\none two three", **TWO},
    ]
    found = marco_mif.score(Asked(rows_file(rows), samples=50))
    values = {r.name: r.value for r in found.results if r.level == "all"}
    assert values["prompt_strict"] == pytest.approx(1 / 3)
    assert values["prompt_loose"] == pytest.approx(2 / 3)
    assert values["instruction_strict"] == pytest.approx((1 + 0 + 1) / 5)
    assert values["instruction_loose"] == pytest.approx((1 + 0 + 2) / 5)
    assert values["overall"] == pytest.approx((1 / 3 + 2 / 3 + 2 / 5 + 3 / 5) / 4)


def test_capitals_in_a_script_without_them(rows_file: RowsFile) -> None:
    row = {
        "key": 1,
        "language": "hi",
        "response": "नमस्ते",
        "instruction_id_list": ["change_case:english_lowercase"],
        "kwargs": [{}],
    }
    ours = marco_mif.score(Asked(rows_file([row]), samples=0))
    assert ours.judged[0].values["overall"] is None
    assert ours.body["neither"] == 1
    theirs = marco_mif.score(Asked(rows_file([row]), compat=True, samples=0))
    assert theirs.judged[0].values["overall"] == 0.0


def test_instructions_from_the_release(rows_file: RowsFile) -> None:
    prompts = rows_file([{"key": 7, "prompt": "x", **ONE}], name="prompts.jsonl")
    found = marco_mif.score(
        Asked(rows_file([{"key": 7, "response": "a, b"}, {"key": 8, "response": "a"}]), prompts, samples=0)
    )
    assert [one.values["prompt_strict"] for one in found.judged] == [0.0]
    assert found.problems.by_kind == {"no instructions": 1}


def test_empty_twice_and_unknown(rows_file: RowsFile) -> None:
    rows = [
        {"key": 1, "response": "", **ONE},
        {"key": 1, "response": "again", **ONE},
        {"key": 2, "response": "x", "instruction_id_list": ["no:such"], "kwargs": [{}]},
    ]
    found = marco_mif.score(Asked(rows_file(rows), samples=0))
    assert found.problems.by_kind == {"empty output": 1, "duplicate": 1, "bad instruction": 1}
    with pytest.raises(FormatError):
        marco_mif.score(Asked(rows_file([{"id": 1}])))


FILES = ("ar_local", "ar_mt", "de", "en", "es_local", "es_mt", "ja", "yo_local", "yo_mt", "zh_local", "zh_mt")


@pytest.mark.parametrize("name", FILES)
def test_released_files(name: str, rows_file: RowsFile) -> None:
    if not present("eval-marco-mif"):
        pytest.skip("eval-marco-mif is not in MACARONIC_DATA")
    path = str(locate("eval-marco-mif") / f"{name}.jsonl.gz")
    found, rows = defects(find("marco-mif"), path)
    assert rows == (540 if name == "zh_local" else 541)
    known = {(d.line, d.key, d.kind) for d in found if d.kind != "bad instruction"}
    wanted = {"zh_local": {(15, "", "unreadable")}}.get(name, set())
    assert {k for k in known if k[2] == "unreadable"} == wanted
    arguments = {key for _, key, kind in known if kind == "arguments"}
    assert arguments == {"es_local": {"2380"}, "es_mt": {"1127"}}.get(name, set())
    if name not in ("en", "zh_local"):
        return
    answers = [{"key": row["key"], "response": str(row["prompt"])} for _, row in read_rows(path, Problems())]
    scored = marco_mif.score(Asked(rows_file(answers), path, language=name.split("_")[0], samples=0))
    assert len(scored.judged) == rows


def test_turns_by_hand(rows_file: RowsFile) -> None:
    message = json.dumps({"role": "user", "content": "Write."})
    row = {
        "key": "a", "language": "English", "responses": ["fine", "one, two"],
        "turn_1_prompt": message, "turn_1_instruction_id_list": ["punctuation:no_comma"], "turn_1_kwargs": ["{}"],
        "turn_2_prompt": message, "turn_2_instruction_id_list": json.dumps(TWO["instruction_id_list"]),
        "turn_2_kwargs": json.dumps([json.dumps(k) for k in TWO["kwargs"]]),
        "turn_3_prompt": "None", "turn_3_instruction_id_list": ["punctuation:no_comma"], "turn_3_kwargs": ["{}"],
    }  # fmt: skip
    found = multi_if.score(Asked(rows_file([row]), samples=0))
    values = {(r.name, r.level): r.value for r in found.results}
    assert values["overall", "turn 1"] == 1.0
    assert values["overall", "turn 2"] == 0.0
    assert values["overall", "turn 2/English"] == 0.0
    assert len(found.judged) == 2


def test_a_missing_turn_follows_nothing(rows_file: RowsFile) -> None:
    row = {"key": "a", "language": "English", "responses": [], "turn_1_prompt": "x", "turn_1_kwargs": [{}],
           "turn_1_instruction_id_list": ["punctuation:no_comma"]}  # fmt: skip
    found = multi_if.score(Asked(rows_file([row]), samples=0))
    assert found.judged[0].values["overall"] == 0.0
    assert found.problems.by_kind == {"missing response": 1}


def test_prompts_without_an_answer_are_told(rows_file: RowsFile) -> None:
    prompts = rows_file([{"key": key, "prompt": "Say it.", **ONE} for key in (1, 2, 3)], name="prompts.jsonl")
    found = marco_mif.score(Asked(rows_file([{"key": 1, "response": "fine"}]), examples=prompts, samples=0))
    assert found.notes == ("2 of 3 prompts have no answer here: they are not in the scores",)
