"""Everyone pays for what is read, the same seed gives the same rows, and who cannot run is named."""

import numpy as np
import pytest

from macaronic.core.errors import MissingExtra, UnknownName, UsageError
from macaronic.mix.contest import contest, methods
from macaronic.mix.contest.contest import hold
from macaronic.mix.contest.rows import Contest, Row, as_csv
from macaronic.mix.contest.trial import Spent, Terms, Trial, trial
from macaronic.mix.contest.verdicts import reachable, verdicts

TERMS = Terms(proxies=10, stretches=12)


@pytest.fixture(scope="module")
def given() -> Trial:
    return trial(0, budget=2e5, terms=TERMS)


@pytest.mark.parametrize("name", [m for m in methods.METHODS if m not in ("gbm", "law+gbm", "auto")])
def test_no_method_reads_more_than_the_budget(given: Trial, name: str) -> None:
    spent = methods.entrant(name)(given)
    assert spent.read.sum() <= given.budget * (1 + 1e-9)
    assert np.all(spent.read >= 0)
    assert spent.shares.sum() == pytest.approx(1)
    if name in methods.PROXIES:
        assert spent.read.sum() == pytest.approx((1 - TERMS.spend) * given.budget)
    if name in methods.RULES:
        assert spent.read.sum() == pytest.approx(given.budget)
    if name in ("aioli", "skillit", "tikmix", "doremi", "doge"):
        assert spent.read.sum() < given.budget - given.held.cost


def test_an_oracle_has_no_regret_and_beats_even_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    real = methods.entrant

    def with_oracle(name: str):
        if name == "mixmin":
            return lambda given: Spent(given.budget * given.world.best(given.budget).shares)
        return real(name)

    monkeypatch.setattr(contest, "entrant", with_oracle)
    found = hold(("stratified", "mixmin", "proportional"), seeds=range(7), budgets=(2e5,), terms=TERMS)
    told = {v.method: v for v in verdicts(found)}
    assert told["mixmin"].regret == pytest.approx(0, abs=1e-12)
    assert told["mixmin"].beats == "yes"
    assert told["mixmin"].p == pytest.approx(2 * 2 / 2**7)
    assert told["proportional"].beats != "yes"
    assert all(row.regret >= 0 for row in found.rows)


def test_the_same_seed_gives_the_same_rows_whatever_else_runs() -> None:
    one = hold(("stratified", "rb"), seeds=(3,), budgets=(2e5,), terms=TERMS)
    two = hold(("rb", "odm", "stratified"), seeds=(3,), budgets=(2e5,), terms=TERMS)
    assert [row for row in two.rows if row.method == "rb" and row.seed == 3] == one.of("rb", 2e5)
    assert as_csv(one.rows) == as_csv(hold(("stratified", "rb"), seeds=(3,), budgets=(2e5,), terms=TERMS).rows)


def test_a_missing_package_leaves_one_method_out_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = methods.entrant

    def without(name: str):
        if name == "gbm":

            def fail(given: Trial) -> None:
                raise MissingExtra("lightgbm", "mix")

            return fail
        return real(name)

    monkeypatch.setattr(contest, "entrant", without)
    found = hold(("stratified", "gbm"), seeds=(0,), budgets=(2e5,), terms=TERMS)
    assert found.methods == ("stratified",)
    assert any("gbm was left out" in note and "macaronic[mix]" in note for note in found.notes)


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="too small"):
        hold(("stratified", "law"), seeds=(0,), budgets=(1e4,))
    assert hold(("stratified",), seeds=(0,), budgets=(1e4,)).rows[0].regret > 0
    with pytest.raises(UnknownName, match="Did you mean 'mixmin'"):
        methods.asked(["mixmn"])
    with pytest.raises(UsageError, match="tables of finished runs"):
        methods.asked(["aioli"], ("stratified", "law"))
    with pytest.raises(UsageError, match="expected methods"):
        methods.asked([])


def test_one_seed_has_no_interval_and_no_test() -> None:
    rows = [Row(m, 0, 1.0, r, r, None, 0.0, {}) for m, r in (("stratified", 1.0), ("law", 0.1))]
    told = verdicts(Contest("w", "symbols", tuple(rows)))
    assert [(v.low, v.p, v.beats) for v in told] == [(None, None, "no"), (None, None, "baseline")]


def test_worse_is_said_too() -> None:
    worth = {"stratified": 0.1, "law": 0.5, "gp": 0.1}
    rows = [Row(m, s, 1.0, r, r + s % 3, None, 0.0, {}) for m, r in worth.items() for s in range(10)]
    told = {v.method: v.beats for v in verdicts(Contest("w", "symbols", tuple(rows)))}
    assert told == {"stratified": "baseline", "law": "worse", "gp": "no"}
    assert reachable(10, 3)
