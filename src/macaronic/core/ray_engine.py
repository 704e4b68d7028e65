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

from macaronic.core.errors import MacaronicError, MissingData, MissingExtra, UsageError
from macaronic.core.executor import RETRIES, keep, lost, pin_threads, recall
from macaronic.core.memory import bound, shown

S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True)
class Ray:
    """Runs shards as Ray tasks of one processor each; a lost shard is run again (twice at most).

    Args:
        workers: how many shards are under way at once; as many as the cluster has processors when left out.
        kept: folder in which finished shards' results stay, for maps with a `key`.
        memory: bytes that are set aside for each shard on the machine that runs it, and that it may hold.
        gpu: whether each shard has a GPU of its own.
    """

    workers: int | None = None
    kept: Path | None = None
    memory: int | None = None
    gpu: bool = False

    def map(self, fn: Callable[[S], R], shards: Sequence[S], *, key: Callable[[S], str] | None = None) -> Iterator[R]:
        """`fn` of every shard, in order, with at most two shards a worker waiting.

        Raises:
            MacaronicError: a shard was lost again and again (out of memory?).
            UsageError: no machine has that much memory.
            MissingData: no machine has a GPU.
        """
        import ray

        connect()
        task = self._task()
        shared = ray.put(fn)
        room = 2 * (self.workers or max(1, int(offered("GPU" if self.gpu else "CPU"))))
        waiting: dict[int, Any] = {}
        recalled: dict[int, R] = {}
        started = 0
        # What is left when the results are not wanted any more is not cancelled: a task that ends just then
        # makes Ray 2.60 end the whole process. It runs to its end, or goes with the process.
        for i, shard in enumerate(shards):
            while started < len(shards) and len(waiting) + len(recalled) < room:
                if known := recall(self.kept, key, shards[started]):
                    recalled[started] = cast(R, known[0])
                else:
                    waiting[started] = task.remote(shared, shards[started], self.memory)
                started += 1
            if i in recalled:
                yield recalled.pop(i)
                continue
            yield keep(self.kept, key, shard, cast(R, _result(waiting.pop(i), self.memory)))

    def _task(self) -> Any:
        """What is sent to the cluster, with all that it needs there; a task that no machine can run is refused."""
        import ray

        options: dict[str, Any] = {"num_cpus": 1, "max_retries": RETRIES, "scheduling_strategy": "SPREAD"}
        options["retry_exceptions"] = [MemoryError]
        if self.gpu:
            if offered("GPU") < 1:
                raise MissingData("no machine of the cluster has a GPU.\nCompute on the CPU, or add such a machine.")
            options["num_gpus"] = 1
        if self.memory is not None:
            most = max((node["Resources"].get("memory", 0) for node in ray.nodes() if node["Alive"]), default=0)
            if self.memory > most:
                raise UsageError(
                    f"{shown(self.memory)} of memory a worker was asked for; the largest machine of the cluster "
                    f"offers {int(most) >> 20}M.\nAsk for less, or start Ray there with more (`ray start --memory`)."
                )
            options["memory"] = self.memory
        return ray.remote(**options)(_one_thread)


def ray_engine(
    *, workers: int | None = None, kept: Path | None = None, memory: int | None = None, gpu: bool = False
) -> Ray:
    """The engine, after checking that Ray is installed; the arguments are those of `Ray`.

    Raises:
        MissingExtra: Ray is not installed.
    """
    try:
        import ray  # noqa: F401
    except ImportError as error:
        raise MissingExtra("ray", "ray") from error
    return Ray(workers, kept, memory, gpu)


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
    _hush()


def _hush() -> None:
    """Ray tells what becomes of its machines on stdout, where a command's results go; it has no public switch."""
    from ray._private import worker

    cast(Any, worker)._worker_logs_enabled = False


def _knock(address: str) -> None:
    """Fail at once when nobody listens at a host:port; Ray itself would wait for minutes."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def offered(resource: str) -> float:
    """How much of `CPU`, `GPU` or `memory` (bytes) the whole cluster has."""
    import ray

    connect()
    resources: dict[str, float] = cast(Any, ray).cluster_resources()
    return resources.get(resource, 0.0)


def _one_thread(fn: Callable[[S], R], shard: S, memory: int | None) -> R:
    """What a task does."""
    if memory is not None:
        bound(memory)
    pin_threads()
    try:
        return fn(shard)
    except MemoryError as error:
        raise MemoryError(str(error)) from None


def _result(waiting: Any, memory: int | None) -> object:
    """The result of a task, or the error of its function as it was raised."""
    import ray
    from ray import exceptions

    try:
        return ray.get(waiting)
    except exceptions.RayTaskError as error:
        if isinstance(error.cause, MemoryError):
            raise MacaronicError(lost(f"a shard ran out of memory {RETRIES + 1} times", memory)) from error
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
    except exceptions.RayError as error:
        what = f"a shard was lost {RETRIES + 1} times ({type(error).__name__})"
        raise MacaronicError(lost(what, memory)) from error
