"""The Ray engine: the order and bytes of a serial run on two machines, also when one of them is lost."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from macaronic.core.errors import InputError, MacaronicError, MissingData, UsageError
from macaronic.core.executor import Serial, executor
from macaronic.core.ray_engine import Ray

ray = pytest.importorskip("ray", reason="the Ray engine needs ray")


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(MissingData, match=r"RAY_ADDRESS=127\.0\.0\.1:1"):
        list(Ray().map(abs, [1]))


def recipe(folder: Path, engine: str) -> Path:
    for n in range(4):
        lines = [f"line {i} of part {n} says {'word ' * (i % 7)}" for i in range(50)]
        (folder / f"part{n}.txt").write_text("\n".join(lines) + "\n")
    path = folder / f"{engine}.toml"
    path.write_text(
        f'[run]\nout = "out-{engine}"\nseed = 3\nengine = "{engine}"\n'
        '[[source]]\nname = "parts"\npath = "part*.txt"\nlanguage = "en"\n'
        '[mix]\nbudget = 500\nby = ["source"]\n[output]\nformat = "jsonl"\n'
    )
    return path


def test_two_machines_give_what_one_process_gives(cluster: Any, tmp_path: Path) -> None:
    def work(x: int) -> dict[str, Any]:
        return {"x": x, "square": x * x, "word": "ň" * x}

    def fail(x: int) -> int:
        raise InputError(f"bad shard {x}")

    shards = list(range(20))
    assert list(Ray().map(work, shards)) == list(Serial().map(work, shards))
    assert list(Ray(workers=1).map(work, [])) == []
    with pytest.raises(InputError, match=r"^bad shard 0$"):
        list(Ray().map(fail, [0]))

    def count(x: int) -> int:
        with open(tmp_path / "runs", "a") as file:
            file.write(f"{x}\n")
        return x + 1

    kept = executor("ray", kept=tmp_path / "kept")
    assert list(kept.map(count, [0, 1], key=str)) == [1, 2]
    assert list(kept.map(count, [0, 1, 2, 3], key=str)) == [1, 2, 3, 4]
    assert sorted((tmp_path / "runs").read_text().split()) == ["0", "1", "2", "3"]

    from macaronic.build import recipe as recipes
    from macaronic.build.run import build

    for engine in ("serial", "ray"):
        build(recipes.load(recipe(tmp_path, engine)), tmp_path)
    one, two = (
        {p.relative_to(tmp_path / f"out-{e}"): p.read_bytes() for p in (tmp_path / f"out-{e}" / "data").iterdir()}
        for e in ("serial", "ray")
    )
    assert one
    assert one == two
    assert (tmp_path / "out-serial" / "mixture.json").read_bytes() == (
        tmp_path / "out-ray" / "mixture.json"
    ).read_bytes()


def test_a_function_that_kills_its_worker_is_an_error(cluster: Any) -> None:
    def die(x: int) -> int:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)
        return x

    with pytest.raises(MacaronicError, match="lost 3 times"):
        list(Ray().map(die, [1]))


def test_memory_is_set_aside_and_bounded(cluster: Any) -> None:
    def data(x: int) -> bool:
        import resource

        return resource.getrlimit(resource.RLIMIT_DATA)[0] == 1 << 30

    def greedy(x: int) -> int:
        return len(bytearray(3 << 30)) + x

    assert list(Ray(memory=1 << 30).map(data, [1, 2])) == [True, True]
    with pytest.raises(MacaronicError, match=r"ran out of memory 3 times; it may hold 1G"):
        list(Ray(memory=1 << 30).map(greedy, [1]))
    with pytest.raises(UsageError, match="1024G of memory a worker was asked for; the largest machine"):
        list(Ray(memory=1 << 40).map(greedy, [1]))


def test_gpus_are_those_of_the_cluster(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)  # the tests' own setting would hide the planted ones
    with pytest.raises(MissingData, match="no machine of the cluster has a GPU"):
        list(Ray(gpu=True).map(abs, [1]))
    other = cluster.add_node(num_cpus=1, num_gpus=2, object_store_memory=80 << 20)
    cluster.wait_for_nodes(timeout=120)
    try:

        def seen(x: int) -> str:
            import os

            return os.environ["CUDA_VISIBLE_DEVICES"]

        found = list(Ray(gpu=True).map(seen, list(range(4))))
    finally:
        cluster.remove_node(other)
    assert set(found) <= {"0", "1"}


def test_the_shards_of_a_lost_machine_are_run_again(cluster: Any, tmp_path: Path) -> None:
    lost = next(node for node in cluster.list_all_nodes() if not node.head)
    lost_id, log = lost.node_id, tmp_path / "log"
    log.write_text("")

    def work(x: int) -> int:
        import ray

        here = ray.get_runtime_context().get_node_id()
        with open(log, "a") as file:
            file.write(f"{x} {here}\n")
        time.sleep(60 if here == lost_id else 0.1)
        return x * x

    def pull_the_plug() -> None:
        limit = time.monotonic() + 60
        while lost_id not in log.read_text() and time.monotonic() < limit:
            time.sleep(0.01)
        cluster.remove_node(lost, allow_graceful=False)

    plug = threading.Thread(target=pull_the_plug)
    plug.start()
    found = list(Ray().map(work, list(range(8))))
    plug.join()
    assert found == [x * x for x in range(8)]
    runs = [line.split() for line in log.read_text().splitlines()]
    died = {x for x, node in runs if node == lost_id}
    assert died
    assert all(any(x == again and node != lost_id for again, node in runs) for x in died)
