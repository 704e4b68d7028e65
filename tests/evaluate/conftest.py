"""What several tests of this room need."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def rows_file(tmp_path: Path) -> Callable[[Sequence[dict[str, Any]]], str]:
    """Writes rows as JSON lines and gives the path."""

    def write(rows: Sequence[dict[str, Any]], name: str = "outputs.jsonl") -> str:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        return str(path)

    return write
