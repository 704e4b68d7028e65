"""`macaronic mix`, called as a person calls it."""

import json
from pathlib import Path

import numpy as np
import pytest

WORDS = {"a": ["ba", "bada", "dab", "abba"], "b": ["kol", "loko", "oko", "kolo"]}


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    """Two sources, and a target that is one quarter b."""
    rng = np.random.default_rng(0)
    for name, words in WORDS.items():
        (tmp_path / f"{name}.txt").write_text("".join(" ".join(rng.choice(words, 6)) + "\n" for _ in range(80)))
    lines = (" ".join(str(rng.choice(WORDS["b" if rng.random() < 0.25 else "a"])) for _ in range(8)) for _ in range(60))
    (tmp_path / "mixed.txt").write_text("\n".join(lines) + "\n")
    return ["a=a.txt", "b=b.txt"]


def test_minimise_finds_what_a_mixed_target_is_made_of(cli, texts: list[str], tmp_path: Path) -> None:
    done = cli("mix", "minimise", *texts, "-t", "mixed.txt", "--per", "word", "--json", "--report", "r.html")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["mixture"]["b"] == pytest.approx(0.25, abs=0.06)
    low, high = told["intervals"]["b"]
    assert low <= told["mixture"]["b"] <= high
    assert told["gap"] < 1e-5
    assert "held-out documents" in (tmp_path / "r.html").read_text("utf-8")


def test_minimise_under_a_cap(cli, texts: list[str]) -> None:
    done = cli("mix", "minimise", *texts, "--cap", "a=40%", "--samples", "0", "--json")
    assert json.loads(done.out)["mixture"]["a"] == pytest.approx(0.4, abs=1e-3)


def test_a_sweep_goes_on_and_parts_make_the_whole(cli, texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("index,a,b\n0,1,0\n1,0.5,0.5\n2,0,1\n")
    words = ("mix", "sweep", *texts, "--mixtures", "m.csv", "--engine", "serial", "-q")
    whole = cli(*words, "--out", "one")
    assert whole.code == 0, whole.err
    for part in ("1/2", "2/2"):
        assert cli(*words, "--out", "two", "--part", part).code == 0
    assert cli("mix", "sweep", "--out", "two", "--engine", "serial").code == 0
    for name in ("mixtures.csv", "losses.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(list((tmp_path / "two" / "proxies").iterdir())) == 3


def test_an_array_job_is_printed_and_nothing_is_run(cli, texts: list[str], tmp_path: Path) -> None:
    done = cli("mix", "sweep", *texts, "--proxies", "8", "--out", "s", "--emit", "slurm", "--tasks", "4")
    assert done.code == 0, done.err
    assert "#SBATCH --array=1-4" in done.out
    assert not (tmp_path / "s" / "proxies").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "expected texts"),
        (("a=a.txt",), "at least two sources"),
        (("a.txt", "b.txt"), "Name each source"),
        (("a=a.txt", "b=b.txt", "--cap", "a=2"), "--cap NAME=SHARE"),
        (("a=a.txt", "b=b.txt", "--cap", "c=0.2"), "unknown domain of a cap 'c'"),
        (("a=a.txt", "b=b.txt", "--cap", "a=0.2", "--cap", "b=0.2"), "the caps sum to 0.4"),
        (("a=a.txt", "b=nowhere.txt"), "nowhere.txt"),
    ],
)
def test_bad_requests_are_named(cli, texts: list[str], words: tuple[str, ...], message: str) -> None:
    done = cli("mix", "minimise", *words)
    assert done.code in (2, 5)
    assert message in done.err


def test_a_folder_without_a_sweep_and_a_bad_part(cli, texts: list[str], tmp_path: Path) -> None:
    assert "no sweep in x" in cli("mix", "sweep", "--out", "x").err
    (tmp_path / "m.csv").write_text("index,a,b\n0,1,0\n")
    words = ("mix", "sweep", *texts, "--mixtures", "m.csv", "--out", "s", "--engine", "serial")
    assert "part i/N" in cli(*words, "--part", "3/2").err
    (tmp_path / "m.csv").write_text("index,a,c\n0,0.5,0.5\n")
    assert "unknown domain" in cli(*words).err


