"""The language model that a person names on the command line or in a recipe."""

from __future__ import annotations

import os

from macaronic.core.errors import UnknownName
from macaronic.core.protocols import LM


def lm_named(name: str, *, keep: str | os.PathLike[str] | None = None, concurrency: int = 8) -> LM:
    """The model behind a name.

    Args:
        name: `openai:MODEL` (any OpenAI-compatible server: OPENAI_BASE_URL, OPENAI_API_KEY), `local:FOLDER-OR-ID` (a
            Hugging Face model), or `scripted:FILE.jsonl` (replies from a file).
        keep: a file that keeps every answer, so that a run that was killed goes on without paying again.
        concurrency: how many calls to a server may be open at once.

    Raises:
        UnknownName: none of these kinds.
        MissingExtra: the package that this kind needs is not installed.
        UsageError: a server without key or address.
        InputError: a file or model that cannot be read.

    >>> lm_named("opanai:gpt-x")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UnknownName: unknown language model 'opanai:gpt-x'. Did you mean 'openai:MODEL'?
    Known: local:FOLDER, openai:MODEL, scripted:FILE.jsonl
    """
    kind, colon, what = name.partition(":")
    if not colon or not what:
        kind = ""
    lm: LM
    if kind == "openai":
        from macaronic.lm.http import Server

        lm = Server(what, concurrency=concurrency)
    elif kind == "local":
        from macaronic.lm.local import load

        lm = load(what)
    elif kind == "scripted":
        from macaronic.lm.scripted import read

        lm = read(what)
    else:
        raise UnknownName("language model", name, ["openai:MODEL", "local:FOLDER", "scripted:FILE.jsonl"])
    if keep is None:
        return lm
    from macaronic.lm.kept import Kept

    return Kept(lm, keep)
