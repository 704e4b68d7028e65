"""Programs that do what must be stopped: each is stopped, told by its kind, and nothing of it is left."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

import macaronic
from macaronic.evaluate.sandbox import run as sandbox
from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.mechanism import MECHANISMS, Mechanism, available

SOURCE = Path(macaronic.__file__).parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
ASK = """
import json, sys
from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.run import run
asked = json.load(sys.stdin)
limits = Limits(**asked.pop("limits"))
print(json.dumps(run(asked["code"], limits=limits, mechanism=asked["mechanism"]).asdict()))
"""
LIST = """
import json
from macaronic.evaluate.sandbox.mechanism import available
print(json.dumps({one.name: one.why for one in available()}))
"""
QUICK = Limits(seconds=20, processes=16, disk=8 << 20, output=100_000)
Attempt = Callable[..., dict[str, Any]]


def python(code: str, given: str = "", executable: str = sys.executable) -> str:
    """What another Python prints; the system's can be read by any user, which Landlock alone needs."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([executable, "-c", code], input=given, capture_output=True, text=True, env=env, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def interpreters() -> dict[Mechanism, str]:
    """With which Python each mechanism works here."""
    found = {one.name: sys.executable for one in available() if one.works}
    if "landlock" not in found and os.access(SYSTEM_PYTHON, os.X_OK):
        try:
            if not json.loads(python(LIST, executable=SYSTEM_PYTHON))["landlock"]:
                found["landlock"] = SYSTEM_PYTHON
        except (AssertionError, subprocess.TimeoutExpired):
            pass
    return found


@pytest.fixture(params=MECHANISMS)
def mechanism(request: pytest.FixtureRequest, interpreters: dict[Mechanism, str]) -> Mechanism:
    """Each mechanism that works here."""
    if request.param not in interpreters:
        pytest.skip(
            next(f"{one.name} does not work here: {one.why}" for one in available() if one.name == request.param)
        )
    return request.param


@pytest.fixture
def attempt(mechanism: Mechanism, interpreters: dict[Mechanism, str]) -> Iterator[Attempt]:
    """Runs code under the mechanism; afterwards no process that it made is there, and no folder of it."""
    mark = f"mx{secrets.token_hex(6)}"
    before = folders()

    def run(code: str, **limits: Any) -> dict[str, Any]:
        named = f"import ctypes\nctypes.CDLL(None).prctl(15, b'{mark}', 0, 0, 0)\n{code}"
        if interpreters[mechanism] == sys.executable:
            return sandbox.run(named, limits=replace(QUICK, **limits), mechanism=mechanism).asdict()
        asked = {"code": named, "mechanism": mechanism, "limits": {**asdict(QUICK), **limits}}
        return json.loads(python(ASK, json.dumps(asked), interpreters[mechanism]))

    yield run
    assert not named_so(mark)
    assert folders() <= before


def named_so(mark: str) -> list[int]:
    """Processes with that name."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "comm").read_text() == f"{mark}\n":
                found.append(int(place.name))
        except OSError:
            continue
    return found


def folders() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("macaronic-sandbox-*")}


BOMB = "import os\nwhile True:\n    os.fork()"
STUBBORN_BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
THREADS = "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(60,)).start()"
DEAF = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
ZIP = """
import io, os, zipfile
held = io.BytesIO()
with zipfile.ZipFile(held, "w") as archive:
    for name, target in (("a", "/etc"), ("b", "/"), ("c", "../../..")):
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, target)
    archive.writestr("a/macaronic-was-here", "x")
with zipfile.ZipFile(held) as archive:
    for entry in archive.infolist():
        if entry.external_attr >> 28 == 0o12:
            os.symlink(archive.read(entry).decode(), entry.filename)
        else:
            open(entry.filename, "wb").write(archive.read(entry))
