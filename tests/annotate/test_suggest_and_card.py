"""What a language model proposes, and the data card of a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from macaronic.annotate import desk
from macaronic.annotate.project_card import project_card
from macaronic.annotate.store import Store
from macaronic.annotate.suggest import suggest, suggestion
from macaronic.core.errors import UnknownName, UsageError
from macaronic.lm.scripted import Scripted


def test_each_empty_text_is_asked_once_and_failures_are_counted(store: Store) -> None:
    lm = Scripted(["यार\nkal\noffice-on\nlate", "one line alone", "क्या\nscene\nहै", "👍🏽ok\nétat"])
    done = suggest(store, ("norm",), lm)
    assert (done.made, done.had, done.failed) == (3, 0, 1)
    assert "expected 3 lines; got 1" in done.first
    assert store.item(1).proposals["norm"].labels == ("यार", "kal", "office-on", "late")
    again = suggest(store, ("norm",), Scripted(["so\nchill\nहिन्दी"]))
    assert (again.made, again.had, again.failed) == (1, 3, 0)


def test_finished_texts_are_left_alone_and_layers_are_known(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    desk.keep(store, "asha", [{"client": "a", "item": 1, "action": "accept"}])
    assert suggest(store, ("norm",), Scripted(["so\nchill\nहिन्दी"]), limit=1).made == 1
    assert "norm" not in store.item(1).proposals
    with pytest.raises(UnknownName):
        suggest(store, ("pos",), Scripted([]))


def test_a_cut_answer_is_none(store: Store) -> None:
    with pytest.raises(UsageError, match="no whole answer"):
        suggestion(store.item(1), "translation", store.settings, Scripted([""]))


def test_the_command_tells_what_failed(cli, project: Path, tmp_path: Path) -> None:
    answers = [{"reply": "a\nb\nc\nd"}, {"reply": "x"}, {"reply": "a\nb\nc"}, {"reply": "a\nb"}]
    (tmp_path / "lm.jsonl").write_text("".join(json.dumps(row) + "\n" for row in answers), "utf-8")
    done = cli("annotate", "suggest", project, "--lm", "scripted:lm.jsonl", "--layers", "norm")
    assert (done.code, done.out) == (4, "3 proposed, 0 had one or were finished, 1 without a usable answer\n")


def test_the_card_is_the_same_each_time_and_names_nobody(store: Store, cli, project: Path) -> None:
    for who in ("asha", "ravi"):
        while found := desk.next_items(store, who, [], 1)["items"]:
            number = found[0]["number"]
            desk.keep(store, who, [{"client": f"x{number}", "item": number, "action": "accept"}])
    made = project_card(store, licence="cc-by-4.0")
    assert made == project_card(store, licence="cc-by-4.0")
    assert made.startswith('---\npretty_name: "chat"\nlicense: "cc-by-4.0"\n')
    assert "asha" not in made
    assert "| lang | krippendorff\\_alpha |" in made
    assert "| agreed | 4 |" in made
    assert cli("annotate", "card", project, "--licence", "cc-by-4.0").out == made
    assert cli("annotate", "card", project, "-o", "README.md").out == "wrote README.md\n"


def test_texts_that_lie_open_stay_as_people_see_them(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    done = suggest(store, ("norm",), Scripted(["so\nchill\nहिन्दी", "क्या\nscene\nहै", "👍🏽ok\nétat"]))
    assert (done.made, done.had, done.failed, done.opened) == (3, 0, 0, 1)
    assert "norm" not in store.item(1).proposals
