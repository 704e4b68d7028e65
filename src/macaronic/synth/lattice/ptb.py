"""Constituency parses in the bracketed form of the Penn Treebank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.core.errors import FormatError

_PIECE = re.compile(r"\(|\)|[^\s()]+")
_ESCAPED = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
    "“": '"',
    "”": '"',
    "’": "'",
    "‘": "'",
    "\\/": "/",
    "\\*": "*",
}


@dataclass(frozen=True, slots=True)
class Parse:
    """A parse as spans.

    Args:
        leaves: the words, brackets and quotes written plainly.
        tags: one part-of-speech tag a word.
        constituents: (label, first word, behind the last word), a node before what lies in it.
    """

    leaves: tuple[str, ...]
    tags: tuple[str, ...]
    constituents: tuple[tuple[str, int, int], ...]

    def covers(self, words: Sequence[str]) -> bool:
        """Whether its leaves are these words."""
        return len(words) == len(self.leaves) and all(
            plain(word).casefold() == leaf.casefold() for word, leaf in zip(words, self.leaves)
        )


def plain(word: str) -> str:
    """A word without the treebank's own ways of writing brackets, quotes and slashes.

    >>> plain("-LRB-"), plain("``"), plain("house")
    ('(', '"', 'house')
    """
    return _ESCAPED.get(word, word.replace("\\/", "/") if "\\" in word else word)


def label_of(text: str) -> str:
    """The category of a node without its function and its index.

    >>> label_of("NP-SBJ-1"), label_of("NP=2"), label_of("-LRB-"), label_of("")
    ('NP', 'NP', '-LRB-', 'ROOT')
    """
    if not text:
        return "ROOT"
    return text if text[0] == "-" else re.split(r"[-=|]", text, maxsplit=1)[0] or "ROOT"


def read(text: str, *, path: str = "", line: int = 0) -> Parse:
    """Read one parse.

    Traces (`-NONE-`) and nodes that hold no word are left out; several trees in one text are put next to each other.

    Args:
        text: the brackets, such as `(ROOT (NP (DT the) (NN house)))`.
        path: the file, for the error.
        line: the line in it, from 1.

    Raises:
        FormatError: when brackets do not match, or a word stands outside of them.

    >>> read("(ROOT (NP (DT the) (NN house)))")
    Parse(leaves=('the', 'house'), tags=('DT', 'NN'), constituents=(('ROOT', 0, 2), ('NP', 0, 2)))
    """
    pieces = _PIECE.findall(text)
    leaves: list[str] = []
    tags: list[str] = []
    found: list[tuple[str, int, int]] = []
    opened: list[tuple[str, int, int, bool]] = []  # label, first word, place in `found`, whether it holds a word itself
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece == "(":
            label = pieces[at] if at < len(pieces) and pieces[at] not in "()" else ""
            at += bool(label)
            opened.append((label, len(leaves), len(found), False))
            found.append((label, -1, -1))
        elif piece == ")":
            if not opened:
                raise FormatError(f"expected balanced brackets, got a ')' too many behind {at - 1} pieces", path, line)
            label, first, place, leaf = opened.pop()
            if not leaf and len(leaves) > first:
                found[place] = (label_of(label), first, len(leaves))
        else:
            if not opened or opened[-1][3]:
                raise FormatError(f"expected '(TAG word)', got the bare word {piece!r}", path, line)
            label, first, place, _ = opened[-1]
            opened[-1] = (label, first, place, True)
            if label != "-NONE-":
                leaves.append(plain(piece))
                tags.append(label if label.startswith("-") else label_of(label) if label else "X")
    if opened:
        raise FormatError(f"expected balanced brackets, got {len(opened)} that are never closed", path, line)
    return Parse(tuple(leaves), tuple(tags), tuple(node for node in found if node[1] >= 0))
