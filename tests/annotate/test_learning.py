"""The project's own tagger: what it learns, whether it is used, how its accuracy is told, and the queue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from macaronic.annotate import desk, learning
from macaronic.annotate.create import create
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import layers_of
from macaronic.annotate.learning_queue import Unsure, queue
from macaronic.annotate.learning_store import ways
from macaronic.annotate.planted import ROW
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.core.utterance import Utterance

HINDI, ENGLISH = ("yaar", "kal", "nahin", "kya", "scene", "hai"), ("meeting", "late", "office", "chill", "so", "bro")


def sentences(count: int, rng: np.random.Generator) -> list[tuple[list[str], list[str]]]:
    """Made-up sentences of two word lists, with the right languages."""
    made = []
    for _ in range(count):
        words = [str(rng.choice(HINDI if rng.random() < 0.5 else ENGLISH)) for _ in range(6)]
        made.append((words, ["hi-Latn" if word in HINDI else "en" for word in words]))
    return made


@pytest.fixture
def taught(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Eighty items, the first forty accepted with the right labels; proposals that are all English, or all right."""
    pytest.importorskip("pycrfsuite", reason="the project's tagger needs python-crfsuite")
    gold = sentences(80, np.random.default_rng(3))
    right = getattr(request, "param", "english") == "right"
    items = [
        Item(
            n,
            Utterance.from_words(words, id=f"t{n}"),
            "work",
            {"lang": Proposal(tuple(labels) if right else ("en",) * 6, (0.9,) * 6)},
        )
        for n, (words, labels) in enumerate(gold, 1)
    ]
    path = tmp_path / "p.annotate"
    create(path, Settings("p", layers_of("languages", ["hi", "en"]), ("hi", "en")), items)
    with Store(path, write=True) as store:
        store.add_person("asha")
        for n in range(1, 41):
            item = desk.next_items(store, "asha", [], 1)["items"][0]
            changes = [
                {
                    "client": f"{n}.{i}",
                    "item": n,
                    "action": "label",
                    "layer": "lang",
                    "start": s,
                    "end": e,
                    "new": label,
                }
                for i, ((s, e), label) in enumerate(zip(item["tokens"], gold[n - 1][1]))
                if label != item["shown"]["lang"][i]
            ]
            desk.keep(store, "asha", [*changes, {"client": f"{n}.done", "item": n, "action": "accept"}])
    return path


def test_it_learns_and_proposes_only_for_what_is_to_come(taught: Path) -> None:
    with Store(taught, write=True) as store:
        assert learning.state(store) is None
        assert learning.due(store)
        fit = learning.refit(store)
        assert fit is not None
        cross, before, words = fit.layers["lang"]
        assert (fit.fitted_at, fit.used, words) == (40, ("lang",), 240)
        assert cross > 0.9 > before
        assert not learning.due(store)
        state = learning.state(store)
        assert state is not None
        assert (state["accepted"], state["accuracy"], state["cross"]["n"]) == (40, None, 240)
        told = store.item(41).proposals["lang"]
        assert "hi-Latn" in told.labels
        assert len(told.confidence) == 6
        assert store.item(1).proposals["lang"].labels == ("en",) * 6


def test_the_order_is_the_queue_with_a_tenth_by_chance(taught: Path) -> None:
    with Store(taught, write=True) as store:
        learning.refit(store)
        found = ways(store)
        assert set(found) == set(range(41, 81))
        assert {n for n, way in found.items() if way == "chance"} == set(filter(learning.by_chance, range(41, 81)))
        first = desk.next_items(store, "asha", [], 10)["items"]
        chance = [found[item["number"]] for item in first].index("chance")
        assert chance == 9


def test_what_it_proposes_is_judged_where_it_came_by_chance_alone(taught: Path) -> None:
    with Store(taught, write=True) as store:
        learning.refit(store)
        for n in range(40):
            item = desk.next_items(store, "asha", [], 1)["items"][0]
            number, (start, end) = item["number"], item["tokens"][0]
            wrong = {"layer": "lang", "start": start, "end": end, "new": "ne"}  # the first word was always wrong
            desk.keep(store, "asha", [{"client": f"x{n}", "item": number, "action": "label", **wrong}])
            desk.keep(store, "asha", [{"client": f"y{n}", "item": number, "action": "accept"}])
        learning.refit(store)
        state = learning.state(store)
        assert state is not None
        some = sum(map(learning.by_chance, range(41, 81)))
        assert state["accuracy"]["n"] == 6 * some
        assert state["accuracy"]["value"] <= round(5 / 6, 4)
        assert state["accuracy"]["low"] <= state["accuracy"]["value"] <= state["accuracy"]["high"]


