"""Mixed text as a part of a build: made once, counted, given its share, and the same bytes by every way."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.build.conftest import contents, write_recipe
from tests.build.test_build import build

from macaronic import bundled
from macaronic.build import recipe, run, synthesis
from macaronic.build.forecast import forecast
from macaronic.core.corpus import Corpus
from macaronic.core.errors import InputError, MissingData, UsageError
from macaronic.text.formats.plan import Shard

SYNTH = """
[[source]]
name = "pairs"
path = "parallel.tsv"
format = "parallel-tsv"
licence = "Apache-2.0"

[[synth]]
name = "hinglish"
from = "pairs"
pair = ["hi", "en"]
method = "ec"
target_cmi = 30
per_row = 2
romanise = true
"""


@pytest.fixture
def parallel(project: Path) -> Path:
    """The project with parallel text beside its other text."""
    shutil.copy(bundled.parallel_path(), project / "parallel.tsv")
    return project


def rows_of(folder: Path) -> list:
    mixture = json.loads((folder / "out" / "mixture.json").read_text())
    return [u for f in mixture["files"] for u in Corpus.open(folder / "out" / "data" / f["name"])]


def test_made_text_goes_on_as_a_source_of_its_own(parallel: Path) -> None:
    build(write_recipe(parallel, SYNTH))
    mixture = json.loads((parallel / "out" / "mixture.json").read_text())
    told = mixture["sources"]["hinglish"]
    count = len(bundled.parallel())
    assert told["synth"]["rows"] == count == told["synth"]["made"] + sum(told["synth"]["none"].values())
    assert told["read"] == told["synth"]["sentences"] > count
    assert told["licence"] == "Apache-2.0"
    assert told["synth"]["asked_cmi"] == 30
    assert mixture["sources"]["pairs"]["kept"] > count
    assert {b["name"] for b in mixture["buckets"]} == {"everyday", "mixed", "pairs", "hinglish"}
    made = [u for u in rows_of(parallel) if u.labels["source"] == "hinglish"]
    assert made
    assert all(u.labels["synth"] == "ec" for u in made)
    assert {lang for u in made for lang in u.langs} <= {"hi-Latn", "en", "other"}
    assert all(re.fullmatch(r"(hi|en):\d+", place) for u in made for place in u.layers["source"])
    assert all(u.meta["synth"]["method"] == "ec" for u in made)
    page, card = ((parallel / "out" / name).read_text() for name in ("report.html", "README.md"))
    for text in (page, card):
        assert "Mixed text that was made" in text
        assert "en in hi" in text


def test_engines_and_runs_give_the_same_bytes(parallel: Path, monkeypatch) -> None:
    build(write_recipe(parallel, SYNTH))
    serial = contents(parallel / "out")
    assert build(write_recipe(parallel, SYNTH)).reused
    (parallel / "out").rename(parallel / "serial")
    build(write_recipe(parallel, SYNTH, engine="processes"))
    assert contents(parallel / "out") == serial

    def never(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr("macaronic.synth.make.made", never)
    build(write_recipe(parallel, SYNTH + '[mix]\nmethod = "temperature"\n'))
    assert contents(parallel / "out") != serial


def test_a_killed_part_leaves_nothing_and_ends_in_the_same_bytes(parallel: Path, monkeypatch) -> None:
    build(write_recipe(parallel, SYNTH))
    whole = contents(parallel / "out")
    shutil.rmtree(parallel / "out")
    with monkeypatch.context() as patched:
        patched.setattr("macaronic.build.prepare.facts", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(write_recipe(parallel, SYNTH))
    assert not list((parallel / "out" / ".work" / "prepared").glob("*.arrow"))
    build(write_recipe(parallel, SYNTH))
    assert contents(parallel / "out") == whole


@pytest.mark.parametrize("moment", [1.2, 1.8])
def test_killed_at_any_moment_it_ends_in_the_same_bytes(parallel: Path, moment: float) -> None:
    place = write_recipe(parallel, SYNTH)
    build(place)
    whole = contents(parallel / "out")
    (parallel / "out").rename(parallel / "whole")
    command = [sys.executable, "-m", "macaronic", "build", str(place), "-q"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    build(place)
    assert contents(parallel / "out") == whole


def test_text_like_real_text(parallel: Path) -> None:
    shutil.copy(bundled.mixed_paths()["hi-Latn/en"], parallel / "real.conll")
    like = SYNTH.replace("target_cmi = 30\n", 'like = "real.conll"\n')
    build(write_recipe(parallel, like))
    told = json.loads((parallel / "out" / "mixture.json").read_text())["sources"]["hinglish"]["synth"]
    assert told["made"] > 0.9 * told["rows"]
    with pytest.raises(UsageError, match="like takes its targets"):
        recipe.load(write_recipe(parallel, SYNTH + 'like = "real.conll"\n'))


def test_the_recipe_of_the_documentation_is_one() -> None:
    text = (Path(__file__).parents[2] / "docs" / "build.md").read_text("utf-8")
    shown = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert any("[[synth]]" in block for block in shown)
    for block in shown:
        recipe.parse(block, "docs/build.md")


def test_a_consumed_source_is_not_ordinary_text(parallel: Path) -> None:
    build(write_recipe(parallel, SYNTH + "consume = true\n"))
    mixture = json.loads((parallel / "out" / "mixture.json").read_text())
    assert set(mixture["sources"]) == {"everyday", "mixed", "hinglish"}
    assert "pairs" not in {b["name"] for b in mixture["buckets"]}


def test_columns_with_links_from_a_path(parallel: Path) -> None:
    pairs = [(row["hi"], row["en"]) for row in bundled.parallel()[:20]]
    (parallel / "pairs.tsv").write_text("".join(f"{hi}\t{en}\n" for hi, en in pairs), "utf-8")
    (parallel / "links.txt").write_text("0-0 1-1\n" * 20, "utf-8")
    table = (
        '[[synth]]\nname = "m"\nfrom = "pairs.tsv"\npair = ["hi", "en"]\nmethod = "substitute"\nlinks = "links.txt"\n'
    )
    build(write_recipe(parallel, table))
    first = json.loads((parallel / "out" / "mixture.json").read_text())["sources"]["m"]
    assert first["synth"]["rows"] == 20
    assert first["licence"] == ""
    (parallel / "links.txt").write_text("0-0 99-1\n" * 20, "utf-8")
    build(write_recipe(parallel, table))
    second = json.loads((parallel / "out" / "mixture.json").read_text())["sources"]["m"]
    assert second["synth"]["none"] == {"misnumbered alignment": 20}
    assert "misnumbered alignment" in (parallel / "out" / "README.md").read_text()


def test_a_forecast_and_slices(parallel: Path) -> None:
    told = recipe.load(write_recipe(parallel, SYNTH))
    seen = forecast(told, parallel, 0.5)
    assert "hinglish" in {b["name"] for b in seen["buckets"]}
    done = sum(run.prepare_slice(told, parallel, i, 2) for i in (1, 2))
    assert done == len(run.jobs(told, parallel))
    assert run.build(told, parallel, only_prepared=True).plan.achieved > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("hinglish", "mixed"), "two sources are named 'mixed'"),
        (('from = "pairs"', 'from = "pears"'), "unknown source 'pears'; did you mean 'pairs'"),
        (('method = "ec"', 'method = "fhx"'), r"my.toml:\d+: synth\[1\]\.method"),
        (("per_row", "per_rows"), "Did you mean 'per_row'"),
        (("target_cmi = 30", "target_cmi = 130"), "target_cmi"),
        (('["hi", "en"]', '["hi", "hi"]'), "two different languages"),
        (('["hi", "en"]', '["hi"]'), r"my.toml:\d+: synth\[1\]\.pair"),
        (('["hi", "en"]', '["hi", "hindi"]'), "hindi"),
        (('"ec"', '"wac"'), "wac cannot aim"),
        (('from = "pairs"', 'frm = "pairs"'), "Did you mean 'from'|from is missing"),
        (('from = "pairs"', 'from = "parallel.tsv"\nconsume = true'), "is a path"),
        (("target_cmi = 30", "tolerance = inf"), "tolerance"),
    ],
)
def test_mistakes(parallel: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        recipe.load(write_recipe(parallel, SYNTH.replace(*change)))


def test_text_that_is_not_parallel_is_refused(parallel: Path) -> None:
    with pytest.raises(UsageError, match="source 'mixed' is no parallel text"):
        build(write_recipe(parallel, SYNTH.replace('from = "pairs"', 'from = "mixed"')))
    with pytest.raises(InputError):
        build(write_recipe(parallel, SYNTH.replace('from = "pairs"', 'from = "none.tsv"')))
    (parallel / "empty.tsv").write_text("hi\ten\n")
    with pytest.raises((MissingData, UsageError)):
        build(write_recipe(parallel, SYNTH.replace('from = "pairs"', 'from = "empty.tsv"')))


def test_parts_are_never_small() -> None:
    shards = [Shard("a", "jsonl", begin=i * 40, end=i * 40 + n) for i, n in enumerate((40, 40, 10, 5))]
    assert synthesis.parts(shards, 40) == [[0], [1, 2, 3]]
    assert synthesis.parts(shards, 15) == [[0], [1], [2, 3]]
    assert synthesis.parts(shards, 10**6) == [[0, 1, 2, 3]]
    assert synthesis.parts([], 40) == []


def test_one_synth_table_is_as_good_as_a_list_of_one() -> None:
    source = '[run]\nout = "o"\n[[source]]\nname = "p"\npath = "p.tsv"\n'
    text = source + '[synth]\nname = "m"\nfrom = "p"\npair = ["hi", "en"]\n'
    assert recipe.parse(text) == recipe.parse(text.replace("[synth]", "[[synth]]"))
