"""Checkpoints that are whole or are not there, and which one a run goes on from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from macaronic.core.errors import InputError
from macaronic.core.files import fingerprint, sync_folder, write_text

MANIFEST = "whole.json"
PART = ".part"


def step_of(folder: Path) -> int:
    """The step that a checkpoint was made at.

    >>> step_of(Path("run/checkpoints/checkpoint-40"))
    40
    """
    return int(folder.name.partition("-")[2])


def seal(part: Path, final: Path) -> None:
    """Write what the files of a finished checkpoint are, sync them, and give the folder its name."""
    files = sorted(p for p in part.rglob("*") if p.is_file())
    for path in files:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
    held = {str(p.relative_to(part)): [p.stat().st_size, fingerprint(p)] for p in files}
    write_text(part / MANIFEST, json.dumps(held, indent=1) + "\n")
    if final.exists():
        shutil.rmtree(final)
    os.replace(part, final)
    sync_folder(final.parent)


def fault(folder: Path) -> str:
    """What is wrong with a checkpoint; empty when it is whole."""
    try:
        held = json.loads((folder / MANIFEST).read_text("utf-8"))
        for name, (size, mark) in held.items():
            path = folder / name
            if not path.is_file():
                return f"{name} is missing"
            if path.stat().st_size != size:
                return f"{name} has {path.stat().st_size} bytes of {size}"
            if fingerprint(path) != mark:
                return f"{name} has changed"
    except (OSError, ValueError, TypeError, InputError) as error:
        return f"{MANIFEST} cannot be read ({type(error).__name__})"
    return ""


def all_of(folder: Path) -> list[Path]:
    """The checkpoints in a folder, the newest first."""
    found = [p for p in folder.glob("checkpoint-*") if p.is_dir() and p.name.partition("-")[2].isdigit()]
    return sorted(found, key=step_of, reverse=True)


def newest(folder: Path, say: Callable[[str], None]) -> Path | None:
    """The newest whole checkpoint; those that are not are named and passed over."""
    for found in all_of(folder):
        wrong = fault(found)
        if not wrong:
            return found
        say(f"{found.name} is not whole ({wrong}); looking at the one before")
    return None


def rotate(folder: Path, keep: int, best: int | None = None) -> None:
    """Delete all but the newest `keep` checkpoints and the one of step `best`."""
    for old in all_of(folder)[keep:]:
        if step_of(old) != best:
            shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Delete what a killed run left half-written."""
    for part in folder.glob(f"*{PART}"):
        shutil.rmtree(part, ignore_errors=True)
