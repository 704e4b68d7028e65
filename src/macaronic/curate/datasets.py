"""The data sets that cards, benchmarks and checks read: where from, under which licence, and where they lie here.

A folder given by hand or by `MACARONIC_DATA` is used first. Nothing is ever fetched without being asked for.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from macaronic.core.errors import InputError, MissingData, UnknownName
from macaronic.core.files import atomic_write, fingerprint, sha256


@dataclass(frozen=True, slots=True)
class File:
    """One file of a data set.

    Args:
        name: its name in the data set's folder.
        url: where it can be fetched; empty when it can only be built or asked for.
        sha256: fingerprint of the file as it lies in the folder, after `cut`.
        size: bytes of the file as it lies in the folder.
        cut: which part of the fetched file is used: `whole`, `sentences N` or `lines N`.
    """

    name: str
    sha256: str
    size: int
    url: str = ""
    cut: str = "whole"


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set with its source, licence and files."""

    name: str
    about: str
    source: str
    commit: str
    licence: str
    files: tuple[File, ...] = field(default=())


@cache
def datasets() -> dict[str, DataSet]:
    """All known data sets by name.

    >>> datasets()["codemix-arabizi"].licence
    'CC BY-SA 4.0'
    """
    text = resources.files("macaronic.curate").joinpath("datasets.toml").read_text("utf-8")
    known = {}
    for name, entry in tomllib.loads(text).items():
        files = tuple(File(**file) for file in entry.pop("file", []))
        known[name] = DataSet(name, files=files, **entry)
    return known


def dataset(name: str) -> DataSet:
    """The data set with that name.

    Raises:
        UnknownName: there is none; suggests the nearest.
    """
    if name not in datasets():
        raise UnknownName("data set", name, datasets())
    return datasets()[name]


def size(wanted: DataSet) -> int:
    """Bytes of all files of a data set."""
    return sum(file.size for file in wanted.files)


def fetchable(wanted: DataSet) -> bool:
    """Whether `get` can fetch every file by itself."""
    return all(file.url for file in wanted.files)


def home() -> Path:
    """The folder in which fetched data sets lie."""
    return Path(os.environ.get("MACARONIC_DATA") or Path.home() / ".cache" / "macaronic" / "data")


def locate(name: str, folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder of a data set that is here.

    Args:
        name: the data set.
        folder: the folder that holds data sets; `MACARONIC_DATA` or the cache when left out.

    Raises:
        UnknownName: no such data set.
        MissingData: it is not here; the message has the command that gets it.
    """
    wanted = dataset(name)
    place = (Path(folder) if folder else home()) / name
    if not place.is_dir() or not all((place / file.name).is_file() for file in wanted.files):
        way = f"macaronic data get {name}" if fetchable(wanted) else wanted.source
        raise MissingData(
            f"the data set {name!r} is not in {place.parent}.\n"
            f"Get it: {way}\nOr name a folder that holds it: --data DIR, or MACARONIC_DATA=DIR"
        )
    return place


def present(name: str, folder: str | os.PathLike[str] | None = None) -> bool:
    """Whether a data set is here."""
    try:
        locate(name, folder)
    except MissingData:
        return False
    return True


def data_sha256(name: str, folder: str | os.PathLike[str] | None = None) -> str:
    """One fingerprint of all files of a data set that is here, as they are."""
    place = locate(name, folder)
    return sha256("\n".join(f"{f.name} {fingerprint(place / f.name)}" for f in dataset(name).files))


def get(
    name: str, folder: str | os.PathLike[str] | None = None, *, advance: Callable[[str], None] | None = None
) -> Path:
    """Fetch a data set, check every file's fingerprint, and return its folder.

    Files that are here and right are not fetched again; a wrong file is never left under its name.

    Raises:
        MissingData: a file cannot be fetched, or is not what the fingerprint says.
    """
    wanted = dataset(name)
    place = (Path(folder) if folder else home()) / name
    for file in wanted.files:
        target = place / file.name
        if target.is_file() and fingerprint(target) == file.sha256:
            continue
        if not file.url:
            raise MissingData(
                f"{name}/{file.name} cannot be fetched by itself; put it into {place}.\nIt comes from: {wanted.source}"
            )
        if advance:
            advance(f"{file.name} from {file.url}")
        content = _cut(_fetch(file.url), file.cut)
        if sha256(content) != file.sha256:
            raise MissingData(
                f"{file.url} is not what it was: expected sha256 {file.sha256[:16]}..., got {sha256(content)[:16]}...\n"
                "Nothing was kept."
            )
        with atomic_write(target) as out:
            out.write(content)
    return place


def _fetch(url: str) -> bytes:
    import urllib.request

    if not url.startswith(("https://", "file://")):
        raise InputError(f"only https addresses are fetched; got {url}")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (the scheme is checked above)
            content: bytes = answer.read()
    except OSError as error:
        raise MissingData(f"cannot fetch {url}: {error}. Is there a network?") from error
    return content


def _cut(content: bytes, rule: str) -> bytes:
    """The part of a fetched file that a data set uses.

    >>> _cut(b"a\\n\\nb\\n\\nc\\n", "sentences 2")
    b'a\\n\\nb\\n'
    """
    kind, _, count = rule.partition(" ")
    if kind == "whole":
        return content
    lines = content.splitlines(keepends=True)
    if kind == "lines":
        return b"".join(lines[: int(count)])
    seen = 0
    for number, line in enumerate(lines, 1):
        seen += not line.strip()
        if seen == int(count):
            return b"".join(lines[: number - 1])
    return content
