"""Control groups, on a file system that looks like theirs; where the machine has one, the sandbox says so."""

from pathlib import Path

import pytest

from macaronic.evaluate.sandbox import cgroup
from macaronic.evaluate.sandbox.mechanism import told


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder, control in (("", "cpu memory pids"), ("user", "memory pids"), ("user/session", "")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "cgroup.subtree_control").write_text(control)
        (tmp_path / folder / "cgroup.procs").write_text("")
    return tmp_path


def test_the_nearest_group_that_shares_out_both(tree: Path) -> None:
    assert cgroup.parent(tree, "0::/user/session\n") == tree / "user"
    assert cgroup.parent(tree, "0::/\n") == tree
    (tree / "user/cgroup.subtree_control").write_text("pids")
    assert cgroup.parent(tree, "4:memory:/x\n0::/user/session\n") == tree


def test_none_where_there_is_none(tree: Path) -> None:
    assert cgroup.parent(tree / "user", "0::/user/session\n") is None
    assert cgroup.parent(tree, "4:memory:/x\n") is None
    for control in tree.rglob("cgroup.subtree_control"):
        control.write_text("hugetlb")
    assert cgroup.parent(tree, "0::/user/session\n") is None


def test_limits_are_written_and_read_back(tree: Path) -> None:
    group = cgroup.make(tree, memory=110, processes=8)
    assert group is not None
    assert (group / "memory.max").read_text() == "110"
    assert (group / "pids.max").read_text() == "8"
    cgroup.join(group)
    assert (group / "cgroup.procs").read_text() == "0"
    assert not cgroup.ran_out_of_memory(group)
    (group / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert cgroup.ran_out_of_memory(group)
    assert cgroup.make(tree, memory=1, processes=1) is None


def test_an_empty_group_goes_away(tree: Path) -> None:
    (tree / "macaronic-x").mkdir()
    cgroup.remove(tree / "macaronic-x")
    cgroup.remove(tree / "macaronic-x")
    assert not (tree / "macaronic-x").exists()


def test_the_signature_says_so() -> None:
    assert ("cgroup" in told("namespaces")) == (cgroup.parent() is not None)
