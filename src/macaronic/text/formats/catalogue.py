"""Translation catalogues: gettext PO and MO files and JSON files, of a folder or of an installed package.

A message and its translations make one group. Only sentences are kept: no placeholders, no markup, no copies of the
source text left untranslated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from macaronic.core.errors import InputError, MissingData, MissingExtra
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.parallel import group
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.record import tag_of
from macaronic.text.formats.rows import batched, usable

PACKAGE = "package:"
SOURCE = "en"
_FOLDERS = ("locale", "locales", "i18n", "lang", "langs", "languages", "translations", "_locales", "messages")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_@][A-Za-z0-9]{2,8})*")
_MARKUP = re.compile(
    r"[{}<>|]|%[-+0 #]*\d*(?:\.\d+)?[a-zA-Z]|%\(|%%|\$\w|\$\{|https?://|www\.|&\w+;|&#\d+;|\\[nt]|crwdn[es]\d|__\w+__"
)
_SYMBOL = re.compile(r"[\w-]+(?:[._:/][\w-]+)+")
_SURE = re.compile(r"[A-Za-z]{2}(?:[-_@].+)?|[A-Za-z]{3}[-_@].+")
_ENDINGS = (".po", ".mo", ".json")
_LATIN_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Keep:
    """Which messages are sentences.

    Args:
        min_words: of the source text.
        max_words: of the source text.
        markup: whether messages with placeholders or markup stay.
        fuzzy: whether translations that are marked as unsure stay.
    """

    min_words: int = 4
    max_words: int = 40
    markup: bool = False
    fuzzy: bool = False


@dataclass(slots=True)
class Dropped:
    """How many messages and translations were left out, by reason."""

    counts: Counter[str] = field(default_factory=Counter)

    def notes(self, where: str) -> list[str]:
        """One line a reason."""
        return [f"{where}: {n} {why} left out" for why, n in sorted(self.counts.items()) if n]


def read(
    shard: Shard, problems: Problems, notes: list[str] | None = None, keep: Keep | None = None
) -> Iterator[pa.RecordBatch]:
    """A group for every message that has a translation.

    Args:
        shard: a folder, one catalogue file, or `package:NAME`.
        problems: where files that cannot be read are counted.
        notes: gets a line for each reason why messages were left out.
        keep: which messages are sentences.
    """
    return batched(_utterances(shard, problems, notes, keep or Keep()))


def _utterances(shard: Shard, problems: Problems, notes: list[str] | None, keep: Keep) -> Iterator[Utterance]:
    dropped = Dropped()
    root = folder(shard.place)
    for domain, files in catalogues(root).items():
        messages = _merged(files, keep, dropped, shard, problems, root)
        for number, (source, sides) in enumerate(messages, 1):
            kept = _kept(source, sides, keep, dropped)
            where = f"{shard.where}/{domain}"
            whole = [side for side in kept if usable(side[2], where, number, problems)]
            yield from group(f"{shard.name}/{domain}", number, whole, language=shard.options.language)
    if notes is not None:
        notes += dropped.notes(shard.where)


def folder(place: str) -> Path:
    """The folder (or file) of a place; of `package:NAME` the folder of the installed package, which is not imported.

    Raises:
        MissingExtra: the package is not installed, and one of macaronic's extras would bring it.
        MissingData: the package is not installed.
    """
    if not place.startswith(PACKAGE):
        return Path(place)
    import importlib.util

    name = place.removeprefix(PACKAGE)
    try:
        found = importlib.util.find_spec(name.replace("-", "_")) if name.replace("-", "_").isidentifier() else None
    except (ImportError, ValueError):
        found = None
    places = list(found.submodule_search_locations or ()) if found else []
    if places:
        return Path(places[0])
    if name == "django":
        raise MissingExtra("django", "demo")
    raise MissingData(
        f"the package {name!r}, whose catalogues are asked for, is not installed.\nInstall it: pip install {name}"
    )


@dataclass(frozen=True, slots=True)
class File:
    """One catalogue: its path, its language tag and the code that names the language there."""

    path: Path
    tag: str
    code: str


def catalogues(root: Path) -> dict[str, list[File]]:
    """The catalogues below a folder, by domain (the path without the language), best variant of a language first.

    Raises:
        InputError: there are none.
    """
    paths = [root] if root.is_file() else sorted(p for e in _ENDINGS for p in root.rglob(f"*{e}") if p.is_file())
    seen: dict[tuple[str, str], File] = {}
    for path in sorted(paths, key=lambda p: (_ENDINGS.index(p.suffix.lower()), str(p))):
        placed = _locale(path, root)
        if placed:
            domain, code, tag = placed
            seen.setdefault((domain, code), File(path, tag, code))
    domains: dict[str, list[File]] = {}
    for (domain, _), file in sorted(seen.items(), key=lambda item: (item[0][0], len(item[0][1]), item[0][1])):
        domains.setdefault(domain, []).append(file)
    if not domains:
        raise InputError(f"no translation catalogues (.po, .mo or .json in a language's folder) below {root}.")
    return domains


def _locale(path: Path, root: Path) -> tuple[str, str, str] | None:
    """(domain, code, tag) of a catalogue.

    The code is a folder above `LC_MESSAGES`, a folder or file name below `locale` or the like, or the end of a file
    name. At the top of the folder asked for, three letters alone are no code (`app`, `web`, `api` would be).
    """
    if root.is_file():
        return _single(path)
    inside = path.relative_to(root).parts
    stem = path.name.removesuffix(path.suffix)
    for i, part in enumerate(inside[:-1]):
        above = inside[i - 1].lower() if i else root.name.lower()
        below = inside[i + 1] if i + 2 < len(inside) else ""
        if below == "LC_MESSAGES" or above in _FOLDERS or (i == 0 and _SURE.fullmatch(part)):
            tag = _tag(part)
            if tag:
                rest = [*inside[:i], *(p for p in inside[i + 1 : -1] if p != "LC_MESSAGES"), stem]
                return "/".join(rest), part, tag
    above = inside[-2].lower() if len(inside) > 1 else root.name.lower()
    named = above in _FOLDERS or path.suffix.lower() != ".json"
    tag = _tag(stem) if above in _FOLDERS or ((named or len(inside) == 1) and _SURE.fullmatch(stem)) else None
    if tag:
        return "/".join(inside[:-1]) or "messages", stem, tag
    head, _, last = re.sub(r"[-.]([A-Za-z_]+)$", r"\n\1", stem).partition("\n")
    tag = _tag(last) if named and (above in _FOLDERS or _SURE.fullmatch(last)) else None
    return ("/".join([*inside[:-1], head]), last, tag) if tag else None


def _single(path: Path) -> tuple[str, str, str] | None:
    """One catalogue file by itself: its folder, its header or its name tells the language."""
    parts, stem = path.resolve().parts, path.name.removesuffix(path.suffix)
    codes = [parts[-3] if len(parts) > 2 and parts[-2] == "LC_MESSAGES" else "", _entries_header(path), stem]
    return next(((stem, code, tag) for code in codes if code and (tag := _tag(code))), None)


def _entries_header(path: Path) -> str:
    import polib

    if path.suffix.lower() == ".json":
        return ""
    try:
        file = polib.mofile(str(path)) if path.suffix.lower() == ".mo" else polib.pofile(str(path))
    except (OSError, ValueError, UnicodeDecodeError):
        return ""
    return str(file.metadata.get("Language", ""))


def _tag(code: str) -> str | None:
    if not _CODE.fullmatch(code):
        return None
    named = re.sub(r"@(?i:latin)$", "-Latn", code)
    named = re.sub(r"@(?i:cyrillic)$", "-Cyrl", named)
    return tag_of(named.partition("@")[0])


Sides = list[tuple[str, str, str]]


def _merged(
    files: list[File], keep: Keep, dropped: Dropped, shard: Shard, problems: Problems, root: Path
) -> list[tuple[str, Sides]]:
    """(source text, sides) of every message of a domain; a language's variants fill each other's gaps."""
    table: dict[str, dict[str, tuple[str, str]]] = {}
    plain: dict[str, str] = {}
    for file in files:
        for key, source, text in _entries(file.path, keep, dropped, shard, problems):
            row = table.setdefault(key, {})
            if text:
                row.setdefault(file.tag, (file.code, text))
            if source:
                plain.setdefault(key, source)
    found = []
    for key, row in table.items():
        code, text = row.pop(SOURCE, (SOURCE, ""))
        if code != SOURCE and key in plain:
            code, text = SOURCE, plain[key]
        text = text or plain.get(key, "")
        if text and row:
            found.append((text, [(SOURCE, code, text), *((tag, c, t) for tag, (c, t) in sorted(row.items()))]))
    return found


def _entries(
    path: Path, keep: Keep, dropped: Dropped, shard: Shard, problems: Problems
) -> Iterator[tuple[str, str, str]]:
    """(key, source text, translation) of every message of one file."""
    shown = str(path) if not shard.place.startswith(PACKAGE) else f"{shard.place}/{path.name}"
    try:
        if path.suffix.lower() == ".json":
            yield from _json_entries(path)
        else:
            yield from _gettext_entries(path, keep, dropped)
    except (OSError, ValueError, UnicodeDecodeError, RecursionError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        line = re.search(r"line (\d+)", why)
        problems.add(shown, int(line.group(1)) if line else 0, f"not a catalogue: {why}", kind="catalogue")


def _gettext_entries(path: Path, keep: Keep, dropped: Dropped) -> Iterator[tuple[str, str, str]]:
    import polib

    file = polib.mofile(str(path)) if path.suffix.lower() == ".mo" else polib.pofile(str(path))
    for entry in file:
        if entry.obsolete:
            continue
        if getattr(entry, "fuzzy", False) and not keep.fuzzy:
            dropped.counts["translations marked fuzzy"] += 1
            continue
        text = entry.msgstr or (entry.msgstr_plural.get(1) or entry.msgstr_plural.get(0) or "")
        source = entry.msgid_plural or entry.msgid
        yield f"{entry.msgctxt or ''}\x04{entry.msgid}", "" if _SYMBOL.fullmatch(source) else source, text


def _json_entries(path: Path) -> Iterator[tuple[str, str, str]]:
    data = json.loads(path.read_text("utf-8-sig"))
    for key, text in _flat(data, ""):
        yield key, "", text


def _flat(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not str(name).startswith("@"):
                yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _flat(inner, f"{key}.{i}")


def _kept(source: str, sides: Sides, keep: Keep, dropped: Dropped) -> Sides:
    words = sum(bool(_LATIN_WORD.search(word)) for word in source.split())
    if not keep.min_words <= words <= keep.max_words:
        dropped.counts["messages too short or too long"] += 1
        return []
    if not keep.markup and _MARKUP.search(source):
        dropped.counts["messages with placeholders or markup"] += 1
        return []
    kept = sides[:1]
    for side in sides[1:]:
        if side[2].strip() == source.strip():
            dropped.counts["untranslated copies"] += 1
        elif not keep.markup and _MARKUP.search(side[2]):
            dropped.counts["translations with placeholders or markup"] += 1
        else:
            kept.append(side)
    return [(tag, code, " ".join(text.split())) for tag, code, text in kept]
