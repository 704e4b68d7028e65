"""The released MMM sets, whose rows are a prompt and an answer, and rows of that form from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from macaronic.core.errors import FormatError, InputError, MissingExtra, UnknownName
from macaronic.core.problems import Problems
from macaronic.extract import tasks
from macaronic.extract.codecs.oiellm import Oiellm
from macaronic.extract.record import Record, Schema

TRAIN = "ganchengguang/MMM-dataset-Trainset"
TEST = "ganchengguang/MMM-datasets-Testset"
PAIRS = (
    ("input", "output"),
    ("prompt", "answer"),
    ("prompt", "response"),
    ("instruction", "output"),
    ("source", "target"),
)
"""Names that the two columns may have; which the released sets use was not seen, so any of these is taken."""
_LOOKED = 100


def load(
    name: str = TRAIN,
    *,
    split: str = "train",
    columns: tuple[str, str] | None = None,
    schema: Schema | None = None,
    language: str = "",
    problems: Problems,
) -> Iterator[Record]:
    """The records of a released set, streamed from the hub (extra `hub`; needs the network).

    Args:
        name: of the data set.
        split: of it.
        columns: those of the prompt and of the answer; found by name when left out.
        schema: known labels, for answers whose delimiters can be read in two ways.
        language: of the set; the task word tells it otherwise.
        problems: where rows that cannot be read are counted.

    Raises:
        MissingExtra: `datasets` is not installed.
        InputError: the set cannot be read.
        FormatError: it has not two such columns.
    """
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise MissingExtra("datasets", "hub") from error
    try:
        rows = load_dataset(name, split=split, streaming=True)
    except Exception as error:  # the library raises errors of many kinds
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"cannot read the data set {name} of the hub: {why}") from error
    yield from records(rows, name, columns=columns, schema=schema, language=language, problems=problems)


def records(
    rows: Iterable[Mapping[str, Any]],
    where: str,
    *,
    columns: tuple[str, str] | None = None,
    schema: Schema | None = None,
    language: str = "",
    problems: Problems,
) -> Iterator[Record]:
    """Records out of rows of prompts `{text}/{task}` and answers in the `compat` form of `oiellm`.

    Args:
        rows: such as a data set, or objects of a JSONL file.
        where: their place, for messages.

    The other arguments are those of `load`.

    Raises:
        FormatError: no row has such columns.

    >>> rows = [{"input": "Pandas live in China./NER", "output": "Nature/NER/:Nation;China"}]
    >>> [record.spans[0].text for record in records(rows, "mmm", problems=Problems())]
    ['China']
    """
    source = iter(rows)
    head = list(islice(source, _LOOKED))
    if head:
        columns = columns or _columns(head, where)
        number = 0
        for part in (head, source):
            for row in part:
                number += 1
                record = _record(row, columns, schema, language, where, number, problems)
                if record is not None:
                    yield record


def _columns(head: Sequence[Mapping[str, Any]], where: str) -> tuple[str, str]:
    for pair in PAIRS:
        if any(all(isinstance(row.get(name), str) for name in pair) for row in head):
            return pair
    got = ", ".join(map(str, head[0])) or "none"
    raise FormatError(f"expected columns of prompts and answers, such as input, output; got {got}.\nName them.", where)


def _record(
    row: Mapping[str, Any],
    columns: tuple[str, str],
    schema: Schema | None,
    language: str,
    where: str,
    number: int,
    problems: Problems,
) -> Record | None:
    prompt, answer = row.get(columns[0]), row.get(columns[1])
    if not isinstance(prompt, str) or not isinstance(answer, str):
        problems.add(where, number, f"expected strings under {' and '.join(columns)}", kind="columns")
        return None
    text, slash, word = prompt.rstrip().rpartition("/")
    try:
        task = tasks.of_word(word) if slash else ""
    except UnknownName:
        task = ""
    if not task or not text.strip():
        problems.add(where, number, f"expected a prompt text/task; got ...{prompt[-40:]!r}", kind="task word")
        return None
    decoded = Oiellm("compat").decode(answer, text, task=task, schema=schema)
    if decoded.record is None:
        problems.add(where, number, f"the answer cannot be read: {decoded.failure}", kind=decoded.failure)
        return None
    spoken = language or tasks.language_of(word)
    return replace(decoded.record, id=f"{where}:{number}", language=spoken)
