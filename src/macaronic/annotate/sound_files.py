"""How long a sound file is, and finding it below a folder that it must not leave."""

from __future__ import annotations

import wave
from pathlib import Path, PurePosixPath, PureWindowsPath

from macaronic.core.errors import InputError, UsageError


def seconds_of(path: str | Path) -> float | None:
    """How long a sound file is, in seconds; None where neither `wave` nor an installed `soundfile` can read it.

    Raises:
        InputError: it cannot be opened.
    """
    try:
        with wave.open(str(path), "rb") as sound:
            return sound.getnframes() / sound.getframerate() if sound.getframerate() else None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (wave.Error, EOFError):
        return _by_soundfile(path)


def _by_soundfile(path: str | Path) -> float | None:
    try:
        import soundfile  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    try:
        return float(soundfile.info(str(path)).duration)
    except RuntimeError:
        return None


def below(root: str | Path, name: str) -> Path:
    """The file of a relative name in a folder.

    Args:
        root: the folder.
        name: a path in it, with `/`.

    Returns:
        The real path; whether a file is there is not looked at.

    Raises:
        UsageError: the name is empty or absolute, or leads out of the folder, also by a link.

    >>> below("/srv/audio", "en/1.wav").as_posix()
    '/srv/audio/en/1.wav'
    >>> below("/srv/audio", "../secret")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UsageError: expected a file below the manifest's folder, got '../secret'
    """
    real, top = Path(root, name).resolve() if "\0" not in name else None, Path(root).resolve()
    absolute = PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute()
    if not name or real is None or absolute or top not in real.parents:
        raise UsageError(f"expected a file below the manifest's folder, got {name!r}")
    return real
