"""`macaronic mix scale`, called as a person calls it."""

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three sizes, three looks, eight mixtures."""
    shares = np.random.default_rng(1).dirichlet(np.ones(2), 8)
    lines = ["size,step,hi,en,hi_loss,en_loss"]
    for size, step, p in itertools.product((1e7, 4e7, 1.6e8), (1000, 2000, 4000), shares):
        fall = (size / 1e7) ** -0.3 + (step / 1000) ** -0.5
        losses = 1 + np.exp(-2 * p) + fall
        lines.append(",".join(map(repr, [size, step, *p.tolist(), *losses.tolist()])))
    path = tmp_path / "runs.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_from_small_runs_to_a_mixture(cli, table: Path, tmp_path: Path) -> None:
    done = cli(
        "mix", "scale", table, "--to-size", "1B", "--to-tokens", "100G", "--tokens-per-step", "1e6", "--out", "l"
    )
    assert done.code == 2
    assert "a number above 0, such as 1e9 or 1B; got '100G'" in done.err
    words = ("mix", "scale", table, "--to-size", "1B", "--to-tokens", "100B", "--tokens-per-step", "1e6", "--out", "l")
    done = cli(*words, "--samples", "10")
    assert done.code == 0, done.err
    assert "1e+11 tokens are 25 times the most that was run: far beyond" in done.err
    rows = list(csv.DictReader((tmp_path / "l" / "intervals.csv").open()))
    assert len(rows) == 16
    assert all(float(row["low"]) <= float(row["loss"]) + 0.01 for row in rows)
    done = cli("mix", "fit", "--mixtures", "l/mixtures.csv", "--losses", "l/losses.csv", "--method", "law", "-o", "f")
    assert done.code == 0, done.err
    done = cli("mix", "pick", "f", "--samples", "0", "--json")
    assert json.loads(done.out)["mixture"]["hi"] == pytest.approx(0.5, abs=0.05)
    before = (tmp_path / "l" / "losses.csv").read_bytes()
    assert cli(*words, "--samples", "10", "-q").code == 0
    assert (tmp_path / "l" / "losses.csv").read_bytes() == before


def test_json_tells_the_laws(cli, table: Path) -> None:
    done = cli("mix", "scale", table, "--to-size", "320M", "--out", "l", "--samples", "0", "--json")
    told = json.loads(done.out)
    assert (told["size"], told["steps"], told["mixtures"], told["looks"]) == (3.2e8, 4000.0, 8, 72)
    assert told["exponents"]["hi"]["sizes"] == pytest.approx(0.3, abs=0.01)
    assert told["exponents"]["hi"]["steps"] is None


def test_bad_rows_and_bad_wishes(cli, table: Path, tmp_path: Path) -> None:
    table.write_text(table.read_text() + "1e7,8000,0.5\n1e7,8000,0.5,0.5,nan,\n")
    done = cli("mix", "scale", table, "--to-size", "1B", "--out", "l", "--samples", "0")
    assert done.code == 0, done.err
    assert "2 problems in the input" in done.err
    assert cli("mix", "scale", table, "--out", "s", "--strict").code == 2
    assert not (tmp_path / "s").exists()
    done = cli("mix", "scale", table, "--to-tokens", "1B", "--out", "s")
    assert "counts steps, not tokens" in done.err
    small = "\n".join(line for line in table.read_text().splitlines() if not line.startswith("160")) + "\n"
    table.write_text(small)
    done = cli("mix", "scale", table, "--to-size", "1B", "--out", "s")
    assert done.code == 2
    assert "too few sizes" in done.err
    assert not (tmp_path / "s").exists()