def test_choose_from_texts_to_a_report(cli, texts: list[str], tmp_path: Path) -> None:
    words = ("mix", "choose", *texts, "-n", "24", "--checks", "3", "--order", "3", "--engine", "serial", "--json", "-q")
    done = cli(*words, "--cap", "a=0.45", "--out", "one")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert sum(told["mixture"].values()) == pytest.approx(1)
    assert told["mixture"]["a"] <= 0.45 + 1e-9
    assert set(told["checks"]) == {"chosen", "uniform", "proportional"}
    page = (tmp_path / "one" / "report.html").read_text("utf-8")
    assert "What it is worth" in page
    assert "How well losses are foretold" in page
    again = cli(*words, "--cap", "a=0.45", "--out", "two")
    assert {**json.loads(again.out), "out": "one"} == told


def test_sweep_fit_pick_propose(cli, texts: list[str], tmp_path: Path) -> None:
    swept = cli("mix", "sweep", *texts, "-n", "12", "--engine", "serial", "--out", "s", "-q")
    assert swept.code == 0, swept.err
    tables = ("--mixtures", "s/mixtures.csv", "--losses", "s/losses.csv")
    tests = ("--test-mixtures", "s/mixtures.csv", "--test-losses", "s/losses.csv")
    done = cli("mix", "fit", *tables, *tests, "--method", "law", "--out", "fit.json", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)["targets"]
    assert set(told) == {"a", "b"}
    assert set(told["a"]) >= {"method", "spearman", "mse", "cv_spearman"}
    picked = json.loads(cli("mix", "pick", "fit.json", "--cap", "a=0.5", "--samples", "5", "--json").out)
    assert picked["how"] == "exact"
    assert picked["mixture"]["a"] <= 0.5 + 1e-9
    more = cli("mix", "propose", "--given", "s/mixtures.csv", "s/losses.csv", "-n", "3", "--out", "next.csv")
    assert more.code == 0, more.err
    assert len((tmp_path / "next.csv").read_text().splitlines()) == 4
    first = cli("mix", "propose", "hi=3e9", "en=9e9", "-n", "2")
    assert first.out.splitlines()[0] == "index,hi,en"


def test_a_method_of_ones_own_runs_only_when_allowed(cli, texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("index,a,b\n" + "".join(f"{i},{i / 9},{1 - i / 9}\n" for i in range(10)))
    (tmp_path / "l.csv").write_text("index,t\n" + "".join(f"{i},{i}\n" for i in range(10)))
    (tmp_path / "own.py").write_text(
        "class Line:\n    def predict(self, p):\n        return p[:, 0]\n\n\ndef fit(p, y):\n    return Line()\n"
    )
    words = ("mix", "fit", "--mixtures", "m.csv", "--losses", "l.csv", "--method", "own.py:fit", "--json")
    assert "--allow-code" in cli(*words).err
    told = json.loads(cli(*words, "--allow-code").out)["targets"]["t"]
    assert told["method"] == "own"
    assert told["cv_spearman"] == pytest.approx(1.0)
    assert "--test-mixtures" in cli(*words[:-3], "--method", "compat-regmix").err


def test_the_page_s_commands_run(cli, tmp_path: Path) -> None:
    """Every command of docs/mix.md, with fewer languages and proxies."""
    pytest.importorskip("django", reason="reads Django's catalogues")
    page = Path(__file__).parents[2] / "docs" / "mix.md"
    blocks = page.read_text("utf-8").split("```sh\n")[1:]
    commands = [line for block in blocks for line in block.split("```")[0].splitlines() if line.startswith("macaronic")]
    assert len(commands) > 6
    (tmp_path / "runs.csv").write_text(
        "size,tokens,hi,en,loss\n"
        + "".join(
            f"{n},{d},{p},{1 - p},{2 - p + (n / 1e7) ** -0.3 + (d / 1e9) ** -0.5}\n"
            for n in (1e7, 4e7, 2e8)
            for d in (1e9, 2e9, 4e9)
            for p in (0.0, 0.25, 0.5, 0.75, 1.0)
        )
    )
    for line in commands:
        words = line.replace("de,es,hi,ja,ru,sw,tr,zh", "de,hi").split()[1:]
        serial = ["-n", "24" if words[1] == "choose" else "12", "--engine", "serial"]
        fewer = {"choose": [*serial, "--checks", "2"], "sweep": serial, "bench": ["--seeds", "2", "--points", "1"]}
        done = cli(*words, *fewer.get(words[1], []), "-q")
        assert done.code == 0, (line, done.err)
