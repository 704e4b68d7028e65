"""The annotation log: how fast it is folded and written, and what killed writers lose.

`python benchmarks/annotate_store.py [--out FILE] [--kills N]`. A made-up project of 5,000 texts by two people, about
100,000 events, one label in a hundred undone. The peer of the fold is a plain program over the same log as JSON
lines: it parses every event and keeps labels in dictionaries, with undo by a stack; it does no checks and no cuts.
Writers that acknowledge every event on a pipe are killed (SIGKILL) at random moments, two at a time; an event is lost
when it was acknowledged and is not in the log afterwards. Seconds are processor time, milliseconds those of the clock
with the disk in it.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.annotate.compare import rated
from macaronic.annotate.create import create
from macaronic.annotate.events import Event
from macaronic.annotate.fold import fold
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.work import work_of
from macaronic.core.utterance import Utterance
from macaronic.measure.agreement_results import results

PEOPLE = ("asha", "ravi")
TEXTS, WORDS = 5000, 15
WRITER = """
import sys
from macaronic.annotate.events import Event
from macaronic.annotate.store import Store
who, begin = sys.argv[2], sys.argv[3]
with Store(sys.argv[1], write=True) as store:
    for n in range(100_000):
        event = Event(who, 1 + n % 100, "sentence", f"{begin}-{n}", "comment", new=str(n))
        print(event.client, store.append([event])[0], flush=True)
"""


def project(folder: Path) -> Path:
    """An empty project of made-up texts."""
    words = [f"kaafi{j}" for j in range(WORDS)]
    items = [
        Item(n, Utterance.from_words(words, layers={"lang": ["en"] * WORDS}, id=f"t{n}")) for n in range(1, TEXTS + 1)
    ]
    path = folder / "made.annotate"
    create(path, Settings("made", layers_of("languages", ["en", "hi"]), overlap=2), items)
    with Store(path, write=True) as store:
        for who in PEOPLE:
            store.add_person(who)
    return path


def log(store: Store, rng: np.random.Generator) -> list[Event]:
    """Eight labels a text and person, one in a hundred undone, and the acceptance."""
    made: list[Event] = []
    tokens = store.item(1).utterance.tokens
    for who in PEOPLE:
        shown = store.opening(who, 1)
        for item in range(1, TEXTS + 1):
            made.append(shown._replace(item=item, client=f"open:{item}"))
            for k, place in enumerate(rng.integers(0, WORDS, 8).tolist()):
                new = ("hi-Latn", "en", "ne")[int(rng.integers(3))]
                name = f"{item}.{k}"
                made.append(Event(who, item, "label", name, "lang", *tokens[place], "en", new, latency=400))
                if rng.random() < 0.01:
                    made.append(Event(who, item, "undo", f"{name}u", new=name))
            made.append(Event(who, item, "accept", f"{item}.a", latency=300))
    return made


def naive(lines: list[str]) -> dict[tuple[str, int], dict[int, str]]:
    """The peer: a log of JSON lines folded into dictionaries, undo by a stack of what was there before."""
    sheets: dict[tuple[str, int], dict[int, str]] = {}
    before: dict[tuple[str, str], tuple[dict[int, str], int, str | None]] = {}
    for line in lines:
        event = json.loads(line)
        sheet = sheets.setdefault((event["who"], event["item"]), {})
        if event["action"] == "label":
            before[event["who"], event["client"]] = sheet, event["start"], sheet.get(event["start"])
            sheet[event["start"]] = event["new"]
        elif event["action"] == "undo":
            held, start, old = before[event["who"], event["new"]]
            held[start] = old or "en"
    return sheets


def seconds(run: Callable[[], object], repeats: int = 3) -> float:
    """Processor seconds, best of some repeats."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def folding(path: Path, rng: np.random.Generator) -> dict[str, Any]:
    """Write the log at once, then read and fold it, beside the plain program."""
    with Store(path, write=True) as store:
        events = log(store, rng)
        written = seconds(lambda: store.append(events), 1)
        items = {item.number: item for item in store.items()}
        ours = seconds(lambda: fold(store.events(), items))
        whole = seconds(lambda: work_of(store))
        one = seconds(lambda: fold(store.events("asha", 77), {77: items[77]}), 20)
        lines = [json.dumps(event._asdict()) for event in store.events()]
        peer = seconds(lambda: naive(lines))
        work = work_of(store)
    layer = work.settings.by_name["lang"]
    agree = seconds(lambda: results(rated(work, layer, PEOPLE), PEOPLE, layer="lang", rng=np.random.default_rng(0)), 1)
    return {
        "events": len(events),
        "seconds to write at once": written,
        "seconds to read and fold": ours,
        "seconds to open all (items, log, fold)": whole,
        "seconds of the plain program over JSON lines": peer,
        "milliseconds for one person's one text": one * 1000,
        "words compared": TEXTS * WORDS,
        "seconds of agreement with 1,000 resamples": agree,
    }


