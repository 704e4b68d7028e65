"""The verbs of `annotate` end to end, and what they say when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from macaronic.annotate.store import Store

LINES = "yaar kal ki meeting cancel ho gayi so chill\noffice-on late pahunchi 😂\n\nkya scene hai bro\n"


@pytest.fixture
def tweets(tmp_path: Path) -> Path:
    (tmp_path / "tweets.txt").write_text(LINES, "utf-8")
    return tmp_path / "tweets.txt"


def test_from_a_text_file_to_conllu_with_agreement(cli, tweets: Path, tmp_path: Path) -> None:
    done = cli("annotate", "new", "chat", "tweets.txt", "--languages", "hi,en", "--overlap", "2", "--json")
    row = json.loads(done.out)
    assert (done.code, row["items"], row["languages"]) == (0, 3, ["hi", "en"])
    assert row["layers"]["lang"][:3] == ["hi", "hi-Latn", "en"]
    assert cli("annotate", "export", "chat.annotate", "-o", "mine.conll", "--proposed").code == 0
    mine = (tmp_path / "mine.conll").read_text("utf-8")
    assert "meeting\ten\n" in mine
    assert cli("annotate", "take", ".", "mine.conll", "--who", "asha").code == 0
    (tmp_path / "mine.conll").write_text(mine.replace("bro\ten", "bro\tne"), "utf-8")
    assert cli("annotate", "take", ".", "mine.conll", "--who", "ravi").code == 0
    status = json.loads(cli("annotate", "status", ".", "--json").out)
    assert (status["finished"], [p["accepted"] for p in status["people"]]) == (3, [3, 3])
    found = json.loads(cli("annotate", "agree", ".", "--json", "--disagreements", "--samples", "50").out)
    assert [(d["text"], d["labels"]) for d in found["disagreements"]] == [("bro", {"asha": "en", "ravi": "ne"})]
    alpha = next(r for r in found["results"] if (r["name"], r["level"]) == ("krippendorff_alpha", "all"))
    assert 0.5 < alpha["value"] < 1
    assert "bro" in cli("annotate", "agree", ".", "--disagreements").out
    text = (tmp_path / "mine.conll").read_text("utf-8").split("\n\n")[2] + "\n\n"
    (tmp_path / "judge.conll").write_text(text.replace("bro\tne", "bro\ten"), "utf-8")
    assert cli("annotate", "take", ".", "judge.conll", "--who", "judge", "--role", "adjudicator").code == 0
    assert json.loads(cli("annotate", "agree", ".", "--open", "--json", "--samples", "0").out)["disagreements"] == 0
    done = cli("annotate", "export", "chat.annotate", "-o", "out.conllu", "--json")
    assert json.loads(done.out) == {
        "out": "out.conllu",
        "rows": 3,
        "ways": {"adjudicated": 1, "agreed": 2},
        "undecided": 0,
    }
    assert "bro\t_\t_\t_\t_\t_\t_\t_\tLang=en" in (tmp_path / "out.conllu").read_text("utf-8")
    done = cli("annotate", "backup", "chat.annotate", "copy.annotate", "--json")
    assert json.loads(done.out)["events"] == status["events"] + 2


def test_layers_of_ones_own(cli, tweets: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[layer]]\nname = "register"\nlabels = ["slang", "plain"]\nabout = {slang = "yaar"}\n', "utf-8"
    )
    row = json.loads(cli("annotate", "new", "chat", "tweets.txt", "--labels", "mine.toml", "--json").out)
    assert row["layers"] == {"register": ["slang", "plain"], "comment": []}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("new", "p", "tweets.txt", "--labels", "langages"), 2, "Did you mean 'languages'"),
        (("new", "p", "tweets.txt", "--labels", "no.toml"), 5, "cannot read no.toml"),
        (("new", "p", "tweets.txt", "--labels", "bad.toml"), 2, "bad.toml"),
        (("new", "p", "tweets.txt", "--languages", "hidni"), 2, "hidni"),
        (("new", "p", "tweets.txt", "--languages", "en", "--overlap", "0"), 2, "overlap"),
        (("new", "p", "nothing.txt"), 5, "nothing.txt"),
        (("new", "p", "empty.txt"), 2, "nothing to label"),
        (("new", "p", "tweets.txt", "--guidelines", "no.md"), 5, "no.md"),
        (("new", "p", "tweets.txt", "--warmup", "tweets.txt"), 2, "expected right labels"),
        (("status", "p.annotate"), 5, "no annotation project"),
        (("status", "tweets.txt"), 2, "not an annotation project"),
        (("status", "two"), 2, "2 annotation projects"),
    ],
)
def test_errors_say_what_to_do(cli, tweets: Path, tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    (tmp_path / "empty.txt").write_text("\n \n", "utf-8")
    (tmp_path / "bad.toml").write_text('[[layer]]\nname = "x y"\n', "utf-8")
    (tmp_path / "two").mkdir()
    for name in ("a", "b"):
        (tmp_path / "two" / f"{name}.annotate").touch()
    done = cli("annotate", *words)
    assert (done.code, says in done.err) == (code, True), done.err
    assert len(done.err.strip().splitlines()) <= 3 or "Usage" in done.err
    assert not list(tmp_path.glob("p.annotate*"))
    assert not list(tmp_path.glob(".p.annotate*"))


def test_a_project_is_never_written_over(cli, tweets: Path) -> None:
    assert cli("annotate", "new", "chat", "tweets.txt").code == 0
    done = cli("annotate", "new", "chat", "tweets.txt")
    assert done.code == 2
    assert "never written over" in done.err
    done = cli("annotate", "agree", "chat.annotate")
    assert done.code == 2
    assert "--overlap 2" in done.err
    assert "Did you mean 'matrix'" in cli("annotate", "agree", "chat.annotate", "--layer", "matrx").err


def test_other_encodings_are_read_and_bad_rows_counted(cli, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("ça va très bien, merci beaucoup\nélève déjà là\n".encode("latin-1"))
    done = cli("annotate", "new", "a", "latin.txt", "--languages", "fr")
    assert done.code == 0
    assert "guessed from its bytes" in done.err
    (tmp_path / "rows.jsonl").write_text('{"id": "x", "text": "so"}\nnot json\n{"id": "x", "text": "ok"}\n', "utf-8")
    done = cli("annotate", "new", "b", "rows.jsonl", "--languages", "en", "--json")
    row = json.loads(done.out)
    assert (row["items"], row["problems"]["kinds"]) == (2, {"json": 1, "same id": 1})
    assert cli("annotate", "new", "c", "rows.jsonl", "--strict").code == 2


def test_killed_while_it_is_made_there_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_text(LINES * 20_000, "utf-8")
    asked = "Asked(['big.txt'], languages=('hi', 'en'))"
    code = f"from macaronic.annotate.project import Asked, new; print(flush=True); new('p.annotate', {asked})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, env=os.environ)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        process.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    assert process.returncode != 0
    assert not (tmp_path / "p.annotate").exists()


def test_annotators_of_a_terminal_are_in_the_log(cli, tweets: Path) -> None:
    cli("annotate", "new", "chat", "tweets.txt", "--languages", "hi,en")
    cli("annotate", "export", "chat.annotate", "-o", "m.jsonl", "--proposed")
    cli("annotate", "take", "chat.annotate", "m.jsonl", "--who", "asha")
    with Store("chat.annotate") as store:
        events = list(store.events("asha"))
    assert {event.source for event in events} == {"import"}
    assert [event.action for event in events] == ["open", "accept"] * 3
    assert all(json.loads(event.new or "")["lang"] for event in events if event.action == "open")
