"""The other verbs: the tour, the demo, measuring, comparing, reports."""

import csv
import io
import json

from macaronic import bundled


def test_the_tour(cli) -> None:
    done = cli()
    assert done.code == 0
    assert "hi-Latn" in done.out
    assert "macaronic build" in done.out


def test_the_demo(cli, tmp_path) -> None:
    done = cli("demo", "--out", "demo", "-q")
    assert done.code == 0, done.err
    assert "Report:" in done.out
    mixture = json.loads((tmp_path / "demo" / "mixture.json").read_text())
    assert len(mixture["buckets"]) > 20
    assert "<html" in (tmp_path / "demo" / "report.html").read_text()


def test_measuring_by_group_and_by_sentence(cli, tmp_path) -> None:
    place = bundled.mixed_paths()["tr/de"]
    groups = json.loads(cli("measure", place, "--by", "lang", "--json", "--samples", 0).out)["results"]
    assert {"tr", "de"} <= {r["group"] for r in groups}
    table = list(csv.DictReader(io.StringIO(cli("measure", place, "--level", "sentence", "--csv").out)))
    assert len(table) == len(bundled.mixed("tr/de"))
    assert all(0 <= float(row["cmi"]) <= 100 for row in table)
    text = cli("measure", place, "--metric", "cmi", "--level", "corpus", "--samples", 0).out
    assert text.splitlines()[0].startswith("measure\tlevel\tvalue")


def test_comparing(cli) -> None:
    paths = bundled.mixed_paths()
    done = cli("measure", "--compare", paths["tr/de"], paths["zh/en"], "--metric", "cmi", "--json", "--samples", 100)
    rows = json.loads(done.out)["comparisons"]
    assert {"a", "b", "difference", "low", "high", "p"} <= set(rows[0])
    assert cli("measure", "--compare", paths["tr/de"]).code == 2


def test_a_report_of_one_s_own_text(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(s.text for s in bundled.mixed("hi-Latn/en")))
    done = cli("report", "a.txt", "-o", "a.html", "-q")
    assert done.code == 0
    page = (tmp_path / "a.html").read_text()
    assert "hi-Latn" in page
    assert "<script>alert" not in page


def test_unknown_verbs_and_options(cli) -> None:
    assert cli("identfy").code == 2
    assert cli("identify", "--txet", "so").code == 2


def test_a_forecast(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(row["en"] for row in bundled.parallel()))
    (tmp_path / "my.toml").write_text(
        '[run]\nout = "out"\n[[source]]\nname = "a"\npath = "a.txt"\n[mix]\nbudget = 200\n'
    )
    done = cli("build", "my.toml", "--plan", "--sample", "0.1%", "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["budget"] == 200
    assert not (tmp_path / "out" / "data").exists()
    assert cli("build", "my.toml", "--plan", "--sample", "200%").code == 2


def test_an_interruption_is_said(cli, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("macaronic.identify.named.tagger_named", interrupted)
    done = cli("identify", "--text", "so")
    assert done.code == 130
    assert "run the same command again" in done.err
