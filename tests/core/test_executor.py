"""The engines give the same results in the same order; finished shards are not run again; killed workers are."""

import os
import signal
import sys
from pathlib import Path

import pytest

from macaronic.core import devices
from macaronic.core.errors import MacaronicError, MissingData, MissingExtra, UnknownName, UsageError
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


def greedy(x: int) -> int:
    return len(bytearray(1 << 30)) + x


def mapped(path: str) -> int:
    import mmap

    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return len(held)


def device(x: int) -> str:
    return os.environ["CUDA_VISIBLE_DEVICES"]


def unknown(x: int) -> int:
    raise UnknownName("shard", str(x), ["one"])


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


def test_a_worker_that_needs_too_much_memory_is_an_error_that_says_how_much(tmp_path) -> None:
    with pytest.raises(MacaronicError, match=r"died 3 times; it may hold 512M\.\nAllow each worker more"):
        list(Processes(1, memory=512 << 20).map(greedy, [1]))
    with open(tmp_path / "large", "wb") as file:
        file.truncate(2 << 30)
    assert list(Processes(1, memory=512 << 20).map(mapped, [str(tmp_path / "large")])) == [2 << 30]


def test_a_serial_run_has_no_workers_to_limit() -> None:
    with pytest.raises(UsageError, match="is for workers"):
        executor("serial", memory=1 << 30)


def test_every_worker_has_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "cuda_devices", lambda: ("3", "GPU-8f2a"))
    run = executor("processes", workers=8, gpu=True)
    assert isinstance(run, Processes)
    assert set(run.map(device, list(range(12)))) <= {"3", "GPU-8f2a"}
    assert set(Processes(1, devices=("7",)).map(device, [0, 1])) == {"7"}
    monkeypatch.setattr(devices, "cuda_devices", lambda: ())
    with pytest.raises(MissingData, match="no GPU is visible"):
        executor("processes", gpu=True)


def test_errors_with_other_arguments_come_through() -> None:
    with pytest.raises(UnknownName, match="unknown shard '1'"):
        list(Processes(1).map(unknown, [1]))
