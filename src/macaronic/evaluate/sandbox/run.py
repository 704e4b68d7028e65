"""Run code and its tests, shut in and limited."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from macaronic.core.errors import MacaronicError
from macaronic.evaluate.sandbox import driver, places
from macaronic.evaluate.sandbox import mechanism as mechanisms
from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.mechanism import Mechanism, chosen, told
from macaronic.evaluate.sandbox.outcome import Outcome, outcome
from macaronic.evaluate.sandbox.pipes import Pipes

_BOOT = "import sys; sys.path.append(sys.argv[1]); from macaronic.evaluate.sandbox import keeper; keeper.main()"
_MOST = {"verdict": 1 << 16, "status": 1 << 16, "told": 1 << 14}


class SetupError(MacaronicError):
    """A program could not be shut in, so it was not run."""

    exit_code = 5


def run(
    code: str,
    *,
    test: str = "",
    limits: Limits | None = None,
    mechanism: Mechanism | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Run a program, and its tests in the same module; whatever it does, this returns.

    Args:
        code: Python.
        test: Python that is executed after it: `unittest` cases, or plain assertions.
        limits: what it may use.
        mechanism: what shuts it in; the best that works here when left out.
        stop: set from elsewhere, it ends the program.

    Raises:
        NoSandbox: nothing here can shut it in.
        SetupError: this mechanism could not.

    >>> from macaronic.evaluate.sandbox.mechanism import available
    >>> not any(one.works for one in available()) or run("x = 1", test="assert x == 1").kind == "passed"
    True
    """
    limits, name = limits or Limits(), mechanism or chosen()
    token = secrets.token_hex(16)
    files = {"driver.py": Path(driver.__file__).read_text("utf-8"), "program.py": code, "test.py": test}
    with _work(name) as work, Pipes({**_MOST, "output": limits.output}) as pipes:
        job = _job(name, limits, files, token, work, pipes)
        stopped = pipes.follow(_started(job, pipes), limits.seconds, stop)
        got = {key: bytes(value) for key, value in pipes.got.items()}
    ended: dict[str, Any] = {}
    for line in got["status"].splitlines():
        ended.update(json.loads(line))
    if "setup" in ended or not (ended or stopped):
        raise SetupError(f"{name}: {ended.get('setup') or got['told'].decode('utf-8', 'replace').strip() or 'no word'}")
    ended["cpu_spent"] = float(ended.get("cpu", 0.0)) >= limits.seconds
    return outcome(ended, got["verdict"], got["output"], token=token, stopped=stopped, mechanism=told(name))


def run_all(
    programs: Sequence[tuple[str, str]], *, limits: Limits | None = None, workers: int | None = None
) -> Iterator[Outcome]:
    """The outcomes of many programs with their tests, in order.

    Args:
        programs: (code, test).
        limits: what each may use.
        workers: how many run at a time; as many as there are processors when left out.

    Raises:
        NoSandbox: nothing here can shut them in; no program was run.
    """
    name, stop = chosen(), threading.Event()
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting = [
            pool.submit(run, code, test=test, limits=limits, mechanism=name, stop=stop) for code, test in programs
        ]
        try:
            for one in waiting:
                yield one.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _job(name: Mechanism, limits: Limits, files: dict[str, str], token: str, work: str, pipes: Pipes) -> dict[str, Any]:
    return {
        "mechanism": name,
        "parent": os.getpid(),
        **pipes.ends,
        "limits": asdict(limits),
        "files": files,
        "work": work,
        "readable": places.readable(),
        "devices": list(places.DEVICES),
        "command": [sys.executable, "-I", "-S", "-c", _BOOT, mechanisms.SOURCE],
        "bubblewrap": shutil.which("bwrap") or "",
        "bubblewrap_options": mechanisms.bubblewrap_options(limits.disk) if name == "bubblewrap" else [],
        "program": [sys.executable, "-s", "-B", "driver.py", token],
        "environment": environment(work),
    }


def environment(work: str) -> dict[str, str]:
    """All that a program's environment holds; nothing of ours.

    >>> sorted(environment("/tmp"))[:3]
    ['HOME', 'LANG', 'LC_CTYPE']
    """
    return {
        "PATH": "/usr/bin:/bin", "HOME": work, "TMPDIR": work, "LANG": "C.UTF-8", "LC_CTYPE": "C.UTF-8",
        "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip


def _started(job: dict[str, Any], pipes: Pipes) -> subprocess.Popen[bytes]:
    keeper = subprocess.Popen(  # noqa: S603 (our own keeper, no shell)
        job["command"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=pipes.ends["told"], env={}, cwd="/",
        start_new_session=True, pass_fds=[end for name, end in pipes.ends.items() if name != "told"],
    )  # fmt: skip
    pipes.close_ends()
    assert keeper.stdin  # noqa: S101 (asked for just above)
    try:
        with keeper.stdin as told_there:
            told_there.write(json.dumps(job).encode())
    except BrokenPipeError:  # it died at once; what it said tells why
        pass
    return keeper


@contextmanager
def _work(name: Mechanism) -> Iterator[str]:
    """The temporary folder: in memory and gone by itself, or, with Landlock alone, on disk and taken away."""
    if name != "landlock":
        yield "/tmp"  # noqa: S108 (the sandbox's own)
        return
    folder = tempfile.mkdtemp(prefix="macaronic-sandbox-")
    try:
        yield folder
    finally:
        os.chmod(folder, 0o700)
        for place, folders, _ in os.walk(folder):
            for path in (os.path.join(place, one) for one in folders):
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(folder, ignore_errors=True)
