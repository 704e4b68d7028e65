"""What Unicode says about each code point: script, word-break class, cluster class, flags.

Every question that the word cutter and the script finder ask is a table look-up over arrays of code points, so the
properties live in one table with a row a range (``codepoints.tsv``), made from the Unicode data of the `regex` package
by ``python -m macaronic.text.codepoints``. Shipping it keeps the answers the same whatever `regex` is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

SIZE = 0x110000
FLAGS = {
    "w": "white space, control character or zero-width space: never part of a word",
    "i": "invisible (default ignorable or format)",
    "p": "extended pictographic",
    "s": "South East Asian script written without spaces (line-break class SA)",
    "k": "Indic conjunct consonant",
    "l": "Indic conjunct linker",
    "e": "Indic conjunct extender",
}
WORD_CLASSES = (
    *("LF", "Newline", "CR", "WSegSpace", "Double_Quote", "Single_Quote", "MidNum", "MidNumLet", "MidLetter"),
    *("Numeric", "ALetter", "Hebrew_Letter", "Katakana", "ExtendNumLet", "Extend", "Format", "ZWJ"),
    "Regional_Indicator",
)
CLUSTER_CLASSES = (
    *("Control", "LF", "CR", "Extend", "Prepend", "SpacingMark", "L", "V", "T", "ZWJ", "LV", "LVT"),
    "Regional_Indicator",
)
_FLAG_PATTERNS = {
    "w": r"[\p{White_Space}\p{Cc}\u200B]",
    "i": r"[\p{Default_Ignorable_Code_Point}\p{Cf}&&[^\p{GCB=Prepend}]]",
    "p": r"\p{Extended_Pictographic}",
    "s": r"\p{Line_Break=SA}",
    "k": r"\p{InCB=Consonant}",
    "l": r"\p{InCB=Linker}",
    "e": r"\p{InCB=Extend}",
}


@dataclass(frozen=True)
class Table:
    """Ranges of code points that share all their properties.

    Attributes:
        index: uint16 array, one row number for each of the 0x110000 code points.
        script: ISO 15924 code of each row.
        word: word-break class (UAX 29) of each row.
        cluster: grapheme-cluster class (UAX 29) of each row.
        flags: letters out of `FLAGS` of each row.
    """

    index: NDArray[np.uint16]
    script: tuple[str, ...]
    word: tuple[str, ...]
    cluster: tuple[str, ...]
    flags: tuple[str, ...]


@cache
def table() -> Table:
    """Read the shipped property table (once; a few milliseconds).

    Returns:
        The table; its rows are the distinct combinations of properties, not the ranges.

    Example:
        >>> t = table()
        >>> t.script[t.index[ord("क")]], t.word[t.index[ord("7")]]
        ('Deva', 'Numeric')
    """
    rows: dict[str, int] = {}
    starts, codes = [], []
    for line in files("macaronic.text").joinpath("codepoints.tsv").read_text("ascii").splitlines():
        if not line.startswith("#"):
            start, properties = line.split("\t", 1)
            starts.append(int(start, 16))
            codes.append(rows.setdefault(properties, len(rows)))
    index = np.repeat(np.array(codes, dtype=np.uint16), np.diff([*starts, SIZE]))
    script, word, cluster, flags = zip(*(row.split("\t") for row in rows), strict=True)
    return Table(index, script, word, cluster, flags)


def _painted(classes: dict[str, str], default: str) -> list[str]:
    """One class name for each code point, from a regular expression a class."""
    import regex

    everything = "".join(map(chr, range(SIZE)))
    out = [default] * SIZE
    for name, pattern in classes.items():
        for match in regex.finditer(f"{pattern}+", everything, flags=regex.V1):
            out[match.start() : match.end()] = [name] * (match.end() - match.start())
    return out


def _script_codes() -> list[str]:
    """ISO 15924 codes that the `regex` package knows."""
    from regex import _regex_core

    groups: dict[int, list[str]] = {}
    for name, value in _regex_core.PROPERTIES["SCRIPT"][1].items():
        groups.setdefault(value, []).append(name)
    short = [[name for name in names if len(name) == 4 and name != "QAAI"] for names in groups.values()]
    return sorted(names[0].title() for names in short if names[0] != "ZZZZ")


def generate() -> Iterator[str]:
    """Make the lines of ``codepoints.tsv`` from the Unicode data of the installed `regex` package.

    Takes about ten seconds; only needed when a new Unicode version is wanted.

    Yields:
        Lines ``first code point (hex) TAB script TAB word-break TAB cluster-break TAB flags``; a range ends where the
        next one starts.
    """
    columns = [
        _painted({code: rf"\p{{Script={code}}}" for code in _script_codes()}, "Zzzz"),
        _painted({name: rf"\p{{WB={name}}}" for name in WORD_CLASSES}, "Other"),
        _painted({name: rf"\p{{GCB={name}}}" for name in CLUSTER_CLASSES}, "Other"),
    ]
    marks = [_painted({flag: pattern}, "") for flag, pattern in _FLAG_PATTERNS.items()]
    columns.append(["".join(row) or "-" for row in zip(*marks, strict=True)])
    yield "# start\tscript\tword\tcluster\tflags (Unicode properties, by `python -m macaronic.text.codepoints`)"
    last: tuple[str, ...] = ()
    for point, row in enumerate(zip(*columns, strict=True)):
        if row != last:
            yield f"{point:04X}\t" + "\t".join(row)
            last = row


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in generate())
