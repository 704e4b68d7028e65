"""Typing errors of named kinds, seeded: what people's fingers do to words, without ever breaking a word in two.

A word is a token of `macaronic.text.words`; at most one error falls on each. Errors move whole grapheme clusters, stay
inside the word and leave its pattern of capitals as it is; addresses, mentions, numbers and code are left alone, and so
are scripts written without spaces.

Source: S019 (one kind of noise a sentence); the kinds are those of its data, with three more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.text.keyboard import Layout, neighbours
from macaronic.text.scripts import UNSPACED, script_of
from macaronic.text.typos import ALL, HINMIX, KINDS, Kind, changed, clusters, holds, kind_of, places
from macaronic.text.words import tokenise

__all__ = [
    "ALL",
    "HINMIX",
    "KINDS",
    "Kind",
    "Slip",
    "clusters",
    "kind_of",
    "moved",
    "noisy",
    "protected",
    "respelled",
    "row_rng",
]

_CODE = regex.compile(r"```.*?```|`[^`\n]+`", regex.DOTALL)
_PROTECTED = regex.compile(r"\p{N}|[@#＃_/\\{}<>=`$^|~]|www\.|\p{Ll}\p{Lu}|\p{L}\.\p{L}")


@dataclass(frozen=True, slots=True)
class Slip:
    """One typing error: the clean text's code points `start` to `end` held `old` and now read `new`."""

    kind: Kind
    start: int
    end: int
    old: str
    new: str


def protected(word: str) -> bool:
    """Whether a word is left as it is: addresses, mentions, hashtags, numbers, identifiers.

    >>> [word for word in "see https://a.org @ana v2 camelCase x_1 yaar".split() if protected(word)]
    ['https://a.org', '@ana', 'v2', 'camelCase', 'x_1']
    """
    return bool(_PROTECTED.search(word))


def noisy(
    text: str,
    *,
    rate: float,
    rng: np.random.Generator,
    kinds: Sequence[Kind] = KINDS,
    one_kind: bool = True,
    protect: Callable[[str], bool] = protected,
    layout: Layout = "qwerty",
    tokens: Sequence[tuple[int, int]] | None = None,
) -> tuple[str, tuple[Slip, ...]]:
    """A text with typing errors.

    Args:
        text: any text; each word that can have an error of the kind gets one with probability `rate`.
        rate: in [0, 1].
        rng: where the randomness comes from.
        kinds: `swap` (two neighbouring letters), `neighbour` (the key beside), `drop`, `insert` (a key beside as
            well), `repeat`, `vowel` (a vowel left out), `shuffle` (all letters but the first and last).
        one_kind: one kind for the whole text, drawn among those that some word of it can have (as HINMIX does it);
            otherwise each word draws its own.
        protect: words for which it is true stay as they are; code between backticks always does.
        layout: the keyboard; letters that it lacks have no neighbours.
        tokens: (start, end) of the words; cut by `text.words` when left out.

    Returns:
        the text, and the errors in order, with offsets into the clean text.

    Raises:
        UsageError: a rate outside [0, 1], or no kinds.
        UnknownName: a kind or layout that is not known.

    Source: S019.

    >>> noisy("planner device", rate=1, kinds=["vowel"], rng=np.random.default_rng(2))[0]
    'plannr dvice'
    >>> noisy("see https://a.org/x 42", rate=0, rng=np.random.default_rng(1))
    ('see https://a.org/x 42', ())
    """
    _check(rate, kinds, layout)
    if not rate:
        return text, ()
    spans = tokenise(text) if tokens is None else tokens
    code = [found.span() for found in _CODE.finditer(text)] if "`" in text else []
    open_words = [
        (start, text[start:end])
        for start, end in spans
        if _can_change(text[start:end]) and not any(a <= start < b for a, b in code) and not protect(text[start:end])
    ]
    hit = rng.random(len(open_words)) < rate
    order: list[Kind] = [kinds[i] for i in rng.permutation(len(kinds))]
    if one_kind:
        order = [kind for kind in order if any(places(kind, clusters(word), layout) for _, word in open_words)][:1]
    slips: list[Slip] = []
    for (start, word), struck in zip(open_words, hit.tolist()):
        if struck:
            mine = order if one_kind else [order[i] for i in rng.permutation(len(order))]
            slips += _slip(word, start, mine, layout, rng)
    return respelled(text, slips), tuple(slips)


def respelled(text: str, slips: Iterable[Slip]) -> str:
    """The text with these errors in it.

    >>> respelled("so chill", [Slip("drop", 5, 6, "i", "")])
    'so chll'
    """
    parts, at = [], 0
    for slip in slips:
        parts += [text[at : slip.start], slip.new]
        at = slip.end
    return "".join([*parts, text[at:]])


def moved(offsets: Sequence[int] | NDArray[np.integer], slips: Sequence[Slip]) -> NDArray[np.int64]:
    """Where code-point offsets of the clean text lie in the noisy one.

    >>> moved([0, 2, 3, 8], [Slip("drop", 5, 6, "i", "")]).tolist()
    [0, 2, 3, 7]
    """
    given = np.asarray(offsets, dtype=np.int64)
    if not slips:
        return given
    starts, ends = (np.array([getattr(slip, side) for slip in slips]) for side in ("start", "end"))
    gains = np.array([len(slip.new) for slip in slips]) - (ends - starts)
    total = np.concatenate([[0], np.cumsum(gains)])
    behind = np.searchsorted(ends, given, side="right")
    inside = np.minimum(behind, len(slips) - 1)
    cut = (behind < len(slips)) & (starts[inside] < given)
    reach = starts[inside] + (ends - starts + gains)[inside]
    return np.asarray(np.where(cut, np.minimum(given, reach), given) + total[behind], dtype=np.int64)


def row_rng(seed: int, *name: str) -> np.random.Generator:
    """A generator of a row's own, the same wherever and after whatever the row is worked on.

    >>> bool(row_rng(1, "row 7").random() == row_rng(1, "row 7").random())
    True
    """
    digest = hashlib.blake2b("\x1f".join([str(seed), *name]).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _check(rate: float, kinds: Sequence[Kind], layout: Layout) -> None:
    if not 0 <= rate <= 1:
        raise UsageError(f"the noise rate is a share of words, from 0 to 1; got {rate}")
    if not kinds:
        raise UsageError(f"no kinds of noise given; name some of {', '.join(ALL)}")
    for kind in kinds:
        if kind not in ALL:
            raise UnknownName("kind of noise", kind, ALL)
    neighbours("a", layout)


def _can_change(word: str) -> bool:
    return any(map(str.isalpha, word)) and (word.isascii() or script_of(word) not in UNSPACED)


def _slip(word: str, start: int, kinds: Sequence[Kind], layout: Layout, rng: np.random.Generator) -> list[Slip]:
    """The word's error, of the first kind that it can have; none when it can have none."""
    letters = clusters(word)
    for kind in kinds:
        found = places(kind, letters, layout)
        for number in rng.permutation(len(found)).tolist():
            at, key = found[number]
            first, last, new = changed(kind, letters, at, key, rng)
            if new != letters[first:last] and holds([*letters[:first], *new, *letters[last:]]):
                begin = start + sum(map(len, letters[:first]))
                old = "".join(letters[first:last])
                return [Slip(kind, begin, begin + len(old), old, "".join(new))]
    return []
