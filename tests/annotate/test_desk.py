"""What one person sees and may do: views, taking in of events, judging, rules, and who is refused what."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from macaronic.annotate import desk
from macaronic.annotate.assign import left
from macaronic.annotate.create import create
from macaronic.annotate.database import LATER_TABLES, VERSION
from macaronic.annotate.desk import NotYours
from macaronic.annotate.export import Choice, export
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import layers_of
from macaronic.annotate.planted import ROW
from macaronic.annotate.rules import rules_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.work import work_of
from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.utterance import Utterance


def row(client: str, item: int, action: str, **more: Any) -> dict[str, Any]:
    """An event as a page sends it."""
    return {"client": client, "item": item, "action": action, **more}


def label(client: str, item: int, start: int, end: int, new: str, **more: Any) -> dict[str, Any]:
    """One word gets a language."""
    return row(client, item, "label", layer="lang", start=start, end=end, new=new, **more)


def finish(store: Store, who: str) -> list[int]:
    """Accept all that comes."""
    done = []
    while found := desk.next_items(store, who, [], 1)["items"]:
        number = found[0]["number"]
        desk.keep(store, who, [row(f"done-{len(done)}-{number}", number, "accept")])
        done.append(number)
    return done


def test_the_project_as_a_person_meets_it(store: Store) -> None:
    view = desk.project_view(store, "asha")
    assert (view["name"], view["role"], view["counts"]) == ("chat", "annotator", {"done": 0, "skipped": 0, "left": 4})
    assert [layer["name"] for layer in view["layers"]][:2] == ["lang", "matrix"]
    with pytest.raises(UnknownName):
        desk.project_view(store, "nobody")


def test_items_come_once_and_have_what_a_page_needs(store: Store) -> None:
    first = desk.next_items(store, "asha", [], 2)
    assert [item["number"] for item in first["items"]] == [1, 2]
    assert first["left"] == 4
    again = desk.next_items(store, "asha", [1, 2], 5)
    assert [item["number"] for item in again["items"]] == [3, 4]
    emoji = again["items"][1]
    assert emoji["text"][:2] == "👍🏽"
    assert 1 not in emoji["cuts"]
    assert emoji["tokens"][0] == [0, 4]
    assert emoji["shown"]["lang"] == ["en", "en"]
    assert not emoji["done"]


def test_events_come_back_and_undo_leaves_them_off(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    rows = [label("k1", 1, 0, 4, "hi-Latn", old="en", source="touch", latency=300), row("k2", 1, "accept")]
    assert desk.keep(store, "asha", rows) == desk.keep(store, "asha", rows)
    view = desk.item_view(store, "asha", 1)
    assert view["done"]
    assert [(e["client"], e["action"], e["source"]) for e in view["events"]] == [
        ("k1", "label", "touch"),
        ("k2", "accept", "key"),
    ]
    assert desk.project_view(store, "asha")["undo"] == [["k1", 1], ["k2", 1]]
    desk.keep(store, "asha", [row("k3", 1, "undo", new="k2")])
    view = desk.item_view(store, "asha", 1)
    assert (view["off"], view["done"]) == (["k2"], False)
    assert desk.project_view(store, "asha")["counts"]["done"] == 0


def test_nobody_reaches_what_is_not_theirs(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    desk.keep(store, "asha", [label("k1", 1, 0, 4, "hi-Latn")])
    store.add_person("guest", "viewer")
    with pytest.raises(NotYours):
        desk.item_view(store, "ravi", 1)
    with pytest.raises(NotYours):
        desk.keep(store, "ravi", [label("k1", 1, 0, 4, "en")])
    desk.next_items(store, "ravi", [], 1)
    with pytest.raises(NotYours, match="no step"):
        desk.keep(store, "ravi", [row("u1", 1, "undo", new="k1")])
    for act in (lambda: desk.next_items(store, "guest", [], 1), lambda: desk.keep(store, "guest", [])):
        with pytest.raises(NotYours, match="look on"):
            act()
    assert desk.item_view(store, "ravi", 1)["events"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"client": "c", "item": 1},
        {"client": "", "item": 1, "action": "accept"},
        {"client": "c", "item": "1", "action": "accept"},
        {"client": "c", "item": True, "action": "accept"},
        {"client": "c", "item": -1, "action": "accept"},
        {"client": "c", "item": 1, "action": "open", "new": "{}"},
        {"client": "c", "item": 1, "action": "accept", "who": "judge"},
        {"client": "c", "item": 1, "action": "sentence", "layer": "comment", "new": "\ud800"},
        {"client": "c", "item": 1, "action": "label", "layer": "lang", "start": 0, "end": 1 << 60, "new": "en"},
    ],
)
def test_what_is_no_event_is_refused_whole(store: Store, broken: dict[str, Any]) -> None:
    desk.next_items(store, "asha", [], 1)
    with pytest.raises(FormatError):
        desk.keep(store, "asha", [row("fine", 1, "accept"), broken])
    assert desk.item_view(store, "asha", 1)["events"] == []


def test_a_skipped_item_goes_to_somebody_else_and_a_judge_takes_no_place(store: Store) -> None:
    store.add_person("mina")
    for who in ("asha", "ravi"):
        desk.next_items(store, who, [], 1)
    assert desk.next_items(store, "mina", [], 1)["items"][0]["number"] == 2
    desk.keep(store, "ravi", [row("s", 1, "skip")])
    assert desk.next_items(store, "mina", [2], 1)["items"][0]["number"] == 1


def test_a_judge_sees_where_people_differ_and_nothing_else(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    desk.keep(store, "asha", [label("k1", 1, 0, 4, "hi-Latn")])
    finish(store, "asha")
    finish(store, "ravi")
    found = desk.next_items(store, "judge", [], 5)["items"]
    assert [(item["number"], item["kind"]) for item in found] == [(1, "judge")]
    assert {one["name"]: one["labels"]["lang"][0] for one in found[0]["others"]} == {"asha": "hi-Latn", "ravi": "en"}
    desk.keep(store, "judge", [row("j", 1, "accept")])
    assert desk.next_items(store, "judge", [], 5)["items"] == []
    assert desk.item_view(store, "asha", 1)["others"] == []


def test_what_a_judge_skips_does_not_come_to_them_again(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    desk.keep(store, "asha", [label("k1", 1, 0, 4, "hi-Latn")])
    finish(store, "asha")
    finish(store, "ravi")
    store.add_person("mina", "adjudicator")
    assert desk.next_items(store, "judge", [], 1)["items"][0]["number"] == 1
    desk.keep(store, "judge", [row("j", 1, "skip")])
    assert desk.next_items(store, "judge", [], 1)["items"] == []
    assert desk.next_items(store, "mina", [], 1)["items"][0]["number"] == 1


def test_a_rule_holds_for_what_comes_until_it_is_taken_back(store: Store) -> None:
    desk.next_items(store, "asha", [], 1)
    found = desk.occurrences(store, "asha", "lang", "YAAR")
    assert [(p["start"], p["end"], p["label"]) for p in found["places"]] == [(0, 4, "en")]
    assert desk.occurrences(store, "asha", "lang", "so")["upcoming"] == 1
    rule = row("r", 1, "rule", layer="lang", old="SO", new="hi-Latn", step="all")
    desk.keep(store, "asha", [rule])
    assert desk.next_items(store, "asha", [1], 1)["items"][0]["shown"]["lang"] == ["hi-Latn", "en", "en"]
    assert desk.next_items(store, "ravi", [1], 2)["items"][1]["shown"]["lang"] == ["en", "en", "en"]
    desk.keep(store, "asha", [row("u", 1, "undo", new="all")])
    assert rules_of(store, "asha") == []
    with pytest.raises(UnknownName):
        desk.keep(store, "asha", [row("r2", 1, "rule", layer="lang", old="so", new="klingon")])


def test_planted_labels_come_again_at_the_end_and_are_never_told_before(tmp_path: Path) -> None:
    one = Utterance.from_words(["so", "chill"], id="t1")
    proposals = {"lang": Proposal(("hi", "en"), (0.9, 0.9)), ROW: Proposal(("hi", None))}
    told = "About 5% of the languages are wrong on purpose."
    path = tmp_path / "p.annotate"
    create(
        path, Settings("p", layers_of("languages", ["en", "hi"]), guidelines=told), [Item(1, one, "work", proposals)]
    )
    with Store(path, write=True) as store:
        export(work_of(store), tmp_path / "proposed.conll", Choice(proposed=True))
        assert (tmp_path / "proposed.conll").read_text("utf-8").split("\n")[:2] == ["so\t_", "chill\ten"]
        store.add_person("asha")
        first = desk.next_items(store, "asha", [], 1)["items"][0]
        assert (first["kind"], first["planted"], "planted" in str(first["confidence"])) == ("work", [], False)
        desk.keep(store, "asha", [row("a", 1, "accept")])
        again = desk.next_items(store, "asha", [], 1)["items"][0]
        assert (again["kind"], again["planted"]) == ("again", [[0, 2]])
        desk.keep(store, "asha", [label("b", 1, 0, 2, "en")])
        assert desk.next_items(store, "asha", [], 1)["items"] == []


def test_twenty_at_once_never_get_more_than_the_overlap(tmp_path: Path) -> None:
    items = [Item(n, Utterance.from_words(["so"], id=f"t{n}")) for n in range(1, 31)]
    path = tmp_path / "p.annotate"
    create(path, Settings("p", layers_of("languages", ["en"]), overlap=2), items)
    people = [f"p{n}" for n in range(20)]
    with Store(path, write=True) as store:
        for who in people:
            store.add_person(who)

    def work(who: str) -> None:
        with Store(path, write=True) as mine:
            for n in range(5):
                for item in desk.next_items(mine, who, [], 1)["items"]:
                    desk.keep(mine, who, [row(f"{who}-{n}", item["number"], "accept")])

    threads = [threading.Thread(target=work, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(path) as store:
        opened = [event.item for event in store.events() if event.action == "open"]
    assert len(opened) == 60
    assert max(map(opened.count, set(opened))) == 2


def test_a_project_of_the_first_form_is_read_and_upgraded(project: Path) -> None:
    connection = sqlite3.connect(project)
    connection.executescript(
        "DROP TABLE queue; DROP TABLE model; PRAGMA user_version = 1; PRAGMA journal_mode = DELETE"
    )
    connection.close()
    with Store(project) as store:
        assert desk.project_view(store, "asha")["model"] is None
        assert left(store, "asha") == 4
    with Store(project, write=True) as store:
        assert desk.next_items(store, "asha", [], 1)["items"][0]["number"] == 1
    connection = sqlite3.connect(project)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert LATER_TABLES.count("CREATE TABLE") == len(names & {"queue", "model"})
    connection.close()
