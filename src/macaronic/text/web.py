"""Spans of networked text that are one word token: addresses, mentions, hashtags, emoticons.

Word rules would cut ``https://t.co/x`` into six pieces and label some of them a language. Candidates are found with
array look-ups or plain substring search, so text without them pays next to nothing and no pattern can run away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from macaronic.text import breaks
from macaronic.text.breaks import Mask, Points

_STOP = r"\s\x00-\x1f\u200b<>\"“”„«»‘\u3000-\u30ff\u3400-\u9fff\uff00-\uffef…"
_ADDRESS = re.compile(rf"[^{_STOP}]+")
_SCHEME = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+%-]+\Z")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_EMOTICON = re.compile(r"[:;=]['’]?[-o^]?(?:[()/\\|*]{1,8}|[DPpOoSs3]{1,8}(?!\w))|</?3{1,8}(?!\w)")
_GLUED_EMOTICON = re.compile(r"(?<=[^\W\d_]):(?:[()]{1,8}|[DP]{1,8})(?!\w)")
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_TAIL = frozenset(".,;:!?'’*_~|")
_WORDLIKE = np.isin(
    np.arange(breaks.WIDTH),
    [*range(breaks.LETTER, breaks.COMPLEX + 1), breaks.IGNORED],
)
_SPACED = np.isin(np.arange(breaks.WIDTH), [breaks.LETTER, breaks.HEBREW, breaks.DIGIT, breaks.UNDERSCORE])


def _trimmed(address: str) -> str:
    """Leave sentence punctuation out of the end of an address; keep a bracket that it opened itself."""
    end = len(address)
    balance = {closer: address.count(opener) - address.count(closer) for closer, opener in _CLOSERS.items()}
    while end and (address[end - 1] in _TAIL or balance.get(address[end - 1], 0) < 0):
        if address[end - 1] in balance:
            balance[address[end - 1]] += 1
        end -= 1
    return address[:end]


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Web addresses: ``scheme://...`` and ``www....``."""
    for mark in ("://", "www.", "WWW."):
        at = text.find(mark)
        while at >= 0:
            scheme = _SCHEME.search(text[max(at - 5, 0) : at]) if mark == "://" else None
            start = at - (scheme.end() - scheme.start()) if scheme else at
            found = _ADDRESS.match(text, at + len(mark)) if scheme or mark != "://" else None
            end = start + len(_trimmed(text[start : found.end()])) if found else at
            if end > at + len(mark):
                yield start, end
            at = text.find(mark, max(end, at + len(mark)))


def _mails(text: str, candidates: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    for at in candidates.tolist():
        local = _LOCAL.search(text[max(at - 64, 0) : at])
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            yield at - (local.end() - local.start()), domain.end()


def _tags(points: Points, kind: NDArray[np.uint8], signs: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Mentions and hashtags: a sign that no letter precedes, and the run of word characters after it."""
    wordlike = _WORDLIKE[kind]
    ends = np.append(np.flatnonzero(~wordlike), len(points))
    for start, end in zip(signs.tolist(), ends[np.searchsorted(ends, signs + 1)].tolist(), strict=True):
        if end > start + 1 and kind[start + 1] != breaks.IGNORED:
            yield start, end


def joined_spans(text: str, points: Points, kind: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Find the spans that are one token whatever the word rules say.

    Args:
        text: the text, n code points.
        points: its code points, shape (n,).
        kind: their kinds, shape (n,).

    Returns:
        ``(start, end)`` pairs, later ones to be laid over earlier ones: emoticons, tags, mail and web addresses.

    Example:
        >>> from macaronic.text.words import words
        >>> words("see https://t.co/x, @ana :) #हिन्दी")
        ['see', 'https://t.co/x', ',', '@ana', ':)', '#हिन्दी']
    """
    out: list[tuple[int, int]] = []
    eyes = np.flatnonzero(kind[:-1] == breaks.EYES)
    if len(eyes):
        eyes = eyes[kind[eyes + 1] != breaks.BLANK]
        after_word = (eyes > 0) & _SPACED[kind[eyes - 1]]
        pattern = {False: _EMOTICON, True: _GLUED_EMOTICON}
        tried = (pattern[glued].match(text, at) for at, glued in zip(eyes.tolist(), after_word.tolist(), strict=True))
        out += [match.span() for match in tried if match]
    if "@" in text or "#" in text or "＃" in text:
        signs = np.flatnonzero((points == 0x40) | (points == 0x23) | (points == 0xFF03))
        signs = signs[signs + 1 < len(points)]
        after_word = (signs > 0) & _WORDLIKE[kind[signs - 1]]
        spaced = after_word & (_SPACED[kind[signs - 1]] | _marks_of_spaced(kind, signs - 1))
        out += _tags(points, kind, signs[~spaced])
        dotted = np.isin(points[signs - 1], [0x2E, 0x2B, 0x2D, 0x25])
        out += _mails(text, signs[(points[signs] == 0x40) & (after_word | dotted)])
    if "://" in text or "www." in text or "WWW." in text:
        out += _addresses(text)
    return out


def _marks_of_spaced(kind: NDArray[np.uint8], at: NDArray[np.intp]) -> Mask:
    """True where position `at` is a mark that hangs on a letter, digit or underscore."""
    if not (kind[at] == breaks.IGNORED).any():
        return np.zeros(len(at), dtype=np.bool_)
    base = np.maximum.accumulate(np.where(kind == breaks.IGNORED, 0, np.arange(len(kind))))
    return _SPACED[kind[base[at]]]
