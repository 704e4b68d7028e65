"""Run a command in this process and see what a terminal would see."""

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from macaronic.cli.main import run


class Done(NamedTuple):
    """Exit code, stdout and stderr."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[..., Done]:
    """`cli("identify", "--text", "so")` runs `macaronic identify --text so` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object, stdin: bytes | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["macaronic", *map(str, words)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            run()
        shown = capsys.readouterr()
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return call
