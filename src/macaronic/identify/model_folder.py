"""The folder that a trained model lies in: its arrays or bytes, and a `tagger.json` that says what they are.

Nothing in such a folder can run code when it is read: the description is JSON and arrays are plain numbers.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic import __version__
from macaronic.core.corpus import Card
from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.files import atomic_write, sha256, write_text

DESCRIPTION = "tagger.json"


@dataclass(frozen=True, slots=True)
class Description:
    """What `tagger.json` says.

    Args:
        kind: which sort of model this is: `crf`, `mono`, `sentence`, `etymology`.
        labels: the tag set, in the model's order.
        settings: how it was made (features, orders, ...), JSON values only.
        training: what it was made from: sentences, words, and the fingerprint of the data.
        card: source, licence and notes of the training data.
        files: file name -> SHA-256 of the files that belong to the model.
        version: the version of macaronic that wrote it.
    """

    kind: str
    labels: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    card: Card = field(default_factory=Card)
    files: Mapping[str, str] = field(default_factory=dict)
    version: str = __version__


def write(folder: str | os.PathLike[str], files: Mapping[str, bytes], description: Description) -> Path:
    """Write a model's files, then its description, each whole or not at all.

    The description comes last and names the files by content, so a half-written folder is noticed when it is read.

    Returns:
        The folder.

    Raises:
        InputError: the folder cannot be written.

    >>> import tempfile
    >>> folder = write(tempfile.mkdtemp(), {"model.npz": b"..."}, Description("mono", ("rw", "fr")))
    >>> read(folder).labels
    ('rw', 'fr')
    """
    target = Path(folder)
    for name, data in files.items():
        with atomic_write(target / name) as file:
            file.write(data)
    about = {**asdict(description), "files": {name: sha256(data) for name, data in files.items()}}
    write_text(target / DESCRIPTION, json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return target


def read(folder: str | os.PathLike[str], kind: str | None = None) -> Description:
    """The description of the model in `folder`.

    Args:
        folder: where `tagger.json` lies.
        kind: the kind that it must be, when only one will do.

    Raises:
        InputError: there is no model there.
        FormatError: `tagger.json` is not what this program writes, or describes another kind of model.
    """
    path = Path(folder) / DESCRIPTION
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        card = Card(**{**raw["card"], "languages": tuple(raw["card"].get("languages", ()))})
        found = Description(**{**raw, "labels": tuple(raw["labels"]), "card": card})
    except OSError as error:
        raise InputError(
            f"expected a trained model in {folder}: cannot read {DESCRIPTION} ({error.strerror}).\n"
            "Train one: macaronic train tagger FILE --out DIR"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"expected a model description written by macaronic; got {error!r}", str(path)) from error
    if kind and found.kind != kind:
        raise FormatError(f"expected a model of kind {kind!r}; got {found.kind!r}", str(path))
    return found


def content(folder: str | os.PathLike[str], name: str, description: Description) -> bytes:
    """The bytes of one of the model's files, checked against the description.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is not the file that was written (damaged, or of another model).
    """
    path = Path(folder) / name
    if name not in description.files:
        raise UnknownName("model file", name, description.files, str(folder))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    if sha256(data) != description.files[name]:
        raise FormatError(f"the content does not match {DESCRIPTION}: damaged, or of another model", str(path))
    return data


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as the bytes of a compressed `.npz` file; the same arrays give the same bytes.

    >>> unpack(pack({"a": np.arange(3)}))["a"].tolist()
    [0, 1, 2]
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of a `.npz` file; pickled objects are refused.

    Raises:
        FormatError: the bytes are no such file.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError) as error:
        raise FormatError(f"expected arrays as numpy writes them; got {error}") from error
