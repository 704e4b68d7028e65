"""One cluster for all tests that need one: two machines of one processor each, both of them here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

os.environ["CUDA_VISIBLE_DEVICES"] = ""  # tests say what a processor does, bit by bit, also where a GPU is
NODE = {"num_cpus": 1, "object_store_memory": 80 << 20, "include_dashboard": False}
NOTICED_SOON = {"health_check_period_ms": 500, "health_check_initial_delay_ms": 500}
"""A lost machine is looked for more often; one that is only slow still has as long to answer."""


@pytest.fixture(scope="session")
def whole_cluster() -> Iterator[Any]:
    """The cluster, which this process has joined; tests take `cluster`."""
    ray = pytest.importorskip("ray", reason="the Ray engine needs ray")
    from ray.cluster_utils import Cluster

    from macaronic.core.ray_engine import connect

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        made = Cluster(initialize_head=True, head_node_args={**NODE, "_system_config": NOTICED_SOON})
        try:
            made.add_node(**NODE)
            patch.setenv("RAY_ADDRESS", made.address)
            connect()
            made.wait_for_nodes(timeout=120)
            yield made
        finally:
            ray.shutdown()
            made.shutdown()


@pytest.fixture
def cluster(whole_cluster: Any) -> Any:
    """The cluster with both its machines, whatever a test before has pulled the plug of."""
    if len(whole_cluster.list_all_nodes()) < 2:
        whole_cluster.add_node(**NODE)
        whole_cluster.wait_for_nodes(timeout=120)
    return whole_cluster


@pytest.fixture
def lose_a_machine(cluster: Any) -> Callable[[], None]:
    """A function that ends the machine that is not the head, the first time that it is called."""
    left = [node for node in cluster.list_all_nodes() if not node.head]

    def lose() -> None:
        if left:
            cluster.remove_node(left.pop(), allow_graceful=False)

    return lose
