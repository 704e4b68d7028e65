"""Run a function over shards: in this process, in several, or on a cluster, with the same results in the same order.

A shard that was finished under its key is not run again: results are kept, whole or not at all, in a folder.
Results must be JSON values or bytes, so that nothing is ever unpickled from disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from macaronic.core.errors import MacaronicError, UnknownName
from macaronic.core.files import sha256, write_text

if TYPE_CHECKING:
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
    """Runs shards in `workers` processes; a shard whose worker was killed is run again (twice at most)."""

    workers: int
    kept: Path | None = None

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
                                waiting[started] = pool.submit(fn, shards[started])
                            started += 1
                        value = waiting[i].result()
                        break
                    except BrokenProcessPool as error:
                        tries += 1
                        if tries > RETRIES:
                            raise MacaronicError(
                                f"a worker process died {tries} times (out of memory?). "
                                'Try fewer workers, or engine = "serial".'
                            ) from error
                        pool.shutdown(wait=False, cancel_futures=True)
                        pool, waiting, started = self._pool(), {}, i
                del waiting[i]
                tries = 0
                yield keep(self.kept, key, shard, value)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=pin_threads)


def pin_threads() -> None:
    """Keep this process to one thread, whatever library it uses; for workers that run side by side."""
    for name in _THREADS:
        os.environ[name] = "1"
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def executor(
    engine: str = "serial", *, workers: int | None = None, kept: Path | None = None
) -> Serial | Processes | Ray:
    """The executor with that name.

    Args:
        engine: `serial`, `processes`, or `ray` for a cluster (the one at RAY_ADDRESS, or this machine).
        workers: how many processes, or shards under way on the cluster; as many as processors when left out.
        kept: folder in which finished shards' results stay, for maps with a `key`.

    Raises:
        UnknownName: no such engine.
        MissingExtra: `ray` without the package.

    >>> executor("serial")
    Serial(kept=None)
    """
    if engine == "serial":
        return Serial(kept)
    if engine == "processes":
        return Processes(workers or os.cpu_count() or 1, kept)
    if engine == "ray":
        from macaronic.core.ray_engine import ray_engine

        return ray_engine(workers=workers, kept=kept)
    raise UnknownName("engine", engine, ENGINES)


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
