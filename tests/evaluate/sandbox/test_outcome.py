"""How an end is called, and that no other word than the driver's counts."""

import errno
import json
import signal

import pytest

from macaronic.evaluate.sandbox.driver import judge, told
from macaronic.evaluate.sandbox.outcome import Kind, kind_of, outcome

ERRORS: dict[Kind, list[BaseException]] = {
    "refused": [PermissionError(errno.EPERM, "x"), OSError(errno.EROFS, "x"), OSError(errno.ENETUNREACH, "x")],
    "memory": [MemoryError(), OSError(errno.ENOMEM, "x")],
    "processes": [BlockingIOError(errno.EAGAIN, "x"), RuntimeError("can't start new thread")],
    "files": [OSError(errno.EFBIG, "x"), OSError(errno.ENOSPC, "x"), OSError(errno.EMFILE, "x")],
    "failed": [
        AssertionError("x"), ValueError(), KeyError("x"), FileNotFoundError(errno.ENOENT, "x", "mine.txt"),
        ConnectionRefusedError(errno.ECONNREFUSED, "x"), FileNotFoundError("by hand"), SystemExit(0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ERRORS)
def test_kinds_of_errors(kind: Kind) -> None:
    assert [kind_of(told(error)) for error in ERRORS[kind]] == [kind] * len(ERRORS[kind])


def test_the_system_error_below_counts() -> None:
    found = judge("try:\n    raise PermissionError(1, 'x')\nexcept OSError as e:\n    raise ValueError('y') from e", "")
    assert kind_of(found["error"]) == "refused"
    assert found["error"]["type"] == "ValueError"


@pytest.mark.parametrize("verdict", [b"", b"{", b"[]", b'{"ran": 1, "failed": 0}', b'{"token": "t", "failed": 0}'])
def test_only_the_word_of_the_driver_counts(verdict: bytes) -> None:
    assert outcome({"status": 0}, verdict, b"", token="t", stopped=None, mechanism="").kind == "crashed"
    whole = json.dumps({"token": "t", "ran": 2, "failed": 0}).encode()
    assert outcome({"status": 0}, whole, b"", token="t", stopped=None, mechanism="").kind == "passed"


FORGED = [
    b"[" * 60_000,
    b'{"token": "t", "ran": 1, "failed": 1, "error": [1]}',
    b'{"token": "t", "ran": 1, "failed": 1, "error": {"type": [], "errno": "x", "path": {}, "text": "\\ud800"}}',
    b'{"token": "t", "ran": 1, "failed": 1, "error": {"type": "A", "errno": 2, "path": "/\\u0000\\ud800"}}',
    b'{"token": "t", "ran": ' + b"9" * 5000 + b', "failed": 1, "error": null}',
]


@pytest.mark.parametrize("verdict", FORGED)
def test_a_forged_word_breaks_nothing(verdict: bytes) -> None:
    found = outcome({"status": 0}, verdict, b"\xff", token="t", stopped=None, mechanism="")
    assert found.kind in ("crashed", "failed")
    assert json.dumps(found.asdict(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("ended", "kind"),
    [
        ({"status": signal.SIGSEGV}, "crashed"),
        ({"status": signal.SIGXCPU}, "timeout"),
        ({"status": signal.SIGKILL}, "memory"),
        ({"status": signal.SIGKILL, "cpu_spent": True}, "timeout"),
        ({"status": signal.SIGKILL, "out_of_memory": True}, "memory"),
        ({"status": 3 << 8}, "crashed"),
        ({"status": 40}, "crashed"),
    ],
)
def test_silent_ends(ended: dict[str, object], kind: Kind) -> None:
    assert outcome(ended, b"", b"", token="t", stopped=None, mechanism="").kind == kind


CASES = """
import unittest
class TestCases(unittest.TestCase):
    def test_good(self): pass
    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertEqual(n, 1)
    @unittest.expectedFailure
    def test_surprise(self): pass
"""


def test_cases_subtests_and_surprises() -> None:
    found = judge("x = 1", CASES)
    assert (found["ran"], found["failed"]) == (3, 3)
    assert found["error"]["type"] == "AssertionError"


SET_UP = """
import unittest
class TestCases(unittest.TestCase):
    @classmethod
    def setUpClass(cls): 1 / 0
    def test(self): pass
"""


def test_set_up_of_a_class_counts() -> None:
    assert judge("", SET_UP)["failed"] == 1
