"""Proxies: more of a language makes that language better known, and the losses are those of the models."""

from pathlib import Path

import numpy as np
import pytest

from macaronic.mix.proxy import NgramProxy, TinyProxy
from macaronic.mix.texts import Texts, prepare, save


def world(seed: int = 0) -> Texts:
    """Two made-up languages over the same letters, each a chain of its own."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, step in (("a", 1), ("b", 3)):
        for i in range(60):
            steps = np.where(rng.random(30) < 0.8, step, rng.integers(0, 8, 30))
            rows.append((name, str(i), "".join("bcdefghi"[j] for j in np.cumsum(steps) % 8)))
    return prepare(rows)


@pytest.fixture
def path(tmp_path: Path) -> str:
    save(world(), tmp_path / "texts")
    return str(tmp_path / "texts")


def test_more_of_a_source_makes_it_better_known(path: str) -> None:
    proxy = NgramProxy(path, "f", 1000, 3)
    found = [proxy({"a": a, "b": 1 - a}, seed=0) for a in (0.0, 0.5, 1.0)]
    assert found[0]["a"] > found[1]["a"] > found[2]["a"]
    assert found[0]["b"] < found[1]["b"] < found[2]["b"]


def test_a_transformer_sees_the_same(path: str) -> None:
    pytest.importorskip("torch", reason="needs torch")
    proxy = TinyProxy(path, "f", 1000, tokens=4000, width=16, layers=1, context=16)
    known, unknown = proxy({"a": 1.0, "b": 0.0}, seed=0), proxy({"a": 0.0, "b": 1.0}, seed=0)
    assert known["a"] < unknown["a"]
    assert proxy({"a": 1.0, "b": 0.0}, seed=0) == known
