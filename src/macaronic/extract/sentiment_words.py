"""A lexicon of sentiment words out of a file, for SCPOS:RW."""

from __future__ import annotations

import os

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.text.formats import reading
from macaronic.text.formats.lines import blocks


def read(path: str | os.PathLike[str], *, problems: Problems) -> dict[str, str]:
    """Word in lower case -> sentiment, out of lines `word<TAB>sentiment`; a line that begins with # is passed over.

    Args:
        path: a file, or `-` for standard input.
        problems: where other lines, and words with two sentiments (the first one counts), are counted.

    Raises:
        InputError: the file cannot be read.
        FormatError: it holds no word.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "words.tsv"
    >>> _ = path.write_text("# mine\\nGood\\tpositive\\nbad\\tnegative\\n")
    >>> read(path, problems=Problems())
    {'good': 'positive', 'bad': 'negative'}
    """
    found: dict[str, str] = {}
    for shard in reading.read(os.fspath(path), format="text").shards:
        for first, lines in blocks(shard, problems):
            for number, line in enumerate(lines, first):
                if line and line.strip() and not line.startswith("#"):
                    _add(line, number, found, shard.where, problems)
    if not found:
        raise FormatError("expected lines word<TAB>sentiment; got none", os.fspath(path))
    return found


def _add(line: str, number: int, found: dict[str, str], where: str, problems: Problems) -> None:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != 2 or not all(cells):
        problems.add(where, number, f"expected word<TAB>sentiment; got {line[:60]!r}", kind="columns")
    elif found.setdefault(cells[0].lower(), cells[1]) != cells[1]:
        problems.add(where, number, f"{cells[0]} has two sentiments; the first one counts", kind="duplicate")
