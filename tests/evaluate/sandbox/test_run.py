"""Many programs after one another: in order, each for itself, and ended when nobody wants them any more."""

import json
import subprocess
import sys
import threading
import time

import pytest

from macaronic.evaluate.sandbox import mechanism
from macaronic.evaluate.sandbox import run as sandbox
from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.probe import fault

QUICK = Limits(seconds=20, processes=16)


@pytest.fixture(autouse=True)
def shut_in() -> None:
    if not any(one.works for one in mechanism.available()):
        pytest.skip("nothing here can shut code in")


def test_the_evaluation_goes_on() -> None:
    programs = [
        ("x = 1", "assert x == 1"), ("import os\nwhile True: os.fork()", ""), ("x = bytearray(10 << 30)", ""),
        ("x = 2", "assert x == 1"), ("import os; os.abort()", ""), ("print('end')", ""),
    ]  # fmt: skip
    found = list(sandbox.run_all(programs, limits=QUICK, workers=2))
    assert [one.kind for one in found] == ["passed", "processes", "memory", "failed", "crashed", "passed"]
    assert found[-1].output == "end\n"
    assert found[-1].mechanism.startswith(mechanism.chosen())


def test_programs_do_not_see_one_another() -> None:
    write = "open('/tmp/left', 'w').write('x')" if mechanism.chosen() != "landlock" else "open('left', 'w')"
    read = "import os; assert not os.path.exists('/tmp/left') and not os.path.exists('left')"
    assert [one.kind for one in sandbox.run_all([(write, ""), (read, "")], workers=1)] == ["passed", "passed"]


def test_nobody_wants_the_rest() -> None:
    began = time.monotonic()
    outcomes = sandbox.run_all([("x = 1", ""), ("while True: pass", ""), ("while True: pass", "")], workers=1)
    assert next(outcomes).kind == "passed"
    outcomes.close()
    assert time.monotonic() - began < 25


def test_stopped_from_elsewhere() -> None:
    stop = threading.Event()
    stop.set()
    assert sandbox.run("while True: pass", stop=stop).kind == "timeout"


def test_text_that_is_not_quite_text() -> None:
    found = sandbox.run("# \ud800\nprint('नमस्ते', flush=True)\nimport os; os.write(1, b'\\xff')", limits=QUICK)
    assert (found.kind, found.output) == ("passed", "नमस्ते\n\ufffd")
    assert sandbox.run("x = '\0'", limits=QUICK).kind == "failed"
    assert sandbox.run("", limits=QUICK).kind == "passed"


def test_an_unknown_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    mechanism.available.cache_clear()
    try:
        with pytest.raises(mechanism.NoSandbox, match="needs Linux"):
            sandbox.run("x = 1")
    finally:
        monkeypatch.undo()
        mechanism.available.cache_clear()


@pytest.mark.parametrize(
    "broken",
    [
        "from macaronic.evaluate.sandbox import seccomp; seccomp._ARCHITECTURES.clear()",
        "keeper.kernel.NO_NEW_PRIVILEGES = -1",
        "keeper._limit = None",
        "keeper.landlock.restrict = None",
    ],
)
def test_a_lock_that_fails_means_that_nothing_runs(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = mechanism.chosen()
    monkeypatch.setattr(sandbox, "_BOOT", sandbox._BOOT.replace("keeper.main()", f"{broken}; keeper.main()"))
    with pytest.raises(sandbox.SetupError):
        sandbox.run("print(1)", mechanism=name)


def test_a_sandbox_with_a_hole_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    name = mechanism.chosen()
    hole = "keeper._limit = lambda job: None"
    monkeypatch.setattr(sandbox, "_BOOT", sandbox._BOOT.replace("keeper.main()", f"{hole}; keeper.main()"))
    assert "makes too many processes" in fault(name)


def test_the_command_says_what_is_here() -> None:
    command = [sys.executable, "-m", "macaronic", "eval", "sandbox", "--check", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert {one["name"]: one["works"] for one in json.loads(done.stdout)} == {
        one.name: one.works for one in mechanism.available()
    }
