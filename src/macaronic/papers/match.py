"""Which cards and map entries a search means."""

from __future__ import annotations

from collections.abc import Iterable

from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse


def speaks(languages: Iterable[str], asked: str) -> bool:
    """Whether something about `languages` is about the language asked for.

    A bare language means all its scripts; a tag with a script means that script alone.

    >>> speaks(["hi-Latn", "en"], "hi"), speaks(["hi"], "hi-Latn"), speaks(["ne-Latn"], "nep")
    (True, False, True)
    """
    tag = parse(asked)
    if "-" in asked.strip().replace("_", "-"):
        return tag in languages
    base = tag.partition("-")[0]
    return any(own.partition("-")[0] == base for own in languages)


def among(kind: str, asked: str | None, known: Iterable[str]) -> str | None:
    """The asked name in lower case when it is known; None stays None.

    Raises:
        UnknownName: it is not known; suggests the nearest.
    """
    if asked is None:
        return None
    names = set(known)
    if asked.lower() not in names:
        raise UnknownName(kind, asked, names)
    return asked.lower()
