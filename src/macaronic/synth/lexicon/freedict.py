"""Dictionaries of the FreeDict project, where the system has them (Debian: `dict-freedict-eng-spa` and the like)."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from pathlib import Path

from macaronic.core.errors import FormatError, MissingData
from macaronic.synth.lexicon.table import Lexicon, build, invert

PLACE = "/usr/share/dictd"
_DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_CLASSES = {
    "n": "NOUN", "pn": "PROPN", "v": "VERB", "vt": "VERB", "vi": "VERB", "adj": "ADJ", "adv": "ADV", "prep": "ADP",
    "conj": "CCONJ", "pron": "PRON", "int": "INTJ", "num": "NUM", "art": "DET", "det": "DET",
}  # fmt: skip
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>")
_CLASS = re.compile(r"<([A-Za-z]+)")


def read_freedict(pair: tuple[str, str], *, folder: str | os.PathLike[str] = PLACE, longest: int = 3) -> Lexicon:
    """Read an installed FreeDict dictionary, turned round where only the other direction is installed.

    Args:
        pair: tags of the languages of the keys and of the translations.
        folder: where `freedict-*.index` and `freedict-*.dict.dz` lie.
        longest: leave out keys and translations of more words.

    Returns:
        The dictionary; the first translation of an entry has weight 1, its second 1/2 and so on, and of equal ones the
        shorter comes first (some dictionaries have lost the second word of compound keys).

    Raises:
        MissingData: it is not installed; says the command that installs it.
        FormatError: its files are broken.
    """
    name = f"freedict-{_three(pair[0])}-{_three(pair[1])}"
    index, text = Path(folder) / f"{name}.index", Path(folder) / f"{name}.dict.dz"
    back = Path(folder) / f"freedict-{_three(pair[1])}-{_three(pair[0])}.index"
    if not index.is_file() and back.is_file():
        return invert(read_freedict((pair[1], pair[0]), folder=folder, longest=longest))
    if not (index.is_file() and text.is_file()):
        raise MissingData(f"no dictionary {name} in {folder}.\nGet it: apt-get install dict-{name}")
    try:
        content = gzip.decompress(text.read_bytes())
        rows = sorted(_rows(index.read_text("utf-8"), content, longest), key=lambda row: len(row[1]))
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise FormatError(f"not a dictd dictionary ({error})", str(index)) from error
    return build(rows, *pair, origin=name)


def _three(tag: str) -> str:
    import langcodes

    three = str(langcodes.Language.get(tag).to_alpha3())
    return "swh" if three == "swa" else three


def _rows(index: str, content: bytes, longest: int) -> Iterator[tuple[str, str, float, str]]:
    seen: set[tuple[int, int]] = set()
    for line in index.splitlines():
        word, start, length = line.split("\t")[:3]
        at = _number(start), _number(length)
        if word.startswith("00") or at in seen:
            continue
        seen.add(at)
        yield from _entry(content[at[0] : at[0] + at[1]].decode("utf-8", "replace"), longest)


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS[digit]
    return value


def _entry(text: str, longest: int) -> Iterator[tuple[str, str, float, str]]:
    """Rows of one entry: a line with the word, its sound and class, then lines of translations and examples.

    >>> list(_entry('dog /dɒɡ/ <N>\\n1. perro, can\\n   "A dog."', 3))
    [('dog', 'perro', 1.0, 'NOUN'), ('dog', 'can', 0.5, 'NOUN')]
    """
    head, _, rest = text.partition("\n")
    word = " ".join(_REMARK.sub(" ", head.partition("/")[0]).split())
    found = _CLASS.search(head)
    pos = _CLASSES.get(found[1].lower(), "") if found else ""
    if not word or len(word.split()) > longest:
        return
    rank = 0
    for line in rest.split("\n"):
        plain = line.strip()
        if not plain or plain[0] in "\"'“" or plain.endswith(":") or plain.startswith(("Synonym", "see:", "See ")):
            continue
        for part in re.split(r"[,;/]", _REMARK.sub(" ", re.sub(r"^\d+\.\s*", "", plain)).replace("~", " ")):
            translation = " ".join(part.split()).strip(" .-")
            if translation and len(translation.split()) <= longest:
                rank += 1
                yield word, translation, round(1 / rank, 4), pos
