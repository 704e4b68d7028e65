"""Run a function over shards: in this process, in several, or on a cluster, with the same results in the same order.

A shard that was finished under its key is not run again: results are kept, whole or not at all, in a folder.
Results that are kept must be JSON values, so that nothing is ever unpickled from disk.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from macaronic.core import devices as gpus
from macaronic.core.errors import MacaronicError, MissingData, UnknownName, UsageError
from macaronic.core.files import sha256, write_text
from macaronic.core.memory import bound, check_system, shown

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

    from macaronic.core.ray_engine import Ray

S = TypeVar("S")
R = TypeVar("R")

ENGINES = ("serial", "processes", "ray")
RETRIES = 2
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True)
class Serial:
    """Runs shards one after the other in this process.

    >>> list(Serial().map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    kept: Path | None = None

    def map(self, fn: Callable[[S], R], shards: Sequence[S], *, key: Callable[[S], str] | None = None) -> Iterator[R]:
        """`fn` of every shard, in order; a shard whose key is already kept is not run again."""
        for shard in shards:
            held = recall(self.kept, key, shard)
            yield cast(R, held[0]) if held else keep(self.kept, key, shard, fn(shard))


@dataclass(frozen=True)
class Processes:
    """Runs shards in `workers` processes; a shard whose worker was killed is run again (twice at most).

    Args:
        workers: how many processes, each on one thread.
        kept: folder in which finished shards' results stay, for maps with a `key`.
        memory: bytes of data that a worker may hold; one that needs more is ended like one that was killed.
        devices: names of GPUs; every worker sees one of them alone, so there are no more workers than these.
    """

    workers: int
    kept: Path | None = None
    memory: int | None = None
    devices: tuple[str, ...] = ()

    def map(self, fn: Callable[[S], R], shards: Sequence[S], *, key: Callable[[S], str] | None = None) -> Iterator[R]:
        """`fn` of every shard, in order, with at most two shards a worker waiting."""
        recalled: dict[int, R] = {}
        for i, shard in enumerate(shards):
            if held := recall(self.kept, key, shard):
                recalled[i] = cast(R, held[0])
        waiting: dict[int, Future[R]] = {}
        pool, started, tries = self._pool(), 0, 0
        try:
            for i, shard in enumerate(shards):
                if i in recalled:
                    yield recalled.pop(i)
                    continue
                while True:
                    try:
                        started = max(started, i)
                        while started < len(shards) and len(waiting) < 2 * self.workers:
                            if started not in recalled and started not in waiting:
                                waiting[started] = pool.submit(_whole, fn, shards[started])
                            started += 1
                        value = waiting[i].result()
                        break
                    except BrokenProcessPool as error:
                        tries += 1
                        if tries > RETRIES:
                            raise MacaronicError(lost(f"a worker process died {tries} times", self.memory)) from error
                        pool.shutdown(wait=False, cancel_futures=True)
                        pool, waiting, started = self._pool(), {}, i
                del waiting[i]
                tries = 0
                yield keep(self.kept, key, shard, value)
        except BaseException:
            for worker in list((pool._processes or {}).values()):
                worker.terminate()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        context = get_context("spawn")
        names = context.SimpleQueue() if self.devices else None
        for name in self.devices:
            names.put(name)  # type: ignore[union-attr]
        count = min(self.workers, len(self.devices)) if self.devices else self.workers
        return ProcessPoolExecutor(count, context, initializer=_begin, initargs=(self.memory, names))


def lost(what: str, memory: int | None) -> str:
    """The message for a shard that was lost again and again."""
    if memory is None:
        return f'{what} (out of memory?).\nTry fewer workers, or engine = "serial".'
    return f"{what}; it may hold {shown(memory)}.\nAllow each worker more, and take fewer where that does not fit."


def _begin(memory: int | None, devices: SimpleQueue[str] | None) -> None:
    """What a worker does first: its limits, its device, and to end when the process that started it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if memory is not None:
        bound(memory)
    if devices is not None:
        os.environ[gpus.VISIBLE] = devices.get()
    pin_threads()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _whole(fn: Callable[[S], R], shard: S) -> R:
    """The result of a shard. A worker without memory ends, so that the shard is run again in a fresh one."""
    try:
        return fn(shard)
    except MemoryError:
        os._exit(1)


def few_threads() -> None:
    """One thread for numerical libraries that are loaded from now on, unless the person's environment says otherwise.

    What the command line computes is small matrices; many threads a matrix only wait for each other.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")


def pin_threads() -> None:
    """Keep this process to one thread, whatever library it uses; for workers that run side by side."""
    for name in _THREADS:
        os.environ[name] = "1"
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def executor(
    engine: str = "serial",
    *,
    workers: int | None = None,
    kept: Path | None = None,
    memory: int | None = None,
    gpu: bool = False,
) -> Serial | Processes | Ray:
    """The executor with that name.

    Args:
        engine: `serial`, `processes`, or `ray` for a cluster (the one at RAY_ADDRESS, or this machine).
        workers: how many processes, or shards under way on the cluster; as many as processors (or GPUs) when left out.
        kept: folder in which finished shards' results stay, for maps with a `key`.
        memory: bytes that each worker may hold; on a cluster also what is set aside for it.
        gpu: whether each worker has a GPU of its own; there are then as many workers as GPUs.

    Raises:
        UnknownName: no such engine.
        UsageError: a memory limit without workers, or where the system keeps none.
        MissingData: a GPU was asked for and there is none.
        MissingExtra: `ray` without the package.

    >>> executor("serial")
    Serial(kept=None)
    """
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    if memory is not None:
        check_system()
    if engine == "ray":
        from macaronic.core.ray_engine import ray_engine

        return ray_engine(workers=workers, kept=kept, memory=memory, gpu=gpu)
    devices = gpus.cuda_devices() if gpu else ()
    if gpu and not devices:
        raise MissingData("no GPU is visible here.\nCompute on the CPU, or check CUDA_VISIBLE_DEVICES and the driver.")
    if engine == "processes":
        return Processes(workers or len(devices) or os.cpu_count() or 1, kept, memory, devices)
    if memory is not None:
        raise UsageError('a memory limit is for workers, and engine "serial" has none.\nTake "processes" or "ray".')
    return Serial(kept)


def _place(kept: Path | None, key: Callable[[S], str] | None, shard: S) -> Path | None:
    return kept / f"{sha256(key(shard))[:32]}.json" if kept is not None and key is not None else None


def recall(kept: Path | None, key: Callable[[S], str] | None, shard: S) -> tuple[object] | None:
    """The kept result of a shard, alone in a tuple; None when there is none, or a damaged one."""
    place = _place(kept, key, shard)
    if place is None or not place.exists():
        return None
    try:
        return (json.loads(place.read_text("utf-8")),)
    except (OSError, ValueError):
        return None


def keep(kept: Path | None, key: Callable[[S], str] | None, shard: S, value: R) -> R:
    """Keep a shard's result, if results are kept; returns it as it will be recalled."""
    place = _place(kept, key, shard)
    if place is not None:
        text = json.dumps(value, ensure_ascii=False)
        write_text(place, text)
        return cast(R, json.loads(text))
    return value
