"""Options that mean the same under every verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from macaronic.core.protocols import Executor

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="What every random choice depends on.")]
Strict = Annotated[bool, typer.Option("--strict", help="End at the first bad row instead of counting it.")]
Format = Annotated[str | None, typer.Option("--format", help="The input's format; guessed when left out.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="The input's encoding; detected when left out.")]
TextKey = Annotated[str, typer.Option("--text-key", help="The field or column that holds the text.")]
Languages = Annotated[
    str | None,
    typer.Option("--languages", "-l", help="The languages that may occur, such as es,en; found when left out."),
]
Engine = Annotated[str, typer.Option("--engine", help="serial, processes, or ray for a cluster: the same result.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="How many at once; as many as processors when left out.")
]
Memory = Annotated[str | None, typer.Option("--memory", help="What each worker may hold, such as 2G.")]
Model = Annotated[str | None, typer.Option("--model", "-m", help="A tagger's folder, or a backend such as lingua.")]


def tags(languages: str | None) -> list[str] | None:
    """The tags in `es,en`, in the project's spelling.

    >>> tags("spa, en")
    ['es', 'en']
    """
    from macaronic.core.languages import parse

    if languages is None:
        return None
    return list(dict.fromkeys(parse(tag) for tag in languages.replace(" ", "").split(",") if tag))


def executor(engine: str, workers: int | None, memory: str | None, *, gpu: bool = False) -> Executor:
    """The engine that was asked for.

    Args:
        engine: its name.
        workers: how many at once.
        memory: what each may hold, such as `2G`.
        gpu: whether each has a GPU of its own.

    Raises:
        UnknownName: no such engine.
        UsageError: not a size, or no workers to limit.

    >>> executor("serial", None, None)
    Serial(kept=None)
    """
    from macaronic.core import executor as engines
    from macaronic.core.memory import size

    return engines.executor(engine, workers=workers, memory=size(memory) if memory else None, gpu=gpu)


def anywhere(model: str | None) -> str | None:
    """A model by its full path, where it is a file or folder, for a worker that stands in another folder.

    >>> anywhere("lingua"), anywhere(None)
    ('lingua', None)
    """
    from pathlib import Path

    return str(Path(model).resolve()) if model and Path(model).exists() else model


def mapping(pairs: str | None) -> dict[str, str] | str | None:
    """The label map in `K=rw,F=fr`, or the name of a known scheme.

    Raises:
        UsageError: a part without an equals sign.

    >>> mapping("K=rw,F=fr")
    {'K': 'rw', 'F': 'fr'}
    """
    from macaronic.core.errors import UsageError

    if pairs is None or "=" not in pairs:
        return pairs
    parts = [part.partition("=") for part in pairs.split(",") if part]
    for key, equals, tag in parts:
        if not equals or not key or not tag:
            raise UsageError(f"expected label=tag pairs such as K=rw,F=fr; got {pairs!r}")
    return {key: tag for key, _, tag in parts}
