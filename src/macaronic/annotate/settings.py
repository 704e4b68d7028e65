"""What a project is: its layers, its languages, how many people label each item."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from macaronic.annotate.layers import Layer
from macaronic.core.errors import UnknownName, UsageError

ROLES = ("annotator", "adjudicator", "viewer", "admin")
LABELLING = ("annotator", "admin")
"""The roles whose labels are compared; who runs a project may label as well."""


@dataclass(frozen=True)
class Settings:
    """The settings of a project.

    Args:
        name: of the project.
        layers: what is labelled.
        languages: tags of the languages that may occur; nothing when they are found.
        overlap: how many people label each item, from 1.
        source: where the items come from.
        guidelines: what the people who label are told (Markdown).
        secret: what pseudonyms are made with; it never leaves the project file.
        media: the folder of sound files, from the project file's own folder; nothing where there are none.

    >>> sorted(Settings("p", (Layer(name="lang", labels=("en",)),)).by_name)
    ['lang']
    """

    name: str
    layers: tuple[Layer, ...]
    languages: tuple[str, ...] = ()
    overlap: int = 1
    source: str = ""
    guidelines: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    media: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Layer]:
        """The layers by their names."""
        return MappingProxyType({layer.name: layer for layer in self.layers})

    def layer_named(self, name: str | None) -> Layer:
        """The layer of a name; the first one when none is given.

        Raises:
            UnknownName: the project has none of that name.
        """
        if not name:
            return self.layers[0]
        if name not in self.by_name:
            raise UnknownName("layer", name, self.by_name)
        return self.by_name[name]

    @property
    def token_layers(self) -> tuple[str, ...]:
        """The names of the layers of words."""
        return tuple(layer.name for layer in self.layers if layer.level == "token")


def check_name(name: str) -> None:
    """Refuse a person's name that a project cannot hold.

    Raises:
        UsageError: it is empty, too long or would break a line.
    """
    if not 0 < len(name) <= 100 or not name.isprintable() or name != name.strip() or "~" in name:
        raise UsageError(f"a name has 1 to 100 characters, no line breaks and no ~; got {name!r}")


def write(connection: sqlite3.Connection, settings: Settings) -> None:
    """Keep the settings in an empty project."""
    rows = {
        "name": settings.name,
        "layers": [layer.model_dump() for layer in settings.layers],
        "languages": settings.languages,
        "overlap": settings.overlap,
        "source": settings.source,
        "guidelines": settings.guidelines,
        "secret": settings.secret,
        "media": settings.media,
    }
    found = [(key, json.dumps(value, ensure_ascii=False)) for key, value in rows.items()]
    connection.executemany("INSERT INTO settings VALUES (?, ?)", found)


def read(connection: sqlite3.Connection) -> Settings:
    """The settings of a project."""
    rows = {key: json.loads(value) for key, value in connection.execute("SELECT key, value FROM settings")}
    layers = tuple(Layer.model_validate(layer) for layer in rows["layers"])
    return Settings(
        rows["name"],
        layers,
        tuple(rows["languages"]),
        rows["overlap"],
        rows["source"],
        rows["guidelines"],
        rows["secret"],
        rows.get("media", ""),
    )
