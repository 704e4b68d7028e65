"""Two machines, one of which is lost: `python benchmarks/ray_cluster.py [--out FILE]`.

A Ray cluster of two nodes with one processor each, both on this machine. It runs 16 n-gram proxies, a build of eight
files, and their identification; each time one node is killed as soon as the first result is there, and a new one joins
afterwards. The table of the proxies, every file of the build and the identified rows must be the bytes of a serial run.
Also: seconds until the cluster is up, seconds of each run, and the memory of driver, nodes and workers (proportional
set size, which counts shared pages once).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import numpy as np

from macaronic import __version__, bundled
from macaronic.build import recipe as recipes
from macaronic.build.run import build
from macaronic.cli import lines
from macaronic.core.executor import executor
from macaronic.core.files import fingerprint
from macaronic.core.protocols import Executor
from macaronic.core.ray_engine import connect
from macaronic.identify.rows import Labelling
from macaronic.mix.proxy import NgramProxy
from macaronic.mix.sweep import Job, sweep, table
from macaronic.mix.texts import prepare, save
from macaronic.text import formats
from macaronic.text.formats import parts

TAGS = ("en", "hi", "es", "tr")
NODE = {"num_cpus": 1, "object_store_memory": 80 << 20}
FILES = 8
RECIPE = """
[run]
out = "out"
engine = "{engine}"
[[source]]
name = "everyday"
path = "part*.txt"
[mix]
by = ["language"]
method = "temperature"
temperature = 2.0
"""


def proxies(folder: Path, engine: Executor, done: Callable[[int], None]) -> bytes:
    """The table of 16 proxies, as bytes."""
    rows = [(tag, str(i), row[tag]) for i, row in enumerate(bundled.parallel()) for tag in TAGS]
    save(prepare(rows), folder / "texts")
    proxy = NgramProxy(str(folder / "texts"), fingerprint(folder / "texts"), 20_000)
    drawn = np.random.default_rng(1).dirichlet(np.ones(len(TAGS)), 16)
    jobs = [Job(tuple(zip(TAGS, weights.tolist())), seed) for seed, weights in enumerate(drawn)]
    name = type(engine).__name__
    runs = table(sweep(proxy, jobs, kept=folder / f"kept-{name}", engine=engine, say=lambda n, _: done(n)))
    return runs.mixtures.tobytes() + runs.losses.tobytes()


def built(folder: Path, engine: str, done: Callable[[int], None]) -> dict[str, bytes]:
    """Every file of a build, by name."""
    for n in range(FILES):
        texts = [f"{row[tag]} {n}-{i}" for i in range(20) for row in bundled.parallel() for tag in TAGS]
        (folder / f"part{n}.txt").write_text("\n".join(texts) + "\n", "utf-8")
    place = folder / "made.toml"
    place.write_text(RECIPE.format(engine=engine))

    def say(stage: str, n: int, _: int) -> None:
        if stage == "reading and identifying":
            done(n)

    build(recipes.load(place), folder, command="macaronic build", say=say)
    out = folder / "out"
    found = [p for p in out.rglob("*") if p.is_file() and ".work" not in p.parts]
    made = {str(p.relative_to(out)): p.read_bytes() for p in found}
    out.rename(folder / f"out-{engine}")
    return made


def identified(folder: Path, engine: Executor, done: Callable[[int], None]) -> bytes:
    """The files of the build with the language of each word, as JSON lines."""
    reading = formats.read([folder / f"part{n}.txt" for n in range(FILES)], shard_bytes=1 << 15)
    work = folder / f"parts-{type(engine).__name__}"
    todo = parts.parts(reading, partial(lines.objects, label=Labelling()), work)
    made = b""
    for n, (part, _) in enumerate(parts.finished(todo, reading, engine), 1):
        done(n)
        made += part.to.read_bytes()
    return made


def memory(roots: list[int], nodes: list[int]) -> dict[str, float]:
    """Megabytes of the driver, of the processes of the nodes, and of the workers that they started."""
    started = below(roots)
    workers = {pid for pid in started if b"ray::" in command(pid)}
    return {
        "driver": pss({os.getpid()}),
        "nodes": pss((started | set(nodes)) - workers - {os.getpid()}),
        "workers": pss(workers),
    }


def command(pid: int) -> bytes:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def below(roots: list[int]) -> set[int]:
    """These processes and all that they started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    held = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in held} - held:
        held |= more
    return held


def pss(pids: set[int]) -> float:
    """Megabytes of some processes."""
    total = 0
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in told if line.startswith("Pss:"))
    return total / 1024


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and its seconds."""
    start = time.perf_counter()
    return work(), round(time.perf_counter() - start, 2)


def run() -> dict[str, Any]:
    """Everything; a JSON-able dict."""
    import ray
    from ray.cluster_utils import Cluster

    def nothing(_: int) -> None: ...

    def start() -> tuple[Any, list[Any]]:
        made = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        second = [made.add_node(**NODE)]
        os.environ["RAY_ADDRESS"] = made.address
        connect()
        made.wait_for_nodes()
        return made, second

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table_serial, proxies_s = timed(lambda: proxies(folder, executor("serial"), nothing))
        files_serial, build_s = timed(lambda: built(folder, "serial", nothing))
        rows_serial, identify_s = timed(lambda: identified(folder, executor("serial"), nothing))
        (cluster, second), up_s = timed(start)
        most, killed = {"driver": 0.0, "nodes": 0.0, "workers": 0.0}, 0

        def kill(done: int) -> None:
            nonlocal most, killed
            roots = [
                p.process.pid for node in cluster.list_all_nodes() for own in node.all_processes.values() for p in own
            ]
            now = memory([os.getpid(), *roots], roots)
            most = max(most, now, key=lambda held: sum(held.values()))
            if done == 1 and second:
                cluster.remove_node(second.pop(), allow_graceful=False)
                killed += 1

        try:
            table_ray, proxies_ray_s = timed(lambda: proxies(folder, executor("ray"), kill))
            second.append(cluster.add_node(**NODE))
            cluster.wait_for_nodes()
            files_ray, build_ray_s = timed(lambda: built(folder, "ray", kill))
            second.append(cluster.add_node(**NODE))
            cluster.wait_for_nodes()
            rows_ray, identify_ray_s = timed(lambda: identified(folder, executor("ray"), kill))
        finally:
            ray.shutdown()
            cluster.shutdown()
    return {
        "command": "python benchmarks/ray_cluster.py",
        "version": __version__,
        "ray": ray.__version__,
        "nodes_killed": killed,
        "proxy_table_equals_serial": table_ray == table_serial,
        "build_equals_serial": files_ray == files_serial,
        "files_compared": len(files_serial),
        "identify_equals_serial": rows_ray == rows_serial,
        "rows_compared": rows_serial.count(b"\n"),
        "seconds": {
            "cluster up": up_s,
            "16 proxies, serial": proxies_s,
            "16 proxies, ray, a node killed": proxies_ray_s,
            "build, serial": build_s,
            "build, ray, a node killed": build_ray_s,
            "identify, serial": identify_s,
            "identify, ray, a node killed": identify_ray_s,
        },
        "most_memory_mb": {**{name: round(held) for name, held in most.items()}, "all": round(sum(most.values()))},
    }


def main() -> None:
    """Print the result, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    asked = parser.parse_args()
    text = json.dumps(run(), indent=1)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
