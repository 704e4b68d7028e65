"""The generator: each prompt asked once, whatever stops the run; what fails is counted and keeps its place."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, PartialResult, UsageError
from macaronic.core.problems import Problems
from macaronic.core.protocols import Reply
from macaronic.evaluate import benchmark, generate
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.generate import Params, output_rows, write_outputs
from macaronic.evaluate.prompts import CONFUSION, Form, Prompt, confusion_rows, read_prompts
from macaronic.lm.failed import CallFailed
from macaronic.lm.scripted import Messages, Scripted

from .killed import command, finished, kill_and_resume
from .scripted_server import Script, serving


def echo() -> Scripted:
    return Scripted(lambda messages: Reply(messages[-1]["content"].upper(), usage={"completion_tokens": 3}))


def some(n: int) -> list[Prompt]:
    return [Prompt(str(i), (f"q{i}",)) for i in range(n)]


def test_each_is_asked_once(tmp_path: Path) -> None:
    lm = echo()
    first = generate.generate(some(30), lm, tmp_path / "a.jsonl", concurrency=4)
    second = generate.generate(some(40), lm, tmp_path / "a.jsonl", concurrency=4)
    assert [turns[0].text for turns in second.answers] == [f"Q{i}" for i in range(40)]  # type: ignore[union-attr]
    assert (first.asked, second.asked, second.kept, len(lm.calls)) == (30, 10, 30, 40)
    assert second.tokens == {"completion_tokens": 120}


@pytest.mark.parametrize("other", [{"params": Params(max_tokens=9)}, {"params": Params(seed=1)}, {"repeat": 1}])
def test_other_settings_are_other_questions(tmp_path: Path, other: dict[str, Any]) -> None:
    lm = echo()
    generate.generate(some(3), lm, tmp_path / "a.jsonl")
    assert generate.generate(some(3), lm, tmp_path / "a.jsonl", **other).asked == 3


def test_the_same_prompt_twice_is_one_call(tmp_path: Path) -> None:
    lm = echo()
    run = generate.generate([*some(2), *some(2)], lm, tmp_path / "a.jsonl")
    assert (len(lm.calls), len(run.answers)) == (2, 4)


def test_no_more_are_open_than_allowed(tmp_path: Path) -> None:
    script = Script(slow=0.02)
    with serving(script):
        pytest.importorskip("openai", reason="needs macaronic[llm]")
        from macaronic.lm.http import Server

        lm = Server("tiny", base_url=script.url, concurrency=100)
        run = generate.generate(some(12), lm, tmp_path / "a.jsonl", concurrency=3)
    assert run.asked == 12
    assert run.seconds >= 12 / 3 * 0.02


def test_turns_see_what_was_said(tmp_path: Path) -> None:
    lm = Scripted(lambda messages: " ".join(m["content"] for m in messages))
    before = ({"role": "system", "content": "s"},)
    run = generate.generate([Prompt("1", ("a", "b"), before)], lm, tmp_path / "a.jsonl")
    assert [one.text for one in run.answers[0] if isinstance(one, Reply)] == ["s a", "s a s a b"]
    row = next(output_rows([Prompt("1", ("a", "b"))], run, "m", Form(answer="responses", many=True)))
    assert row["responses"] == ["s a", "s a s a b"]


def test_what_fails_is_asked_again_and_keeps_its_place(tmp_path: Path) -> None:
    def say(messages: Messages) -> str | Exception:
        return CallFailed("timeout", "slow") if messages[-1]["content"] == "q1" else "fine"

    run = generate.generate(some(3), Scripted(say), tmp_path / "a.jsonl")
    rows = list(output_rows(some(3), run, "m", Form()))
    assert [row["response"] for row in rows] == ["fine", "", "fine"]
    assert (rows[1]["finish"], run.failed, dict(run.causes())) == ("failed", 1, {"timeout": 1})
    later = Scripted({"": "late"})
    assert generate.generate(some(3), later, tmp_path / "a.jsonl").asked == 1
    assert len(later.calls) == 1


def test_a_server_that_is_gone_is_not_asked_for_ever(tmp_path: Path) -> None:
    lm = Scripted(lambda messages: CallFailed("connection", "refused"))
    run = generate.generate(some(500), lm, tmp_path / "a.jsonl", concurrency=2)
    assert run.failed == 500
    assert len(lm.calls) <= generate.PATIENCE + 2
    assert generate.NOT_ASKED in str(run.answers[-1][-1])
    assert run.causes()["not asked"] >= 470


def test_prompts_that_are_refused_one_after_the_other_do_not_end_a_run(tmp_path: Path) -> None:
    lm = Scripted(lambda messages: CallFailed("refused by the server", "400", status=400))
    run = generate.generate(some(60), lm, tmp_path / "a.jsonl", concurrency=1)
    assert (len(lm.calls), run.failed, run.causes()["refused by the server"]) == (60, 60, 60)


def test_a_wrong_key_ends_the_run_and_keeps_what_was_paid(tmp_path: Path) -> None:
    lines: Iterator[str | Exception] = iter(["one", UsageError("the server takes no call")])
    with pytest.raises(UsageError, match="takes no call"):
        generate.generate(some(9), Scripted(lambda messages: next(lines)), tmp_path / "a.jsonl", concurrency=1)
    run = generate.generate(some(2), echo(), tmp_path / "a.jsonl")
    assert [turns[0].text for turns in run.answers if isinstance(turns[0], Reply)] == ["one", "Q1"]


def test_numbers_out_of_range(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        generate.generate(some(1), echo(), tmp_path / "a.jsonl", concurrency=0)
    assert generate.generate([], echo(), tmp_path / "a.jsonl").answers == ()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the answers"):
        generate.generate(some(1), echo(), tmp_path)


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_answer_is_written(texts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "o.jsonl"
        assert write_outputs(path, iter([{"response": text} for text in texts])) == len(texts)
        held = [json.loads(line)["response"] for line in path.read_text("utf-8").split("\n") if line]
        assert held == texts


def test_killed_three_times_no_finished_prompt_is_asked_twice(tmp_path: Path) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    n, concurrency = 120, 4
    prompts, out = tmp_path / "p.jsonl", tmp_path / "o.jsonl"
    rows = [{"id": i, "prompt": f"Frage {i}: wie geht es?", "allowed": ["de"]} for i in range(n)]
    prompts.write_text("".join(json.dumps(row) + "\n" for row in rows))
    script = Script(too_many=11, broken=67, malformed=41, refusals=10, wrong=7, slow=0.01)
    with serving(script):
        found = kill_and_resume(
            script, prompts, out, [20, 50, 80], lambda p: re.findall(r"\d+", p)[0], "--concurrency", str(concurrency)
        )
    assert found["kills"] == 3
    assert found["again"] == 0
    assert found["in_flight"] <= 3 * concurrency
    assert set(script.misbehaved) == {"too many", "broken", "malformed"}
    assert found["last"]["failed"] == 0
    written = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in written] == list(range(n))
    assert all(row["response"].startswith(f"{row['id']}: ") for row in written)
    assert sum(row["finish"] == "refusal" for row in written) == n // 10
    assert "unused" not in out.with_suffix(".answers.jsonl").read_text()


def test_stopped_by_hand(tmp_path: Path) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    prompts, out = tmp_path / "p.jsonl", tmp_path / "o.jsonl"
    prompts.write_text("".join(json.dumps({"id": i, "prompt": f"{i}?"}) + "\n" for i in range(200)))
    script = Script(slow=0.05)
    with serving(script):
        words, environment = command(script, prompts, out, "--concurrency", "2")
        process = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True)
        while len(finished(out.with_suffix(".answers.jsonl"))) < 3:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
    assert process.returncode == 130
    assert "run the same command again" in told
    assert not out.exists()


def test_the_command(tmp_path: Path) -> None:
    """Its report, its table, prices, repeats, a run that is partial, and files that would spoil each other."""
    from typer.testing import CliRunner

    from macaronic.cli.main import app

    script, prompts = tmp_path / "s.jsonl", tmp_path / "p.jsonl"
    script.write_text('{"match": "Frage", "reply": "Das ist eine deutsche Antwort."}\n')
    rows = [{"id": i, "prompt": f"Frage {i}", "allowed": ["de"]} for i in range(9)] + [{"id": 9, "prompt": "Pregunta"}]
    prompts.write_text("".join(json.dumps({"allowed": ["de"], **row}) + "\n" for row in rows))

    def run(*words: str) -> Any:
        start = ["eval", "run", "in-language", "-m", f"scripted:{script}", "--prompts", str(prompts)]
        return CliRunner().invoke(app, [*start, *words])

    whole = run("-o", str(tmp_path / "o.jsonl"), "--json", "--price", "1,2")
    assert isinstance(whole.exception, PartialResult)
    told = json.loads(whole.stdout)
    assert (told["prompts"], told["asked"], told["failed"], told["causes"]) == (10, 9, 1, {"no reply": 1})
    assert next(r["value"] for r in told["scores"]["results"] if r["level"] == "all") == 0.9
    some_of = run("-o", str(tmp_path / "o.jsonl"), "--limit", "5", "--repeats", "2")
    assert some_of.exit_code == 0, some_of.output
    assert "right" in some_of.stdout
    for number in (1, 2):
        held = [json.loads(line) for line in (tmp_path / f"o.{number}.jsonl").read_text().splitlines()]
        assert [row["id"] for row in held] == [0, 2, 4, 6, 8]
    before = prompts.read_text()
    for words in (["-o", str(prompts)], ["-o", "o.csv"], ["-o", str(tmp_path / "x.jsonl"), "--answers", str(prompts)]):
        assert isinstance(run(*words).exception, UsageError), words
    assert isinstance(run("-o", str(tmp_path / "x.jsonl"), "--price", "free").exception, UsageError)
    assert prompts.read_text() == before


def test_confusion_prompts() -> None:
    problems = Problems()
    prompts = read_prompts(CONFUSION, Form(), problems)
    rows = list(confusion_rows())
    assert len({p.id for p in prompts}) == len(prompts) == len(rows)
    assert not problems.count
    by_language: dict[str, int] = {}
    for row in rows:
        by_language[row["language"]] = by_language.get(row["language"], 0) + 1
    assert len(by_language) == 15
    assert by_language.pop("en") == 6
    assert set(by_language.values()) == {11}
    assert not any("{" in row["prompt"] for row in rows)


def test_our_prompts_are_in_their_own_language() -> None:
    from macaronic.identify import tagger

    rows = [row for row in confusion_rows() if row["task"] == "monolingual"]
    found = tagger.load().identify_sentence([row["prompt"] for row in rows])
    wrong = [(row["id"], one["lang"]) for row, one in zip(rows, found) if one["lang"] not in row["allowed"]]
    assert len(wrong) <= 3, wrong


def test_every_benchmark_can_score_what_was_generated(tmp_path: Path) -> None:
    """Where the prompts hold what it wants; the answer's field is one that its form names."""
    for module in benchmark.modules():
        form = getattr(module, "PROMPTS", None)
        if form is not None:
            assert form.answer in module.BENCHMARK.form, module.BENCHMARK.name
            assert form.key in module.BENCHMARK.form or form.answer == "translation", module.BENCHMARK.name
    prompts = read_prompts(CONFUSION, Form(), Problems())
    for name in ("in-language", "language-confusion"):
        module = benchmark.find(name)
        run = generate.generate(prompts, Scripted({"": "Das ist eine deutsche Antwort."}), tmp_path / "a.jsonl")
        write_outputs(tmp_path / "o.jsonl", output_rows(prompts, run, "m", module.PROMPTS))
        scored = module.score(Asked(str(tmp_path / "o.jsonl"), samples=0))
        good = [one.id for one in scored.judged if one.values[module.BENCHMARK.metrics[0].name]]
        assert len(scored.judged) == len(prompts)
        assert len(good) == 11
        assert all("/de/" in name for name in good)


