"""Sixteen proxies, a build and an identify on two machines, one of which is lost: the bytes of a serial run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from macaronic import bundled
from macaronic.build import recipe as recipes
from macaronic.build.run import build
from macaronic.core.executor import executor
from macaronic.core.files import fingerprint
from macaronic.mix import runs
from macaronic.mix.proxy import NgramProxy
from macaronic.mix.sweep import Job, sweep, table
from macaronic.mix.texts import prepare, save

TAGS = ("en", "hi", "es", "tr")
RECIPE = """
[run]
out = "out"
engine = "{engine}"
[[source]]
name = "everyday"
path = "part*.txt"
[mix]
by = ["language"]
method = "temperature"
temperature = 2.0
"""

Lose = Callable[[], None]


@pytest.fixture
def parts(tmp_path: Path) -> list[str]:
    """Six files in four languages."""
    names = [f"part{n}.txt" for n in range(6)]
    for n, name in enumerate(names):
        lines = [f"{row[tag]} {n}-{i}" for i, row in enumerate(bundled.parallel()[:30]) for tag in TAGS]
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")
    return names


def test_proxies(tmp_path: Path, lose_a_machine: Lose) -> None:
    rows = [(tag, str(i), row[tag]) for i, row in enumerate(bundled.parallel()) for tag in TAGS]
    save(prepare(rows), tmp_path / "texts")
    proxy = NgramProxy(str(tmp_path / "texts"), fingerprint(tmp_path / "texts"), 4000, 3)
    drawn = np.random.default_rng(1).dirichlet(np.ones(len(TAGS)), 16)
    jobs = [Job(tuple(zip(TAGS, weights.tolist())), seed) for seed, weights in enumerate(drawn)]
    files = []
    for engine in ("serial", "ray"):
        say = (lambda *_: lose_a_machine()) if engine == "ray" else None
        found = table(sweep(proxy, jobs, kept=tmp_path / engine, engine=executor(engine), say=say))
        runs.write(found, tmp_path / f"{engine}-mixtures.csv", tmp_path / f"{engine}-losses.csv")
        files.append([(tmp_path / f"{engine}-{kind}.csv").read_bytes() for kind in ("mixtures", "losses")])
    assert files[0] == files[1]
    assert files[0][1].count(b"\n") == 17


def test_a_build(tmp_path: Path, parts: list[str], lose_a_machine: Lose) -> None:
    def say(stage: str, done: int, total: int) -> None:
        if engine == "ray" and done == 1:
            lose_a_machine()

    for engine in ("serial", "ray"):
        place = tmp_path / f"{engine}.toml"
        place.write_text(RECIPE.format(engine=engine))
        build(recipes.load(place), tmp_path, command="macaronic build", say=say)
        (tmp_path / "out").rename(tmp_path / f"out-{engine}")
    one, two = (
        {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file() and ".work" not in p.parts}
        for out in (tmp_path / "out-serial", tmp_path / "out-ray")
    )
    assert len(one) > 3
    assert one == two


def test_identify_and_measure(cli, parts: list[str], lose_a_machine: Lose, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def progress(title: str, *, quiet: bool = False) -> Iterator[Any]:
        yield lambda done, total=None, text="": lose_a_machine() if done else None

    monkeypatch.setattr("macaronic.text.formats.parts.SHARD_BYTES", 3000)
    assert cli("identify", *parts, "-o", "one.jsonl").code == 0
    monkeypatch.setattr("macaronic.cli.identify.progress", progress)
    assert cli("identify", *parts, "-o", "two.jsonl", "--engine", "ray").code == 0
    assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()
    words = ["measure", *parts, "--json", "--samples", "50"]
    assert cli(*words).out == cli(*words, "--engine", "ray").out
    words = ["identify", *parts, "--json"]
    assert cli(*words).out == cli(*words, "--engine", "ray", "--memory", "1G").out
