"""Fits: honest scores, the choice, guards, keeping, and the same table from every engine."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.executor import Processes
from macaronic.mix import compat
from macaronic.mix.fit import fit, judged, summary
from macaronic.mix.fitted import Fit, load, save
from macaronic.mix.gaussian import fit_process
from macaronic.mix.laws import Law
from macaronic.mix.runs import Runs, read
from macaronic.mix.validate import folds, held_out, score

NEEDS_TREES = pytest.mark.skipif(
    not __import__("importlib.util").util.find_spec("lightgbm"), reason="needs lightgbm (pip install 'macaronic[mix]')"
)


def world(n: int, *, seed: int = 0, noise: float = 0.01) -> Runs:
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(4, 0.7), n)
    laws = [Law(2.0, np.array([-2.0, 0.3, 0.2, 0.1])), Law(1.0, np.array([0.2, -1.5, 0.4, 0.0]))]
    losses = np.stack([law.predict(p) for law in laws], axis=1) + rng.normal(0, noise, (n, 2))
    return Runs(p, losses, tuple("abcd"), ("x", "y"), tuple(map(str, range(n))))


def regmix(part: str) -> Runs:
    place = Path(os.environ.get("MACARONIC_DATA", "nowhere")) / "regmix"
    if not place.exists():
        pytest.skip("needs the data set regmix (MACARONIC_DATA)")
    return read(place / f"{part.split('-')[0]}_mixture_1m.csv", place / f"{part.split('-')[0]}_pile_loss_1m.csv")


def test_scores_are_never_nan() -> None:
    assert score(np.ones(4), np.arange(4.0)).spearman == 0.0
    assert score(np.ones(4), np.arange(4.0)).constant
    assert score(np.arange(4.0), np.ones(4)).spearman == 0.0
    assert score(np.array([1.0, np.nan]), np.array([1.0, 2.0])).constant


def test_every_row_is_judged_once_and_never_by_a_fit_that_saw_it() -> None:
    runs = world(23)
    for learn, judge in folds(23, 5, rng=np.random.default_rng(1)):
        assert not set(learn) & set(judge)

    class Memory:
        def __init__(self, mixtures: np.ndarray) -> None:
            self.seen = {row.tobytes() for row in mixtures}

        def predict(self, mixtures: np.ndarray) -> np.ndarray:
            return np.array([float(row.tobytes() in self.seen) for row in mixtures])

    known = held_out(lambda p, y: Memory(p), runs.mixtures, runs.losses[:, 0], k=5, rng=np.random.default_rng(1))
    assert known.tolist() == [0.0] * 23


@NEEDS_TREES
def test_auto_takes_the_law_in_a_world_of_laws() -> None:
    done = fit(world(48))
    unseen = judged(done, world(100, seed=9))
    assert all(one.spearman > 0.97 for one in unseen.values())
    assert set(done.fits[0].cv) == {"law", "gbm", "gp", "law+gbm"}
    assert max(done.fits[0].cv.values(), key=lambda s: s.spearman) == done.fits[0].cv[done.fits[0].method]


@NEEDS_TREES
@pytest.mark.parametrize("n", [5, 12, 32])
def test_small_tables_never_give_nan_or_a_constant(n: int) -> None:
    done = fit(world(n), folds=3)
    predicted = done.predict(world(50, seed=5).mixtures)
    assert np.isfinite(predicted).all()
    assert (np.ptp(predicted, axis=0) > 0).all()


def test_a_constant_target_is_said() -> None:
    runs = world(20)
    flat = Runs(
        runs.mixtures, np.column_stack([runs.losses[:, 0], np.full(20, 3.0)]), runs.domains, ("x", "y"), runs.ids
    )
    done = fit(flat, method="law")
    assert any("do not vary" in w for w in done.of("y").warnings)
    assert done.of("y").model.predict(runs.mixtures) == pytest.approx(3.0)
    assert summary(done)["targets"]["y"]["cv_spearman"] == 0.0


def test_a_process_that_calls_all_noise_says_so() -> None:
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.ones(3), 60)
    told = [fit_process(p, rng.normal(0, 1, 60)).warnings for _ in range(10)]
    assert sum(any("collapsed" in w for w in warnings) for warnings in told) >= 5
    assert not fit_process(p, p[:, 0]).warnings


@NEEDS_TREES
def test_processes_give_the_same_fits_as_serial() -> None:
    runs, fresh = world(24), world(20, seed=3).mixtures
    here = fit(runs, method="law+gbm", folds=2)
    there = fit(runs, method="law+gbm", folds=2, executor=Processes(2))
    assert here.predict(fresh).tobytes() == there.predict(fresh).tobytes()
    assert summary(here) == summary(there)


@NEEDS_TREES
@pytest.mark.parametrize("method", ["law", "gbm", "gp", "law+gbm"])
def test_a_kept_fit_predicts_the_same(tmp_path: Path, method: str) -> None:
    done, fresh = fit(world(24), method=method, folds=2), world(20, seed=3).mixtures
    save(done, tmp_path / "fit.json")
    back = load(tmp_path / "fit.json")
    assert back.predict(fresh).tobytes() == done.predict(fresh).tobytes()
    assert summary(back) == summary(done)


def test_a_file_that_is_no_fit(tmp_path: Path) -> None:
    for text in ("no json", "{}", json.dumps({"version": 1})):
        (tmp_path / "fit.json").write_text(text)
        with pytest.raises(FormatError, match="expected a fit"):
            load(tmp_path / "fit.json")


def test_own_regressor_and_bad_requests() -> None:
    from macaronic.mix.laws import fit_law

    done = fit(world(20), own=fit_law)
    assert done.fits[0].method == "own"
    assert done.fits[0].cv["own"].spearman > 0.9
    with pytest.raises(UnknownName, match="Did you mean 'law'"):
        fit(world(20), method="laws")
    with pytest.raises(UsageError, match="folds < 2"):
        fit(world(20), folds=0)
    with pytest.raises(UsageError, match="at least 5 runs"):
        fit(world(4), method="law")


def test_judging_aligns_domains_by_name() -> None:
    done, test = fit(world(30), method="law"), world(30, seed=2)
    turned = test.aligned(["d", "b", "a", "c"])
    assert judged(done, turned) == judged(done, test)
    with pytest.raises(UsageError, match="no target in common"):
        judged(done, Runs(test.mixtures, test.losses, test.domains, ("u", "v"), test.ids))


PUBLISHED = {
    "arxiv": 99.60,
    "freelaw": 99.71,
    "pubmed_central": 99.08,
    "wikipedia_en": 99.45,
    "dm_mathematics": 97.20,
    "github": 99.77,
    "stackexchange": 99.73,
    "gutenberg_pg_19": 99.18,
    "pile_cc": 98.92,
    "ubuntu_irc": 96.87,
    "hackernews": 98.51,
    "pubmed_abstracts": 99.19,
    "uspto_backgrounds": 99.12,
}


@NEEDS_TREES
def test_regmix_published_spearman_under_its_own_protocol() -> None:
    """Golden: the printed output of the authors' notebook, Spearman times 100 on 256 unseen mixtures."""
    train, test = regmix("train"), regmix("test")
    keep = ("the_pile_arxiv", "the_pile_pile_cc", "the_pile_ubuntu_irc")
    at = [train.targets.index(name) for name in keep]
    few = Runs(train.mixtures, train.losses[:, at], train.domains, keep, train.ids, train.stated)
    done = compat.regmix_fit(few, test, folds=0)
    for name, told in judged(done, compat.as_stated(test)).items():
        assert 100 * told.spearman == pytest.approx(PUBLISHED[name.removeprefix("the_pile_")], abs=0.02)
    assert isinstance(done, Fit)
    assert "authors' protocol" in done.fits[0].warnings[0]