def writing(path: Path, count: int = 500) -> dict[str, Any]:
    """How long one event takes until it is acknowledged."""
    waits = []
    with Store(path, write=True) as store:
        for n in range(count):
            start = time.perf_counter()
            store.append([Event("asha", 1 + n, "sentence", f"w{n}", "comment", new="ok")])
            waits.append(1000 * (time.perf_counter() - start))
    return {"events": count, "p50 ms": float(np.median(waits)), "p95 ms": float(np.quantile(waits, 0.95))}


def beside_others(path: Path, count: int = 200, writers: int = 3) -> dict[str, Any]:
    """The same while other programs write all the time."""
    command = [sys.executable, "-c", WRITER, str(path), "asha"]
    others = [subprocess.Popen([*command, f"o{n}"], stdout=subprocess.PIPE, text=True) for n in range(writers)]
    for process in others:
        process.stdout.readline()  # type: ignore[union-attr]
    pipes = [Thread(target=process.communicate, daemon=True) for process in others]
    for pipe in pipes:
        pipe.start()
    waits = []
    with Store(path, write=True) as store:
        for n in range(count):
            start = time.perf_counter()
            store.append([Event("ravi", 1, "sentence", f"b{n}", "comment", new="ok")])
            waits.append(1000 * (time.perf_counter() - start))
    for process in others:
        process.kill()
    for pipe in pipes:
        pipe.join()
    found = {"p50 ms": float(np.median(waits)), "p95 ms": float(np.quantile(waits, 0.95)), "longest ms": max(waits)}
    return {"events": count, "other writers": writers, **found}


def kills(path: Path, times: int, rng: np.random.Generator) -> dict[str, Any]:
    """Kill two writers at random moments again and again; count what was acknowledged and is not there."""
    acknowledged: dict[str, int] = {}
    for n in range(times):
        both = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), who, f"k{n}-{who}"],
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
            for who in PEOPLE
        ]
        for process in both:
            acknowledged |= said(process.stdout.readline())  # type: ignore[union-attr]
        time.sleep(float(rng.uniform(0, 0.3)))
        for process in both:
            process.send_signal(signal.SIGKILL)
        for process in both:
            for line in process.communicate()[0].split("\n")[:-1]:  # the last one may be half a line
                acknowledged |= said(line)
    with Store(path) as store:
        kept = {event.client: event.number for event in store.events()}
    lost = sum(kept.get(name) != number for name, number in acknowledged.items())
    return {"kills": 2 * times, "acknowledged": len(acknowledged), "lost": lost}


def said(line: str) -> dict[str, int]:
    """What a writer was told is kept: an event's name and its number."""
    name, _, number = line.strip().partition(" ")
    return {name: int(number)} if number else {}


def main() -> None:
    """Measure, and print (or write) the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows to this JSON file too")
    parser.add_argument("--kills", type=int, default=25, help="how often two writers are killed")
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = project(Path(folder))
        rows = [folding(path, rng), writing(path), kills(path, asked.kills, rng), beside_others(path)]
    for row in rows:
        print(json.dumps(row), flush=True)
    ours, peer = rows[0]["seconds to read and fold"], rows[0]["seconds of the plain program over JSON lines"]
    figures = [
        {
            "name": f"fold of {rows[0]['events']:,} annotation events, seconds",
            "value": round(ours, 2),
            "versus": f"{ours / peer:.1f}x the time of a plain program over JSON lines, which checks nothing",
        },
        {"name": "an annotation until it is on the disk, p95 ms", "value": round(rows[1]["p95 ms"], 1), "versus": ""},
        {
            "name": f"the same beside {rows[3]['other writers']} programs that write all the time, p95 ms",
            "value": round(rows[3]["p95 ms"], 1),
            "versus": f"longest {rows[3]['longest ms']:.0f}",
        },
        {
            "name": f"acknowledged annotations lost in {rows[2]['kills']} kills",
            "value": rows[2]["lost"],
            "versus": f"of {rows[2]['acknowledged']:,}",
        },
    ]
    if asked.out:
        report = {"command": "python benchmarks/annotate_store.py", "version": __version__, "rows": rows}
        asked.out.write_text(json.dumps({**report, "figures": figures}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
