"""What follows the task word in an OIELLM line, taken apart: strictly, or by known labels and the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from macaronic.extract import tasks
from macaronic.extract.codecs.codec import BROKEN, TRUNCATED

Items = list[tuple[str, ...]]


def strict(body: str, fields: Sequence[int], back: Mapping[int, str]) -> Items | str:
    """Items of a line in which every `:` and `;` is a delimiter.

    Args:
        body: begins with a colon.
        fields: how many fields an item may have.
        back: gives escaped characters back.

    Returns:
        The items; `truncated` when the last has too few fields, `broken item` when any has a wrong number.

    >>> strict(":a;b:c;d", (2,), {}), strict(":a;b:c", (2,), {})
    ([('a', 'b'), ('c', 'd')], 'truncated')
    """
    if body[:1] != ":":
        return BROKEN
    parts = body[1:].split(":")
    found = [tuple(field.translate(back) for field in part.split(";")) for part in parts]
    if len(found) == 1 and nothing(found[0]):
        return []
    for number, item in enumerate(found, 1):
        if len(item) not in fields:
            return TRUNCATED if number == len(parts) and len(item) < min(fields) else BROKEN
    return found


def nothing(item: Sequence[str]) -> bool:
    """Whether an item is the one that says that there is none, such as `:Null;`.

    >>> nothing(("無い", "")), nothing(("Null", "x"))
    (True, False)
    """
    return len(item) == 2 and item[0].strip() in tasks.nones() and not item[1].strip()


def anchored(body: str, known: Sequence[str], text: str) -> Items | str:
    """(label, span) items of a line whose delimiters may also stand within labels and spans.

    A colon begins an item where a known label follows; elsewhere it belongs to the span before it when that makes
    words of the text. Full-width delimiters are read when the line begins with one.

    Args:
        body: begins with a colon.
        known: the labels, or none when they are open.
        text: what was asked about.

    >>> anchored(":place;a:b;c:time;9:30", ("place", "time"), "a:b;c at 9:30")
    [('place', 'a:b;c'), ('time', '9:30')]
    """
    colon, semicolon = _delimiters(body)
    found: list[_Growing] = []
    pieces = list(_pieces(body, tuple(known), colon, semicolon))
    for number, (label, value) in enumerate(pieces, 1):
        if label is not None:
            found.append(_Growing(label, value))
        elif found and found[-1].takes(colon + value, text):
            continue
        elif semicolon in value:
            label, _, value = value.partition(semicolon)
            found.append(_Growing(label, value))
        else:
            return TRUNCATED if number == len(pieces) else BROKEN
    items: Items = [(one.label, one.value) for one in found]
    return [] if len(items) == 1 and nothing(items[0]) else items


class _Growing:
    """A span that may go on behind the next colon."""

    def __init__(self, label: str, value: str) -> None:
        self.label, self.value = label, value

    def takes(self, more: str, text: str) -> bool:
        """Whether the span goes on with `more`; it does when the whole stands in the text."""
        if len(self.value) + len(more) > len(text) or self.value + more not in text:
            return False
        self.value += more
        return True


def _delimiters(body: str) -> tuple[str, str]:
    if body[:1] != "：":
        return ":", ";"
    return "：", "；" if "；" in body else ";"


def _pieces(body: str, known: tuple[str, ...], colon: str, semicolon: str) -> Iterator[tuple[str | None, str]]:
    """(known label or None, what follows) for every colon."""
    starts = list(_starts(known, colon, semicolon).finditer(body))
    for found, following in zip(starts, [*starts[1:], None]):
        end = following.start() if following else len(body)
        yield (found[1] if known else None), body[found.end() : end]


@lru_cache(maxsize=64)
def _starts(known: tuple[str, ...], colon: str, semicolon: str) -> re.Pattern[str]:
    if not known:
        return re.compile(colon)
    return re.compile(f"{colon}(?:({_any(known)}){semicolon})?")


def _any(known: Sequence[str]) -> str:
    return "|".join(re.escape(label) for label in sorted(known, key=lambda label: (-len(label), label)))


def triples(body: str, known: Sequence[str], text: str) -> Items | str:
    """(head, type, tail) items of a line whose delimiters may also stand within the three.

    Known types part the line; between two of them the colon that leaves words of the text on both sides is taken.

    >>> triples(":a:b;in;c:d;in;e", ("in",), "a:b c d e")
    [('a:b', 'in', 'c'), ('d', 'in', 'e')]
    """
    colon, semicolon = _delimiters(body)
    if known:
        parts = _types(tuple(known), semicolon).split(body[1:])
        found = _between(parts, colon, text)
        ends = [end for head, _, tail in found for end in (head, tail)]
        if ends and all(end and (not {colon, semicolon} & set(end) or end in text) for end in ends):
            return found
    return _plain_triples(body[1:].split(colon), colon, semicolon, text)


@lru_cache(maxsize=64)
def _types(known: tuple[str, ...], semicolon: str) -> re.Pattern[str]:
    return re.compile(f"{semicolon}({_any(known)}){semicolon}")


def _between(parts: Sequence[str], colon: str, text: str) -> Items:
    """Items out of `[head, type, tail:head, type, ..., tail]`."""
    found: Items = []
    head = parts[0]
    for i in range(1, len(parts), 2):
        last = i + 2 == len(parts)
        tail, following = (parts[i + 1], "") if last else _split(parts[i + 1], colon, text)
        found.append((head, parts[i], tail))
        head = following
    return found


def _split(part: str, colon: str, text: str) -> tuple[str, str]:
    at, tried = part.find(colon), 0
    while at >= 0 and tried < 16:
        if part[:at] in text and part[at + 1 :] in text:
            return part[:at], part[at + 1 :]
        at, tried = part.find(colon, at + 1), tried + 1
    first, _, rest = part.partition(colon)
    return first, rest


def _plain_triples(parts: Sequence[str], colon: str, semicolon: str, text: str) -> Items | str:
    found: Items = []
    ahead = ""
    for number, part in enumerate(parts, 1):
        fields = part.split(semicolon)
        if len(fields) == 3:
            found.append((ahead + fields[0], fields[1], fields[2]))
            ahead = ""
        elif len(fields) == 2 and len(parts) == 1 and not fields[1]:
            return [] if nothing(fields) else TRUNCATED
        elif len(fields) == 1 and found and not ahead and found[-1][2] + colon + part in text:
            found[-1] = (*found[-1][:2], found[-1][2] + colon + part)
        elif len(fields) == 1 and number < len(parts):
            ahead = part + colon if not ahead or len(ahead) < len(text) else ahead
        else:
            return TRUNCATED if number == len(parts) and len(fields) < 3 else BROKEN
    return found
