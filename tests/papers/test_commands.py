"""`macaronic papers`, `reproduce` and `data`, called as a person calls them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
CARD_KEYS = {"id", "slug", "kind", "status", "claims", "results"}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def command(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        settings = {
            **os.environ,
            "MACARONIC_RESULTS": str(tmp_path / "results"),
            "MACARONIC_DATA": str(tmp_path),
            **env,
        }
        return subprocess.run(
            [sys.executable, "-m", "macaronic", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=settings,
            timeout=120,
        )

    return command


def test_papers_json_is_the_contract(run: Run) -> None:
    done = run("papers", "--json")
    assert done.returncode == 0, done.stderr
    cards = json.loads(done.stdout)
    assert cards
    assert all(set(card) >= CARD_KEYS for card in cards)
    assert all("status" in claim for card in cards for claim in card["claims"])


def test_papers_prints_tab_separated_rows_into_a_pipe(run: Run) -> None:
    lines = run("papers").stdout.splitlines()
    assert lines[0].split("\t") == ["id", "slug", "kind", "status", "claims", "title"]
    assert len({line.count("\t") for line in lines}) == 1


def test_a_search_finds_cards_and_the_map(run: Run) -> None:
    rows = json.loads(run("papers", "--task", "lid", "--language", "hi", "--json").stdout)
    assert all(set(row) >= CARD_KEYS for row in rows)
    assert {"S078", "hinglid", "hing-bert-lid"} <= {row["id"] for row in rows}
    told = run("papers", "--task", "lid", "--language", "hi").stdout
    assert "hinglid\tdataset" in told
    assert "CC BY-NC-SA 4.0" in told


def test_tasks_can_be_listed(run: Run) -> None:
    assert "lid\tWord languages\t" in run("papers", "--kind", "task").stdout


@pytest.mark.parametrize(
    "words",
    [("papers", "S999"), ("papers", "--task", "lidd"), ("papers", "--kind", "methd"), ("papers", "-l", "zzzzz"),
     ("reproduce", "csw-survy"), ("reproduce", "S078", "--scale", "smol"), ("data", "get", "codemix-arabic")],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_nearest(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "unknown" in done.stderr
    assert "Traceback" not in done.stderr
    if "zzzzz" not in words and "S999" not in words:
        assert "Did you mean" in done.stderr


def test_reproduce_prints_a_verdict_and_keeps_the_results(run: Run, tmp_path: Path) -> None:
    done = run("reproduce", "csw-survey")
    assert done.returncode == 0, done.stderr
    assert "mechanism" in done.stdout
    kept = json.loads((tmp_path / "results" / "S078.json").read_text("utf-8"))
    assert {entry["claim"] for entry in kept} >= {"search", "documented"}
    card = json.loads(run("papers", "S078", "--json").stdout)[0]
    assert card["status"] == "mechanism"
    assert card["results"] == kept


def test_reproduce_twice_keeps_the_same_bytes(run: Run, tmp_path: Path) -> None:
    run("reproduce", "S078", "-q")
    first = (tmp_path / "results" / "S078.json").read_bytes()
    run("reproduce", "S078", "-q")
    assert (tmp_path / "results" / "S078.json").read_bytes() == first


def test_without_data_reproduce_ends_with_3_and_says_how_to_get_it(run: Run, tmp_path: Path) -> None:
    done = run("reproduce", "ilid", "--scale", "small")
    assert done.returncode == 3
    assert "parallel-ntrex" in done.stderr
    assert not (tmp_path / "results" / "S119.json").exists()


def test_a_folder_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("reproduce", "S078", MACARONIC_RESULTS=str(tmp_path / "file"))
    assert done.returncode == 0
    assert "are not kept" in done.stderr
    assert "MACARONIC_RESULTS" in done.stderr


def test_a_claim_that_fails_ends_with_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from typer import Exit

    from macaronic.cli.papers import reproduce
    from macaronic.papers import gallery
    from macaronic.papers.paper import Check

    monkeypatch.setenv("MACARONIC_RESULTS", str(tmp_path))
    paper, _ = gallery.find("S078")
    monkeypatch.setattr(gallery, "find", lambda name: (paper, lambda scale, rng: [Check("search", 0.5)]))
    with pytest.raises(Exit) as ended:
        reproduce("S078", scale="smoke", seed=1, json=True, quiet=True)
    assert ended.value.exit_code == 1


def test_data_ls(run: Run, tmp_path: Path) -> None:
    known = json.loads(run("data", "ls", "--json").stdout)
    assert {"name", "licence", "source", "commit", "files", "size", "here", "fetchable"} <= set(known[0])
    assert not any(entry["here"] for entry in known)
    assert run("data", "ls").stdout.splitlines()[0].startswith("name\tstate\tsize")


def test_data_get_says_when_a_set_cannot_be_fetched(run: Run, tmp_path: Path) -> None:
    done = run("data", "get", "parallel-catalogues", "--data", str(tmp_path))
    assert done.returncode == 3
    assert "cannot be fetched by itself" in done.stderr
