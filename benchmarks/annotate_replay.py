"""How many actions a sentence takes on the real page, and how fast it paints: `python benchmarks/annotate_replay.py`.

The real server and the real page in headless Chromium; gold labels are known. Proposals come from a tagger that
learnt from the first 50 sentences of the train split (`annotate.learning.fitted`). A scripted person looks at the page
(where the cursor stands, which letter each word has) and puts right what is wrong: with keys alone, or with taps alone
on a phone's screen. What the server kept is compared with the gold at the end. Beside it, on pages of our own in the
same browser and with the same sentences: a span tool without proposals (drag each run of one language, press its key,
submit by two keys), and words whose label goes round by clicks, with the same proposals (submit by a click).

Seconds are those of the keystroke-level model, thinking included, reading (0.25 s a word) apart: the operators stand in
the result, for a first-time and for a practised user. Latency: a project of 10,000 texts; from the event of a key to
the frame after it was painted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from macaronic import __version__
from macaronic.annotate.create import create
from macaronic.annotate.fold import fold
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import Layer
from macaronic.annotate.learning import fitted
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.core.utterance import Utterance
from macaronic.text import formats

SETS = {
    "Turkish-German (SAGT dev)": ("codemix-tr-de-sagt/qtd_sagt-ud-{}.conllu", 3.5),
    "Arabizi-French (NArabizi dev)": ("codemix-arabizi/qaf_arabizi-ud-{}.conllu", 4.2),
}
TAUGHT = 50
OPERATORS = {
    "first time": {"key": 0.20, "point": 1.10, "press": 0.10, "think": 1.35},
    "practised": {"key": 0.20, "point": 0.80, "press": 0.10, "think": 0.60},
}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
SPANS = """<!doctype html><meta charset=utf-8><style>
span{display:inline-block;padding:6px;font-size:22px;user-select:none}</style><div id=s></div><script>
let from=null,sel=null;window.made=[];
function load(words){made=words.map(()=>null);s.replaceChildren(...words.map((w,i)=>{
const e=document.createElement("span");e.textContent=w;e.dataset.i=i;return e}))}
const at=e=>e.target.dataset?.i===undefined?null:+e.target.dataset.i;
s.onpointerdown=e=>from=at(e);s.onpointerup=e=>{const to=at(e);if(from!==null&&to!==null)sel=[from,to];from=null};
onkeydown=e=>{if(sel&&e.key.length===1){for(let i=sel[0];i<=sel[1];i++)made[i]=e.key;sel=null}};
</script>"""
CYCLE = """<!doctype html><meta charset=utf-8><style>button{padding:6px;font-size:22px}</style><div id=s></div>
<button id=go>Submit</button><script>
let labels=[];window.made=[];window.sent=0;go.onclick=()=>sent++;
function load(words,shown,all){labels=all;made=shown.slice();s.replaceChildren(...words.map((w,i)=>{
const e=document.createElement("button");e.textContent=w;e.id="w"+i;
e.onclick=()=>made[i]=labels[(labels.indexOf(made[i])+1)%labels.length];return e}))}
</script>"""


@dataclass
class Counts:
    """Actions of one flow over all sentences."""

    keys: int = 0
    taps: int = 0
    drags: int = 0
    clicks: int = 0
    moves: int = 0
    decisions: int = 0
    sentences: int = 0
    words: int = 0

    def finish(self, words: Sequence[object], *, keys: int = 0, taps: int = 0, clicks: int = 0) -> None:
        """One more sentence is accepted, by so many actions."""
        self.keys += keys
        self.taps += taps
        self.clicks += clicks
        self.moves += taps + clicks
        self.decisions += 1
        self.sentences += 1
        self.words += len(words)

    def told(self) -> dict[str, Any]:
        """A sentence's share of each, and seconds by the model."""
        per = {name: getattr(self, name) / self.sentences for name in ("keys", "taps", "drags", "clicks", "decisions")}
        actions = per["keys"] + per["taps"] + per["drags"] + per["clicks"]
        found: dict[str, Any] = {"sentences": self.sentences, "actions": round(actions, 3)}
        found |= {name: round(value, 3) for name, value in per.items() if value}
        for who, op in OPERATORS.items():
            work = self.keys * op["key"] + self.moves * op["point"] + 2 * op["press"] * (self.clicks + self.taps)
            work += self.drags * (op["point"] + 2 * op["press"]) + self.decisions * op["think"]
            found[f"seconds, {who}"] = round(work / self.sentences, 2)
        found["seconds of reading"] = round(0.25 * self.words / self.sentences, 2)
        return found