@pytest.mark.parametrize("taught", ["right"], indirect=True)
def test_a_worse_one_is_not_used(taught: Path) -> None:
    with Store(taught, write=True) as store:
        store.propose([(80, "lang", Proposal(("ne",) * 6, (0.1,) * 6))])
        fit = learning.refit(store)
        assert fit is not None
        cross, before, _ = fit.layers["lang"]
        assert before == 1.0
        assert fit.used == (("lang",) if cross == 1.0 else ())
        if cross < 1:
            assert store.item(80).proposals["lang"].labels == ("ne",) * 6


def test_too_little_to_learn_from(project: Path) -> None:
    with Store(project, write=True) as store:
        assert not learning.due(store)
        assert learning.refit(store) is None
        assert learning.state(store) is None


def test_what_somebody_has_opened_keeps_its_proposals(taught: Path) -> None:
    with Store(taught, write=True) as store:
        store.add_person("ravi")
        given = desk.next_items(store, "ravi", [], 1)["items"][0]["number"]
        assert given == 41
        learning.refit(store)
        assert store.item(41).proposals["lang"].labels == ("en",) * 6
        assert "hi-Latn" in store.item(42).proposals["lang"].labels


def test_what_was_opened_before_the_first_fit_is_not_judged(taught: Path) -> None:
    with Store(taught, write=True) as store:
        for _ in range(3):
            desk.keep(store, "asha", [{"client": "1.done", "item": 1, "action": "accept"}])
        chance = next(n for n in range(41, 81) if learning.by_chance(n))
        store.append([store.opening("asha", chance)])
        learning.refit(store)
        desk.keep(store, "asha", [{"client": "c", "item": chance, "action": "accept"}])
        learning.refit(store)
        state = learning.state(store)
        assert state is not None
        assert state["accuracy"] is None


def test_it_is_not_tried_again_for_what_taught_nothing(taught: Path) -> None:
    with Store(taught, write=True) as store:
        for n in range(1, 31):
            desk.keep(store, "asha", [{"client": f"u{n}", "item": n, "action": "undo", "new": f"{n}.done"}])
        assert learning.due(store)
        assert learning.refit(store) is None
        assert not learning.due(store)


def test_words_wrong_on_purpose_are_not_held_against_it(taught: Path) -> None:
    with Store(taught, write=True) as store:
        learning.refit(store)
        chance = next(n for n in range(41, 81) if learning.by_chance(n))
        store.propose([(chance, ROW, Proposal(("hi-Latn", *(None,) * 5)))])
        while number := store.take("asha"):
            desk.keep(store, "asha", [{"client": f"d{number}", "item": number, "action": "accept"}])
        learning.refit(store)
        state = learning.state(store)
        assert state is not None
        assert state["accuracy"]["n"] == 6 * (sum(map(learning.by_chance, range(41, 81))) - 1)


def test_the_command_says_what_came_of_it(taught: Path) -> None:
    command = [sys.executable, "-m", "macaronic.annotate.learning", str(taught)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("lang: ")
    assert done.stdout.endswith("240 words; used\n")


def test_a_set_of_near_copies_does_not_fill_the_head() -> None:
    copies = [Unsure(n, ("bro", "so"), (0.9, 0.9)) for n in range(5)]
    other = Unsure(9, ("kal", "hai"), (0.6, 0.6))
    order = [number for number, _, _ in queue([*copies, other], lambda number: False)]
    assert order.index(9) == 1


def test_greedy_is_greedy() -> None:
    rng = np.random.default_rng(5)
    words = [str(w) for w in rng.choice([f"w{i}" for i in range(30)], 240)]
    items = [Unsure(n, tuple(words[4 * n : 4 * n + 4]), tuple(rng.random(4))) for n in range(60)]
    seen: dict[str, int] = {}
    left, order = list(items), []
    while left:
        best = max(left, key=lambda x: sum(d * 0.5 ** seen.get(w, 0) for w, d in zip(x.words, x.doubts)))
        left.remove(best)
        order.append(best.number)
        for word in best.words:
            seen[word] = seen.get(word, 0) + 1
    assert [number for number, _, _ in queue(items, lambda number: False)] == order
