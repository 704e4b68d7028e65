"""Sweeps: the same table from every engine, nothing run twice, a killed worker's proxy run again."""

import sys
from pathlib import Path

import numpy as np
import pytest

from macaronic.core import devices
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.executor import Serial, executor
from macaronic.mix.proxy import NgramProxy, TinyProxy
from macaronic.mix.sweep import Job, key, place, sweep, table
from macaronic.mix.texts import prepare, save

sys.path.insert(0, str(Path(__file__).parent))  # so that worker processes find it too
from watched_proxies import Dies, Diverges, Known

JOBS = [Job((("a", a), ("b", 1 - a)), 0) for a in (0.0, 0.25, 0.5, 0.75, 1.0)]


def test_a_killed_worker_is_run_again_and_the_table_is_the_serial_one(tmp_path: Path) -> None:
    serial = table(sweep(Known(), JOBS, kept=tmp_path / "one", engine=Serial()))
    two = executor("processes", workers=2)
    other = table(sweep(Dies(str(tmp_path)), JOBS, kept=tmp_path / "two", engine=two))
    assert (tmp_path / "died").exists()
    assert np.array_equal(serial.losses, other.losses)
    assert np.array_equal(serial.mixtures, other.mixtures)


def test_what_was_finished_is_not_run_again(tmp_path: Path) -> None:
    proxy = Known(str(tmp_path))
    sweep(proxy, JOBS[:3], kept=tmp_path / "kept", engine=Serial())
    sweep(proxy, JOBS, kept=tmp_path / "kept", engine=Serial())
    assert (tmp_path / "ran").read_text().split() == ["0.0", "0.25", "0.5", "0.75", "1.0"]
    cut = tmp_path / "kept" / f"{key(proxy, JOBS[0])}.json"
    cut.write_text(cut.read_text()[:5])
    sweep(proxy, JOBS, kept=tmp_path / "kept", engine=Serial())
    assert (tmp_path / "ran").read_text().split()[5:] == ["0.0"]


def test_the_others_go_on_when_one_fails(tmp_path: Path) -> None:
    done = sweep(Diverges(), JOBS, kept=tmp_path, engine=Serial())
    assert [bool(o.failed) for o in done] == [False, True, True, False, False]
    assert "no such text" in done[1].failed
    assert "diverged" in done[2].failed
    runs = table(done)
    assert runs.ids == ("0", "3", "4")
    assert "2 proxies gave no losses" in runs.notes[0]
    with pytest.raises(UsageError, match="no proxy gave losses"):
        table(done[1:3])


def test_settings_mixture_and_seed_make_the_key() -> None:
    proxy = NgramProxy("x", "f", 100)
    keys = {key(proxy, JOBS[0]), key(proxy, JOBS[1]), key(proxy, Job(JOBS[0].weights, 1))}
    keys |= {key(NgramProxy("x", "f", 101), JOBS[0]), key(NgramProxy("x", "g", 100), JOBS[0])}
    assert len(keys) == 5
    assert key(NgramProxy("elsewhere", "f", 100), JOBS[0]) == key(proxy, JOBS[0])


def test_processes_give_the_same_bits_for_n_grams(tmp_path: Path) -> None:
    rows = [(n, f"{i}", w * (1 + i % 3)) for i in range(30) for n, w in (("a", "hola que tal "), ("b", "well hello "))]
    save(prepare(rows), tmp_path / "texts")
    proxy = NgramProxy(str(tmp_path / "texts"), "f", 400, 3)
    serial = sweep(proxy, JOBS, kept=tmp_path / "one", engine=Serial())
    other = sweep(proxy, JOBS, kept=tmp_path / "two", engine=executor("processes", workers=2))
    assert [o.losses for o in serial] == [o.losses for o in other]


def test_a_device_is_no_part_of_a_result_and_auto_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = TinyProxy("x", "f", 100)
    monkeypatch.setattr(devices, "cuda_devices", lambda: ())
    assert place(tiny, "auto", "processes") == (tiny, False)
    monkeypatch.setattr(devices, "cuda_devices", lambda: ("0", "1"))
    placed, gpu = place(tiny, "auto", "processes")
    assert (placed.device, gpu) == ("cuda", True)
    assert key(placed, JOBS[0]) == key(tiny, JOBS[0])
    assert place(tiny, "cuda:1", "processes")[1] is False
    with pytest.raises(UnknownName, match="unknown device 'cud'"):
        place(tiny, "cud", "processes")