@dataclass(frozen=True)
class Task:
    """Sentences with the labels that are shown and those that are right."""

    items: list[Item]
    gold: list[list[str]]
    labels: tuple[str, ...]
    accuracy: float


def task(pattern: str, data: Path, limit: int | None) -> Task:
    """A dev split with the proposals of a tagger that learnt from 50 train sentences."""
    train, dev = (
        [one for one in formats.read(str(data / pattern.format(part))).utterances() if one.tokens]
        for part in ("train", "dev")
    )
    taught = train[:TAUGHT]
    tagger = fitted([list(one.words) for one in taught], [list(one.langs) for one in taught])
    dev = dev[:limit]
    answers = tagger.tag([list(one.words) for one in dev])
    gold = [[g or a for g, a in zip(one.langs, x.labels)] for one, x in zip(dev, answers)]
    counts = {label: sum(row.count(label) for row in gold) for row in gold for label in row}
    for answer in answers:
        counts |= {label: 0 for label in answer.labels if label not in counts}
    labels = tuple(sorted(counts, key=lambda label: (-counts[label], label)))
    items = [
        Item(
            n,
            Utterance(one.text, f"t{n}", one.tokens),
            "work",
            {"lang": Proposal(tuple(x.labels), tuple(round(s, 3) for s in x.confidence))},
        )
        for n, (one, x) in enumerate(zip(dev, answers), 1)
    ]
    pairs = [(a == g) for x, row in zip(answers, gold) for a, g in zip(x.labels, row)]
    return Task(items, gold, labels, sum(pairs) / len(pairs))


