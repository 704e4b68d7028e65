"""`macaronic mix explain`, called as a person calls it."""

import json
from pathlib import Path

import numpy as np
import pytest

from macaronic.mix.fit import fit
from macaronic.mix.fitted import save
from macaronic.mix.runs import Runs

NAMES = ("hi", "en", "xx")


def runs(noise: float = 0.0, n: int = 40) -> Runs:
    """Runs of two targets: each is helped by its own domain and a little by the other; `xx` helps nothing."""
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(3), n)
    t = np.array([[-3.0, -1.0, 0.0], [-0.5, -2.0, 0.0]])
    losses = 1 + np.exp(p @ t.T) + rng.normal(0, noise, (n, 2))
    return Runs(p, losses, NAMES, ("hi", "en"), tuple(map(str, range(n))))


def test_the_command(cli, tmp_path: Path) -> None:
    save(fit(runs(0.01), method="law"), tmp_path / "fit.json")
    words = ("mix", "explain", "fit.json", "--samples", "5", "--what-if", "hi=0.4,en=0.6", "--report", "r.html")
    done = cli(*words, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert {e["target"] for e in told["effects"]} == {"hi", "en", "all"}
    loss = told["what_if"][0]["losses"][0]
    assert loss["loss"] == pytest.approx(1 + np.exp(-1.2 - 0.6), abs=0.02)
    assert loss["low"] <= loss["loss"] <= loss["high"]
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "What each source does" in page
    assert "What if" in page
    assert "The best mixture of this fit" in cli(*words).out
    (tmp_path / "choice").mkdir()
    (tmp_path / "fit.json").rename(tmp_path / "choice/fit.json")
    (tmp_path / "choice/mixture.json").write_text('{"caps": {"hi": 0.2, "en": 1.0}}')
    held = json.loads(cli("mix", "explain", "choice", "--samples", "0", "-t", "hi", "--json").out)
    assert held["binds"] == {"hi": "cap"}
    assert set(held["losses"]) == {"hi"}


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (("none.json",), "none.json", 5),
        (("fit.json", "-t", "zz"), "unknown target 'zz'", 2),
        (("fit.json", "--what-if", "zz=1"), "'zz'", 2),
        (("fit.json", "--what-if", "hi=0.5"), "sum to 0.5", 2),
        (("fit.json", "--cap", "hi=0.1", "--cap", "en=0.1", "--cap", "xx=0.1"), "the caps sum to 0.3", 2),
        (("runs.json",), "expected a fit", 2),
    ],
)
def test_bad_requests_are_named(cli, tmp_path: Path, words: tuple[str, ...], message: str, code: int) -> None:
    save(fit(runs(), method="law"), tmp_path / "fit.json")
    (tmp_path / "runs.json").write_text("{}")
    done = cli("mix", "explain", *words, "--samples", "0")
    assert message in done.err
    assert done.code == code
