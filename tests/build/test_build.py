"""The main job, end to end: exact, the same bytes by every way, cached, and never silent."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.build.conftest import contents, write_recipe

from macaronic.build import documents, recipe, run
from macaronic.core.corpus import Corpus
from macaronic.core.errors import InputError, MissingData, PartialResult, UnknownName, UsageError

MIX = '[mix]\nby = ["language"]\nmethod = "temperature"\ntemperature = 2.0\nbudget = 3000\n'


def build(place: Path, **options) -> run.Built:
    return run.build(recipe.load(place), place.parent, command=f"macaronic build {place.name}", **options)


def test_a_build_is_whole_and_adds_up(project: Path) -> None:
    built = build(write_recipe(project, MIX))
    mixture = json.loads((project / "out" / "mixture.json").read_text())
    assert mixture["achieved"] == 3000 == mixture["budget"]
    assert all("its cap allows" in line for line in mixture["unmet"])
    assert sum(b["words"] for b in mixture["buckets"]) == 3000
    rows = [u for f in mixture["files"] for u in Corpus.open(project / "out" / "data" / f["name"])]
    assert len(rows) == sum(f["rows"] for f in mixture["files"])
    assert sum(len(u.tokens) for u in rows) == 3000
    by_bucket: dict[str, int] = {}
    for u in rows:
        by_bucket[u.labels["bucket"]] = by_bucket.get(u.labels["bucket"], 0) + len(u.tokens)
    assert by_bucket == {b["name"]: b["words"] for b in mixture["buckets"] if b["words"]}
    assert "Apache-2.0" in (project / "out" / "README.md").read_text().replace("apache-2.0", "Apache-2.0")
    assert "<svg" in (project / "out" / "report.html").read_text()
    assert not built.reused


def test_engines_give_the_same_bytes(project: Path) -> None:
    build(write_recipe(project, MIX))
    serial = contents(project / "out")
    (project / "out").rename(project / "serial")
    build(write_recipe(project, MIX, engine="processes"))
    assert contents(project / "out") == serial


def test_a_second_run_is_reused_and_new_proportions_identify_nothing(project: Path, monkeypatch) -> None:
    build(write_recipe(project, MIX))
    first = contents(project / "out")
    assert build(write_recipe(project, MIX)).reused
    assert contents(project / "out") == first

    def never(*_: object) -> None:
        raise AssertionError("identified again")

    monkeypatch.setattr("macaronic.build.prepare.annotate", never)
    build(write_recipe(project, MIX.replace("2.0", "1.0")))
    changed = contents(project / "out")
    assert changed["mixture.json"] != first["mixture.json"]


def test_a_changed_file_is_read_again(project: Path) -> None:
    build(write_recipe(project))
    before = json.loads((project / "out" / "mixture.json").read_text())
    with open(project / "mixed.txt", "a") as file:
        file.write("yaar this one is new\n")
    build(write_recipe(project))
    after = json.loads((project / "out" / "mixture.json").read_text())
    assert after["sources"]["mixed"]["read"] == before["sources"]["mixed"]["read"] + 1


@pytest.mark.parametrize("moment", [0.6, 1.0, 1.5, 2.2])
def test_killed_at_any_moment_it_ends_in_the_same_bytes(project: Path, moment: float) -> None:
    place = write_recipe(project, MIX, engine="processes" if moment == 1.5 else "serial")
    build(write_recipe(project, MIX))
    whole = contents(project / "out")
    (project / "out").rename(project / "whole")
    process = subprocess.Popen(
        [sys.executable, "-m", "macaronic", "build", str(place), "-q"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(moment + random.random() / 4)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    out = project / "out"
    if (out / "mixture.json").exists():
        assert documents.complete(out, json.loads((out / "mixture.json").read_text()))
    build(place)
    assert contents(out) == whole


def test_what_a_killed_run_had_begun_is_removed(project: Path) -> None:
    place = write_recipe(project, MIX)
    build(place)
    whole = contents(project / "out")
    for folder in (project / "out", project / "out" / "data", project / "out" / ".work" / "prepared"):
        (folder / ".train-00000.x.part").write_bytes(b"half")
    build(place)
    assert contents(project / "out") == whole


def test_a_new_licence_reaches_the_card(project: Path) -> None:
    place = write_recipe(project, MIX)
    build(place)
    place.write_text(place.read_text().replace("Apache-2.0", "CC0-1.0"))
    build(place)
    assert "cc0-1.0" in (project / "out" / "README.md").read_text().lower()


def test_parts_of_a_cluster_job_are_merged(project: Path) -> None:
    place = write_recipe(project, MIX)
    told = recipe.load(place)
    build(place)
    whole = contents(project / "out")
    (project / "out").rename(project / "whole")
    run.prepare_slice(told, project, 1, 2)
    with pytest.raises(PartialResult, match="not prepared yet"):
        build(place, only_prepared=True)
    run.prepare_slice(told, project, 2, 2)
    build(place, only_prepared=True)
    assert contents(project / "out") == whole


def test_a_budget_beyond_the_caps_is_said(project: Path) -> None:
    built = build(
        write_recipe(project, '[mix]\nmethod = "given"\nweights = {mixed = 0.9, everyday = 0.1}\nbudget = 5000\n')
    )
    mixed = next(b for b in built.mixture["buckets"] if b["name"] == "mixed")
    assert mixed["cap_binds"]
    assert mixed["epochs"] == 2.0
    assert any("mixed" in line for line in built.mixture["unmet"])
    huge = build(write_recipe(project, "[mix]\nbudget = 100000000\n"))
    assert huge.mixture["reachable"] < huge.mixture["budget"]
    assert "the text allows" in huge.mixture["unmet"][0]


def test_duplicates_are_dropped_once_across_sources(project: Path) -> None:
    line = "the very same sentence stands here twice\n"
    for name in ("everyday/en.txt", "mixed.txt"):
        with open(project / name, "a") as file:
            file.write(line)
    built = build(write_recipe(project))
    assert built.mixture["duplicates"] >= 1
    rows = [u.text for f in built.mixture["files"] for u in Corpus.open(project / "out" / "data" / f["name"])]
    assert rows.count(line.strip()) == 1


def test_filters_are_counted(project: Path) -> None:
    built = build(write_recipe(project, "[filter]\nmin_words = 6\nmax_words = 9\n"))
    gone = sum(s["gone"]["length"] for s in built.mixture["sources"].values())
    kept = sum(s["kept"] for s in built.mixture["sources"].values())
    assert gone > 0
    assert kept + gone == sum(s["read"] for s in built.mixture["sources"].values())


def test_a_person_s_rule_runs_only_when_allowed(project: Path) -> None:
    (project / "rules.py").write_text("def keep(row):\n    return 'meeting' in row['text']\n")
    place = write_recipe(project, '[filter]\nkeep = "rules.py:keep"\n')
    with pytest.raises(UsageError, match="--allow-code"):
        build(place)
    built = build(place, allow_code=True)
    texts = [u.text for f in built.mixture["files"] for u in Corpus.open(project / "out" / "data" / f["name"])]
    assert texts
    assert all("meeting" in text for text in texts)


def test_a_rule_that_fails_says_on_which_row(project: Path) -> None:
    (project / "rules.py").write_text("def keep(row):\n    return row['nothing']\n")
    with pytest.raises(UsageError, match="KeyError"):
        build(write_recipe(project, '[filter]\nkeep = "rules.py:keep"\n'), allow_code=True)


def test_a_full_disk_leaves_nothing_half_written(project: Path, monkeypatch) -> None:
    place = write_recipe(project, MIX)
    real, calls = os.fsync, [0]

    def full_later(descriptor: int) -> None:
        calls[0] += 1
        if calls[0] > 12:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full_later)
    with pytest.raises(InputError, match="No space left"):
        build(place)
    monkeypatch.undo()
    assert not [p for p in (project / "out").rglob("*") if p.suffix == ".part" or p.name.endswith(".part")]
    assert not (project / "out" / "mixture.json").exists()
    build(place)
    assert json.loads((project / "out" / "mixture.json").read_text())["achieved"] == 3000


@pytest.mark.parametrize("format", ["parquet", "jsonl", "arrow", "text"])
def test_output_formats(project: Path, format: str) -> None:
    built = build(write_recipe(project, f'[output]\nformat = "{format}"\n'))
    file = project / "out" / "data" / built.mixture["files"][0]["name"]
    lines = built.mixture["files"][0]["rows"]
    if format == "parquet":
        assert pq.read_table(file).num_rows == lines
    elif format == "text":
        assert len(file.read_text().splitlines()) == lines
    elif format == "jsonl":
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        assert len(rows) == lines
        assert all(row["text"] for row in rows)


def test_small_shards_hold_every_row_once(project: Path) -> None:
    for i in range(6):
        text = "".join(f"line {i} {n} of a longer text about many things\n" for n in range(3000))
        (project / "everyday" / f"more{i}.txt").write_text(text)
    built = build(write_recipe(project, "[output]\nshard_mb = 1\n"))
    files = built.mixture["files"]
    assert len(files) > 1
    ids = [u.id for f in files for u in Corpus.open(project / "out" / "data" / f["name"])]
    assert len(ids) == len(set(ids)), "each row once"


def test_unknown_bucket_in_weights(project: Path) -> None:
    more = '[mix]\nby = ["language"]\nmethod = "given"\nweights = {es = 1, hii = 1}\n'
    with pytest.raises(UnknownName, match="'hii'"):
        build(write_recipe(project, more))


def test_nothing_left_is_an_error(project: Path) -> None:
    with pytest.raises(MissingData, match="nothing is left"):
        build(write_recipe(project, "[filter]\nmin_words = 500\n"))


def test_missing_files_and_locks(project: Path) -> None:
    (project / "mixed.txt").unlink()
    with pytest.raises(InputError, match=r"mixed\.txt"):
        build(write_recipe(project))
    with run.locked(project / "out"), pytest.raises(InputError, match="another build"), run.locked(project / "out"):
        pass


def test_bad_rows_are_in_the_mixture_and_the_report(project: Path) -> None:
    (project / "mixed.txt").write_bytes(b"good line here\nbad \xff\xfe line\nnul \x00 line\nanother good line\n")
    built = build(write_recipe(project))
    assert built.mixture["bad_rows"] == 2
    assert "mixed.txt:2" in "".join(built.mixture["sources"]["mixed"]["problems"]["first"])
    assert "bad rows" in (project / "out" / "report.html").read_text()
