"""Mixed versions: how much is mixed, both directions, and changes that a hand can compute."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from macaronic.bundled import parallel
from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.paired import holm, sign_flip
from macaronic.core.problems import Problems
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.mixed_versions import chosen, score
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lm_eval_folder import write_folder
from macaronic.evaluate.mixed_items import Item, read_items
from macaronic.evaluate.mixed_versions import Version, changes, mixed_rows, plain_rows

RowsFile = Callable[..., str]


def open_items(n: int = 40) -> list[Item]:
    rows = [row for row in parallel() if row["en"] and row["es"]][:n]
    return [Item(row["sentence"], {tag: {"prompt": row[tag]} for tag in ("en", "es")}) for row in rows]


def test_ratio_token_changes_as_many_words_as_it_says() -> None:
    """max(1, floor(0.2 n)) of n words; on texts long enough the share is within two points of 0.2."""
    rows = list(parallel())
    texts = {tag: [" ".join(row[tag] for row in rows[i : i + 8]) for i in range(0, 80, 8)] for tag in ("en", "es")}
    items = [Item(str(i), {tag: {"text": texts[tag][i]} for tag in texts}) for i in range(10)]
    made = list(mixed_rows(items, Version("en", "es", "ratio-token", 0.2)))
    assert len(made) == 10
    assert abs(np.mean([row["mixed_share"] for row in made]) - 0.2) < 0.02


def test_more_is_more_and_both_directions_differ() -> None:
    items = open_items()
    shares = []
    for amount in (0.1, 0.3, 0.6):
        made = list(mixed_rows(items, Version("en", "es", "ratio-token", amount)))
        shares.append(np.mean([row["mixed_share"] for row in made]))
    assert shares == sorted(shares)
    back = list(mixed_rows(items, Version("es", "en", "ratio-token", 0.3)))
    assert {row["language"] for row in back} == {"es"}
    assert all(row["allowed"] == ["es", "en"] for row in back)


@pytest.mark.parametrize("method", ["noun-token", "ratio-token", "substitute", "ec"])
def test_other_methods_and_the_same_again(method: Any) -> None:
    version = Version("en", "es", method)
    once, twice = (list(mixed_rows(open_items(12), version)) for _ in range(2))
    assert once
    assert once == twice
    assert all(row["cmi"] > 0 for row in once)


def test_an_item_that_cannot_be_mixed_is_counted() -> None:
    items = [*open_items(8), Item("x", {"en": {"prompt": "12 34"}, "es": {"prompt": "12 34"}}), Item("y", {"en": {}})]
    missed: Counter[str] = Counter()
    made = list(mixed_rows(items, Version("en", "es", "ratio-token", 0.3), missed=missed))
    assert len(made) + missed.total() == len(items)
    assert missed["not in both languages"] == 1
    assert len(list(plain_rows(items, "en"))) == 10


def test_choices_stay_or_are_mixed_and_the_answer_stays() -> None:
    texts = {"en": {"question": "Where is the book?"}, "es": {"question": "¿Dónde está el libro?"}}
    choices = {"en": ("in the house", "on the table"), "es": ("en la casa", "en la mesa")}
    items = [Item(str(i), texts, choices, 1) for i in range(6)]
    plain = list(mixed_rows(items, Version("en", "es", "ratio-token", 0.5)))
    assert all(row["choices"] == list(choices["en"]) and row["answer"] == 1 for row in plain)
    mixed = list(mixed_rows(items, Version("en", "es", "ratio-token", 0.5), with_choices=True))
    assert all(row["choices"] != list(choices["en"]) and row["answer"] == 1 for row in mixed)
    assert all(f"B. {row['choices'][1]}" in row["prompt"] for row in mixed)


def test_methods_without_a_dial() -> None:
    with pytest.raises(UsageError, match="has no amount"):
        Version("en", "es", "noun-token", 0.2).settings()
    with pytest.raises(UsageError, match="between 0 and 1"):
        Version("en", "es", "ratio-token", 20).settings()
    with pytest.raises(UnknownName, match="ratio-token"):
        Version("en", "es", "ratio-tokens").settings()  # type: ignore[arg-type]


def test_wide_and_long_rows_are_the_same_items(rows_file: RowsFile) -> None:
    wide = [{"id": 1, "answer": "B", "en": {"question": "Where?", "choices": ["a", "b"]},
             "hin_Deva": {"question": "कहाँ?", "choices": ["क", "ख"]}}]  # fmt: skip
    long = [{"id": 1, "language": "en", "question": "Where?", "choices": '["a", "b"]', "answer": 1},
            {"id": 1, "language": "hi", "question": "कहाँ?", "choices": ["क", "ख"], "answer": 1}]  # fmt: skip
    found = [read_items(rows_file(rows), Problems()) for rows in (wide, long)]
    assert found[0] == found[1]
    assert found[0][0].choices["hi"] == ("क", "ख")


def test_rows_as_belebele_and_xnli_have_them(rows_file: RowsFile) -> None:
    """Rows written here, with the columns of these sets."""
    shared = {"link": "l", "question_number": 1, "correct_answer_num": "2", "mc_answer3": "y", "mc_answer4": "z"}
    belebele = [
        {**shared, "dialect": tag, "flores_passage": text, "question": text, "mc_answer1": "w", "mc_answer2": "x"}
        for tag, text in (("eng_Latn", "A passage."), ("spa_Latn", "Un texto."))
    ]
    found = read_items(rows_file(belebele), Problems(), name=("link", "question_number"))
    assert [(item.id, item.answer, sorted(item.texts), len(item.choices["es"])) for item in found] == [
        ("l/1", 1, ["en", "es"], 4)
    ]
    xnli = [{"id": 7, "language": tag, "premise": "p", "hypothesis": "h", "label": 2} for tag in ("en", "es")]
    labels = ("entailment", "neutral", "contradiction")
    (item,) = read_items(rows_file(xnli), Problems(), labels=labels)
    assert (item.answer, item.choices["es"]) == (2, labels)
    row = next(plain_rows([item], "en", ask="One of the three."))
    assert row["prompt"] == "p\nh\nA. entailment\nB. neutral\nC. contradiction\nOne of the three."


def test_bad_items_are_counted(rows_file: RowsFile) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "en": "Hello there", "es": "Hola"},
        {"id": 1, "en": "Hello again", "es": "Hola otra vez"},
        {"id": 2, "en": "alone"},
        {"id": 3, "en": "", "es": None},
        {"id": 4, "answer": 9, "en": {"question": "q", "choices": ["a", "b"]}, "es": {"question": "q"}},
        {"id": 5, "language": "nolanguage", "question": "q"},
        {"id": 6, "language": "en", "question": "q", "choices": ["a", "b"]},
    ]
    problems = Problems()
    assert [item.id for item in read_items(rows_file(rows), problems)] == ["1"]
    assert problems.by_kind == {"no item": 4, "duplicate": 1, "one language": 1}
    with pytest.raises(FormatError, match="two languages"):
        read_items(rows_file(rows[2:3]), Problems())


REPLIES = [("B", 1), ("b)", 1), ("**C**", 2), ("Answer: A", 0), ("The right choice is (B), since", 1), ("rice", 1),
           ("I would have rice!", 1), ("tea or rice", None), ("", None), ("I cannot say.", None), ("E", None),
           ("A bad idea", None), ("The answer is B. It is not A", 1)]  # fmt: skip


@pytest.mark.parametrize(("reply", "place"), REPLIES)
def test_which_choice_a_reply_takes(reply: str, place: int | None) -> None:
    assert chosen(reply, ["tea", "rice", "fish"]) == place


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_any_reply_is_a_choice_or_none(reply: str, choices: list[str]) -> None:
    place = chosen(reply, choices)
    assert place is None or 0 <= place < len(choices)


def planted(n: int = 30) -> list[Judged]:
    """Plain all right; a third of the Hindi and every second of the other versions wrong."""
    found = []
    for i in range(n):
        for version, right in (
            ("en/plain", 1.0), ("en+hi/r/0.2", float(i % 3 > 0)), ("en+es/r/0.2", float(i % 2)),
            ("es/plain", 0.0), ("es+en/r/0.5", float(i % 5 == 0)),
        ):  # fmt: skip
            found.append(Judged(f"{i}|{version}", {"accuracy": right}, version[:2], version))
    return found


def test_changes_by_hand() -> None:
    found = {(kind, one.language): one for kind, one in changes(planted())}
    assert {key: round(one.change, 4) for key, one in found.items() if key[0] == "version"} == {
        ("version", "en+hi/r/0.2"): -0.3333,
        ("version", "en+es/r/0.2"): -0.5,
        ("version", "es+en/r/0.5"): 0.2,
    }
    assert round(found["main", "en"].change, 4) == round((-1 / 3 - 1 / 2) / 2, 4)
    assert found["main", "en"].n == 30
    assert found["all", "all"].n == 30
    assert found["amount", "r/0.2"].n == 30
    gaps = np.array([0.0 if i % 5 else 1.0 for i in range(30)])
    p = sign_flip(gaps[gaps != 0], rng=np.random.default_rng(0))
    assert found["version", "es+en/r/0.5"].p == pytest.approx(p)
    versions = [one for key, one in found.items() if key[0] == "version"]
    assert [one.adjusted for one in versions] == pytest.approx(holm([one.p for one in versions]))


def test_items_that_a_version_lacks_are_left_out_of_it() -> None:
    some = [one for one in planted() if not (one.group == "en+hi/r/0.2" and int(one.id.partition("|")[0]) < 15)]
    found = {one.language: one for kind, one in changes(some) if kind == "version"}
    assert (found["en+hi/r/0.2"].n, found["en+es/r/0.2"].n) == (15, 30)
    assert changes([one for one in planted() if "plain" not in one.group]) == []


def test_scores_of_a_model_that_stumbles(rows_file: RowsFile, tmp_path: Path) -> None:
    """It answers right in plain items and wrong in every mixed one."""
    texts = {"en": {"question": "Where is the book?"}, "es": {"question": "¿Dónde está el libro?"}}
    choices = {"en": ("house", "table"), "es": ("casa", "mesa")}
    items = [Item(str(i), texts, choices, i % 2) for i in range(12)]
    rows = [*plain_rows(items, "en"), *mixed_rows(items, Version("en", "es", "ratio-token", 0.5))]
    said = [
        {**row, "response": "AB"[row["answer"] if "plain" in row["version"] else 1 - row["answer"]]} for row in rows
    ]
    found = score(Asked(rows_file(said)))
    values = {(one.name, one.level): one.value for one in found.results}
    assert values["accuracy", "en/plain"] == 1.0
    assert values["accuracy", "en+es/ratio-token/0.5"] == 0.0
    assert values["accuracy change", "en+es/ratio-token/0.5"] == -1.0
    assert found.body["changes"][0]["p"] == pytest.approx(2 / 2**12)
    assert "corrected p" in found.notes[0]

    half = score(Asked(rows_file(said[:18], "half.jsonl"), examples=rows_file(rows, "made.jsonl")))
    assert half.problems.by_kind["no output"] == 6
    assert len(half.judged) == 24


def test_bad_outputs(rows_file: RowsFile) -> None:
    row = {"id": "1|en/plain", "item": "1", "version": "en/plain", "language": "en", "choices": ["a b", "c d"]}
    rows = [{**row, "answer": 0, "response": "no idea"}, {**row, "answer": 0, "response": "A"},
            {**row, "id": "2|en/plain", "item": "2", "answer": 1, "response": ""}, {"id": 3}]  # fmt: skip
    found = score(Asked(rows_file(rows), samples=0))
    assert [one.values["accuracy"] for one in found.judged] == [0.0, 0.0]
    assert found.problems.by_kind["duplicate"] == 1
    assert found.problems.by_kind["unparsed answer"] == 1
    assert found.problems.by_kind["missing field"] == 1
    assert "nothing to compare" in found.notes[0]
    with pytest.raises(FormatError, match="version"):
        score(Asked(rows_file([{"id": 1, "output": "x"}])))


def test_the_folder_for_lm_eval_and_its_log(rows_file: RowsFile, tmp_path: Path) -> None:
    """Every task is YAML with the fields that the harness needs; its log scores as the answers would."""
    yaml = pytest.importorskip("yaml")
    texts = {"en": {"question": "Where is the book?"}, "es": {"question": "¿Dónde está el libro?"}}
    items = [Item(str(i), texts, {"en": ("house", "table"), "es": ("casa", "mesa")}, i % 2) for i in range(8)]
    rows = [*plain_rows(items, "en"), *mixed_rows(items, Version("en", "es", "ratio-token", 0.5))]
    names = write_folder(rows, tmp_path / "tasks")
    assert names == ["macaronic_en_plain", "macaronic_en_es_ratio_token_0_5"]
    logged = []
    for name in names:
        task = yaml.safe_load((tmp_path / "tasks" / f"{name}.yaml").read_text())
        docs = [
            json.loads(line) for line in Path(task["dataset_kwargs"]["data_files"]["test"]).read_text().splitlines()
        ]
        assert {task["doc_to_choice"], task["doc_to_target"]} <= set(docs[0])
        for doc in docs:
            right = doc["answer"] if name.endswith("plain") else 0
            resps = [["-9.0", "False"], ["-8.0", "False"]]
            resps[right][0] = "-1.0"
            logged.append({"doc_id": len(logged), "doc": doc, "filtered_resps": resps, "acc": 1.0})
    group = yaml.safe_load((tmp_path / "tasks" / "macaronic_mixed_versions.yaml").read_text())
    assert group["task"] == names
    values = {(one.name, one.level): one.value for one in score(Asked(rows_file(logged), samples=0)).results}
    assert values["accuracy change", "en+es/ratio-token/0.5"] == -0.5
    with pytest.raises(UsageError, match="need them"):
        write_folder(plain_rows(open_items(2), "en"), tmp_path)


def test_open_prompts_through_the_command_line(tmp_path: Path) -> None:
    from macaronic.cli.main import app

    items, out, said = tmp_path / "items.jsonl", tmp_path / "versions.jsonl", tmp_path / "outputs.jsonl"
    held = [{"id": item.id, **{tag: texts["prompt"] for tag, texts in item.texts.items()}} for item in open_items(15)]
    items.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in held), "utf-8")
    script = tmp_path / "script.jsonl"
    script.write_text('{"match": "", "reply": "I think that this is what you should do tomorrow."}\n')
    run = CliRunner()
    made = run.invoke(
        app, ["eval", "mixed", str(items), "--pair", "es,en", "--amount", "0.5", "-o", str(out), "--json"]
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["versions"][0]["items"] == 15
    words = [
        "eval",
        "run",
        "mixed-versions",
        "-m",
        f"scripted:{script}",
        "--prompts",
        str(out),
        "-o",
        str(said),
        "--json",
    ]
    asked = run.invoke(app, words)
    assert asked.exit_code == 0, asked.output
    scores = json.loads(asked.stdout)["scores"]
    found = {c["metric"]: c["change"] for c in scores["changes"]}
    assert found == {"right": 1.0, "main_language": 0.0}  # English suits the mixed prompt, and is not its main language
    for words in (["--pair", "es"], ["--pair", "es,en", "--method", "nuon-token"], ["--pair", "fr,de"]):
        bad = run.invoke(app, ["eval", "mixed", str(items), "-o", str(out), *words])
        assert isinstance(bad.exception, UsageError), words
