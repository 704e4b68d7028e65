"""Errors that tell a person what was expected, what came, where, and what to do.

Each class carries the exit code that the command line returns for it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known name most like `name`, or None when nothing is close.

    >>> nearest("temprature", ["proportional", "temperature", "unimax"])
    'temperature'
    """
    candidates = {str(k).lower(): str(k) for k in known}
    found = difflib.get_close_matches(name.lower(), list(candidates), n=1, cutoff=cutoff)
    return candidates[found[0]] if found else None


class MacaronicError(Exception):
    """The root of every error that macaronic raises on purpose; it comes out of another process as it was raised.

    >>> import pickle
    >>> print(pickle.loads(pickle.dumps(MissingExtra("torch", "train"))))
    this needs torch, which is not installed.
    Install it: pip install 'macaronic[train]'
    """

    exit_code = 1

    def __reduce__(self) -> tuple[object, ...]:
        """By its message alone, since the subclasses are made from other arguments."""
        return _again, (type(self), str(self))


def _again(kind: type[MacaronicError], message: str) -> MacaronicError:
    error = kind.__new__(kind)
    error.args = (message,)
    return error


class UsageError(MacaronicError):
    """A request that cannot be meant: a bad option, an impossible value."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is not among the known ones; the message suggests the nearest.

    >>> raise UnknownName("method", "temprature", ["proportional", "temperature"])
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UnknownName: unknown method 'temprature'. Did you mean 'temperature'?
    Known: proportional, temperature
    """

    def __init__(self, kind: str, got: str, known: Iterable[str], where: str = "") -> None:
        names = sorted({str(k) for k in known})
        near = nearest(got, names) or (names[0] if len(names) == 1 else None)
        shown = ", ".join(names) if len(names) <= 20 else f"{', '.join(names[:20])}, ... ({len(names)} in all)"
        hint = f" Did you mean {near!r}?" if near else ""
        place = f"{where}: " if where else ""
        super().__init__(f"{place}unknown {kind} {got!r}.{hint}\nKnown: {shown}")


class FormatError(UsageError):
    """Data that does not follow its format, with the place where it breaks."""

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(place + message)


class MissingExtra(MacaronicError):
    """A part that needs a package which is not installed.

    >>> raise MissingExtra("python-crfsuite", "tag")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.MissingExtra: this needs python-crfsuite, which is not installed.
    Install it: pip install 'macaronic[tag]'
    """

    exit_code = 3

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}, which is not installed.\nInstall it: pip install 'macaronic[{extra}]'")


class MissingData(MacaronicError):
    """Data, a model or a language that is not here; the message says how to get it."""

    exit_code = 3


class PartialResult(MacaronicError):
    """Some of the work is done and saved; the message holds the command that goes on."""

    exit_code = 4


class InputError(MacaronicError):
    """A file that cannot be read or written."""

    exit_code = 5
