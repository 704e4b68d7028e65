"""The annotation server under twenty people at once, and what is lost when it is killed.

`python benchmarks/annotate_server.py [--out FILE] [--seconds N] [--kills N]`. One server process over 10,000 made-up
texts. Twenty people, each with a session of their own, take an item, label words one request each, accept and take the
next, with about half a second of thought before every action; the tagger learns meanwhile. Then two writers send
without a pause while the server is killed (SIGKILL) at random moments and started again; what was not acknowledged is
sent again. An action is lost when it was acknowledged and is not in the log, under its number, afterwards.
Milliseconds are the clock's at the client, with the network of this machine and the disk in them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from macaronic import __version__
from macaronic.annotate.create import create
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.web.accounts import Accounts
from macaronic.annotate.web.site import cookie_of
from macaronic.core.utterance import Utterance

ITEMS, WORDS, PEOPLE = 10_000, 12, 20
THOUGHT = 0.5
LABELS = ("en", "hi-Latn", "ne")


@dataclass
class Seen:
    """What the clients measured: milliseconds, and the number under which each action was acknowledged."""

    writes: list[float] = field(default_factory=list)
    nexts: list[float] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    refused: int = 0


@dataclass
class Server:
    """The server's process, on one port over all its lives."""

    project: Path
    learn: bool
    port: int = 0
    url: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "macaronic", "annotate", "serve", str(self.project), "--json"]
        command += ["--port", str(self.port), "--no-browser", "--learn" if self.learn else "--no-learn"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        self.url = json.loads(line)["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        while True:
            try:
                httpx.get(f"{self.url}/login")
                return
            except httpx.TransportError:
                time.sleep(0.01)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate()


def project(folder: Path, people: list[str], name: str) -> Path:
    """Made-up texts for these people, in no one's hands yet."""
    rng = np.random.default_rng(3)
    items = []
    for n in range(1, ITEMS + 1):
        words = [f"kaafi{j}" for j in rng.integers(0, 5000, WORDS)]
        items.append(Item(n, Utterance.from_words(words, layers={"lang": ["en"] * WORDS}, id=f"t{n}")))
    path = folder / f"{name}.annotate"
    create(path, Settings("made", layers_of("languages", ["en", "hi"]), overlap=2), items)
    with Store(path, write=True) as store:
        for who in people:
            store.add_person(who)
    return path


def cookies(path: Path, people: list[str]) -> dict[str, dict[str, str]]:
    """A session for each: its cookie and the token that changes carry."""
    found = {}
    with Accounts(path) as accounts:
        for who in people:
            token = accounts.begin(who)
            found[who] = {"cookie": f"{cookie_of(path)}={token}", "x-csrf-token": accounts.session(token).csrf}
    return found


async def labels(url: str, who: str, head: dict[str, str], until: float, seen: Seen) -> None:
    """One person who labels, thinks, and goes on."""
    rng = np.random.default_rng(sum(map(ord, who)))
    count = 0
    async with httpx.AsyncClient(base_url=url, headers=head, timeout=60) as client:
        await asyncio.sleep(float(rng.uniform(0, THOUGHT)))
        while time.perf_counter() < until:
            begun = time.perf_counter()
            answer = (await client.post("/api/next", json={"count": 1})).raise_for_status().json()
            seen.nexts.append(1000 * (time.perf_counter() - begun))
            item = answer["items"][0]
            for k in rng.permutation(len(item["tokens"]))[:3]:
                start, end = item["tokens"][k]
                new = LABELS[int(rng.integers(3))]
                row = {"action": "label", "layer": "lang", "start": start, "end": end, "old": "en", "new": new}
                count += 1
                await sent(client, {**row, "item": item["number"], "client": f"{who}-{count}"}, seen, rng)
            count += 1
            await sent(client, {"action": "accept", "item": item["number"], "client": f"{who}-{count}"}, seen, rng)


async def sent(client: httpx.AsyncClient, row: dict[str, Any], seen: Seen, rng: np.random.Generator) -> None:
    """Think, then send one action and remember what was said."""
    await asyncio.sleep(float(rng.exponential(THOUGHT)))
    begun = time.perf_counter()
    answer = await client.post("/api/events", json={"events": [row]})
    seen.writes.append(1000 * (time.perf_counter() - begun))
    if answer.status_code == 200:
        seen.kept[row["client"]] = answer.json()["kept"][0]
    else:
        seen.refused += 1


def twenty(folder: Path, seconds: float) -> dict[str, Any]:
    """Twenty people at once."""
    people = [f"person-{n:02}" for n in range(1, PEOPLE + 1)]
    path = project(folder, people, "twenty")
    heads = cookies(path, people)
    server, seen = Server(path, learn=True), Seen()
    server.start()

    async def everybody() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(labels(server.url, who, heads[who], until, seen) for who in people))

    asyncio.run(everybody())
    memory = peak(server)
    server.stop()
    return {
        "people": PEOPLE,
        "items": ITEMS,
        "seconds": seconds,
        "actions": len(seen.writes),
        "refused": seen.refused,
        **{f"write {name}": value for name, value in spread(seen.writes).items()},
        **{f"next item {name}": value for name, value in spread(seen.nexts).items()},
        "lost": lost(path, seen.kept),
        "MB of the server at most": memory,
    }


def peak(server: Server) -> float | None:
    """The largest memory that the server has held, where the system tells it."""
    told = Path(f"/proc/{server.process.pid}/status")  # type: ignore[union-attr]
    if not told.exists():
        return None
    line = next(line for line in told.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def spread(values: list[float]) -> dict[str, float]:
    """The middle, the slow twentieth and the slowest."""
    return {"p50 ms": float(np.median(values)), "p95 ms": float(np.quantile(values, 0.95)), "longest ms": max(values)}


def writer(server: Server, who: str, head: dict[str, str], ended: threading.Event, seen: Seen) -> None:
    """Send one action after the other; what is not acknowledged is sent again until it is."""
    with httpx.Client(headers=head, timeout=20) as client:
        item = said(client, f"{server.url}/api/next", {"count": 1}, ended)["items"][0]["number"]
        n = 0
        while not ended.is_set():
            n += 1
            row = {"client": f"{who}-{n}", "item": item, "action": "sentence", "layer": "comment", "new": str(n)}
            answer = said(client, f"{server.url}/api/events", {"events": [row]}, ended)
            if answer:
                seen.kept[row["client"]] = answer["kept"][0]


def said(client: httpx.Client, url: str, body: dict[str, Any], ended: threading.Event) -> dict[str, Any]:
    """The answer, asked for again while there is no server; nothing once all has ended."""
    while not ended.is_set():
        try:
            return dict(client.post(url, json=body).raise_for_status().json())
        except httpx.TransportError:
            time.sleep(0.02)
    return {}


def kills(folder: Path, times: int) -> dict[str, Any]:
    """Kill the server again and again under two writers."""
    rng = np.random.default_rng(5)
    people = ["asha", "ravi"]
    path = project(folder, people, "killed")
    heads = cookies(path, people)
    server, seen, ended = Server(path, learn=False), Seen(), threading.Event()
    server.start()
    writers = [threading.Thread(target=writer, args=(server, who, heads[who], ended, seen)) for who in people]
    for one in writers:
        one.start()
    for _ in range(times):
        before = len(seen.kept)
        while len(seen.kept) == before:
            time.sleep(0.001)
        time.sleep(float(rng.uniform(0, 0.3)))
        server.stop(signal.SIGKILL)
        server.start()
    ended.set()
    for one in writers:
        one.join()
    server.stop()
    return {"kills": times, "writers": len(people), "acknowledged": len(seen.kept), "lost": lost(path, seen.kept)}


def lost(path: Path, kept: dict[str, int]) -> int:
    """How many acknowledged actions are not in the log under their number."""
    with Store(path) as store:
        there = {event.client: event.number for event in store.events()}
    return sum(there.get(name) != number for name, number in kept.items())


def main() -> None:
    """Measure, and print (or write) the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows to this JSON file too")
    parser.add_argument("--seconds", type=float, default=60, help="how long twenty people label")
    parser.add_argument("--kills", type=int, default=50, help="how often the server is killed")
    asked = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        rows = [twenty(Path(folder), asked.seconds)]
        print(json.dumps(rows[0]), flush=True)
        rows.append(kills(Path(folder), asked.kills))
        print(json.dumps(rows[1]), flush=True)
    busy, killed = rows
    figures = [
        {
            "name": f"an annotation acknowledged by the server, {PEOPLE} people at once, p95 ms",
            "value": round(busy["write p95 ms"], 1),
            "versus": f"p50 {busy['write p50 ms']:.1f}, longest {busy['write longest ms']:.0f}",
        },
        {
            "name": f"the next of {ITEMS:,} items, {PEOPLE} people at once, p95 ms",
            "value": round(busy["next item p95 ms"], 1),
            "versus": f"p50 {busy['next item p50 ms']:.1f}, longest {busy['next item longest ms']:.0f}",
        },
        {
            "name": f"acknowledged annotations lost in {killed['kills']} kills of the server",
            "value": killed["lost"],
            "versus": f"of {killed['acknowledged']:,}",
        },
    ]
    if asked.out:
        report = {"command": "python benchmarks/annotate_server.py", "version": __version__, "rows": rows}
        asked.out.write_text(json.dumps({**report, "figures": figures}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
