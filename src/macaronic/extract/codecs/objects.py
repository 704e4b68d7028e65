"""A list of constructor calls whose arguments are string literals, taken apart in one pass and never executed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s*+(?:(?P<string>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')|(?P<name>[^\W\d]\w*+)|(?P<mark>[\[\](),=]))""",
    re.DOTALL,
)
_DEPTH = 4
Literal = Callable[[str], str | None]


@dataclass(slots=True)
class Call:
    """A constructor with its string arguments and with the constructors in its lists.

    Args:
        name: of the class.
        values: argument -> value; the first argument without a name stands under the empty name.
        inner: the calls in lists that are arguments.
    """

    name: str
    values: dict[str, str] = field(default_factory=dict)
    inner: list[Call] = field(default_factory=list)


def calls(source: str, start: int, literal: Literal) -> tuple[list[Call] | None, bool]:
    """The calls in a list.

    Args:
        source: text that holds the list.
        start: where its bracket opens.
        literal: gives the value of a string literal, or None for one that is broken.

    Returns:
        (calls, whether the list is whole); (None, False) when it is no list of calls.

    >>> calls("[A(span='x'), A(", 0, lambda token: token[1:-1])
    ([Call(name='A', values={'span': 'x'}, inner=[]), Call(name='A', values={}, inner=[])], False)
    >>> calls("[1, 2]", 0, lambda token: token[1:-1])
    (None, False)
    """
    reader = _Reader(literal)
    at = start
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None:
            rest = source[at:].lstrip()
            cut = rest[:1] in ("", '"', "'") and "\n" not in rest
            return (reader.found, False) if cut else (None, False)
        if not reader.take(token):
            return None, False
        at = token.end()
        if reader.done:
            return reader.found, True
    return reader.found, False


class _Reader:
    """A stack of what is open: lists and calls."""

    def __init__(self, literal: Literal) -> None:
        self.found: list[Call] = []
        self.literal = literal
        self.stack: list[Call | None] = []
        self.name = self.key = ""
        self.done = False

    def take(self, token: re.Match[str]) -> bool:
        """Go on with a token; False when it cannot stand here."""
        if token["string"] is not None:
            return self._string(token["string"])
        if token["name"] is not None:
            if self.name:
                return False
            self.name = token["name"]
            return True
        return self._mark(token["mark"])

    def _mark(self, mark: str) -> bool:
        if mark == "[":
            self.stack.append(None)
            return not self.name and len(self.stack) <= _DEPTH
        if mark == "(":
            return self._open()
        if mark == "=":
            self.key, self.name = self.name, ""
            return bool(self.key) and self.stack[-1] is not None
        if self.name:
            return False
        self.key = ""
        if mark == ",":
            return True
        if (self.stack.pop() is None) != (mark == "]"):
            return False
        self.done = not self.stack
        return True

    def _open(self) -> bool:
        if not self.name or self.stack[-1] is not None or len(self.stack) >= _DEPTH:
            return False
        call = Call(self.name)
        outer = next((one for one in reversed(self.stack) if one is not None), None)
        (self.found if outer is None else outer.inner).append(call)
        self.stack.append(call)
        self.name = ""
        return True

    def _string(self, token: str) -> bool:
        call, value = self.stack[-1], self.literal(token)
        if call is None or value is None or self.name:
            return False
        call.values.setdefault(self.key, value)
        return True
