"""The process between macaronic and a program: it shuts the program in and stays until nothing of it is left.

It is started bare (`python -I -S`), reads its job from stdin, and writes one JSON object to the job's `status`
descriptor: how the program ended, or why it could not be shut in. SIGTERM, or the end of macaronic, ends everything.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from macaronic.evaluate.sandbox import cgroup, kernel, landlock, new_root, seccomp

Job = dict[str, Any]
_FREE_USER, _FREE_USER_OF_FEW = 0x70000000, 60_000


def main() -> None:
    """Keep a program, or (`inside`) be the first process within bubblewrap."""
    job: Job = json.load(sys.stdin)
    _or_say(_inside if sys.argv[-1] == "inside" else _keep, job)


def _keep(job: Job) -> None:
    """Start the program the job's way and wait until all processes that came of it are gone."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    kernel.prctl(kernel.SUBREAPER, 1)
    job["user"] = _free_user() if os.geteuid() == 0 else None
    if job["mechanism"] == "namespaces":
        _enter_namespaces()
    kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGTERM)  # only now: new rights would undo it
    if os.getppid() != job["parent"]:
        return
    above = cgroup.parent()
    limits = job["limits"]
    most = {"memory": limits["memory"] + limits["disk"], "processes": limits["processes"] + 3}
    group = cgroup.make(above, **most) if above else None
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        _or_say(lambda job: _begin(job, group, ready), job)
    os.close(ready)
    alone = job["mechanism"] == "landlock"
    signal.signal(signal.SIGTERM, lambda *_: _kill(child, group=alone))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    os.write(go, b"1")
    ended = _wait(child) if alone else _wait_for_all()
    if group:
        ended["out_of_memory"] = cgroup.ran_out_of_memory(group)
        cgroup.remove(group)
    _say(job, ended)


def _begin(job: Job, group: Path | None, ready: int) -> None:
    """In the child: become the program, bubblewrap, or the first process of the new namespaces."""
    kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGKILL)
    if not os.read(ready, 1):  # the keeper died before this process could have noticed
        return
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    if group:
        cgroup.join(group)
    if job["mechanism"] == "bubblewrap":
        _become_bubblewrap(job)
    if job["mechanism"] == "namespaces":
        kernel.unshare(kernel.NEW_NAMESPACE)
        places = [*job["readable"], *job["devices"]]
        new_root.enter(places, size=job["limits"]["disk"], owner=job["user"])
        _inside(job)
    _write_files(job)
    _become_program(job)


def _enter_namespaces() -> None:
    """New namespaces: as root as we are, otherwise as a user of a new user namespace that is nobody there."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_REST | (kernel.NEW_USER if user else 0))
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
        Path("/proc/self/gid_map").write_text(f"1000 {group} 1")
    kernel.loopback_up()


def _become_bubblewrap(job: Job) -> NoReturn:
    """Execute bubblewrap, which starts this module again, inside."""
    command = [job["bubblewrap"], *job["bubblewrap_options"], "--", *job["command"], "inside"]
    told = os.memfd_create("job")
    os.write(told, json.dumps(job).encode())
    os.lseek(told, 0, os.SEEK_SET)
    os.dup2(told, 0)
    os.execv(job["bubblewrap"], command)  # noqa: S606 (no shell is what we want)


def _inside(job: Job) -> NoReturn:
    """The first process inside: starts the program, waits for it, and ends all that it left."""
    kernel.prctl(kernel.SUBREAPER, 1)
    _write_files(job)
    child = os.fork()
    if child == 0:
        _or_say(_become_program, job)
    _say(job, _wait(child, namespace=True))
    os._exit(0)


def _write_files(job: Job) -> None:
    os.chdir(job["work"])
    for name, text in job["files"].items():
        Path(name).write_text(text, "utf-8", errors="replace")
    if job["user"] is not None:
        for path in (".", *job["files"]):
            os.chown(path, job["user"], job["user"])


def _become_program(job: Job) -> NoReturn:
    """Give up every right, then execute the driver."""
    status = job["status"]
    os.set_inheritable(status, False)
    nothing = os.open("/dev/null", os.O_RDONLY)
    for target, source in enumerate((nothing, job["output"], job["output"], job["verdict"])):
        os.dup2(source, target)
    os.closerange(4, status)
    os.closerange(status + 1, 256)
    with suppress(OSError):  # the first that the kernel takes when memory runs out
        Path("/proc/self/oom_score_adj").write_text("1000")
    if job["user"] is not None:
        os.setgroups([])
        os.setresgid(*[job["user"]] * 3)
        os.setresuid(*[job["user"]] * 3)
    kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGKILL)
    os.setpgid(0, 0)
    _limit(job)
    kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    alone = job["mechanism"] == "landlock"
    readable = [*job["readable"], *job["devices"]] if alone else ["/"]
    landlock.restrict(readable, [job["work"], *job["devices"]], network=not alone)
    seccomp.restrict(families=() if alone else seccomp.OWN_NETWORK, group=not alone)
    os.execve(job["program"][0], job["program"], job["environment"])  # noqa: S606


def _limit(job: Job) -> None:
    limits = job["limits"]
    processes = limits["processes"] + (0 if job["user"] is not None else _threads_of_user())
    seconds = max(1, round(limits["seconds"] + 0.5))
    for what, most, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_AS, limits["memory"], limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["disk"], limits["disk"]),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_NOFILE, limits["files"], limits["files"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        known = resource.getrlimit(what)[1]
        top = hard if known == resource.RLIM_INFINITY else min(hard, known)
        resource.setrlimit(what, (min(most, top), top))


def _free_user() -> int:
    """A user id that no one has, one a keeper, so that processes are counted for this program alone."""
    first = Path("/proc/self/uid_map").read_text("utf-8").split()
    few = int(first[2]) < _FREE_USER * 2
    return _FREE_USER_OF_FEW + os.getpid() % 4000 if few else _FREE_USER + os.getpid()


def _threads_of_user() -> int:
    """How many threads the user has where we see them: the limit counts them all."""
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            count += len(os.listdir(place / "task")) if place.stat().st_uid == os.geteuid() else 0
    return count


def _wait(child: int, *, namespace: bool = False) -> Job:
    """Wait for a program, reaping what it orphans; then kill what it left. Says how it ended."""
    while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)) and ended.si_pid != child:
        os.waitpid(ended.si_pid, 0)
    _kill(child, group=True)
    if namespace and os.getpid() <= 2:  # only there does -1 mean: what the program left
        _kill(-1)
    _, status, used = os.wait4(child, 0)
    left = 0
    while True:
        try:
            _, other = os.waitpid(-1, 0)
        except ChildProcessError:
            break
        left += os.WIFSIGNALED(other) and os.WTERMSIG(other) == signal.SIGKILL
    return {"status": status, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss << 10, "left": left}


def _wait_for_all() -> Job:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return {}


def _kill(process: int, *, group: bool = False) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(process, signal.SIGKILL)


def _or_say(do: Callable[[Job], None], job: Job) -> NoReturn:
    """Do it and end this process; say so where it cannot be done."""
    try:
        do(job)
    except Exception as error:
        _say(job, {"setup": str(error) or type(error).__name__})
    os._exit(0)


def _say(job: Job, told: Job) -> None:
    os.write(job["status"], json.dumps(told).encode() + b"\n")
