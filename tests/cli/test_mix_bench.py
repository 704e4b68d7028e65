"""`macaronic mix bench`, called as a person calls it."""

import csv
import json
import os
from pathlib import Path

import pytest

SMALL = ("--seeds", "2", "--budget", "200000", "--points", "1", "--proxies", "10")


def test_a_contest_from_a_terminal(cli, tmp_path: Path) -> None:
    words = ("mix", "bench", "--methods", "uniform,mixmin,rb,gp", *SMALL, "--json", "-q")
    done = cli(*words, "--out", "one")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert {row["method"] for row in told["methods"]} == {"stratified", "mixmin", "rb", "gp"}
    assert any("no test can reach" in note for note in told["notes"])
    rows = list(csv.DictReader((tmp_path / "one" / "results.csv").open()))
    assert len(rows) == 8
    assert {"method", "seed", "regret", "share_a1"} <= set(rows[0])
    page = (tmp_path / "one" / "report.html").read_text("utf-8")
    for said in ("Beats even shares", "Foretold and measured", "The best shares", "mix bench --world synthetic"):
        assert said in page
    assert cli(*words, "--out", "two").code == 0
    for name in ("results.csv", "report.html", "bench.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--world", "regmx"), 2, "Did you mean 'regmix'"),
        (("--methods", "lawn"), 2, "Did you mean 'law'"),
        (("--methods", ","), 2, "expected methods"),
        (("--methods", "law", "--budget", "5000"), 2, "too small"),
        (("--world", "regmix", "--methods", "aioli"), 2, "has to train models itself"),
        (("--world", "regmix", "--methods", "law", "--data", "."), 3, "MACARONIC_DATA"),
        (("--world", "mixlaws", "--methods", "law", "--data", "."), 3, "MACARONIC_DATA"),
        (("--spend", "1.5"), 2, "spend between 0 and 1"),
        (("--targets", "9"), 2, "languages that count"),
    ],
)
def test_bad_requests_are_named(cli, words: tuple[str, ...], code: int, message: str) -> None:
    done = cli("mix", "bench", *words)
    assert done.code == code
    assert message in done.err
    assert len(done.err.strip().splitlines()) <= 4


def test_one_seed_says_that_there_is_no_interval(cli) -> None:
    done = cli("mix", "bench", "--methods", "stratified,unimax", "--seeds", "1", "--points", "1", "--budget", "100000")
    assert done.code == 0, done.err
    assert "one seed: no intervals" in done.err


@pytest.mark.skipif(
    not (Path(os.environ.get("MACARONIC_DATA", "nowhere")) / "regmix").is_dir(),
    reason="needs the data set regmix (MACARONIC_DATA)",
)
def test_regmix_from_a_terminal(cli, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm", reason="needs LightGBM")
    words = ("--world", "regmix", "--methods", "law,proportional", "--seeds", "2", "--budget", "64", "--points", "2")
    done = cli("mix", "bench", *words, "--target", "the_pile_pile_cc", "--json")
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["methods"]) == 3
    first = next(csv.DictReader((tmp_path / "bench" / "spearman.csv").open()))
    assert set(first) == {"target", "published", "authors_protocol", "honest_gbm", "honest_law"}