"""
STOPPED = {
    "fork bomb": (BOMB, {}, "processes"),
    "fork bomb that swallows errors": (STUBBORN_BOMB, {"seconds": 2}, "timeout"),
    "thread bomb": (THREADS, {}, "processes"),
    "infinite loop": ("while True: pass", {"seconds": 1}, "timeout"),
    "deaf to signals": (DEAF, {"seconds": 1}, "timeout"),
    "sleeps": ("import time; time.sleep(1000)", {"seconds": 1}, "timeout"),
    "10 GB": ("held = bytearray(10 << 30)", {}, "memory"),
    "one large file": ("open('a', 'wb').write(bytes(20 << 20))", {}, "files"),
    "many open files": ("held = [open('/dev/null') for _ in range(1000)]", {}, "files"),
    "1 GB of output": ("for _ in range(1000): print('x' * 1_000_000)", {}, "output"),
    "writes to the system": ("open('/etc/macaronic-was-here', 'w')", {}, "refused"),
    "writes to a folder outside": ("open('/var/macaronic-was-here', 'w')", {}, "refused"),
    "writes to its Python": ("import os; open(os.__file__, 'a')", {}, "refused"),
    "reads the passwords": ("open('/etc/shadow').read()", {}, "refused"),
    "reads the environment of others": ("import os; open(f'/proc/{os.getppid()}/environ').read()", {}, "refused"),
    "TCP": ("import socket; socket.create_connection(('192.0.2.1', 80), 5)", {}, "refused"),
    "UDP": ("import socket; socket.socket(2, 2).sendto(b'x', ('192.0.2.1', 53))", {}, "refused"),
    "names": ("import urllib.request; urllib.request.urlopen('http://example.org', timeout=5)", {}, "refused"),
    "raw packets": ("import socket; socket.socket(17, 3)", {}, "refused"),
    "memory that is no one's": ("import os; os.memfd_create('x')", {}, "refused"),
    "zip of symbolic links": (ZIP, {}, "refused"),
    "crash": ("import ctypes; ctypes.string_at(0)", {}, "crashed"),
    "abort": ("import os; os.abort()", {}, "crashed"),
    "leaves before its tests": ("import os; os._exit(0)", {}, "crashed"),
    "exit": ("raise SystemExit(0)", {}, "failed"),
    "not Python": ("def", {}, "failed"),
    "forged word": ("import os; os.write(3, b'{\"ran\": 1, \"failed\": 0}'); os._exit(0)", {}, "crashed"),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPPED)
def test_stopped(name: str, attempt: Attempt) -> None:
    code, limits, kind = STOPPED[name]
    found = attempt(code, **limits)
    assert found["kind"] == kind, found
    assert not list(Path("/etc").glob("macaronic-was-here"))
    assert not list(Path("/var").glob("macaronic-was-here"))


def test_many_files_fill_only_its_own_folder(attempt: Attempt, mechanism: Mechanism) -> None:
    if mechanism == "landlock":
        pytest.skip("with Landlock alone each file is limited, not the folder")
    assert attempt("for n in range(50): open(str(n), 'wb').write(bytes(1 << 20))")["kind"] == "files"


def test_secrets_outside(attempt: Attempt, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("swordfish")
    (tmp_path / "secret").chmod(0o644)
    found = attempt(f"print(open({str(tmp_path / 'secret')!r}).read())")
    assert found["kind"] == "refused"
    assert "swordfish" not in found["output"]


def test_the_environment_is_empty(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    found = attempt("import os; print(*os.environ)")
    assert set(found["output"].split()) == {
        "PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "MPLBACKEND", "PYTHONHASHSEED", "PYTHONSAFEPATH",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip


@pytest.mark.parametrize("abstract", [False, True])
def test_unix_sockets_outside(abstract: bool, attempt: Attempt) -> None:
    folder = tempfile.mkdtemp(prefix="mx-")
    os.chmod(folder, 0o755)
    name = f"\0{folder}" if abstract else f"{folder}/s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        server.settimeout(0.1)
        if not abstract:
            os.chmod(name, 0o777)
        found = attempt(f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})")
        assert found["kind"] in (("refused", "failed") if abstract else ("refused",))
        with pytest.raises(TimeoutError):
            server.accept()
    shutil.rmtree(folder)


def test_children_that_outlive_it(attempt: Attempt, mechanism: Mechanism) -> None:
    leave = "" if mechanism == "landlock" else "os.setsid()"
    found = attempt(
        f"import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        {leave}\n"
        "        os.fork()\n        os.close(1); os.close(2); os.close(3)\n        time.sleep(1000)\ntime.sleep(0.3)"
    )
    assert found["kind"] == "passed"
    assert found["left"] == 6


def test_no_child_speaks_for_it(attempt: Attempt) -> None:
    found = attempt("import os, time\nif os.fork():\n    time.sleep(0.3)\n    assert False, 'mine'")
    assert (found["kind"], found["detail"]) == ("failed", "AssertionError: mine")


def test_killing_whatever_it_can(attempt: Attempt) -> None:
    found = attempt(
        "import os\nfor number in (-1, 1, os.getppid()):\n    try:\n        os.kill(number, 9)\n"
        "    except (PermissionError, ProcessLookupError):\n        pass\nprint('still here')"
    )
    assert found["kind"] in ("passed", "crashed")


def test_system_calls_that_are_refused(attempt: Attempt) -> None:
    found = attempt(
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.unshare(0x10000000), libc.ptrace(0, 0, 0, 0), libc.syscall(425, 1, 0), libc.setns(0, 0),\n"
        "    libc.mount(b'none', b'/tmp', b'tmpfs', 0, 0), libc.chroot(b'/'), libc.syscall(56, 0x10000000 | 17, 0))"
    )
    assert found["output"].split() == ["-1"] * 7


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_macaronic_killed_halfway(mechanism: Mechanism, interpreters: dict[Mechanism, str], number: int) -> None:
    mark = f"mx{secrets.token_hex(6)}"
    code = f"import ctypes\nctypes.CDLL(None).prctl(15, b'{mark}', 0, 0, 0)\nwhile True: pass"
    ask = f"from macaronic.evaluate.sandbox.run import run\nrun({code!r}, mechanism={mechanism!r})"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    outer = subprocess.Popen([interpreters[mechanism], "-c", ask], env=env)
    assert within(30, lambda: bool(named_so(mark)))
    outer.send_signal(number)
    outer.wait()
    assert within(30, lambda: not named_so(mark))
    for path in Path(tempfile.gettempdir()).glob("macaronic-sandbox-*"):
        shutil.rmtree(path)  # with Landlock alone nobody was left to take it away


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False
