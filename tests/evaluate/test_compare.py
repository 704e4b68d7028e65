"""Changes between two models: hand-made numbers, exact tests, gates."""

from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.evaluate.compare import compare, examples_needed, holm, sign_flip
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


def test_nothing_in_common() -> None:
    with pytest.raises(UsageError, match="no scored example in common"):
        compare([run([1.0])], [run([1.0], metric="f1")])
    with pytest.raises(UnknownName):
        compare([run([1.0])], [run([1.0])], names=["ac"])


@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=8))
def test_small_tests_are_exact(gaps: list[float]) -> None:
    seen = abs(sum(gaps))
    every = [abs(sum(s * g for s, g in zip(signs, gaps))) for signs in product((1, -1), repeat=len(gaps))]
    wanted = sum(v >= seen - 1e-9 for v in every) / len(every)
    assert sign_flip(np.array(gaps), rng=np.random.default_rng(0)) == pytest.approx(wanted)


def test_no_change_is_seldom_found() -> None:
    rng = np.random.default_rng(3)
    ps = [sign_flip(rng.normal(size=60), rng=rng, flips=400) for _ in range(200)]
    assert 0.01 < np.mean(np.array(ps) <= 0.05) < 0.1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_never_lowers_and_keeps_order(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(a >= p - 1e-9 for a, p in zip(adjusted, ps))
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert all(adjusted[a] <= adjusted[b] for a, b in pairwise(order))


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
    with pytest.raises(UnknownName, match="Did you mean 'acc'"):
        judge(changes, Gate(metric={"ac": Rule()}))


def test_left_out_examples_fail_a_gate() -> None:
    changes = compare([run([0.0] * 10)], [run([0.0] * 5)])
    assert not judge(changes, Gate())[0].passed
    assert judge(changes, Gate(max_missing=0.5))[0].passed


def test_what_continuous_integration_reads() -> None:
    verdicts = judge(compare([run([1.0] * 30, "<hi|")], [run([0.0] * 30, "<hi|")]), Gate())
    suite = ElementTree.fromstring(junit(verdicts))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    table = markdown([*verdicts])
    assert "1 of 1 failed" in table


def test_gates_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("alpha = 0.01\n[metric.acc]\nmargin = 0.02\n", "utf-8")
    assert load(str(path)).metric["acc"].margin == 0.02
    path.write_text("[metric.acc]\nmargn = 0.02\n", "utf-8")
    with pytest.raises(UsageError, match="margn"):
        load(str(path))
