"""What a person names as a source, as a list of places that exist: files, folders, globs, URIs, packages, stdin."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from macaronic.core.errors import InputError, UsageError, nearest
from macaronic.text.formats import catalogue, hub
from macaronic.text.formats.kinds import ending
from macaronic.text.formats.streams import COMPRESSIONS, STDIN, filesystem, is_uri, spool, unreadable

Source = str | os.PathLike[str]
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Place:
    """One thing to read.

    Args:
        path: local path, URI, `package:NAME` or `hub:ID`.
        shown: what messages call it.
        name: what automatic ids begin with.
        format: what its kind alone says, or None.
    """

    path: str
    shown: str
    name: str
    format: str | None = None


def expand(sources: Source | Sequence[Source], format: str | None = None) -> list[Place]:
    """The places that sources name, in order, each once.

    A folder gives the data files below it, sorted, or itself when it holds translation catalogues; a glob the files
    that match, sorted. Hidden files are passed over.

    Args:
        sources: paths, globs, `-`, `package:NAME`, `hub:ID`, `s3://`, `gs://`, `file://`.
        format: the format asked for; a folder then gives the files of that format when it has any.

    Raises:
        InputError: something is not there; the message names it.
        UsageError: no sources.
    """
    asked = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    if not asked:
        raise UsageError("expected at least one file, folder or glob to read; got none.")
    found = dict.fromkeys(pair for source in asked for pair in _one(os.fspath(source), format))
    names = unique_names([shown for _, shown, _ in found])
    return [Place(path, shown, name, kind) for (path, shown, kind), name in zip(found, names)]


Found = tuple[str, str, str | None]


def _one(source: str, format: str | None) -> Iterable[Found]:
    if source == STDIN:
        return [(spool(), "<stdin>", None)]
    if source.startswith(catalogue.PACKAGE):
        catalogue.folder(source)
        return [(source, source, "catalogue")]
    if source.startswith(hub.PREFIX):
        return [(source, source, "hub")]
    if is_uri(source):
        return [(uri, uri, None) for uri in _remote(source, format)]
    path = os.path.expanduser(source)
    if os.path.isdir(path):
        return _folder(path, format)
    if os.path.exists(path):
        return [(path, path, None)]
    if not _GLOB.isdisjoint(path):
        found: list[Found] = []
        for match in sorted(glob.glob(path, recursive=True)):
            found += _folder(match, format) if os.path.isdir(match) else [(match, match, None)]
        if found:
            return found
        raise InputError(f"nothing matches {source!r}.\nCheck the pattern; it is relative to {os.getcwd()}.")
    raise InputError(f"cannot read {source}: no such file or folder.{_hint(path)}")


def _hint(path: str) -> str:
    folder, name = os.path.split(path)
    try:
        near = nearest(name, os.listdir(folder or "."), cutoff=0.7)
    except OSError:
        near = None
    return f" Did you mean {os.path.join(folder, near)!r}?" if near else ""


def _folder(path: str, format: str | None) -> list[Found]:
    files = sorted(str(p) for p in Path(path).rglob("*") if p.is_file() and not _hidden(p, path))
    kinds = Counter(ending(file) for file in files)
    if format == "catalogue" or (format is None and kinds["catalogue"] > sum(kinds.values()) / 2):
        return [(path, path, "catalogue")]
    chosen = choose(files, format)
    if not chosen:
        raise InputError(f"no data files below {path}.")
    return [(file, file, None) for file in chosen]


def _hidden(file: Path, root: str) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def choose(files: Sequence[str], format: str | None) -> list[str]:
    """Of a folder's files those that are data: by the asked format, by any known ending, or else all.

    >>> choose(["a.jsonl", "README.md"], None), choose(["a.x", "b.x"], None)
    (['a.jsonl'], ['a.x', 'b.x'])
    """
    kinds = {file: ending(file) for file in files}
    wanted = [file for file in files if kinds[file] == format] if format else []
    return wanted or [file for file in files if kinds[file]] or list(files)


def _remote(uri: str, format: str | None) -> list[str]:
    from pyarrow import fs

    fixed = uri if _GLOB.isdisjoint(uri) else uri[: uri.rfind("/", 0, min(map(uri.find, _GLOB & set(uri))))]
    system, root = filesystem(fixed)
    prefix = fixed[: len(fixed) - len(root)] if fixed.endswith(root) else f"{fixed.partition('://')[0]}://"
    try:
        info = system.get_file_info(root)
        if info.type == fs.FileType.File:
            return [uri]
        entries = system.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True))
    except OSError as error:
        raise unreadable(uri, error) from error
    paths = sorted(e.path for e in entries if e.type == fs.FileType.File)
    if fixed != uri:
        paths = [path for path in paths if fnmatchcase(prefix + path, uri)]
    else:
        paths = choose(paths, format)
    if not paths:
        raise InputError(f"nothing there: {uri}")
    return [prefix + path for path in paths]


def unique_names(paths: Sequence[str]) -> list[str]:
    """A short name for each path, no two alike: its stem, or as many folders before it as it takes.

    >>> unique_names(["data/hi/a.txt", "data/en/a.txt", "b.jsonl.gz"])
    ['hi/a', 'en/a', 'b']
    """
    parts = [_stem_parts(path) for path in paths]
    names = [p[-1] for p in parts]
    depth = 1
    while depth < max((len(p) for p in parts), default=0) and len(set(names)) < len(names):
        depth += 1
        often = Counter(names)
        names = ["/".join(p[-depth:]) if often[name] > 1 else name for name, p in zip(names, parts)]
    often = Counter(names)
    return [path if often[name] > 1 else name for name, path in zip(names, paths)]


def _stem_parts(path: str) -> tuple[str, ...]:
    if path == "<stdin>":
        return ("stdin",)
    pure = PurePosixPath(path.replace(":", "/") if path.startswith((catalogue.PACKAGE, hub.PREFIX)) else path)
    if pure.suffix.lower() in COMPRESSIONS:
        pure = pure.with_suffix("")
    stem = pure.stem if ending(str(pure)) or pure.suffix in (".tab",) else pure.name
    return (*pure.parts[:-1], stem or pure.name)
