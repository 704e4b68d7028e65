"""A seccomp filter: system calls that no program under test needs and that reach the kernel deepest."""

from __future__ import annotations

import ctypes
import errno
import socket
import struct

from macaronic.evaluate.sandbox.kernel import MACHINE, SECCOMP, prctl

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE, _SOCKET, _NEW_NAMESPACES = {"x86_64": 56, "aarch64": 220}, {"x86_64": 41, "aarch64": 198}, 0x7E020000
OWN_NETWORK = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
_CLONE3 = 435
# Each with its number on x86_64 and on aarch64; from 424 on they are the same everywhere.
_REFUSED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "userfaultfd": (323, 282), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "personality": (135, 92), "vhangup": (153, 58),
    # memory that no limit of a process counts
    "memfd_create": (319, 279), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "pidfd_getfd": (438, 438), "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
}  # fmt: skip
_LEAVING_THE_GROUP = {"setsid": (112, 157), "setpgid": (109, 154)}


def restrict(*, families: tuple[int, ...], group: bool) -> None:
    """Refuse those calls to this process and all its children, as not permitted; cannot be undone.

    Args:
        families: kinds of sockets that may be made.
        group: whether processes may leave their group.

    Raises:
        OSError: the kernel does not take the filter.
        KeyError: a kind of processor whose numbers are not known.
    """
    code = b"".join(_filter(families, group))
    held = ctypes.create_string_buffer(code)
    prctl(SECCOMP, 2, struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held)))


def _filter(families: tuple[int, ...], group: bool) -> list[bytes]:
    """The instructions: another architecture dies, the listed calls fail, the rest goes on."""
    column = list(_ARCHITECTURES).index(MACHINE)
    calls = [numbers[column] for numbers in (*_REFUSED.values(), *([] if group else _LEAVING_THE_GROUP.values()))]
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    return [
        _step(_LOAD, _ARCHITECTURE), _step(_EQUAL, _ARCHITECTURES[MACHINE], 1, 0), _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER), _step(_AT_LEAST, 0x40000000, 0, 1), _step(_RETURN, _KILL),
        *(step for call in calls for step in (_step(_EQUAL, call, 0, 1), refuse)),
        _step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS),  # the C library then takes clone
        _step(_EQUAL, _CLONE[MACHINE], 0, 3), _step(_LOAD, _ARGUMENT), _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1), refuse,
        _step(_LOAD, _NUMBER), _step(_EQUAL, _SOCKET[MACHINE], 1, 0), _step(_RETURN, _ALLOW), _step(_LOAD, _ARGUMENT),
        *(step for family in families for step in (_step(_EQUAL, family, 0, 1), _step(_RETURN, _ALLOW))),
        refuse,
    ]  # fmt: skip


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
