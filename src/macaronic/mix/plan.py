"""A sweep in a folder: prepared texts, mixtures and settings, so that it can go on anywhere, in parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.files import fingerprint, write_text
from macaronic.mix import runs
from macaronic.mix.proxy import NgramProxy, TinyProxy
from macaronic.mix.sweep import Job
from macaronic.mix.texts import Texts, save

TEXTS = "texts.bin"
PLANNED = "planned.csv"
MIXTURES = "mixtures.csv"
LOSSES = "losses.csv"
PLAN = "plan.json"
KEPT = "proxies"
PROXIES = {"ngram": NgramProxy, "tiny": TinyProxy}

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a folder's sweep runs.

    Args:
        folder: where it stands.
        proxy: what is run.
        jobs: with what, in order; every mixture once a seed.
    """

    folder: Path
    proxy: NgramProxy | TinyProxy
    jobs: tuple[Job, ...]

    @property
    def kept(self) -> Path:
        """Where results stand."""
        return self.folder.resolve() / KEPT


def begin(
    folder: Path,
    texts: Texts,
    mixtures: runs.Runs,
    *,
    kind: str,
    settings: Mapping[str, Value],
    seeds: Sequence[int] = (0,),
) -> Plan:
    """Write a plan; results that stand in the folder already count where texts, settings, mixture and seed agree.

    Args:
        folder: made when it is not there.
        texts: what is learnt from and judged on.
        mixtures: to be run; its domains are the texts' sources.
        kind: `ngram` or `tiny`.
        settings: of the proxy, by the names of its fields.
        seeds: every mixture is run once with each.

    Raises:
        UnknownName: the mixtures weigh a source that there is not.
        UsageError: no seeds, or settings that such a proxy does not have.
        InputError: the folder cannot be written.
    """
    if not seeds:
        raise UsageError("a sweep needs at least one seed")
    ordered = mixtures.aligned(texts.names)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save(texts, folder / TEXTS)
        runs.write(ordered, folder / PLANNED)
        write_text(
            folder / PLAN, json.dumps({"kind": kind, "settings": dict(settings), "seeds": list(seeds)}, indent=1)
        )
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from error
    return resume(folder)


def resume(folder: Path) -> Plan:
    """The plan that a folder holds.

    Args:
        folder: that `begin` wrote.

    Raises:
        InputError: there is none.
        FormatError: it cannot be read.
    """
    try:
        told = json.loads((folder / PLAN).read_text("utf-8"))
        made, settings = PROXIES[told["kind"]], dict(told["settings"])
        path = folder / TEXTS
        proxy = made(path=str(path.resolve()), fingerprint=fingerprint(path), **settings)
        seeds = [int(seed) for seed in told["seeds"]]
    except OSError as error:
        raise InputError(f"no sweep in {folder}.\nBegin one: macaronic mix sweep SOURCES --out {folder}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"not the plan of a sweep ({error})", str(folder / PLAN)) from error
    table = runs.read(folder / PLANNED)
    rows = [tuple(zip(table.domains, row)) for row in table.mixtures.tolist()]
    return Plan(folder, proxy, tuple(Job(row, seed) for seed in seeds for row in rows))


def part(jobs: Sequence[Job], number: int, of: int) -> list[Job]:
    """The `number`-th of `of` parts, counted from 1.

    Raises:
        UsageError: no such part.

    >>> [job.seed for job in part([Job((), i) for i in range(5)], 2, 2)]
    [1, 3]
    """
    if not 1 <= number <= of:
        raise UsageError(f"expected part i/N with 1 <= i <= N; got {number}/{of}")
    return list(jobs[number - 1 :: of])
