"""CSV files that COMMENTATOR lets an admin download: words with languages, or with parts of speech.

The column `tag` holds a list of words with their labels as Python would print it; the files have no sentence numbers
and not the text itself, which is put together from the words with spaces.

Source: S025, columns of its download (`username` where all were asked for; `grammar`, `date`, `tag`, `time`, ...).
"""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from macaronic.annotate.imported import Imported
from macaronic.annotate.layers import LANGUAGE
from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.labels import label_of

_LONGEST = 1 << 17
Pairs = list[tuple[str, str]]


def is_header(columns: list[str]) -> bool:
    """Whether a table's columns are those of such a file.

    >>> is_header(["grammar", "date", "tag", "link", "hashtag", "time"]), is_header(["text", "tag"])
    (True, False)
    """
    return {"date", "tag", "time"} <= set(columns)


def read(path: str, problems: Problems) -> Iterator[Imported]:
    """The sentences of a file with what each person said; rows of one sentence by several people become one.

    Args:
        path: of the CSV file.
        problems: where rows that cannot be read are counted.

    Raises:
        InputError: it cannot be read.
        FormatError: it has other columns.
    """
    found: dict[tuple[str, int], dict[str, Utterance]] = {}
    nth: Counter[tuple[str, str]] = Counter()
    for line, who, layer, pairs in _rows(path, problems):
        said = _utterance(pairs, layer, path, line, problems)
        nth[who, said.text] += 1
        found.setdefault((said.text, nth[who, said.text]), {})[who] = said
    for number, ((text, _), people) in enumerate(found.items(), 1):
        first = next(iter(people.values()))
        yield Imported(Utterance(text, f"{Path(path).stem}:{number}", first.tokens), people=people)


def _rows(path: str, problems: Problems) -> Iterator[tuple[int, str, str, Pairs]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            columns = list(table.fieldnames or ())
            if not is_header(columns):
                raise FormatError(
                    f"expected the columns date, tag and time of COMMENTATOR; got {', '.join(columns)[:80]}", path, 1
                )
            layer = LANGUAGE if "grammar" in columns else "pos"
            for row in table:
                pairs = _pairs(row.get("tag") or "")
                if pairs:
                    yield table.line_num, (row.get("username") or "commentator").strip() or "commentator", layer, pairs
                else:
                    problems.add(path, table.line_num, "expected a list of words with labels under tag", kind="tag")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a CSV file in UTF-8: {error}", path) from error


def _pairs(cell: str) -> Pairs:
    """The words and labels of a cell; nothing when it holds anything else."""
    try:
        value = ast.literal_eval(cell) if 0 < len(cell) <= _LONGEST else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    found = [_pair(one) for one in value] if isinstance(value, list) else []
    return [pair for pair in found if pair] if all(found) else []


def _pair(one: Any) -> tuple[str, str] | None:
    if isinstance(one, dict):
        word, label = one.get("key", one.get("word")), one.get("value", one.get("entity"))
    elif isinstance(one, list | tuple) and len(one) == 2:
        word, label = one
    else:
        return None
    word = " ".join(str(word).split())
    return (word, str(label)) if word and "\0" not in word and label is not None else None


def _utterance(pairs: Pairs, layer: str, path: str, line: int, problems: Problems) -> Utterance:
    labels: list[str | None] = []
    for word, raw in pairs:
        try:
            labels.append(label_of(raw, word, "commentator") if layer == LANGUAGE else raw)
        except UnknownName:
            problems.add(path, line, f"unknown word label {raw!r}, read as 'unk'", kind="unknown label")
            labels.append("unk")
    return Utterance.from_words([word for word, _ in pairs], layers={layer: labels})
