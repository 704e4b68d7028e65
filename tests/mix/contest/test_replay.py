"""On tables of finished runs: the pick's regret is read off the table, and RegMix's figures stand side by side."""

import os
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.mix.contest import protocols, replay
from macaronic.mix.runs import Runs

DATA = Path(os.environ.get("MACARONIC_DATA", "nowhere"))
NAMES = ("hi", "en", "ta")


def made(n: int, seed: int) -> Runs:
    """Runs of a world that follows mixing laws."""
    p = np.random.default_rng(seed).dirichlet(np.ones(3), n)
    losses = 1 + np.exp(-2 * p * np.array([1.0, 2.0, 3.0]))
    return Runs(p, losses, NAMES, NAMES, tuple(map(str, range(n))))


def test_a_law_picks_the_best_row_of_a_lawful_table() -> None:
    given = replay.Tables("made", made(40, 0), made(30, 1), {"hi": 0.8, "en": 0.1, "ta": 0.1})
    found = replay.play(given, ("stratified", "proportional", "law"), seeds=(0, 1), budgets=(20,))
    assert found.regrets("law", 20).max() < 1e-9
    assert found.regrets("proportional", 20).min() > 0
    assert len(found.truth["law"]) == 30
    row = found.of("stratified", 20)[0]
    assert row.loss - row.regret == pytest.approx(float(given.unseen.losses.mean(axis=1).min()))


def test_without_a_test_table_all_are_there_to_pick_from() -> None:
    given = replay.Tables("made", made(12, 0), None, {})
    found = replay.play(given, ("stratified", "temperature", "law"), seeds=(0,), budgets=(8,), target="ta")
    assert found.methods == ("stratified", "law")
    assert len(found.truth["law"]) == 4
    assert any("temperature was left out" in note for note in found.notes)
    with pytest.raises(UsageError, match="from 5 to 11"):
        replay.play(given, ("law",), seeds=(0,), budgets=(12,))
    with pytest.raises(UnknownName, match="Did you mean 'ta'"):
        replay.play(given, ("law",), seeds=(0,), budgets=(8,), target="taa")


def test_tables_of_mixing_laws_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "five_domains.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FormatError, match="expected the columns"):
        replay.mixing_laws(tmp_path)
    (tmp_path / "five_domains.csv").write_text("size,run,ratio,step,domain,loss\n70M,0,0.5-0.5,1,x,2\n")
    with pytest.raises(FormatError, match="no runs of size"):
        replay.mixing_laws(tmp_path)
    with pytest.raises(UnknownName):
        replay.mixing_laws(tmp_path, table="four")


@pytest.mark.skipif(not (DATA / "regmix").is_dir(), reason="needs the data set regmix (MACARONIC_DATA)")
def test_regmix_by_three_protocols() -> None:
    pytest.importorskip("lightgbm", reason="needs LightGBM")
    given = replay.regmix(DATA / "regmix")
    rows = protocols.side_by_side(given.shop, given.unseen, {"the_pile_arxiv": 99.60}, methods=("law",))
    arxiv = next(row for row in rows if row[0] == "the_pile_arxiv")
    assert arxiv[2] == pytest.approx(99.60, abs=0.02)  # printed in the authors' notebook
    assert 95 < arxiv[3]["law"] < 100
    text = protocols.as_csv(rows)
    assert text.splitlines()[0] == "target,published,authors_protocol,honest_law"
    assert len(text.splitlines()) == 14


@pytest.mark.skipif(not (DATA / "regmix").is_dir(), reason="needs the data set regmix (MACARONIC_DATA)")
def test_regmix_replayed() -> None:
    given = replay.regmix(DATA / "regmix")
    assert set(given.prior) == set(given.shop.domains)
    found = replay.play(given, ("stratified", "law"), seeds=(0,), budgets=(64,))
    assert found.regrets("law", 64)[0] < found.regrets("stratified", 64)[0]


@pytest.mark.skipif(not (DATA / "mixlaws" / "five_domains.csv").is_file(), reason="needs the data set mixlaws")
def test_mixing_laws_replayed() -> None:
    given = replay.mixing_laws(DATA / "mixlaws")
    assert len(given.shop) == 26
    assert replay.play(given, ("stratified", "law"), seeds=(0,), budgets=(16,)).regrets("law", 16)[0] >= 0
