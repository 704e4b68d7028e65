"""The engines give the same results in the same order; finished shards are not run again; killed workers are."""

import os
import signal
import sys
from pathlib import Path

import pytest

from macaronic.core.errors import MacaronicError, MissingExtra, UnknownName
from macaronic.core.executor import Processes, Serial, executor


def square(x: int) -> int:
    return x * x


def note(job: tuple[str, int]) -> int:
    folder, x = job
    with open(Path(folder) / "runs", "a") as file:
        file.write(f"{x}\n")
    return x + 1


def die_once(job: tuple[str, int]) -> int:
    folder, x = job
    marker = Path(folder) / "died"
    if x == 3 and not marker.exists():
        marker.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def die_always(x: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return x


def key(job: tuple[str, int]) -> str:
    return str(job[1])


def fail(x: int) -> int:
    raise ValueError(f"bad shard {x}")


def test_engines_agree_and_keep_order() -> None:
    shards = list(range(20))
    expected = [x * x for x in shards]
    assert list(Serial().map(square, shards)) == expected
    assert list(Processes(2).map(square, shards)) == expected


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_finished_shards_are_reused(tmp_path, engine: str) -> None:
    run = executor(engine, workers=2, kept=tmp_path / "kept")
    jobs = [(str(tmp_path), i) for i in range(4)]
    assert list(run.map(note, jobs[:2], key=key)) == [1, 2]
    assert list(run.map(note, jobs, key=key)) == [1, 2, 3, 4]
    assert sorted((tmp_path / "runs").read_text().split()) == ["0", "1", "2", "3"]


def test_a_damaged_result_is_made_again(tmp_path) -> None:
    run = executor("serial", kept=tmp_path / "kept")
    assert list(run.map(note, [(str(tmp_path), 1)], key=key)) == [2]
    for file in (tmp_path / "kept").iterdir():
        file.write_text("{half")
    assert list(run.map(note, [(str(tmp_path), 1)], key=key)) == [2]


def test_a_killed_worker_s_shard_is_run_again(tmp_path) -> None:
    jobs = [(str(tmp_path), i) for i in range(6)]
    assert list(Processes(2).map(die_once, jobs)) == list(range(6))


def test_a_worker_that_always_dies_is_an_error() -> None:
    with pytest.raises(MacaronicError, match="died"):
        list(Processes(1).map(die_always, [1]))


def test_errors_come_through() -> None:
    with pytest.raises(ValueError, match="bad shard 1"):
        list(Processes(1).map(fail, [1]))


def test_unknown_engine_suggests_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'processes'"):
        executor("process")


def test_ray_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"macaronic\[ray\]"):
        executor("ray")
