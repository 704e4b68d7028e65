"""Cut a text into sentences in any script: full stops, dandas and the like, and line ends.

A stop ends a sentence when white space or the end follows, closing marks aside; marks of scripts without spaces end one
anywhere. Initials and a few abbreviations do not. Thai and Lao mark no ends; there a blank between two runs stands for
one.
"""

from __future__ import annotations

import re

_CLOSE = r"[\"'”’»›)\]}」』）】*_]*+"
_END = re.compile(rf"(?<![.!?…])[.!?…]++{_CLOSE}(?=\s|\Z)|[।॥؟۔።፧၊။។៕܀]+{_CLOSE}|[。！？｡]+{_CLOSE}|\n+")
_NOT_YET = re.compile(
    r"(?:\b[A-ZÀ-ÞА-Я]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|No|Nr|Sr|Sra|Jr|e\.g|i\.e|z\.B|d\.h|p\.ej|т\.е|т\.д))\.\Z"
)
_NUMBER = re.compile(r"(?:\A|\n)\s*\d{1,3}\.\Z")
_TAIL = 80
_THAI = re.compile(r"(?<=[\u0e01-\u0eff])\s+(?=[\u0e01-\u0eff])")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without white space around them; pieces without a letter or digit are no sentences.

    >>> sentences("Dr. Roy came at 5.30 p.m. today! 他走了。真的？")
    ['Dr. Roy came at 5.30 p.m. today!', '他走了。', '真的？']
    >>> sentences("1. वह आया। वह गया।")
    ['1. वह आया।', 'वह गया।']
    """
    out, begun = [], 0
    for match in _END.finditer(text):
        last = _last(text, begun, match.end())
        if match[0][0] == "." and (_NOT_YET.search(last) or _NUMBER.search(last) or _goes_on(text, match.end())):
            continue
        out.append(text[begun : match.end()].rstrip())
        begun = match.end()
    out.append(text[begun:])
    pieces = [part.strip() for piece in out for part in _THAI.split(piece)]
    return [piece for piece in pieces if any(c.isalnum() for c in piece)]


def _last(text: str, begun: int, end: int) -> str:
    """The last letters of a sentence, behind an x where it begins before them; all of it would take quadratic time."""
    at = max(begun, end - _TAIL)
    return ("x" if at > begun else "") + text[at:end].rstrip()


def _goes_on(text: str, at: int) -> bool:
    """Whether a small letter follows a stop: then it ended an abbreviation, not a sentence."""
    rest = text[at : at + 20].lstrip(" \t")
    return bool(rest) and rest[0].islower()
