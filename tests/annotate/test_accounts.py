"""Passwords, sessions, one-time links and the wait after wrong tries, with a clock that the test moves."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread

import pytest

from macaronic.annotate.web.accounts import SESSION_SECONDS, Accounts, Refused, TooMany
from macaronic.core.errors import UsageError

HERE = "127.0.0.1"
SECRET = "long enough"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """Asha has a password."""
    with Accounts(tmp_path / "chat.annotate", clock) as held:
        held.set_password("asha", SECRET)
        yield held


def wrong(accounts: Accounts, name: str = "asha", address: str = HERE, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            accounts.login(name, "not this one", address)


def test_the_file_is_only_the_owners_and_holds_no_secret_as_it_is(accounts: Accounts) -> None:
    session = accounts.login("asha", SECRET, HERE)
    link = accounts.link("join", "annotator", "ravi")
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600
    held = b"".join(path.read_bytes() for path in accounts.path.parent.iterdir())
    assert not [secret for secret in (SECRET, session, link) if secret.encode() in held]


def test_every_account_has_a_salt_of_its_own(accounts: Accounts) -> None:
    accounts.set_password("ravi", SECRET)
    hashes = {bytes(row[0]) for row in accounts._db.execute("SELECT hash FROM accounts")}
    assert len(hashes) == 2


@pytest.mark.parametrize("name", ["asha", "nobody", "' OR 1=1 --", "\ud800"])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(accounts: Accounts, name: str) -> None:
    with pytest.raises(Refused, match=r"^wrong name or password\.$"):
        accounts.login(name, "not this one", HERE)


def test_as_much_is_reckoned_for_a_name_that_is_not_there(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    costs: list[int] = []
    real = hashlib.scrypt

    def counted(password: bytes, *, salt: bytes, n: int, r: int, p: int) -> bytes:
        costs.append(n * r * p)
        return real(password, salt=salt, n=n, r=r, p=p)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    wrong(accounts, "asha")
    wrong(accounts, "nobody")
    assert len(costs) == 2
    assert costs[0] == costs[1] > 0


def test_guessing_waits_longer_and_longer_and_the_wait_survives_a_restart(accounts: Accounts, clock: Clock) -> None:
    wrong(accounts, times=5)
    with pytest.raises(TooMany) as first:
        accounts.login("asha", SECRET, "10.0.0.9")
    clock.time += first.value.seconds
    wrong(accounts)
    with (
        Accounts(accounts.path.with_suffix(".annotate"), clock) as restarted,
        pytest.raises(TooMany) as second,
    ):
        restarted.login("asha", SECRET, HERE)
    assert second.value.seconds > first.value.seconds
    clock.time += second.value.seconds
    assert accounts.login("asha", SECRET, HERE)


def test_many_names_from_one_address_are_stopped_too(accounts: Accounts) -> None:
    for n in range(20):
        wrong(accounts, f"name{n}", "10.0.0.9")
    with pytest.raises(TooMany):
        accounts.login("asha", SECRET, "10.0.0.9")
    assert accounts.login("asha", SECRET, HERE)


def test_tries_at_the_same_moment_are_counted_before_they_are_looked_at(accounts: Accounts, clock: Clock) -> None:
    looked: list[str] = []

    def guess() -> None:
        with Accounts(accounts.path.with_suffix(".annotate"), clock) as own:
            try:
                own.login("asha", "not this one", HERE)
            except TooMany:
                return
            except Refused:
                looked.append("looked at")

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 5


def test_a_right_password_forgets_the_wrong_ones(accounts: Accounts) -> None:
    for _ in range(3):
        wrong(accounts, times=4)
        accounts.login("asha", SECRET, HERE)
    assert accounts._db.execute("SELECT count(*) FROM tries").fetchone() == (0,)


def test_sessions_end_by_themselves_and_go_on_while_they_are_used(accounts: Accounts, clock: Clock) -> None:
    token = accounts.login("asha", SECRET, HERE)
    for _ in range(3):
        clock.time += SESSION_SECONDS - 1
        assert accounts.session(token).name == "asha"
    clock.time += SESSION_SECONDS + 1
    with pytest.raises(Refused):
        accounts.session(token)


def test_sessions_end_at_logout_at_a_new_password_and_when_somebody_is_let_in_no_more(accounts: Accounts) -> None:
    tokens = [accounts.login("asha", SECRET, HERE) for _ in range(3)]
    accounts.end(tokens[0])
    accounts.set_password("asha", "another one", but=tokens[1])
    assert accounts.session(tokens[1]).name == "asha"
    for token in (tokens[0], tokens[2], "", "' OR 1=1 --"):
        with pytest.raises(Refused):
            accounts.session(token)
    link = accounts.link("enter", "admin", "asha")
    accounts.allow("asha", False)
    with pytest.raises(Refused):
        accounts.session(tokens[1])
    with pytest.raises(Refused):
        accounts.use(link, "enter")
    wrong(accounts)
    accounts.allow("asha", True)
    assert accounts.login("asha", "another one", HERE)


def test_every_login_has_a_new_session(accounts: Accounts) -> None:
    tokens = {accounts.login("asha", SECRET, HERE) for _ in range(3)}
    assert len(tokens) == 3
    assert len({accounts.session(token).csrf for token in tokens}) == 3


def test_a_link_works_once_for_what_it_was_made_and_for_a_week(accounts: Accounts, clock: Clock) -> None:
    token = accounts.link("join", "viewer", "ravi")
    with pytest.raises(Refused):
        accounts.use(token, "enter")
    with pytest.raises(UsageError, match="at least 8"):
        accounts.join(token, None, "short")
    assert accounts.join(token, "mina", SECRET) == ("ravi", "viewer")
    with pytest.raises(Refused, match="used already"):
        accounts.join(token, None, SECRET)
    late, taken = accounts.link("join", "annotator"), accounts.link("join", "annotator")
    assert accounts.revoke(next(link.id for link in accounts.links()))
    clock.time += 8 * 86_400
    for gone in (late, taken):
        with pytest.raises(Refused, match="expired"):
            accounts.join(gone, "mina", SECRET)
    assert accounts.links() == []


def test_an_open_invitation_does_not_take_over_an_account(accounts: Accounts) -> None:
    token = accounts.link("join", "admin")
    with pytest.raises(UsageError, match="taken"):
        accounts.join(token, "asha", "mine from now on")
    assert accounts.login("asha", SECRET, HERE)


def test_two_invitations_at_the_same_moment_make_one_account_of_a_name(
    accounts: Accounts, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from macaronic.annotate.web import accounts as module

    both = Barrier(2, timeout=0.3)
    hashed = module._hashed

    def together(password: str, salt: bytes, cost: int) -> bytes:
        with suppress(BrokenBarrierError):  # the other one is not let in at the same time
            both.wait()
        return hashed(password, salt, cost)

    monkeypatch.setattr(module, "_hashed", together)
    tokens = {accounts.link("join", "annotator"): f"password {n}" for n in range(2)}
    joined: list[str] = []

    def join(token: str, password: str) -> None:
        with Accounts(accounts.path.with_suffix(".annotate"), clock) as own:
            try:
                own.join(token, "ravi", password)
            except UsageError:
                return
            joined.append(password)

    threads = [Thread(target=join, args=pair) for pair in tokens.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(joined) == 1
    assert len(accounts.links()) == 1
    assert accounts.login("ravi", joined[0], HERE)


def test_another_process_comes_and_goes_while_two_threads_hold_the_file(accounts: Accounts) -> None:
    elsewhere = "import sys; from pathlib import Path; from macaronic.annotate.web.accounts import Accounts; "
    elsewhere += "held = Accounts(Path(sys.argv[1])); print(*held.names()); held.close()"
    look = [sys.executable, "-c", elsewhere, str(accounts.path)]
    with Accounts(accounts.path):  # as a second thread of the server has it
        subprocess.run(look, check=True, capture_output=True)
        accounts.set_password("ravi", SECRET)
        seen = subprocess.run(look, check=True, capture_output=True, text=True).stdout
    assert seen.split() == ["asha", "ravi"]
