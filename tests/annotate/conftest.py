"""A small project, and the command line with the verbs of `annotate`."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from macaronic.annotate.create import create
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.cli import main
from macaronic.core.utterance import Utterance

TEXTS = ("yaar kal office-on late", "so chill हिन्दी", "kya scene hai", "👍🏽ok e\u0301tat")


def items() -> list[Item]:
    """Four items with languages to begin with."""
    return [
        Item(n, Utterance.from_words(text.split(), layers={"lang": ["en"] * len(text.split())}, id=f"t{n}"))
        for n, text in enumerate(TEXTS, 1)
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of four items for two people, asha and ravi, and a judge."""
    path = tmp_path / "chat.annotate"
    create(path, Settings("chat", layers_of("languages,pos,ner,norm", ["en", "hi"]), overlap=2), items())
    with Store(path, write=True) as store:
        for name in ("asha", "ravi"):
            store.add_person(name)
        store.add_person("judge", "adjudicator")
    return path


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    """The project, open for writing."""
    with Store(project, write=True) as opened:
        yield opened


class Done(NamedTuple):
    """Exit code, stdout and stderr."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Done]:
    """`cli("annotate", "status", "chat.annotate")` runs that command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object, stdin: bytes | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["macaronic", *map(str, words)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main.run()
        shown = capsys.readouterr()
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return call
