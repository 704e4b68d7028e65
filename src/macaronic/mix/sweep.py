"""Run many proxies: each once, whatever the engine, with its result kept under what it depends on."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from macaronic.core import devices
from macaronic.core.errors import InputError, MacaronicError, UnknownName, UsageError
from macaronic.core.files import sha256, write_text
from macaronic.core.mixture import Mixture
from macaronic.core.protocols import Executor
from macaronic.mix.proxy import Proxy, TinyProxy
from macaronic.mix.runs import Runs

DEVICES = ("cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Job:
    """One proxy to run.

    Args:
        weights: (source, share) pairs.
        seed: what its random choices depend on.
    """

    weights: tuple[tuple[str, float], ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a proxy gave: its losses by target, or why it gave none."""

    job: Job
    key: str
    losses: Mapping[str, float]
    failed: str = ""


def key(proxy: Proxy, job: Job) -> str:
    """The SHA-256 of everything a result depends on.

    >>> class Flat:
    ...     def settings(self): return {"kind": "flat"}
    >>> key(Flat(), Job((("a", 1.0),), 0))[:8] == key(Flat(), Job((("a", 1.0),), 1))[:8]
    False
    """
    told = {"proxy": dict(proxy.settings()), "weights": dict(job.weights), "seed": job.seed}
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False))


def place(proxy: Proxy, asked: str, engine: str) -> tuple[Proxy, bool]:
    """The proxy on the device that was asked for, and whether every proxy gets a GPU of its own.

    A device is no part of what a result depends on, though only a CPU gives the same bits every time. Proxies without
    a device are left as they are.

    Args:
        proxy: what is run.
        asked: `cpu`, `cuda`, one GPU such as `cuda:1`, or `auto`: GPUs where there are any, else the CPU.
        engine: `serial`, `processes` or `ray`; the GPUs are those of the cluster or of this machine.

    Raises:
        UnknownName: another device.

    >>> from macaronic.mix.proxy import NgramProxy
    >>> place(NgramProxy("texts", "f", 100), "cuda", "processes")[1]
    False
    """
    if not isinstance(proxy, TinyProxy):
        return proxy, False
    if asked == "auto":
        asked = "cuda" if _gpus(engine) else "cpu"
    if asked not in DEVICES and not asked.startswith("cuda:"):
        raise UnknownName("device", asked, ("auto", *DEVICES))
    return replace(proxy, device=asked), asked == "cuda"


def _gpus(engine: str) -> bool:
    if engine == "ray":
        from macaronic.core.ray_engine import offered

        return offered("GPU") >= 1
    return bool(devices.cuda_devices())


def sweep(
    proxy: Proxy,
    jobs: Sequence[Job],
    *,
    kept: Path,
    engine: Executor,
    say: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Run the proxies that have not been run, and give the outcomes of all, in order.

    A worker writes its result before it goes on to the next job, so nothing that was finished is lost, and several
    machines can work on one folder. A proxy that fails or diverges is told in `failed` and the others go on; it is
    run again by the next sweep.

    Args:
        proxy: a frozen dataclass; sent to other processes as it is.
        jobs: mixtures with their seeds.
        kept: folder of the results.
        engine: of `core.executor.executor`.
        say: gets how many jobs are done, of how many.

    Raises:
        InputError: the folder cannot be written.
        MacaronicError: workers die again and again.
    """
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {kept}: {error.strerror}") from error
    keys = [key(proxy, job) for job in jobs]
    waiting = {k: job for k, job in zip(keys, jobs) if recall(kept, k) is None}
    done = len(set(keys)) - len(waiting)
    failed: dict[str, str] = {}
    for k, why in zip(waiting, engine.map(partial(run, proxy=proxy, kept=kept), list(waiting.values()), key=None)):
        done += 1
        if why:
            failed[k] = why
        if say:
            say(done, len(set(keys)))
    found = {k: recall(kept, k) or {} for k in dict.fromkeys(keys)}
    return [Outcome(job, k, found[k], "" if found[k] else failed.get(k, "no result")) for k, job in zip(keys, jobs)]


def table(outcomes: Sequence[Outcome]) -> Runs:
    """The outcomes as the tables that `fit` reads; those that failed are left out and told in `notes`.

    Raises:
        UsageError: none succeeded; the message says why the first did not.
    """
    good = [(i, outcome) for i, outcome in enumerate(outcomes) if not outcome.failed]
    bad = [(i, outcome.failed) for i, outcome in enumerate(outcomes) if outcome.failed]
    if not good:
        raise UsageError(f"no proxy gave losses; {bad[0][1] if bad else 'there were none to run'}")
    domains = tuple(name for name, _ in good[0][1].job.weights)
    targets = tuple(good[0][1].losses)
    mixtures = np.array([Mixture(dict(outcome.job.weights)).aligned(domains) for _, outcome in good])
    losses = np.array([[outcome.losses[name] for name in targets] for _, outcome in good])
    notes = (f"{len(bad)} proxies gave no losses and were left out; the first: {bad[0][1]}",) if bad else ()
    return Runs(mixtures, losses, domains, targets, tuple(str(i) for i, _ in good), notes=notes)


def run(job: Job, *, proxy: Proxy, kept: Path) -> str:
    """Run one proxy and keep its losses; gives why it could not, or nothing."""
    try:
        losses = proxy(dict(job.weights), seed=job.seed)
    except (MacaronicError, ArithmeticError, ValueError, RuntimeError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    bad = sorted(name for name, loss in losses.items() if not math.isfinite(loss))
    if bad or not losses:
        return f"diverged: the loss of {', '.join(bad) or 'every target'} is not a number"
    write_text(kept / f"{key(proxy, job)}.json", json.dumps(losses, ensure_ascii=False))
    return ""


def recall(kept: Path, name: str) -> dict[str, float] | None:
    """The losses that were kept under a key, or None; a file that is cut short counts as none."""
    try:
        told = json.loads((kept / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {str(k): float(v) for k, v in told.items()} if isinstance(told, dict) else None
