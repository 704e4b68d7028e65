"""The tiny language model: the same numbers every time, no look ahead, and it learns."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch")

from macaronic.nn.tiny_lm import Shape, TinyLM, Training, losses, teach  # noqa: E402

SMALL = Shape(8, width=16, layers=1, heads=2, context=8)
STREAM = np.tile([0, 3, 4, 5, 6, 1], 60)


def test_equal_seeds_give_equal_bits_and_threads_are_put_back() -> None:
    before = torch.get_num_threads()
    training = Training(tokens=1000, batch=4, seed=3)
    one, two = teach(STREAM, SMALL, training), teach(STREAM, SMALL, training)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters()))
    other = teach(STREAM, SMALL, Training(tokens=1000, batch=4, seed=4))
    assert not torch.equal(one.symbols.weight, other.symbols.weight)
    assert torch.get_num_threads() == before


def test_the_parameters_are_as_many_as_said() -> None:
    assert sum(p.numel() for p in TinyLM(SMALL, seed=0).parameters()) == SMALL.parameters


def test_what_comes_later_is_not_seen() -> None:
    model = TinyLM(SMALL, seed=0)
    one = torch.tensor([[3, 4, 5, 6]])
    two = torch.tensor([[3, 4, 6, 6]])
    assert torch.allclose(model(one)[:, :2], model(two)[:, :2])
    assert not torch.allclose(model(one)[:, 2:], model(two)[:, 2:])


def test_it_learns_what_it_is_taught() -> None:
    part = (np.array([3, 4, 5, 6, 3, 4, 5]), np.array([0, 4, 7]))
    before = losses(TinyLM(SMALL, seed=0), *part)
    after = losses(teach(STREAM, SMALL, Training(tokens=20_000, batch=8, rate=1e-2)), *part)
    assert after.shape == (2,)
    assert after.sum() < before.sum()


def test_a_document_is_scored_alike_alone_and_beside_others() -> None:
    model = TinyLM(SMALL, seed=0)
    text = np.random.default_rng(0).integers(3, 8, 30)
    both = losses(model, text, np.array([0, 5, 30]))
    assert both[0] == pytest.approx(losses(model, text[:5], np.array([0, 5]))[0], abs=1e-4)
    assert both[1] == pytest.approx(losses(model, text[5:], np.array([0, 25]))[0], abs=1e-4)