def project(folder: Path, found: Task) -> Path:
    """A project of the sentences."""
    path = folder / "replay.annotate"
    create(path, Settings("replay", (Layer(name="lang", labels=found.labels),)), found.items)
    return path


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The one-time link of a server on a project."""
    command = [sys.executable, "-m", "macaronic", "annotate", "serve", str(path), "--port", "0", "--no-browser"]
    with subprocess.Popen([*command, "--json", "--no-learn"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())["enter"]
        finally:
            server.terminate()


def cursor(page: Page) -> int:
    """Which word the cursor stands on."""
    return int((page.get_attribute("#sentence", "aria-activedescendant") or "w0")[1:])


def hints(page: Page) -> list[str]:
    """The letters above the words."""
    return page.eval_on_selector_all("#sentence .word", "chips => chips.map(c => c.children[0].textContent)")


def run(state: Sequence[str], first: int) -> int:
    """The last word of the run of one label that begins at `first`."""
    last = first
    while last + 1 < len(state) and state[last + 1] == state[first]:
        last += 1
    return last


def until(page: Page, what: str, argument: Any = None, seconds: float = 60.0) -> None:
    """Wait until something holds on the page; asked from outside, for its policy forbids code made of strings."""
    end = time.monotonic() + seconds
    while not page.evaluate(what, argument):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.005)


def wrong_words(state: Sequence[str], gold: Sequence[str]) -> list[int]:
    """The words whose label is not right yet."""
    return [i for i, (given, right) in enumerate(zip(state, gold)) if given != right]


def ready(page: Page, words: Sequence[str]) -> None:
    """Wait until a sentence stands there."""
    shown = "[...document.querySelectorAll('#sentence .word')].map(c => c.children[1].textContent)"
    until(page, f"words => JSON.stringify({shown}) === JSON.stringify(words)", list(words))


def by_keys(page: Page, found: Task) -> Counts:
    """Put every sentence right with the keyboard alone."""
    counts = Counts()
    for item, gold in zip(found.items, found.gold):
        state = list(item.proposals["lang"].labels)
        ready(page, item.utterance.words)
        while wrong := wrong_words(state, gold):
            at = cursor(page)
            if at not in wrong:
                for letter in hints(page)[wrong[0]]:
                    page.keyboard.press(f"Key{letter.upper()}")
                    counts.keys += 1
                at = wrong[0]
            last = run(state, at)
            paint = last > at and all(gold[i] == gold[at] for i in range(at, last + 1))
            place = found.labels.index(gold[at])
            if place >= 9:
                page.keyboard.press("Digit0")
                counts.keys += 1
            key = f"Digit{place + 1}" if place < 9 else f"Key{'ASDFGHJKL'[place - 9]}"
            page.keyboard.press(f"Shift+{key}" if paint else key)
            counts.keys += 1
            counts.decisions += 1
            for i in range(at, (last if paint else at) + 1):
                state[i] = gold[at]
        page.keyboard.press("Enter")
        counts.finish(gold, keys=1)
    return counts


def by_taps(page: Page, found: Task) -> Counts:
    """Put every sentence right with a finger alone."""
    counts = Counts()
    for item, gold in zip(found.items, found.gold):
        state = list(item.proposals["lang"].labels)
        ready(page, item.utterance.words)
        while wrong := wrong_words(state, gold):
            at = cursor(page)
            if at not in wrong:
                page.tap(f"#w{wrong[0]}")
                counts.taps += 1
                counts.moves += 1
                at = wrong[0]
            page.tap(f'#labels button[data-k="{found.labels.index(gold[at])}"]')
            counts.taps += 1
            counts.moves += 1
            counts.decisions += 1
            state[at] = gold[at]
        page.tap('#actions button[data-do="accept"]')
        counts.finish(gold, taps=1)
    return counts


def by_spans(page: Page, found: Task) -> Counts:
    """The span tool without proposals: drag each run, press its key; two keys submit."""
    counts = Counts()
    page.set_content(SPANS)
    for item, gold in zip(found.items, found.gold):
        page.evaluate("words => load(words)", list(item.utterance.words))
        at = 0
        for label, stretch in groupby(gold):
            last = at + len(list(stretch)) - 1
            for place, act in ((at, page.mouse.down), (last, page.mouse.up)):
                page.hover(f'[data-i="{place}"]')
                act()
            page.keyboard.press(chr(97 + found.labels.index(label)))
            counts.drags += 1
            counts.moves += 1
            counts.keys += 1
            counts.decisions += 1
            at = last + 1
        made = page.evaluate("made")
        assert made == [chr(97 + found.labels.index(label)) for label in gold]
        counts.finish(gold, keys=2)
    return counts


def by_cycling(page: Page, found: Task) -> Counts:
    """The same proposals, labels that go round by clicks, and a click that submits."""
    counts = Counts()
    page.set_content(CYCLE)
    for item, gold in zip(found.items, found.gold):
        shown = list(item.proposals["lang"].labels)
        page.evaluate("([w, s, l]) => load(w, s, l)", [list(item.utterance.words), shown, list(found.labels)])
        for i, (a, b) in enumerate(zip(shown, gold)):
            steps = (found.labels.index(b) - found.labels.index(a)) % len(found.labels)
            if steps:
                page.click(f"#w{i}", click_count=steps, delay=0)
                counts.clicks += steps
                counts.moves += 1
                counts.decisions += 1
        page.click("#go")
        assert page.evaluate("made") == gold
        counts.finish(gold, clicks=1)
    return counts


def kept(path: Path, found: Task) -> dict[str, Any]:
    """Whether the server holds the gold of every sentence, and how it was told."""
    with Store(path) as store:
        items = {item.number: item for item in store.items()}
        log = list(store.events())
    sheets = {number: sheet for (_, number), sheet in fold(log, items).items()}
    right = sum(
        sheets[n].state == "accepted" and list(sheets[n].token_labels("lang")) == gold
        for n, gold in enumerate(found.gold, 1)
        if n in sheets
    )
    sources = {event.source for event in log if event.action != "open"}
    return {"sentences equal to gold": right, "sources": sorted(sources)}


def entered(browser: Any, link: str, **context: Any) -> Page:
    """The page, for somebody who came in by the link."""
    page: Page = browser.new_context(**context).new_page()
    page.goto(link)
    page.wait_for_selector("#sentence .word")
    return page


def settled(page: Page) -> None:
    """Wait until everything is on the server's disk."""
    until(page, "document.querySelector('#top').textContent.includes('saved')")


