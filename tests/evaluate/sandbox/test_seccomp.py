"""The filter, followed step by step: what it refuses and what it lets through, on both kinds of processors."""

import errno
import re
import socket
import struct
from pathlib import Path

import pytest

from macaronic.evaluate.sandbox import seccomp

MACHINES = ("x86_64", "aarch64")
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
ALLOWED, REFUSED, ABSENT, KILLED = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000
READ, FORK = {"x86_64": 0, "aarch64": 63}, 17


def verdict(
    machine: str, call: int, argument: int = 0, *, own_network: bool = True, architecture: int | None = None
) -> int:
    """What the filter says of a system call, as the kernel would work it out."""
    families = seccomp.OWN_NETWORK if own_network else ()
    steps = [struct.unpack("=HBBI", step) for step in seccomp._filter(families, own_network)]
    seen = {0: call, 4: architecture or seccomp._ARCHITECTURES[machine], 16: argument}
    at = held = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = seen[value]
            continue
        true = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
        at += yes if true else no


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(seccomp, "MACHINE", request.param)
    return request.param


def test_every_listed_call_is_refused(machine: str) -> None:
    column = MACHINES.index(machine)
    for name, numbers in seccomp._REFUSED.items():
        assert verdict(machine, numbers[column]) == REFUSED, name
    assert verdict(machine, 435) == ABSENT
    assert verdict(machine, READ[machine]) == ALLOWED


def test_another_architecture_dies(machine: str) -> None:
    assert verdict(machine, 1, architecture=0x40000003) == KILLED
    assert verdict(machine, 0x40000000 + 1) == KILLED


def test_namespaces_by_clone(machine: str) -> None:
    clone = seccomp._CLONE[machine]
    assert verdict(machine, clone, FORK) == ALLOWED
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(machine, clone, FORK | flag) == REFUSED


def test_sockets(machine: str) -> None:
    call = seccomp._SOCKET[machine]
    own = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
    for family in (*own, socket.AF_NETLINK, socket.AF_PACKET, 38, 40):
        assert verdict(machine, call, family) == (ALLOWED if family in own else REFUSED)
        assert verdict(machine, call, family, own_network=False) == REFUSED


def test_leaving_the_group(machine: str) -> None:
    for numbers in seccomp._LEAVING_THE_GROUP.values():
        number = numbers[MACHINES.index(machine)]
        assert verdict(machine, number) == ALLOWED
        assert verdict(machine, number, own_network=False) == REFUSED


@pytest.mark.parametrize("machine_", MACHINES)
def test_numbers_are_those_of_the_kernel(machine_: str) -> None:
    header = HEADERS[machine_]
    if not header.is_file():
        pytest.skip(f"no kernel headers here ({header})")
    known = dict(re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text(), re.M))
    column = MACHINES.index(machine_)
    named = {**seccomp._REFUSED, **seccomp._LEAVING_THE_GROUP}
    wrong = {
        name: (known[name], n[column]) for name, n in named.items() if known.get(name) not in (None, str(n[column]))
    }
    assert not wrong
    assert len([name for name in named if name in known]) > 40
    assert known["clone"] == str(seccomp._CLONE[machine_])
    assert known["socket"] == str(seccomp._SOCKET[machine_])
