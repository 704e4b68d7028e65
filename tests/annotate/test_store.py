"""The project file: what is acknowledged is kept, whoever writes, is killed, reads or copies meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from macaronic.annotate import database
from macaronic.annotate.backup import backup
from macaronic.annotate.create import create
from macaronic.annotate.events import Event
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.work import work_of
from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.utterance import Utterance

WRITER = """
import sys
from macaronic.annotate.events import Event
from macaronic.annotate.store import Store
who, count = sys.argv[2], int(sys.argv[3])
with Store(sys.argv[1], write=True) as store:
    for n in range(count):
        event = Event(who, 1 + n % 4, "sentence", f"{who}-{n}", "comment", new=f"{who} says {n}")
        number = store.append([event])[0]
        print(f"{who}-{n}", number, flush=True)
"""


def label(who: str = "asha", item: int = 3, client: str = "c1", new: str | None = "hi-Latn", **other: object) -> Event:
    return Event(who, item, "label", client, "lang", 0, 3, "en", new)._replace(**other)


def writer(project: Path, who: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(project), who, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_an_event_sent_again_counts_once(store: Store) -> None:
    first = store.append([label()])
    assert store.append([label()]) == first
    assert store.append([label(latency=99)]) == first
    assert len(list(store.events())) == 1


def test_a_name_used_for_another_event_is_refused_and_nothing_of_the_batch_is_kept(store: Store) -> None:
    store.append([label()])
    with pytest.raises(FormatError, match="'c1' for another event"):
        store.append([label(client="c2"), label(new="en")])
    assert [event.client for event in store.events()] == ["c1"]
    assert store.append([label(who="ravi")]) != []


@pytest.mark.parametrize(
    ("event", "error", "says"),
    [
        (label(new="klingon"), UnknownName, "klingon"),
        (label(layer="langs"), UnknownName, "Did you mean 'lang'"),
        (label(who="ashaa"), UnknownName, "Did you mean 'asha'"),
        (label(action="lable"), UnknownName, "Did you mean 'label'"),
        (label(source="mouse"), UnknownName, "source"),
        (label(item=99), FormatError, "no item 99"),
        (label(end=900), FormatError, "outside its text"),
        (label(start=3, end=3), FormatError, "start < end"),
        (label(item=4, start=0, end=1), FormatError, "inside a letter or an emoji"),
        (label(latency=-1), FormatError, "milliseconds"),
        (label(client=""), FormatError, "client name"),
        (label(action="split", new="x"), FormatError, "where it cuts"),
        (label(action="undo", new=None), FormatError, "step"),
        (label(layer="matrix"), FormatError, "labels a sentence"),
        (Event("asha", 1, "sentence", "c", "comment", new="x" * 10_001), FormatError, "at most"),
        (Event("asha", 1, "sentence", "c", "comment", new="a\0b"), FormatError, "NUL"),
    ],
)
def test_wrong_events_are_refused(store: Store, event: Event, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        store.append([event])
    assert not list(store.events())


def test_the_log_can_only_grow(store: Store, project: Path) -> None:
    store.append([label()])
    raw = sqlite3.connect(project)
    for statement in (
        "UPDATE events SET new = 'en'",
        "DELETE FROM events",
        "DELETE FROM items",
        "UPDATE items SET id = 'x'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            raw.execute(statement)
    raw.close()


def test_text_in_every_field_stays_text(store: Store) -> None:
    nasty = "'); DROP TABLE events; --"
    store.add_person(nasty)
    store.append([Event(nasty, 1, "sentence", nasty, "comment", old=nasty, new=nasty, step=nasty)])
    found = next(store.events(nasty))
    assert (found.who, found.client, found.new, found.step) == (nasty,) * 4


def test_a_person_sees_only_their_own(store: Store) -> None:
    store.append([label(), label(who="ravi", new="ne")])
    assert {event.who for event in store.events("asha")} == {"asha"}
    work = work_of(store, "asha")
    assert set(work.sheets) == {("asha", 3)}
    assert work.sheets["asha", 3].token_labels("lang")[0] == "hi-Latn"


def test_each_item_goes_to_as_many_people_as_asked(store: Store) -> None:
    store.add_person("mina")
    got: dict[str, list[int]] = {}
    for who in ("asha", "ravi", "mina"):
        while (item := store.take(who)) is not None:
            assert store.take(who) == item
            got.setdefault(who, []).append(item)
            store.append([Event(who, item, "accept", f"a{item}")])
    assert got == {"asha": [1, 2, 3, 4], "ravi": [1, 2, 3, 4]}
    with pytest.raises(UnknownName, match="person"):
        store.take("nobody")


def test_taking_goes_on_where_one_was(store: Store) -> None:
    first = store.take("asha")
    store.append([Event("asha", 1, "accept", "a1")])
    assert (first, store.take("asha")) == (1, 2)
    store.append([Event("asha", 1, "undo", "u1", new="a1")])
    assert store.take("asha") == 1
    store.append([Event("asha", 1, "redo", "r1", new="a1")])
    assert store.take("asha") == 2


def test_two_processes_write_at_the_same_time(project: Path) -> None:
    both = [writer(project, who, 60) for who in ("asha", "ravi")]
    said = [process.communicate(timeout=120)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    with Store(project) as store:
        kept = {event.client: event.number for event in store.events()}
    assert kept == {name: int(number) for words in said for name, number in zip(words[::2], words[1::2])}
    assert sorted(kept.values()) == list(range(1, 121))


def test_kill_9_loses_nothing_that_was_acknowledged(project: Path) -> None:
    acknowledged: dict[str, int] = {}
    for stop in (3, 11, 25):
        process = writer(project, ("asha", "ravi", "judge")[len(acknowledged) % 3], 10_000)
        for _ in range(stop):
            name, number = process.stdout.readline().split()  # type: ignore[union-attr]
            acknowledged[name] = int(number)
        process.send_signal(signal.SIGKILL)
        rest = process.communicate(timeout=60)[0].splitlines()
        acknowledged |= {line.split()[0]: int(line.split()[1]) for line in rest if line.count(" ") == 1}
    with Store(project, write=True) as store:
        kept = {event.client: event.number for event in store.events()}
        assert acknowledged.items() <= kept.items()
        assert store.append([label()]) == [max(kept.values()) + 1]


def test_a_snapshot_stands_still_while_others_write(project: Path) -> None:
    with Store(project, write=True) as store, Store(project) as reader:
        store.append([label()])
        with reader.snapshot():
            before = list(reader.events())
            store.append([label(client="c2", new="ne")])
            assert list(reader.events()) == before
        assert len(list(reader.events())) == 2


def test_a_backup_while_people_write_is_whole_and_stands_alone(project: Path, tmp_path: Path) -> None:
    with Store(project, write=True) as store:
        store.append([label(client=f"c{n}") for n in range(50)])
        done = backup(project, tmp_path / "copy.annotate")
        store.append([label(client="later")])
    assert done.events == 50
    assert not list(tmp_path.glob("copy.annotate-*"))
    with Store(tmp_path / "copy.annotate", write=True) as copy:
        assert len(list(copy.events())) == 50
        copy.append([label(client="later")])
    with pytest.raises(UsageError, match="never written over"):
        backup(project, tmp_path / "copy.annotate")


def test_a_damaged_project_is_told_and_not_copied(project: Path, tmp_path: Path) -> None:
    with Store(project, write=True) as store:
        store.append([label(client=f"c{n}", new="hi-Latn") for n in range(400)])
    data = bytearray(project.read_bytes())
    for page in range(4096 * 3, len(data) - 4096, 4096):
        data[page : page + 64] = b"\xff" * 64
    project.write_bytes(bytes(data))
    with pytest.raises(FormatError, match=r"damaged|not sound"):
        backup(project, tmp_path / "copy.annotate")
    assert not (tmp_path / "copy.annotate").exists()
    with pytest.raises(FormatError, match="damaged"), Store(project) as store:
        list(store.events())


def test_a_copy_that_is_not_sound_gets_no_name(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "sound", lambda connection: "row 3 missing from index opened")
    with pytest.raises(FormatError, match=r"not sound .row 3 missing"):
        backup(project, tmp_path / "copy.annotate")
    assert {path.name for path in tmp_path.iterdir()} <= {"chat.annotate", "chat.annotate-shm", "chat.annotate-wal"}


@pytest.mark.parametrize("content", [b"", b"so chill\n", b"SQLite format 3\0" + b"\0" * 200])
def test_what_is_no_project_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.annotate"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="not an annotation project"):
        Store(path)


def test_a_project_of_a_newer_version_is_told(project: Path) -> None:
    raw = sqlite3.connect(project)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(FormatError, match="newer macaronic"):
        Store(project)


def test_a_locked_project_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(project, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store(project, write=True) as store:
        with pytest.raises(InputError, match="is locked"):
            store.append([label()])
        other.execute("ROLLBACK")
        assert store.append([label()]) == [1]
    other.close()


@pytest.fixture
def read_only(project: Path) -> Iterator[Path]:
    """The project where it may be read and not written; root, who may write anywhere, becomes nobody meanwhile."""
    folder = Path(tempfile.mkdtemp())
    path = Path(shutil.copy2(project, folder))
    path.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield path
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_project_on_a_read_only_disk_can_be_read_and_says_so(read_only: Path) -> None:
    with Store(read_only) as store:
        assert store.count()["work"] == 4
        assert len(work_of(store).items) == 4
    with pytest.raises(InputError, match="read-only"), Store(read_only, write=True) as store:
        store.append([label()])
    with pytest.raises(InputError, match="cannot write"):
        backup(read_only, read_only.parent / "copy.annotate")


def test_the_project_a_folder_means(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no annotation project"):
        database.located(tmp_path)
    (tmp_path / "a.annotate").touch()
    assert database.located(tmp_path).name == "a.annotate"
    (tmp_path / "b.annotate").touch()
    with pytest.raises(UsageError, match=r"2 annotation projects: a.annotate, b.annotate"):
        database.located(tmp_path)
    with pytest.raises(InputError, match="no annotation project at"):
        Store(tmp_path / "c.annotate")


def test_a_project_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken():
        yield Item(1, Utterance.from_words(["so"], id="a"))
        raise RuntimeError("killed")

    settings = Settings("x", layers_of("languages", ["en"]))
    with pytest.raises(RuntimeError):
        create(tmp_path / "x.annotate", settings, broken())
    assert not list(tmp_path.iterdir())
    create(tmp_path / "x.annotate", settings, [Item(1, Utterance.from_words(["so"], id="a"))])
    with pytest.raises(UsageError, match="never written over"):
        create(tmp_path / "x.annotate", settings, [])
    assert [path.name for path in tmp_path.iterdir()] == ["x.annotate"]


def test_a_log_that_another_project_left_is_not_read_into_a_new_one(project: Path) -> None:
    with Store(project, write=True) as store:
        store.append([label()])
        log = Path(f"{project}-wal").read_bytes()
    assert log
    project.unlink()
    Path(f"{project}-wal").write_bytes(log)
    with pytest.raises(UsageError, match="left of another project"):
        create(project, Settings("x", layers_of("languages", ["en"])), [Item(1, Utterance.from_words(["so"], id="a"))])
    assert not project.exists()


@pytest.mark.parametrize("name", ["", " asha", "a~b", "a\nb", "x" * 101])
def test_names_that_would_break_a_table_are_refused(store: Store, name: str) -> None:
    with pytest.raises(UsageError):
        store.add_person(name)
