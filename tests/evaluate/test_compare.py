"""Changes between two models: hand-made numbers, exact tests, gates."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from macaronic.core.errors import InputError, UnknownName, UsageError
from macaronic.core.paired import sign_flip
from macaronic.evaluate.compare import compare, examples_needed
from macaronic.evaluate.gate import Gate, Rule, judge, junit, load, markdown
from macaronic.evaluate.judged import Judged


def run(values: Sequence[float | None], language: str = "hi", metric: str = "acc", first: int = 0) -> list[Judged]:
    return [Judged(str(first + i), {metric: v}, language) for i, v in enumerate(values)]


def test_pairs_by_name_not_by_order() -> None:
    old = run([1, 0, 1, 1])
    change = compare([old], [old[::-1]])[0]
    assert (change.change, change.p, change.n) == (0.0, 1.0, 4)


def test_each_language_and_all() -> None:
    old = [*run([1.0] * 20), *run([1.0] * 20, "en", first=20)]
    new = [*run([0.0] * 20), *run([1.0] * 20, "en", first=20)]
    found = {change.language: change for change in compare([old], [new])}
    assert [round(found[name].change, 6) for name in ("all", "hi", "en")] == [-0.5, -1.0, 0.0]
    assert found["hi"].adjusted == pytest.approx(2 * found["hi"].p)


def test_what_the_new_one_lacks_counts_as_wrong() -> None:
    old, new = run([1.0] * 10), run([1.0] * 6)
    wrong, left = compare([old], [new])[0], compare([old], [new], missing="leave")[0]
    assert (wrong.new, wrong.n, wrong.missing) == (0.6, 10, 4)
    assert (left.new, left.n, left.missing) == (1.0, 6, 0)


def test_repeats_are_averaged_example_by_example() -> None:
    old = [run([1.0, 0.0]), run([0.0, 0.0])]
    change = compare(old, [run([1.0, 1.0])])[0]
    assert (change.base, change.new, change.n) == (0.25, 1.0, 2)


def test_values_that_do_not_apply_are_left_out() -> None:
    assert compare([run([1.0, None])], [run([0.0, 1.0])])[0].n == 1


def test_a_metric_that_no_longer_applies_is_no_missing_answer() -> None:
    change = compare([run([1.0, 1.0, 1.0])], [run([0.0, None, 1.0])])[0]
    assert (change.n, change.missing, change.new) == (2, 0, 0.5)


def test_silence_is_the_worst_answer_where_lower_is_better() -> None:
    old, new = run([0.0, 0.5, 3.0]), run([0.0, 0.5])
    change = compare([old], [new], lower=["acc"])[0]
    assert (change.better, change.missing, change.new) == ("lower", 1, pytest.approx(3.5 / 3))
    negative = compare([run([-20.0, -10.0])], [run([-10.0])])[0]
    assert negative.new == -15.0


def test_a_repeat_that_left_one_out_does_not_gain() -> None:
    old = [run([1.0, 1.0])]
    wrong = compare(old, [run([1.0, 1.0]), run([1.0])])[0]
    left = compare(old, [run([1.0, 1.0]), run([1.0])], missing="leave")[0]
    assert (wrong.new, wrong.missing, left.new, left.missing) == (0.75, 0, 1.0, 0)


def test_nothing_in_common() -> None:
    with pytest.raises(UsageError, match="no scored example in common"):
        compare([run([1.0])], [run([1.0], metric="f1")])
    with pytest.raises(UnknownName):
        compare([run([1.0])], [run([1.0])], names=["ac"])


def test_as_many_examples_as_said_show_the_change() -> None:
    rng = np.random.default_rng(5)
    n = examples_needed(1.0, 0.5)
    found = [sign_flip(rng.normal(0.5, 1.0, n), rng=rng, flips=400) <= 0.05 for _ in range(200)]
    assert 0.7 < np.mean(found) < 0.9
    with pytest.raises(UsageError):
        examples_needed(1.0, 0.0)


def test_a_gate_by_margin_and_floor() -> None:
    changes = compare([run([1.0] * 30)], [run([0.9] * 30)])
    assert [v.passed for v in judge(changes, Gate())] == [False]
    assert [v.passed for v in judge(changes, Gate(metric={"acc": Rule(margin=0.15)}))] == [True]
    assert [v.passed for v in judge(changes, Gate(metric={"acc": Rule(margin=0.15, least=0.95)}))] == [False]
    assert [v.passed for v in judge(changes, Gate(metric={"acc": Rule(direction="lower")}))] == [True]
    assert [v.passed for v in judge(compare([run([0.1] * 30)], [run([0.9] * 30)], lower=["acc"]), Gate())] == [False]
    with pytest.raises(UnknownName, match="language of acc in the gate 'hindi'"):
        judge(changes, Gate(metric={"acc": Rule(languages=["hindi"])}))
    with pytest.raises(UnknownName, match="Did you mean 'acc'"):
        judge(changes, Gate(metric={"ac": Rule()}))


def test_left_out_examples_fail_a_gate() -> None:
    changes = compare([run([0.0] * 10)], [run([0.0] * 5)])
    assert not judge(changes, Gate())[0].passed
    assert judge(changes, Gate(max_missing=0.5))[0].passed


def test_what_continuous_integration_reads() -> None:
    odd = "<hi|\x1b[31m\ud800"
    old, new = [*run([1.0] * 30, odd), *run([1.0], first=30)], [*run([0.0] * 30, odd), *run([1.0], first=30)]
    verdicts = judge(compare([old], [new]), Gate())
    suite = ElementTree.fromstring(junit(verdicts).encode())[0]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    table = markdown([*verdicts])
    assert "2 of 3 failed" in table
    assert "\x1b" not in table


def test_gates_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("alpha = 0.01\n[metric.acc]\nmargin = 0.02\n", "utf-8")
    assert load(str(path)).metric["acc"].margin == 0.02
    for text, told in {
        "[metric.acc]\nmargn = 0.02\n": "Did you mean 'margin'",
        "[metrics.acc]\n": "Did you mean 'metric'",
        "[metric.acc]\nmargin = nan\n": r"metric\.acc\.margin",
        "[metric.acc]\nleast = inf\n": r"metric\.acc\.least",
        "[metric.acc]\ndirection = 'up'\n": "'higher' or 'lower'",
        "alpha = 2\n": "less than 1",
        "[metric.acc\n": "not valid TOML",
        "metric = 'acc'\n": "dictionary",
    }.items():
        path.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=told):
            load(str(path))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="UTF-8"):
        load(str(path))
    with pytest.raises(InputError, match="No such file"):
        load(str(tmp_path / "none.toml"))
