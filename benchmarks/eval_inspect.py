"""A task of ours under inspect-ai, killed with -9 once and retried: `python benchmarks/eval_inspect.py`.

A scripted server answers. Counts which prompts inspect asks again though its log had their answers. It needs
inspect-ai and the entry point `macaronic` of its group `inspect_ai`.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from macaronic import __version__

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 10


def run(prompts: int, folder: Path) -> dict[str, Any]:
    """Start, kill behind half of the prompts, retry from the log, and once more without a kill."""
    sys.path.insert(0, str(ROOT))
    server = importlib.import_module("tests.evaluate.scripted_server")
    rows = ({"id": i, "prompt": f"Frage {i}: wie geht es?", "allowed": ["de"]} for i in range(prompts))
    (folder / "prompts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    script = server.Script(too_many=50, wrong=50, slow=0.05)
    with server.serving(script):
        process = start(folder, script.url, "killed")
        while sum(script.served.values()) < prompts // 2 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = dict(script.served)
        log = next((folder / "killed").glob("*.eval"))
        kept = samples(log, folder, script.url)
        command(["eval-retry", str(log), *options(folder, "killed")], folder, script.url)
        again = {number(prompt) for prompt in before if script.served[prompt] > before[prompt]}
    plain = server.Script()
    with server.serving(plain):
        began = time.monotonic()
        start(folder, plain.url, "whole").wait()
        seconds = time.monotonic() - began
    held = json.loads(command(["log", "dump", "--header-only", str(last(folder / "whole"))], folder, plain.url))
    metrics = {name: one["value"] for name, one in held["results"]["scores"][0]["metrics"].items()}
    return {
        "prompts": prompts,
        "answered when killed": len(before),
        "in the log when killed": len(kept),
        "asked again by eval-retry": len(again),
        "asked again though in the log": len(kept & again),
        "requests refused (429)": script.misbehaved["too many"],
        "seconds without a kill, start included": round(seconds, 1),
        "status": held["status"],
        "metrics": metrics,
    }


def options(folder: Path, name: str) -> list[str]:
    """What every call is told."""
    return ["--log-dir", str(folder / name), "--display", "none", "--max-connections", str(CONNECTIONS)]


def start(folder: Path, url: str, name: str) -> subprocess.Popen[bytes]:
    """The task by its name, as a person would call it."""
    words = [
        "eval",
        "macaronic/in_language",
        "--model",
        "openai-api/tiny/tiny",
        "-T",
        f"prompts={folder / 'prompts.jsonl'}",
    ]
    call = [sys.executable, "-m", "inspect_ai", *words, *options(folder, name)]
    return subprocess.Popen(call, env=environment(url, folder), cwd=folder, stdout=subprocess.DEVNULL)


def command(words: list[str], folder: Path, url: str) -> str:
    """What a call of inspect prints."""
    call = [sys.executable, "-m", "inspect_ai", *words]
    return subprocess.run(
        call, env=environment(url, folder), cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def samples(log: Path, folder: Path, url: str) -> set[str]:
    """The names of the finished samples in a log."""
    held = json.loads(command(["log", "dump", str(log)], folder, url)).get("samples") or []
    return {str(one["id"]) for one in held}


def number(prompt: str) -> str:
    """The number that stands in a prompt, which is the sample's name."""
    return re.findall(r"\d+", prompt)[0]


def last(folder: Path) -> Path:
    """The newest log."""
    return sorted(folder.glob("*.eval"))[-1]


def environment(url: str, folder: Path) -> dict[str, str]:
    """The server's address, and a home of its own."""
    return {**os.environ, "TINY_API_KEY": "unused", "TINY_BASE_URL": url, "HOME": str(folder)}


def main() -> None:
    """Run it and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/eval_inspect.json"))
    args = parser.parse_args()
    if importlib.util.find_spec("inspect_ai") is None:
        print("not run: pip install 'macaronic[eval]'")
        return
    with tempfile.TemporaryDirectory() as folder:
        found = run(args.prompts, Path(folder))
    found |= {"inspect-ai": importlib.metadata.version("inspect-ai"), "version": __version__}
    found["command"] = f"python benchmarks/eval_inspect.py --prompts {args.prompts}"
    args.out.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
