"""One run at a time in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from macaronic.core.errors import InputError


@contextmanager
def locked(out: Path, what: str = "build") -> Iterator[None]:
    """Keeps two runs out of one folder at the same time; the lock dies with its process.

    Args:
        out: the folder; made when it is not there.
        what: what runs, in a word.

    Raises:
        InputError: another is running, or the folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder)):
    ...     (Path(folder) / ".work" / "lock").exists()
    True
    """
    import fcntl

    try:
        (out / ".work").mkdir(parents=True, exist_ok=True)
        file = open(out / ".work" / "lock", "w")  # noqa: SIM115 (closed below, with the lock)
    except OSError as error:
        raise InputError(f"cannot write in {out}: {error.strerror or error}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"another {what} is running in {out}. Wait for it, or choose another out.") from error
        yield
