"""What an extractor's folder says about itself, beside its weights and tokenizer: `extract.json`."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from macaronic.core.errors import FormatError, MissingData
from macaronic.core.files import write_text
from macaronic.extract.edges import whole_words
from macaronic.extract.record import Record, Schema

Kind = Literal["generate", "tag"]
KINDS: tuple[Kind, ...] = ("generate", "tag")
FILE = "extract.json"


@dataclass(frozen=True, slots=True)
class About:
    """How to ask a trained model and how to read it.

    Args:
        kind: `generate` writes answers in a codec, `tag` labels characters.
        codec: the codec of the answers.
        dialect: of the codec.
        schemas: `language/task` -> the labels of its records; `/task` and `/` are those of all languages and of all.
        whole: whether the spans that it was taught never cut a word.
        context: most tokens of a text that it was taught with.
        labels: of a `tag` model, in the order of its columns.
    """

    kind: Kind
    codec: str = "oiellm"
    dialect: str = "escaped"
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    whole: bool = False
    context: int = 512
    labels: tuple[str, ...] = ()

    def schema(self, record: Record) -> Schema:
        """The labels for a text; those of all languages, or of all tasks, where its own were not taught.

        >>> About("tag", schemas={"/": Schema(("News",), ())}).schema(Record("Saluton!", language="eo")).text_labels
        ('News',)
        """
        keys = (f"{record.language}/{record.task}", f"/{record.task}", "/")
        return next(self.schemas[key] for key in keys if key in self.schemas)


def about(records: Iterable[Record], kind: Kind, codec: str = "oiellm", *, dialect: str = "escaped") -> About:
    """What records teach: their labels by language, and whether their spans cut words."""
    listed = list(records)
    by: defaultdict[str, list[Record]] = defaultdict(list)
    for record in listed:
        for key in dict.fromkeys((f"{record.language}/{record.task}", f"/{record.task}", "/")):
            by[key].append(record)
    schemas = {key: Schema.of(some) for key, some in sorted(by.items())}
    return About(kind, codec, dialect, schemas or {"/": Schema((), ())}, whole_words(listed))


def write(told: About, folder: str | os.PathLike[str]) -> None:
    """Write `extract.json`, whole or not at all."""
    write_text(Path(folder) / FILE, json.dumps(asdict(told), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read(folder: str | os.PathLike[str]) -> About:
    """Read `extract.json`.

    Raises:
        MissingData: the folder holds none.
        FormatError: it is not what `write` wrote.
    """
    place = Path(folder) / FILE
    if not place.is_file():
        raise MissingData(f"{folder} holds no {FILE}: no model of `macaronic extract train`.")
    try:
        row: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        schemas = {
            tag: Schema(**{key: _tuple(value) for key, value in one.items()}) for tag, one in row["schemas"].items()
        }
        if row["kind"] not in KINDS or "/" not in schemas:
            raise ValueError("kind or schemas")
        return About(**{**row, "schemas": schemas, "labels": tuple(row["labels"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FormatError(f"expected what `extract train` writes; got something else ({error})", str(place)) from error


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
