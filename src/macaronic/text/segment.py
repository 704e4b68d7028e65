"""Cut runs of scripts that are written without spaces between words.

Without a segmenter the cuts need no dictionary and never split a grapheme cluster: a Han character stands alone, a run
of hiragana or of katakana is one token, and Thai, Lao, Khmer and Burmese are cut into something near syllables: a bare
consonant closes the syllable before it, a leading vowel opens the next. That is good enough to count and to label, not
to look words up; hand a `Segmenter` for that.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.text import breaks
from macaronic.text.breaks import Mask, Points
from macaronic.text.scripts import script_names, script_numbers

Segmenter = Callable[[str], list[tuple[int, int]]]
"""Takes a run of text without spaces, gives the ``(start, end)`` offsets of its words."""

_LEADING = np.r_[0x0E40:0x0E45, 0x0EC0:0x0EC5]
_FOLLOWING = [0x0E2F, 0x0E30, 0x0E32, 0x0E45, 0x0E46, 0x0EAF, 0x0EB0, 0x0EB2, 0x0EBD, 0x0EC6]
_KILLERS = [0x0E4C, 0x0ECC, 0x17CD, 0x103A]
_STACKER = 0x1039
_EAST = [breaks.KATAKANA, breaks.PROLONGED, breaks.HIRAGANA, breaks.HAN, breaks.ITERATION]
_KANA = ("Hira", "Kana")


def script_runs(text: str) -> list[tuple[int, int, str]]:
    """Cut a text into runs of one script; common and inherited characters go with the run before them.

    Args:
        text: any text.

    Returns:
        ``(start, end, script)`` with ISO 15924 codes, covering the text; `Zyyy` only where no script is near.

    Example:
        >>> script_runs("ok, चलो see")
        [(0, 4, 'Latn'), (4, 8, 'Deva'), (8, 11, 'Latn')]
    """
    if not text:
        return []
    names = script_names()
    number = script_numbers(text).astype(np.int64)
    position = np.arange(len(number))
    real = ~np.isin(number, [names.index("Zyyy"), names.index("Zinh")])
    if not real.any():
        return [(0, len(text), "Zyyy")]
    source = np.maximum.accumulate(np.where(real, position, -1))
    number = number[np.where(source < 0, position[real][0], source)]
    cuts = np.flatnonzero(np.diff(number, prepend=-1))
    ends = [*cuts[1:].tolist(), len(text)]
    return [(a, b, names[number[a]]) for a, b in zip(cuts.tolist(), ends, strict=True)]


def join_unspaced(
    text: str, points: Points, kind: NDArray[np.uint8], join: Mask, whole: Mask, segmenters: Mapping[str, Segmenter]
) -> None:
    """Settle, in place, which code points of unspaced runs join the one before.

    Args:
        text: the text, n code points.
        points: its code points, shape (n,).
        kind: their kinds, shape (n,).
        join: mask to change, shape (n,): the word rules so far.
        whole: mask of the clusters, shape (n,).
        segmenters: by run name; a run without one keeps the rules of this module.

    Raises:
        UsageError: a segmenter gave offsets outside its run.
    """
    if (kind == breaks.COMPLEX).any():
        _join_syllables(points, kind, join)
    if segmenters:
        for start, end, segmenter in _runs(text, kind, segmenters):
            cuts = np.unique([edge for pair in segmenter(text[start:end]) for edge in pair] + [0])
            if cuts[0] < 0 or cuts[-1] > end - start:
                raise UsageError(
                    f"a segmenter gave offset {max(cuts[-1], -cuts[0])} for a run of {end - start} characters: "
                    f"{text[start : start + 20]!r}\ngive (start, end) pairs in code points of the run"
                )
            join[start:end] = True
            join[start + cuts[cuts < end - start]] = False
            join[start:end] |= whole[start:end]


def _join_syllables(points: Points, kind: NDArray[np.uint8], join: Mask) -> None:
    """Join a unit to the one before when it is a bare or silenced consonant, a following vowel, or after a leading one.

    A bare consonant that opens a run takes the unit after it.
    """
    unit = np.flatnonzero(~join)
    inside = kind[unit] == breaks.COMPLEX
    base = points[unit]
    leading, following = np.isin(base, _LEADING), np.isin(base, _FOLLOWING)
    marked = np.diff(np.append(unit, len(points))) > 1
    marked[:-1] |= following[1:]
    killer = np.isin(points, _KILLERS)
    killer[:-1] &= points[1:] != _STACKER
    silenced = np.logical_or.reduceat(killer, unit)
    opens = inside & ~np.append(False, inside[:-1])
    after = np.append(False, (leading | (opens & ~marked))[:-1])
    close = inside & ~opens & (after | (~leading & (~marked | following | silenced)))
    join[unit[close]] = True


def _runs(
    text: str, kind: NDArray[np.uint8], segmenters: Mapping[str, Segmenter]
) -> Iterator[tuple[int, int, Segmenter]]:
    """Unspaced runs that have a segmenter: `Hani`, `Jpan` (with kana), or a script of South East Asia."""
    unspaced = np.isin(kind, [*_EAST, breaks.COMPLEX])
    held = unspaced | (kind == breaks.IGNORED)
    edges = np.flatnonzero(np.diff(held.astype(np.int8), prepend=0, append=0))
    for start, end in edges.reshape(-1, 2).tolist():
        base = start + int(np.argmax(unspaced[start:end]))  # marks of a foreign letter stay with it
        for a, b, name in _named_runs(text[base:end] if unspaced[base] else ""):
            segmenter = segmenters.get(name) or segmenters.get("Jpan" if name == "Hani" else "")
            if segmenter is not None:
                yield base + a, base + b, segmenter


def _named_runs(text: str) -> list[tuple[int, int, str]]:
    """Script runs with Han and kana put together, as `Jpan` where there is kana."""
    out: list[tuple[int, int, str]] = []
    for start, end, script in script_runs(text):
        name = "Jpan" if script in _KANA else script
        if out and {out[-1][2], name} <= {"Jpan", "Hani"}:
            name = "Jpan" if "Jpan" in (out[-1][2], name) else "Hani"
            start = out.pop()[0]
        out.append((start, end, name))
    return out


def chinese() -> Segmenter:
    """Make a segmenter for Chinese out of `jieba` (extra ``eval``); hand it over as ``{"Hani": chinese()}``.

    Returns:
        The segmenter; its dictionary is loaded at the first use.

    Raises:
        MissingExtra: `jieba` is not installed.

    Example:
        >>> from macaronic.text.words import words
        >>> words("我爱北京", segmenters={"Hani": lambda run: [(0, 1), (1, 2), (2, 4)]})
        ['我', '爱', '北京']
    """
    try:
        import jieba
    except ImportError as error:
        raise MissingExtra("jieba", "eval") from error
    jieba.setLogLevel(logging.WARNING)

    def cut(run: str) -> list[tuple[int, int]]:
        return [(start, end) for _, start, end in jieba.tokenize(run)]

    return cut


def japanese() -> Segmenter:
    """Make a segmenter for Japanese out of `fugashi` and `unidic-lite` (extra ``eval``): ``{"Jpan": japanese()}``.

    Returns:
        The segmenter.

    Raises:
        MissingExtra: `fugashi` or its dictionary is not installed.
    """
    try:
        import fugashi

        importlib.import_module("unidic_lite")  # the dictionary that fugashi finds by itself
    except ImportError as error:
        raise MissingExtra("fugashi", "eval") from error
    tagger = fugashi.Tagger()

    def cut(run: str) -> list[tuple[int, int]]:
        out, at = [], 0
        for word in tagger(run):
            at = run.index(word.surface, at)
            out.append((at, at + len(word.surface)))
            at += len(word.surface)
        return out

    return cut
