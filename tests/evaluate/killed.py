"""A generator run that is killed with -9 as often as one likes, and what it asked again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .scripted_server import Script


def finished(answers: Path) -> set[str]:
    """The numbers of the prompts whose answers are on the disk, in whole lines."""
    lines = answers.read_bytes().split(b"\n")[:-1] if answers.exists() else []
    return {json.loads(line)["text"].partition(":")[0] for line in lines}


def command(script: Script, prompts: Path, out: Path, *options: str) -> tuple[list[str], dict[str, str]]:
    """The command line of a run over the server, and its environment."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # background jobs start without
    code = f"{heard}; from macaronic.cli.main import run; run()"
    words = ["eval", "run", "in-language", "-m", "openai:tiny", "-o", str(out), "--prompts", str(prompts), "--no-score"]
    environment = {**os.environ, "OPENAI_BASE_URL": script.url, "OPENAI_API_KEY": "unused", "OMP_NUM_THREADS": "1"}
    return [sys.executable, "-c", code, *words, *options], environment


def kill_and_resume(
    script: Script, prompts: Path, out: Path, stops: Sequence[int], number: Callable[[str], str], *options: str
) -> dict[str, Any]:
    """Run, kill at each number of finished prompts, run on to the end.

    Returns:
        `again`: requests for prompts whose answer was on the disk when the process was killed; `in_flight`: prompts
        that were answered by the server, but not on the disk yet, and had to be asked again; `kills`; the last run's
        report.
    """
    answers = out.with_suffix(".answers.jsonl")
    words, environment = command(script, prompts, out, "--json", *options)
    again, kills = 0, 0
    for stop in stops:
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before, known = len(script.requests), finished(answers)
        while process.poll() is None and len(finished(answers)) < stop:
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        again += sum(number(prompt) in known for prompt in script.requests[before:])
    before, known = len(script.requests), finished(answers)
    last = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    again += sum(number(prompt) in known for prompt in script.requests[before:])
    repeated = sum(times - 1 for times in script.served.values())
    return {"kills": kills, "again": again, "in_flight": repeated, "last": json.loads(last.stdout)}
