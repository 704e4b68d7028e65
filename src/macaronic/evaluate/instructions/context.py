"""What a checker knows besides the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from macaronic.core.errors import UsageError

Arguments = Mapping[str, Any]
Followed = bool | None
"""None: the instruction cannot be followed or broken here, such as a rule about capitals in a script without them."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a checker knows besides the answer.

    Args:
        prompt: the prompt of the turn.
        language: of a text, as a tag; for `language:response_language`.
        authors: whether to do as the published checkers do, faults included.
    """

    prompt: str = ""
    language: Callable[[str], str] | None = None
    authors: bool = False


Checker = Callable[[str, Arguments, Context], Followed]


def whole(arguments: Arguments, name: str) -> int:
    """An argument that is a whole number.

    Raises:
        UsageError: it is missing or none.
    """
    try:
        return int(arguments[name])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"expected a whole number for {name}; got {arguments.get(name)!r}") from error


def words_given(arguments: Arguments, name: str) -> list[str]:
    """An argument that is a list of texts.

    Raises:
        UsageError: it is missing, or none.
    """
    value = arguments.get(name)
    held = [value] if isinstance(value, str) else value
    if not isinstance(held, list) or not held or not all(isinstance(one, str) and one.strip() for one in held):
        raise UsageError(f"expected a list of texts for {name}; got {value!r}")
    return [str(one) for one in held]


def text_given(arguments: Arguments, name: str) -> str:
    """An argument that is a text.

    Raises:
        UsageError: it is missing or empty.
    """
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"expected a text for {name}; got {value!r}")
    return value


def enough(count: int, arguments: Arguments, name: str, relation: str = "relation") -> bool:
    """Whether a count is `at least` or `less than` the number asked for.

    Raises:
        UsageError: another relation, or no number.

    >>> enough(3, {"relation": "less than", "n": 3}, "n"), enough(3, {"relation": "at least", "n": 3}, "n")
    (False, True)
    """
    limit, said = whole(arguments, name), str(arguments.get(relation) or "at least")
    if said not in ("at least", "less than"):
        raise UsageError(f"expected the relation 'at least' or 'less than'; got {said!r}")
    return count >= limit if said == "at least" else count < limit
