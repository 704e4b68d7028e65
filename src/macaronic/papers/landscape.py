"""The map of text that mixes languages: tasks, data sets, benchmarks, models and tools, kept as data and searchable.

The map is our own record of what we looked at; a licence of `not noted` says that we do not know it.

Source: S078 (the survey's idea of one curated map of the field; its list is not copied).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources as packaged
from typing import Any, Literal

from macaronic.papers.match import among, speaks

ResourceKind = Literal["dataset", "benchmark", "model", "tool"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is done with mixed text.

    Args:
        id: short name, such as `lid`.
        name: what people call it.
        about: what it is.
        measures: how it is scored.
    """

    id: str
    name: str
    about: str
    measures: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A data set, benchmark, model or tool.

    Args:
        id: short name.
        name: its own name.
        kind: what it is.
        about: what it holds or does, in our words.
        tasks: ids of the tasks that it serves.
        languages: tags; empty when its source names too many, or none.
        licence: as its source states it; `not noted` and `none stated` are different things.
        url: where it stands.
        seeds: the papers among ours that it belongs to.
        data: its name for `macaronic data get`, or empty.
    """

    id: str
    name: str
    kind: ResourceKind
    about: str
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    licence: str
    url: str
    seeds: tuple[str, ...] = ()
    data: str = ""


@cache
def _map() -> dict[str, Any]:
    return tomllib.loads(packaged.files("macaronic.papers").joinpath("landscape.toml").read_text("utf-8"))


@cache
def tasks() -> dict[str, Task]:
    """The tasks by id.

    >>> tasks()["lid"].name
    'Word languages'
    """
    return {name: Task(name, **entry) for name, entry in _map()["task"].items()}


@cache
def resources() -> dict[str, Resource]:
    """Everything on the map by id, in the map's order.

    >>> resources()["hinglid"].licence
    'CC BY-NC-SA 4.0'
    """
    known = {}
    for name, entry in _map()["resource"].items():
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
        known[name] = Resource(name, **fields)
    return known


def search(task: str | None = None, language: str | None = None, kind: str | None = None) -> list[Resource]:
    """The entries that serve a task, are about a language, are of a kind; each condition may be left out.

    Args:
        task: a task's id.
        language: a tag; a bare language means all its scripts.
        kind: `dataset`, `benchmark`, `model` or `tool`.

    Raises:
        UnknownName: no such task or language tag; suggests the nearest.

    >>> [entry.id for entry in search(task="etymology", kind="dataset")]
    ['maltese-etymology']
    """
    wanted = among("task", task, tasks())
    return [
        entry
        for entry in resources().values()
        if (wanted is None or wanted in entry.tasks)
        and (language is None or speaks(entry.languages, language))
        and (kind is None or entry.kind == kind)
    ]
