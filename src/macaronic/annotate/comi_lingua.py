"""Tables of sentences with a label by each of several people, in the columns of COMI-LINGUA.

The column `Sentences` holds a text, each column that begins with `Annotated by` the label that one person gave the
whole sentence. Languages become the matrix language; other labels become a layer `label`.

Source: S020, columns of its released matrix-language files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from macaronic.annotate.imported import Imported
from macaronic.annotate.layers import LANGUAGE
from macaronic.core import languages
from macaronic.core.errors import FormatError, InputError, MacaronicError
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.words import tokenise

TEXT, BY = "Sentences", "Annotated by"
LABEL = "label"


def is_header(columns: Sequence[str]) -> bool:
    """Whether a table's columns are those of such a file.

    >>> is_header(["Sentences", "Annotated by: Annotator 1"]), is_header(["text", "label"])
    (True, False)
    """
    return TEXT in columns and any(name.startswith(BY) for name in columns)


def read(path: str, problems: Problems) -> Iterator[Imported]:
    """The sentences of a file with what each person said of them.

    Args:
        path: of the CSV file.
        problems: where rows without a text are counted.

    Raises:
        InputError: it cannot be read.
        FormatError: it has other columns.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            columns = list(table.fieldnames or ())
            if not is_header(columns):
                raise FormatError(f"expected the columns {TEXT} and {BY} ...; got {', '.join(columns)[:80]}", path, 1)
            people = {name: person(name) for name in columns if name.startswith(BY)}
            for number, row in enumerate(table, 1):
                text = " ".join((row.get(TEXT) or "").split())
                if text:
                    said = {who: (row.get(name) or "").strip() for name, who in people.items()}
                    yield _imported(text, f"{Path(path).stem}:{number}", said)
                else:
                    problems.add(path, table.line_num, f"nothing under {TEXT}", kind="no text")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a CSV file in UTF-8: {error}", path) from error


def person(column: str) -> str:
    """The name that a column's person gets.

    >>> person("Annotated by: Annotator 2")
    'annotator-2'
    """
    return "-".join(column.removeprefix(BY).strip(" :").lower().split()) or "annotator"


def _imported(text: str, name: str, said: dict[str, str]) -> Imported:
    tokens = tuple(tokenise(text))
    people = {who: Utterance(text, name, tokens, labels=_labels(label)) for who, label in said.items() if label}
    return Imported(Utterance(text, name, tokens), people=people)


def _labels(label: str) -> dict[str, str]:
    try:
        return {LANGUAGE: languages.parse(label)}
    except MacaronicError:
        return {LABEL: label}
