"""The generator over a server that misbehaves, killed with -9 again and again: `python benchmarks/eval_generate.py`.

Counts how often a prompt was asked whose answer was on the disk already (the promise is: never), and measures prompts
a second beside the bare `openai` client on the same server, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from macaronic import __version__

ROOT = Path(__file__).resolve().parents[1]
CONCURRENCY = 16


def number(prompt: str) -> str:
    """The number that stands in a prompt."""
    return re.findall(r"\d+", prompt)[0]


def bare(url: str, prompts: int) -> float:
    """Prompts a second of the bare client, as many open at once."""
    import openai

    async def every() -> None:
        client = openai.AsyncOpenAI(base_url=url, api_key="unused", max_retries=0)
        todo = iter(range(prompts))

        async def work() -> None:
            for i in todo:
                said = [{"role": "user", "content": f"Frage {i}"}]
                await client.chat.completions.create(model="tiny", messages=said, max_tokens=9)  # type: ignore[arg-type]

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        await client.close()

    began = time.monotonic()
    asyncio.run(every())
    return prompts / (time.monotonic() - began)


def killed(prompts: int, kills: int, folder: Path) -> dict[str, Any]:
    """The run that is killed; the server runs in this process."""
    sys.path.insert(0, str(ROOT))
    server = importlib.import_module("tests.evaluate.scripted_server")
    runs = importlib.import_module("tests.evaluate.killed")
    source, out = folder / "prompts.jsonl", folder / "outputs.jsonl"
    rows = ({"id": i, "prompt": f"Frage {i}: wie geht es?", "allowed": ["de"]} for i in range(prompts))
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    stops = [prompts * (k + 1) // (kills + 1) for k in range(kills)]
    script = server.Script(too_many=50, broken=997, malformed=499, refusals=100, wrong=50)
    with server.serving(script):
        found = runs.kill_and_resume(script, source, out, stops, number, "--concurrency", str(CONCURRENCY))
        requests, misbehaved = len(script.requests), dict(script.misbehaved)
        whole = runs.kill_and_resume(
            script, source, folder / "whole.jsonl", [], number, "--concurrency", str(CONCURRENCY)
        )
        plain = server.Script()
    with server.serving(plain):
        clean = runs.kill_and_resume(
            plain, source, folder / "clean.jsonl", [], number, "--concurrency", str(CONCURRENCY)
        )
        words = [sys.executable, __file__, "--bare", plain.url, "--prompts", str(prompts)]
        client = float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    held = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return {
        "prompts": prompts,
        "concurrency": CONCURRENCY,
        "kills": found["kills"],
        "finished prompts asked again": found["again"],
        "in flight when killed, asked again": found["in_flight"],
        "requests": requests,
        "misbehaved": misbehaved,
        "outputs": len(held),
        "outputs with an answer": sum(bool(row["response"]) for row in held),
        "failed": found["last"]["failed"],
        "prompts a second, misbehaving server": round(prompts / whole["last"]["seconds"], 1),
        "prompts a second, well-behaved server": round(prompts / clean["last"]["seconds"], 1),
        "prompts a second, bare client, well-behaved server": round(client, 1),
        "answers file, bytes a prompt": round((folder / "clean.answers.jsonl").stat().st_size / prompts, 1),
    }


def main() -> None:
    """Run it and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--bare", metavar="URL", help="the bare client alone")
    parser.add_argument("--out", default="benchmarks/results/eval_generate.json")
    args = parser.parse_args()
    if args.bare:
        print(bare(args.bare, args.prompts))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = killed(args.prompts, args.kills, Path(folder))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    found |= {"peak MB of a run": round(children.ru_maxrss / 1024), "version": __version__}
    found["command"] = f"python benchmarks/eval_generate.py --prompts {args.prompts} --kills {args.kills}"
    Path(args.out).write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
