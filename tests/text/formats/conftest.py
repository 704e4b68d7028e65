"""Small files in every format, and where the shared data sets lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Writes one file into the test's folder."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of data sets that are not part of the repository."""
    folder = os.environ.get("MACARONIC_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the data sets: set MACARONIC_DATA to their folder")
    return Path(folder)