def test_multi_if_rows_become_turns(rows_file: Callable[..., str]) -> None:
    first = json.dumps({"role": "user", "content": "Hola"})
    rows = [
        {"key": "a", "turn_1_prompt": first, "turn_2_prompt": json.dumps({"role": "user", "content": "y luego"})},
        {"key": "b", "turn_1_prompt": first, "turn_2_prompt": "None", "turn_3_prompt": "x"},
        {"key": "c"},
    ]
    problems = Problems()
    form = benchmark.find("multi-if").PROMPTS
    found = read_prompts(rows_file(rows), form, problems)
    assert [(p.id, p.turns) for p in found] == [("a", ("Hola", "y luego")), ("b", ("Hola",))]
    assert problems.by_kind == {"no prompt": 1}


def test_instructions_without_a_language_count_once(rows_file: Callable[..., str], tmp_path: Path) -> None:
    """The rows of a release that name no language: as many outputs in the table as there are."""
    asked = {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    module = benchmark.find("marco-mif")
    prompts = read_prompts(
        rows_file([{"key": i, "prompt": f"q{i}", **asked} for i in range(6)]), module.PROMPTS, Problems()
    )
    lm = Scripted(lambda messages: "a, b" if messages[-1]["content"] in ("q0", "q1") else "a b")
    run = generate.generate(prompts, lm, tmp_path / "a.jsonl")
    write_outputs(tmp_path / "o.jsonl", output_rows(prompts, run, "m", module.PROMPTS))
    found = module.score(Asked(str(tmp_path / "o.jsonl"), samples=0)).results
    assert {(r.level, r.n) for r in found} == {("all", 6)}
    assert {round(r.value, 4) for r in found if r.value is not None and r.name.endswith("strict")} == {0.6667}


def test_conversations_and_bad_rows(rows_file: Callable[..., str]) -> None:
    talk = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]
    rows = [{"id": 1, "messages": talk}, {"id": 2, "messages": talk[:2]}, {"prompt": "no name"}, {"prompt": None}]
    problems = Problems()
    found = read_prompts(rows_file(rows), Form(), problems, system="s")
    assert [p.id for p in found] == ["1", "line 3"]
    assert [m["content"] for m in found[0].before] == ["s", "a", "b"]
    assert problems.count == 2
    with pytest.raises(FormatError, match="expected rows with prompt"):
        read_prompts(rows_file([{"text": "x"}]), Form(), Problems())
    with pytest.raises(InputError, match="no rows"):
        read_prompts(rows_file([]), Form(), Problems())