def replay(browser: Any, found: Task, touch: bool) -> dict[str, Any]:
    """One flow on the real page."""
    with tempfile.TemporaryDirectory() as folder:
        path = project(Path(folder), found)
        with served(path) as link:
            phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
            page = entered(browser, link, **(phone if touch else {"viewport": {"width": 1280, "height": 800}}))
            page.evaluate("window.pointers = 0; addEventListener('pointerdown', () => pointers++, true)")
            counts = (by_taps if touch else by_keys)(page, found)
            settled(page)
            pointers = page.evaluate("pointers")
            page.context.close()
        return counts.told() | {"pointer events": pointers, "kept": kept(path, found)}


def latency(browser: Any, count: int = 10_000, sentences: int = 120) -> dict[str, Any]:
    """Milliseconds from a key to its picture in a large project."""
    words = ["kal", "ki", "meeting", "cancel", "ho", "gayi", "so", "chill", "yaar", "bro", "kya", "scene"]
    sure = Proposal(("en",) * 12, (0.9,) * 11 + (0.4,))
    items = [Item(n, Utterance.from_words(words, id=f"t{n}"), "work", {"lang": sure}) for n in range(1, count + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.annotate"
        create(path, Settings("large", (Layer(name="lang", labels=("en", "hi-Latn", "ne", "other")),)), items)
        with served(path) as link:
            page = entered(browser, link, viewport={"width": 1280, "height": 800})
            for n in range(sentences):
                for key in ("Digit2", "KeyS", "Digit2", "KeyJ", "Shift+Digit3"):
                    page.keyboard.press(key)
                    page.wait_for_timeout(25)
                page.keyboard.press("Enter")
                page.wait_for_timeout(60)
                if n == 9:
                    page.evaluate("window.macaronicTimes = []")
            settled(page)
            times = page.evaluate("window.macaronicTimes")
            page.context.close()
    told: dict[str, Any] = {"items": count}
    for kind in ("key", "accept"):
        ms = sorted(one["ms"] for one in times if one["kind"] == kind)
        told[kind] = {
            "n": len(ms),
            "p50 ms": round(statistics.median(ms), 1),
            "p95 ms": round(ms[int(0.95 * len(ms))], 1),
        }
    return told


def main() -> None:
    """Play everything and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(Path(__file__).parent / "results" / "annotate_replay.json"))
    parser.add_argument("--limit", type=int, default=None, help="only so many sentences of each set")
    parser.add_argument("--latency", action="store_true", help="measure only the latency; the rest stays as it is kept")
    asked = parser.parse_args()
    data = Path(os.environ["MACARONIC_DATA"])
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found_latency = latency(browser)
        print(json.dumps(found_latency), flush=True)
        if asked.latency:
            rows = json.loads(Path(asked.out).read_text("utf-8"))["rows"]
        for name, (pattern, target) in () if asked.latency else SETS.items():
            found = task(pattern, data, asked.limit)
            row: dict[str, Any] = {"set": name, "words proposed right": round(found.accuracy, 4), "target keys": target}
            row["keys"] = replay(browser, found, touch=False)
            print(name, json.dumps(row["keys"]), flush=True)
            row["touch"] = replay(browser, found, touch=True)
            print(name, json.dumps(row["touch"]), flush=True)
            plain = browser.new_page()
            row["span tool, no proposals"] = by_spans(plain, found).told()
            row["labels go round by clicks"] = by_cycling(plain, found).told()
            plain.close()
            rows.append(row)
            print(json.dumps(row), flush=True)
        browser.close()
    kept_result = {
        "command": "python benchmarks/annotate_replay.py",
        "version": __version__,
        "taught": TAUGHT,
        "operators": OPERATORS,
        "latency": found_latency,
        "rows": rows,
    }
    Path(asked.out).write_text(json.dumps(kept_result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
