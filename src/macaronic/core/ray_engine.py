"""Run a function over shards on a Ray cluster, with the results of a serial run in the order of a serial run.

A shard whose worker or machine was lost is run again elsewhere. The files that a function reads and writes must be seen
by every machine under the same path; the results themselves come back to the caller, a few at a time.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from macaronic.core.errors import MacaronicError, MissingData, MissingExtra
from macaronic.core.executor import RETRIES, keep, pin_threads, recall

S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True)
class Ray:
    """Runs shards as Ray tasks of one processor each; a lost shard is run again (twice at most).

    Args:
        workers: how many shards are under way at once; as many as the cluster has processors when left out.
        kept: folder in which finished shards' results stay, for maps with a `key`.
    """

    workers: int | None = None
    kept: Path | None = None

    def map(self, fn: Callable[[S], R], shards: Sequence[S], *, key: Callable[[S], str] | None = None) -> Iterator[R]:
        """`fn` of every shard, in order, with at most two shards a worker waiting.

        Raises:
            MacaronicError: a shard was lost again and again (out of memory?).
        """
        import ray

        connect()
        task: Any = ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(_one_thread)
        shared = ray.put(fn)
        room = 2 * (self.workers or _processors())
        waiting: dict[int, Any] = {}
        recalled: dict[int, R] = {}
        started = 0
        try:
            for i, shard in enumerate(shards):
                while started < len(shards) and len(waiting) + len(recalled) < room:
                    if held := recall(self.kept, key, shards[started]):
                        recalled[started] = cast(R, held[0])
                    else:
                        waiting[started] = task.remote(shared, shards[started])
                    started += 1
                if i in recalled:
                    yield recalled.pop(i)
                    continue
                value = cast(R, _result(waiting[i]))
                del waiting[i]
                yield keep(self.kept, key, shard, value)
        finally:
            for left in waiting.values() if ray.is_initialized() else ():
                ray.cancel(left, force=False)


def ray_engine(*, workers: int | None = None, kept: Path | None = None) -> Ray:
    """The engine, after checking that Ray is installed.

    Raises:
        MissingExtra: Ray is not installed.
    """
    try:
        import ray  # noqa: F401
    except ImportError as error:
        raise MissingExtra("ray", "ray") from error
    return Ray(workers, kept)


def connect() -> None:
    """Join the cluster: the one this process has joined, the one at RAY_ADDRESS, or a new one on this machine.

    Raises:
        MissingData: no cluster answers at RAY_ADDRESS.
    """
    import ray

    if ray.is_initialized():
        return
    address = os.environ.get("RAY_ADDRESS")
    try:
        if address:
            _knock(address)
        dashboard = None if address else False
        ray.init(address or "local", include_dashboard=dashboard, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError) as error:
        raise MissingData(
            f"no Ray cluster answers at RAY_ADDRESS={address}: {str(error).splitlines()[0]}\n"
            "Start one (`ray start --head`), correct RAY_ADDRESS, or unset it to use this machine."
        ) from error


def _knock(address: str) -> None:
    """Fail at once when nobody listens at a host:port; Ray itself would wait for minutes."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def _processors() -> int:
    import ray

    held: dict[str, float] = cast(Any, ray).cluster_resources()
    return max(1, int(held.get("CPU", 1)))


def _one_thread(fn: Callable[[S], R], shard: S) -> R:
    """What a task does."""
    pin_threads()
    return fn(shard)


def _result(waiting: Any) -> object:
    """The result of a task, or the error of its function as it was raised."""
    import ray
    from ray import exceptions

    try:
        return ray.get(waiting)
    except exceptions.RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
    except exceptions.RayError as error:
        raise MacaronicError(
            f"a shard was lost {RETRIES + 1} times ({type(error).__name__}; out of memory?).\n"
            'Try fewer workers a machine, or engine = "serial".'
        ) from error
