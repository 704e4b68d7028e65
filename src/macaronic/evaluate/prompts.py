"""The prompts of a benchmark: which fields of a row are asked, which one the answer goes into, and reading them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.problems import Problems
from macaronic.curate.datasets import locate
from macaronic.evaluate.asking import Build
from macaronic.evaluate.rows import Row, listed, read_rows

if TYPE_CHECKING:
    from macaronic.evaluate.benchmark import Benchmark

CONFUSION = "confusion"
"""The prompts that come with macaronic, by name."""

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a benchmark become prompts.

    Args:
        answer: the field that the answer goes into, as the benchmark's `score` reads it.
        asked: the fields that are asked, one a turn.
        key: the field that names a row in the outputs.
        named: the field of the prompts that it comes from, where that has another name.
        data: its prompts in the data folder, `SET/FILE`, or `confusion`; none when empty.
        many: whether the answer is a list, one a turn.
        build: makes the prompts of rows that hold none.
    """

    answer: str = "response"
    asked: tuple[str, ...] = ("prompt",)
    key: str = "id"
    named: str = ""
    data: str = ""
    many: bool = False
    build: Build | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked in one conversation.

    Args:
        id: what names it.
        turns: what the user says, turn by turn; the model answers between them.
        before: messages in front, such as a system message.
        row: what it was made of; goes on beside the answer.
    """

    id: str
    turns: tuple[str, ...]
    before: tuple[Message, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)


def read_prompts(path: str, form: Form, problems: Problems, *, system: str | None = None) -> list[Prompt]:
    """The prompts of a file of rows, or of `confusion`, the set that comes with macaronic.

    Args:
        path: JSONL, JSON, CSV, TSV or Parquet; a row may have `messages` (a conversation that ends with the user) in
            place of the prompt. Rows without a name are named after their line.
        form: which fields count.
        problems: where rows without a prompt are counted, as `no prompt`.
        system: a system message in front of each.

    Raises:
        FormatError: no row has a prompt.
        InputError: the file cannot be read.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "prompts.jsonl"
    >>> _ = path.write_text('{"id": "a", "prompt": "Kaise ho?"}\\n{"id": "b"}\\n')
    >>> problems = Problems()
    >>> [(p.id, p.turns) for p in read_prompts(str(path), Form(), problems)], problems.by_kind["no prompt"]
    ([('a', ('Kaise ho?',))], 1)
    """
    before = ({"role": "system", "content": system},) if system else ()
    found, fields = [], ""
    rows = list(_rows(path, problems))
    built = form.build([row for _, row in rows]) if form.build else [""] * len(rows)
    for (line, row), made in zip(rows, built, strict=True):
        fields = fields or ", ".join(map(str, row))
        turns, early = _turns(row, form)
        turns = turns or ((made,) if made else ())
        if not turns:
            problems.add(path, line, f"no {form.asked[0]}", kind="no prompt")
            continue
        names = (row.get(key) for key in (form.key, form.named, "id"))
        name = next((str(name) for name in names if name not in (None, "")), f"line {line}")
        found.append(Prompt(name, turns, (*before, *early), row))
    if not found and not fields:
        raise InputError(f"no rows in {path}")
    if not found:
        raise FormatError(f"expected rows with {form.asked[0]}, or messages; got {fields}", path)
    return found


def place_of(benchmark: Benchmark, form: Form, path: str | None) -> str:
    """The file of prompts: the one that is named, or the benchmark's own in the data folder.

    Raises:
        UsageError: none is named and the benchmark has none.
        MissingData: its data are not here; says how to get them.

    >>> from macaronic.evaluate.benchmark import find
    >>> place_of(find("in-language").BENCHMARK, Form(data="confusion"), None)
    'confusion'
    """
    if path is not None:
        return path
    if not form.data:
        raise UsageError(f"{benchmark.name} needs its prompts: --prompts FILE\nFrom: {benchmark.source}")
    folder, _, name = form.data.partition("/")
    return CONFUSION if form.data == CONFUSION else str(locate(folder) / name)


def spread(prompts: list[Prompt], limit: int | None) -> list[Prompt]:
    """So many of the prompts, spread evenly over all; all of them where there is no limit.

    >>> [p.id for p in spread([Prompt(str(i), ("?",)) for i in range(10)], 3)]
    ['0', '3', '6']
    """
    n = len(prompts)
    return prompts if limit is None or limit >= n else [prompts[i * n // limit] for i in range(limit)]


def confusion_rows() -> Iterator[Row]:
    """The rows of the set that comes with macaronic: prompts in 15 languages, and English ones that ask for another.

    >>> rows = list(confusion_rows())
    >>> sorted({row["task"] for row in rows}), len({row["language"] for row in rows})
    (['crosslingual', 'monolingual'], 15)
    """
    text = resources.files("macaronic.evaluate").joinpath("confusion_prompts.toml").read_text("utf-8")
    held = tomllib.loads(text)
    for tag, language in held["language"].items():
        for number, prompt in enumerate(language["monolingual"]):
            yield _confusion_row("monolingual", tag, number, prompt, language)
        if "name" in language:
            asked = (template.format(language=language["name"]) for template in held["crosslingual"])
            for number, prompt in enumerate(asked):
                yield _confusion_row("crosslingual", tag, number, prompt, language)


def _confusion_row(task: str, tag: str, number: int, prompt: str, language: Mapping[str, Any]) -> Row:
    allowed = language.get("allowed", [tag])
    name = f"{task}/{tag}/{number}"
    return {"id": name, "prompt": prompt, "task": task, "source": "macaronic", "language": tag, "allowed": allowed}


def _rows(path: str, problems: Problems) -> Iterator[tuple[int, Row]]:
    return enumerate(confusion_rows(), 1) if path == CONFUSION else read_rows(path, problems)


def _turns(row: Row, form: Form) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """What the user says, and the messages in front of it."""
    turns = [_content(row.get(name)) for name in form.asked]
    ended = next((i for i, turn in enumerate(turns) if turn in ("", "None")), len(turns))
    if ended:
        return tuple(turns[:ended]), ()
    messages = [m for m in listed(row.get("messages")) if isinstance(m, dict) and m.get("content")]
    told = tuple({"role": str(m.get("role", "user")), "content": str(m["content"])} for m in messages)
    if told and told[-1]["role"] == "user":
        return (told[-1]["content"],), told[:-1]
    return (), ()


def _content(value: Any) -> str:
    """A prompt as text; some releases hold it as a message in JSON."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
        return str(value.get("content", "")) if "role" in value else json.dumps(value, ensure_ascii=False)
    return "" if value is None or value != value else str(value)
