"""A benchmark's page for people, out of its module: what it asks, how it is scored, how to score your own outputs."""

from __future__ import annotations

import inspect
from types import ModuleType

from macaronic.evaluate.benchmark import Benchmark


def page(module: ModuleType) -> str:
    """The page in Markdown; equal modules give equal text.

    >>> from macaronic.evaluate.benchmark import find
    >>> page(find("in-language")).splitlines()[0]
    '# In a language that was allowed'
    """
    told: Benchmark = module.BENCHMARK
    about = inspect.cleandoc(module.__doc__ or "")
    parts = [f"# {told.title}", f"`{told.name}`: {told.task}.", about, _metrics(told), _use(told)]
    if told.compat:
        listed = "\n".join(f"- {text}" for text in told.compat)
        parts.append(f"## Where the authors' rules differ\n\nWith `--compat` both are printed.\n\n{listed}")
    parts.append(_sources(told))
    return "\n\n".join(parts) + "\n"


def _metrics(told: Benchmark) -> str:
    rows = "\n".join(f"| `{m.name}` {m.arrow} | {m.about} | {m.unit} |" for m in told.metrics)
    return f"| metric | what it is | unit |\n| --- | --- | --- |\n{rows}"


def _use(told: Benchmark) -> str:
    options = " ".join(f"[--{name}{'' if name == 'compat' else f' {name.upper()}'}]" for name in told.options)
    command = f"macaronic eval score {told.name} OUTPUTS {options}".rstrip()
    return f"## Your outputs\n\n{told.form}.\n\n```console\n$ {command}\n```"


def _sources(told: Benchmark) -> str:
    papers = ", ".join(f"{name} (`macaronic papers {name}`)" for name in told.papers) or "none"
    rows = (("languages", told.languages), ("data", told.source), ("licence", told.licence), ("papers", papers))
    return "## Where it comes from\n\n" + "\n".join(f"- {name}: {value}" for name, value in rows if value)
