"""Collecting mixed text out of a stream: what is kept, why the rest is not, and going on after an interruption."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from macaronic.core.corpus import Corpus
from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.protocols import Tagged
from macaronic.core.utterance import Utterance
from macaronic.identify import collect as collecting
from macaronic.identify.collect import Wanted, collect

GERMAN = {"ich", "habe", "keine", "zeit"}
TURKISH = {"hiç", "vaktim", "yok", "ama"}


class ByList:
    """Knows eight words."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.left = stop_after

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        label = {**dict.fromkeys(GERMAN, "de"), **dict.fromkeys(TURKISH, "tr")}
        return [Tagged([label.get(w, "other") for w in s], [0.5 if "ama" in s else 0.9] * len(s)) for s in sentences]


TEXTS = [
    "ich habe hiç vaktim",
    "ich habe keine zeit",
    "",
    "123 !",
    "ich habe hiç vaktim",
    "ich yok",
    "ich habe keine ama",
    "hiç vaktim yok zeit",
]


def corpus(texts: Sequence[str] = TEXTS) -> Corpus:
    return Corpus.from_utterances([Utterance(text, f"t:{n}", meta={"n": n}) for n, text in enumerate(texts)])


def test_what_is_kept_and_why_the_rest_is_not(tmp_path: Path) -> None:
    out = tmp_path / "mixed.jsonl"
    done = collect(corpus(), ByList(), out=out, wanted=Wanted(("de", "tr"), cmi=20, confidence=0.7))
    assert done.done
    assert (done.read, done.kept) == (8, 2)
    assert dict(done.dropped) == {
        "empty": 2, "language missing": 1, "too little mixing": 1, "not sure": 1, "duplicate": 1,
    }  # fmt: skip
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == ["ich habe hiç vaktim", "hiç vaktim yok zeit"]
    assert rows[0]["layers"]["lang"] == ["de", "de", "tr", "tr"]
    assert rows[0]["n"] == 0


def test_interrupted_and_run_again_it_ends_in_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "PIECE", 3)
    texts = [*TEXTS, *(f"{text} zeit yok" for text in TEXTS)]
    whole = tmp_path / "whole.jsonl"
    expected = collect(corpus(texts), ByList(), out=whole)
    for calls in range(6):
        out = tmp_path / f"cut{calls}.jsonl"
        with pytest.raises(KeyboardInterrupt):
            collect(corpus(texts), ByList(stop_after=calls), out=out)
        if out.exists():
            with out.open("ab") as file:
                file.write(b'{"text": "half a li')
        if calls == 0:
            out.unlink(missing_ok=True)
        assert collect(corpus(texts), ByList(), out=out) == expected
        assert out.read_bytes() == whole.read_bytes()


def test_a_finished_collection_is_not_done_again(tmp_path: Path) -> None:
    out = tmp_path / "mixed.jsonl"
    first = collect(corpus(), ByList(), out=out)
    assert collect(corpus(), ByList(stop_after=0), out=out) == first


def test_it_stops_when_enough_is_kept(tmp_path: Path) -> None:
    done = collect(corpus(), ByList(), out=tmp_path / "one.jsonl", most=1)
    assert (done.read, done.kept, done.done) == (1, 1, True)
    with pytest.raises(UsageError, match="at least 1"):
        collect(corpus(), ByList(), out=tmp_path / "none.jsonl", most=0)


def test_other_settings_or_a_foreign_file_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "mixed.jsonl"
    collect(corpus(), ByList(), out=out)
    with pytest.raises(UsageError, match="other settings"):
        collect(corpus(), ByList(), out=out, wanted=Wanted(cmi=30))
    foreign = tmp_path / "mine.jsonl"
    foreign.write_text("precious\n")
    with pytest.raises(UsageError, match="no collection"):
        collect(corpus(), ByList(), out=foreign)
    assert foreign.read_text() == "precious\n"


def test_a_broken_state_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "mixed.jsonl"
    collect(corpus(), ByList(), out=out, most=2)
    state = tmp_path / "mixed.jsonl.state.json"
    saved = json.loads(state.read_text())
    state.write_text(json.dumps({**saved, "done": False}))
    out.write_bytes(b"")
    with pytest.raises(InputError, match="shorter"):
        collect(corpus(), ByList(), out=out, most=2)
    state.write_text("[]")
    with pytest.raises(FormatError, match="state of a collection"):
        collect(corpus(), ByList(), out=out, most=2)


def test_an_empty_source(tmp_path: Path) -> None:
    done = collect(corpus([]), ByList(), out=tmp_path / "none.jsonl")
    assert (done.read, done.kept, done.done) == (0, 0, True)
    assert (tmp_path / "none.jsonl").read_bytes() == b""
