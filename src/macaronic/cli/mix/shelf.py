"""The sources that a person names as shards that lie ready: those that are such already, and texts made into some."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from macaronic.cli.show import note, note_reading

if TYPE_CHECKING:
    from macaronic.mix.shards import Shard
    from macaronic.text.formats.reading import Reading


@dataclass(frozen=True)
class Shelf:
    """Where sources become shards.

    Args:
        folder: of the shards that are made here.
        tokenizer: a `tokenizer.json`; text stays text without one.
        languages: rows of other languages are left out, where rows say theirs.
        quiet: no notes.
    """

    folder: Path
    tokenizer: str | None
    languages: tuple[str, ...] | None
    quiet: bool


def shards(shelf: Shelf, given: Sequence[str]) -> tuple[dict[str, list[Shard]], str]:
    """The shards of each source by name, and the fingerprint of all they hold.

    Args:
        shelf: where and how.
        given: `NAME=FILES` or `FILES`; a shard without a name is named after its file, and texts without one are told
            apart by the language of their rows.

    Raises:
        UsageError: no sources, or rows that do not say their language.
        FormatError: a shard that is damaged.
    """
    from macaronic.core.errors import UsageError
    from macaronic.core.files import sha256
    from macaronic.mix.shards import open_shard

    if not given:
        raise UsageError("expected sources: shards, texts, package:django, or NAME=FILES for each source")
    found: dict[str, list[Path]] = {}
    told: list[str] = []
    for words in given:
        name, path = _named(words)
        ready = _ready(path)
        if ready and shelf.tokenizer and any(open_shard(file).is_text for file in ready):
            raise UsageError(f"{path} is a shard of text already; give the texts themselves to have them tokenised.")
        for file in ready:
            found.setdefault(name or file.stem, []).append(file)
        for own, file in {} if ready else _made(shelf, name, path):
            found.setdefault(own, []).append(file)
    opened = {name: [open_shard(file) for file in files] for name, files in sorted(found.items())}
    told = [f"{name} {_content(file)}" for name, files in sorted(found.items()) for file in files]
    kinds = {shard.is_text: name for name, own in opened.items() for shard in own}
    if len(kinds) == 2:
        raise UsageError(
            f"{kinds[True]!r} is text and {kinds[False]!r} token ids; give all as one kind, or a --tokenizer"
        )
    return opened, sha256("\n".join(told))


def _named(given: str) -> tuple[str, str]:
    name, equals, path = given.partition("=")
    return (name, path) if equals and name and path and "/" not in name else ("", given)


def _ready(path: str) -> list[Path]:
    """The files, if they are shards."""
    from glob import glob

    from macaronic.mix.shards import MAGIC

    if path.endswith(".shard"):
        return [Path(match) for match in sorted(glob(path))] or [Path(path)]
    place = Path(path)
    if not place.is_file():
        return []
    with open(place, "rb") as file:
        return [place] if file.read(len(MAGIC)) == MAGIC else []


def _content(file: Path) -> str:
    """What a shard holds: its fingerprint, or the name it was made under, which says as much."""
    from macaronic.core.files import fingerprint

    return file.name if file.parent.name == "sources" and file.parent.parent.name == ".work" else fingerprint(file)


def _made(shelf: Shelf, name: str, path: str) -> Iterator[tuple[str, Path]]:
    """A shard of one source's texts, or one a language."""
    from macaronic.text.formats.reading import read

    corpus = read(path)
    key = _key(corpus, shelf)
    if name:
        yield name, _shard(shelf, (u.text for u in corpus.utterances()), stem(key, name, ""))
    else:
        yield from _by_language(corpus, shelf, key)
    if corpus.problems.count:
        note_reading(corpus, quiet=shelf.quiet)


def stem(key: str, name: str, tag: str) -> str:
    """The name of a file that says what is in it.

    >>> len(stem("1", "hi", ""))
    32
    """
    from macaronic.core.files import sha256

    return sha256(json.dumps([key, name, tag]))[:32]


def _key(corpus: Reading, shelf: Shelf) -> str:
    """What a shard made of these texts depends on."""
    from macaronic import __version__
    from macaronic.build.content import fingerprints
    from macaronic.core.files import fingerprint

    tokenizer = fingerprint(shelf.tokenizer) if shelf.tokenizer else ""
    return json.dumps([__version__, fingerprints(corpus.shards), tokenizer])


def _by_language(corpus: Reading, shelf: Shelf, key: str) -> Iterator[tuple[str, Path]]:
    """A shard a language, out of one pass over the texts."""
    from macaronic.core.errors import UsageError
    from macaronic.core.files import write_text

    noted = shelf.folder / f"{stem(key, '', 'languages')}.json"
    try:
        found = {str(tag): int(count) for tag, count in json.loads(noted.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        found = {}
    made = {tag: shelf.folder / f"{stem(key, tag, tag)}.shard" for tag in sorted(found) if tag}
    if not found or not all(path.exists() for path in made.values()):
        spool = shelf.folder / f"{stem(key, '', 'rows')}.arrow"
        found = _spool(corpus, spool)
        made = {tag: _shard(shelf, _texts(spool, tag), stem(key, tag, tag)) for tag in sorted(found) if tag}
        write_text(noted, json.dumps(found, ensure_ascii=False))
        spool.unlink()
    if not made:
        raise UsageError(
            "no row says its language, so there is nothing to tell the sources apart by.\n"
            "Name each source (hi=hindi.txt en=english.txt), or run macaronic identify first."
        )
    if found.get(""):
        note(f"note: {found['']} of {sum(found.values())} rows without a language left out", quiet=shelf.quiet)
    yield from ((tag, path) for tag, path in made.items() if shelf.languages is None or tag in shelf.languages)


def _spool(corpus: Reading, path: Path) -> dict[str, int]:
    """Write text and language of every row to one file, and count the rows of each language."""
    import pyarrow as pa

    from macaronic.core.columns import label_column
    from macaronic.core.files import atomic_write

    found: dict[str, int] = {}
    columns = pa.schema([("text", pa.string()), ("lang", pa.string())])
    with atomic_write(path) as file, pa.ipc.new_file(file, columns) as writer:
        for batch in corpus.batches():
            tags = [str(tag or "") for tag in label_column(batch, "lang")]
            for tag in tags:
                found[tag] = found.get(tag, 0) + 1
            text = batch.column("text").cast(pa.string())
            writer.write_batch(pa.RecordBatch.from_arrays([text, pa.array(tags, pa.string())], schema=columns))
    return found


def _texts(spool: Path, tag: str) -> Iterator[str]:
    """The texts of one language, in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    with pa.memory_map(str(spool)) as source:
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            yield from batch.filter(pc.equal(batch.column("lang"), tag)).column("text").to_pylist()


def _shard(shelf: Shelf, texts: Iterable[str], file: str) -> Path:
    """The shard of some texts, made unless it is there."""
    from macaronic.core.errors import FormatError, InputError
    from macaronic.mix.shards import open_shard, write_text
    from macaronic.mix.tokenised import write_tokenised

    path = shelf.folder / f"{file}.shard"
    try:
        open_shard(path)
    except (InputError, FormatError):
        if shelf.tokenizer:
            write_tokenised(path, texts, shelf.tokenizer)
        else:
            write_text(path, texts)
    return path
