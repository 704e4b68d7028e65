"""The page folds events as the library does: the same random logs, in Python and in JavaScript."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from importlib.resources import files
from typing import Any

import pytest

from macaronic.annotate.events import Event
from macaronic.annotate.fold import fold
from macaronic.annotate.items import Item, Proposal, boundaries
from macaronic.core.utterance import Utterance

NODE = shutil.which("node")
TEXTS = ("kal main office-on late pahunchi 😀", "मैं कल office जाऊँगा", "أنا رايح al meeting", "x", "👩‍👩‍👧 e\u0301tat so")
SCRIPT = """
import { fold } from SHEET;
const cases = JSON.parse(await new Promise((done) => {
  let text = "";
  process.stdin.on("data", (part) => (text += part)).on("end", () => done(text));
}));
const say = ({ item, events }) => {
  const sheet = fold(item, events);
  return {
    tokens: sheet.tokens,
    labels: Object.fromEntries(["lang", "pos"].map((layer) => [layer, sheet.tokenLabels(layer)])),
    sentence: Object.fromEntries(sheet.sentence),
    spans: [...sheet.spans].map(([place, label]) => [...JSON.parse(place), label]).sort(),
    state: sheet.state, time: sheet.time, used: sheet.used, misfits: sheet.misfits,
    touched: [...sheet.touched].sort(),
  };
};
console.log(JSON.stringify(cases.map(say)));
"""


def item_of(rng: random.Random, number: int) -> Item:
    """A text whose words have labels that a model proposes."""
    text = rng.choice(TEXTS)
    words = Utterance.from_words(text.split(" "))
    langs = tuple(rng.choice(("en", "hi", None)) for _ in words.tokens)
    return Item(number, words, proposals={"lang": Proposal(langs)})


def log_of(rng: random.Random, item: Item) -> list[Event]:
    """What somebody could have done, wrong places and undone steps among it."""
    cuts = sorted(boundaries(item.utterance.text))
    log: list[Event] = []
    for k in range(rng.randrange(40)):
        sheet = fold([Event("asha", item.number, "open", "o", new="{}"), *log], {item.number: item})[
            "asha", item.number
        ]
        token = rng.choice(sheet.tokens)
        start: int | None
        end: int | None
        start, end = token if rng.random() < 0.8 else sorted(rng.sample(cuts, 2))
        action = rng.choice(("label", "label", "sentence", "span", "split", "merge", "accept", "skip", "undo", "redo"))
        layer = {"label": rng.choice(("lang", "pos")), "sentence": "matrix", "span": "ner"}.get(action)
        new: str | None = rng.choice(("en", "hi", None))
        if action == "split":
            new = str(rng.choice(cuts))
        elif action == "merge":
            start, end = rng.choice(sheet.tokens)[0], rng.choice(sheet.tokens)[1]
        elif action in ("undo", "redo"):
            new = f"s{rng.randrange(k + 1) // 2}"
        if action not in ("label", "span", "split", "merge"):
            start = end = None
        latency = rng.choice((None, 5, 40_000))
        log.append(
            Event("asha", item.number, action, f"c{k}", layer, start, end, None, new, "key", latency, f"s{k // 2}")
        )
    return log


def as_page(item: Item, log: list[Event]) -> dict[str, Any]:
    """An item and a log as the server sends them."""
    fields = ("client", "item", "action", "layer", "start", "end", "old", "new", "source", "latency", "step")
    shown = {name: list(labels) for name, labels in item.shown.items()}
    view = {"number": item.number, "tokens": item.utterance.tokens, "shown": shown, "spans": []}
    return {"item": view, "events": [{name: getattr(event, name) for name in fields} for event in log]}


def expected(item: Item, log: list[Event]) -> dict[str, Any]:
    """What the library makes of it."""
    opened = Event("asha", item.number, "open", "open", new="{}")
    sheet = fold([opened, *log], {item.number: item})["asha", item.number]
    return {
        "tokens": [list(token) for token in sheet.tokens],
        "labels": {layer: list(sheet.token_labels(layer)) for layer in ("lang", "pos")},
        "sentence": dict(sheet.sentence),
        "spans": sorted([*place, label] for place, label in sheet.spans.items()),
        "state": sheet.state,
        "time": sheet.time,
        "used": sheet.used - 1,
        "misfits": sheet.misfits,
        "touched": sorted(f"{layer} {start}" for layer, start in sheet.touched),
    }


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_page_folds_as_the_library_does() -> None:
    rng = random.Random(7)
    items = [item_of(rng, number) for number in range(1, 201)]
    logs = [log_of(rng, item) for item in items]
    address = (files("macaronic.annotate") / "web" / "static" / "sheet.js").as_uri()  # type: ignore[attr-defined]
    script = SCRIPT.replace("SHEET", json.dumps(address))
    given = json.dumps([as_page(item, log) for item, log in zip(items, logs)])
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", script], input=given, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    for one in found:
        one["spans"].sort(key=lambda row: row[:3])
    wanted = [expected(item, log) for item, log in zip(items, logs)]
    assert sum(one["misfits"] for one in wanted) > 50
    assert sum(len(one["tokens"]) != len(item.utterance.tokens) for one, item in zip(wanted, items)) > 50
    assert found == wanted
