"""Long prompts with one sentence that matters: a needle at a given depth in text of a given length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import UsageError

Count = Callable[[str], int]
LENGTHS = (2_000, 8_000, 16_000, 32_000, 64_000)
DEPTHS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Haystack:
    """A prompt's text with its needles.

    Args:
        text: sentences, one blank between two.
        length: how long it was to be, in the counter's unit.
        size: how long it is.
        depth: where the first needle stands, in per cent of the sentences before it.
        labels: what has to be found, in the order of the needles.
    """

    text: str
    length: int
    size: int
    depth: float
    labels: tuple[str, ...]


def build(
    sentences: Sequence[str],
    needles: Sequence[tuple[str, str]],
    *,
    length: int,
    depth: float,
    count: Count | None = None,
) -> Haystack:
    """Fill up to a length with sentences in their order and put the needles in.

    The first needle stands at `depth`; further ones are spread evenly from there to the end.

    Args:
        sentences: the hay, taken from the front, again when it runs out.
        needles: (sentence, what it hides); at least one.
        length: how much there may be, needles with it.
        depth: 0 (first) to 100 (last).
        count: the size of a text; words when left out.

    Raises:
        UsageError: no hay or needle, a depth outside 0 to 100, or needles longer than the length.

    >>> hay = build(["One two three.", "Four five six."], [("The number is 7.", "7")], length=10, depth=50)
    >>> hay.text, hay.size
    ('One two three. The number is 7. Four five six.', 10)
    """
    size = count or (lambda text: len(text.split()))
    if not needles or not any(s.strip() for s in sentences) or not 0 <= depth <= 100:
        raise UsageError(f"a haystack needs sentences, a needle, and a depth from 0 to 100; got depth {depth:g}")
    room = length - sum(size(text) for text, _ in needles)
    if room < 0:
        raise UsageError(f"the needles alone are longer than {length}")
    hay = _filled(sentences, room, size)
    places = _places(len(hay), depth, len(needles))
    for place, (text, _) in sorted(zip(places, needles), key=lambda pair: -pair[0]):
        hay.insert(place, text)
    whole = " ".join(hay)
    return Haystack(whole, length, size(whole), depth, tuple(label for _, label in needles))


def _filled(sentences: Sequence[str], room: int, size: Count) -> list[str]:
    """Whole sentences up to the room, read again from the front when they run out."""
    usable = [(s.strip(), n) for s in sentences if s.strip() and (n := size(s.strip())) > 0]
    hay: list[str] = []
    used = at = 0
    while usable and used + usable[at % len(usable)][1] <= room:
        text, n = usable[at % len(usable)]
        hay.append(text)
        used += n
        at += 1
    return hay


def _places(sentences: int, depth: float, needles: int) -> list[int]:
    first = round(sentences * depth / 100)
    return [first + round((sentences - first) * i / needles) for i in range(needles)]


def grid(
    sentences: Sequence[str],
    template: str,
    cities: Sequence[str],
    *,
    lengths: Sequence[int] = LENGTHS,
    depths: Sequence[float] = DEPTHS,
    needles: int = 1,
    count: Count | None = None,
    rng: np.random.Generator,
) -> Iterator[Haystack]:
    """A haystack for each length and depth, with fresh numbers.

    Args:
        template: the needle, with `{city}` and `{number}`, in the language of the hay.
        cities: names to choose from, at least as many as needles.
        lengths, depths: as of `build`.
        needles: how many in each.
        count: the size of a text.
        rng: of cities and numbers.

    Raises:
        UsageError: a template without both places, or too few cities.

    Source: S071: 2, 8, 16, 32 and 64 thousand tokens, depths of 0, 25, 50, 75 and 100 per cent.
    """
    if "{city}" not in template or "{number}" not in template:
        raise UsageError(f"the needle's template needs {{city}} and {{number}}; got {template!r}")
    if len(cities) < needles:
        raise UsageError(f"{needles} needles need as many cities; got {len(cities)}")
    for length in lengths:
        for depth in depths:
            chosen = [cities[int(i)] for i in rng.permutation(len(cities))[:needles]]
            numbers = [str(int(n)) for n in rng.choice(9000, needles, replace=False) + 1000]
            pairs = [(template.format(city=city, number=n), n) for city, n in zip(chosen, numbers)]
            yield build(sentences, pairs, length=length, depth=depth, count=count)
