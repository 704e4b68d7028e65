"""Data sets of the Hugging Face hub: `hub:ID`, `hub:ID/CONFIG`, with `#SPLIT` behind it. Needs the extra `hub`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from macaronic.core.errors import InputError, MissingExtra
from macaronic.core.problems import Problems
from macaronic.text.formats.jsonl import batches
from macaronic.text.formats.labels import WordLabels
from macaronic.text.formats.plan import Shard

PREFIX = "hub:"
_BATCH = 2048


def parts(place: str) -> tuple[str, str | None, str]:
    """(data set, configuration, split) of a hub place.

    >>> parts("hub:lince-benchmark/lince/lid_hineng#validation")
    ('lince-benchmark/lince', 'lid_hineng', 'validation')
    """
    name, _, split = place.removeprefix(PREFIX).partition("#")
    pieces = name.split("/")
    return "/".join(pieces[:2]), "/".join(pieces[2:]) or None, split or "train"


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """The rows of a data set, streamed; class numbers become class names."""
    labels = WordLabels(shard.options.labels, problems, shard.where)
    found = rows(shard.place)
    number = 1
    while held := list(islice(found, _BATCH)):
        yield from batches(list(enumerate(held, number)), shard, problems, labels)
        number += len(held)


def rows(place: str) -> Iterator[dict[str, Any]]:
    """The rows as they are there, streamed; class numbers become class names.

    Raises:
        MissingExtra: `datasets` is not installed.
        InputError: the data set cannot be read.
    """
    return _named(_opened(place))


def _opened(place: str) -> Any:
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise MissingExtra("datasets", "hub") from error
    name, config, split = parts(place)
    try:
        return load_dataset(name, config, split=split, streaming=True)
    except Exception as error:  # the library raises errors of many kinds
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"cannot read {place}: {why}") from error


def _named(dataset: Any) -> Iterator[dict[str, Any]]:
    names = {key: feature.names for key, feature in _class_features(dataset.features or {})}
    for row in dataset:
        yield {key: _name(value, names.get(key)) for key, value in row.items()}


def _class_features(features: Any) -> Iterator[tuple[str, Any]]:
    for key, feature in features.items():
        inner = getattr(feature, "feature", feature)
        if hasattr(inner, "names") and not isinstance(inner, dict):
            yield key, inner


def _name(value: Any, names: list[str] | None) -> Any:
    if names is None:
        return value
    if isinstance(value, list):
        return [names[v] if isinstance(v, int) and 0 <= v < len(names) else None for v in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else value
