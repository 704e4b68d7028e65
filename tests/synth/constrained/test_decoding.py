"""Decoding inside a vocabulary: against enumeration, and that it always stops."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.synth.constrained import Vocabulary, decode
from macaronic.synth.constrained.decoding import log_probabilities

EOS = 0


def model(seed: int, size: int = 6):  # type: ignore[no-untyped-def]
    """A made-up model: logits that depend on the last two ids and the length."""
    table = np.random.default_rng(seed).normal(0, 2, (4, size + 1, size + 1, size))

    def step(ids):  # type: ignore[no-untyped-def]
        padded = [size, size, *ids]
        return table[len(ids) % 4, padded[-2], padded[-1]]

    return step


def enumerated(step, allowed: Vocabulary, most: int):  # type: ignore[no-untyped-def]
    """Every finished sentence of at most `most` tokens, the end among them, with its score."""
    inner = [i for i in allowed.ids.tolist() if i not in allowed.eos]
    for length in range(most):
        for ids in itertools.product(inner, repeat=length):
            whole = (*ids, EOS)
            yield ids, sum(log_probabilities(step(whole[:k]))[whole[k]] for k in range(len(whole)))


@given(st.integers(0, 10_000), st.sets(st.integers(1, 5), min_size=1, max_size=3), st.integers(1, 4))
@settings(deadline=None, max_examples=30)
def test_a_wide_beam_finds_the_best_sentence(seed: int, ids: set[int], most: int) -> None:
    step, allowed = model(seed), Vocabulary.of(ids, eos=EOS)
    best_ids, best = max(enumerated(step, allowed, most), key=lambda pair: pair[1] / (len(pair[0]) + 1))
    found = decode(step, allowed, max_tokens=most, beams=500)
    assert found.finished
    assert found.score == pytest.approx(best)
    assert found.ids == best_ids


@given(
    st.integers(0, 10_000),
    st.sets(st.integers(1, 5), max_size=5),
    st.integers(1, 12),
    st.integers(0, 12),
    st.integers(1, 4),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_always_stops_inside_the_vocabulary(
    seed: int, ids: set[int], most: int, fewest: int, beams: int, two_ends: bool
) -> None:
    allowed = Vocabulary.of(ids, eos=[0, 5] if two_ends else 0)
    fewest = min(fewest, most)
    found = decode(model(seed), allowed, max_tokens=most, min_tokens=fewest, beams=beams)
    words = set(allowed.ids.tolist()) - set(allowed.eos)
    assert set(found.ids) <= words
    assert len(found.ids) + found.finished <= most
    if words:
        assert len(found.ids) >= fewest
    else:
        assert found.ids == ()
        assert found.finished


def test_greedy_takes_the_best_allowed_token() -> None:
    logits = np.array([[0.0, 9.0, 1.0, 2.0], [0.0, 9.0, 3.0, 1.0], [5.0, 9.0, 1.0, 1.0]])
    found = decode(lambda ids: logits[len(ids)], Vocabulary.of([2, 3], eos=0), max_tokens=3)
    assert found.ids == (3, 2)
    assert found.finished
    wanted = sum(float(log_probabilities(row)[k]) for row, k in zip(logits, (3, 2, 0)))
    assert found.score == pytest.approx(wanted)


def test_the_prompt_is_handed_to_the_model_and_left_out_of_the_answer() -> None:
    seen = []

    def step(ids):  # type: ignore[no-untyped-def]
        seen.append(tuple(ids))
        return np.array([0.0, 1.0, 2.0])

    assert decode(step, Vocabulary.of([1], eos=0), prompt=[7, 8], max_tokens=2).ids == (1, 1)
    assert seen == [(7, 8), (7, 8, 1)]


def test_too_early_an_end_is_put_off() -> None:
    found = decode(lambda ids: np.array([9.0, 1.0]), Vocabulary.of([1], eos=0), max_tokens=9, min_tokens=4)
    assert found.ids == (1, 1, 1, 1)


@pytest.mark.parametrize("value", [-math.inf, math.nan])
def test_impossible_logits_end_the_sentence(value: float) -> None:
    found = decode(lambda ids: np.array([value, value, 3.0]), Vocabulary.of([1], eos=0), max_tokens=9, min_tokens=2)
    assert found.ids == ()
    assert found.finished


def test_torch_logits() -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor([0.0, 1.0, 2.0], dtype=torch.bfloat16, requires_grad=True)
    assert decode(lambda ids: logits, Vocabulary.of([1, 2], eos=0), max_tokens=2).ids == (2, 2)


def test_bad_requests() -> None:
    allowed = Vocabulary.of([1], eos=0)
    for settings_ in ({"max_tokens": 0}, {"beams": 0}, {"max_tokens": 2, "min_tokens": 3}, {"min_tokens": -1}):
        with pytest.raises(UsageError, match="max_tokens"):
            decode(model(1), allowed, **settings_)
    with pytest.raises(UsageError, match="below 6"):
        decode(model(1), Vocabulary.of([6], eos=0))
    with pytest.raises(UsageError, match="ends a sentence"):
        Vocabulary.of([1], eos=[])


def test_our_own_tiny_model_keeps_to_the_allowed_vocabulary() -> None:
    pytest.importorskip("torch", reason="needs torch")
    from macaronic.nn.tiny_lm import Shape, TinyLM

    model = TinyLM(Shape(20, width=16, layers=1, heads=2, context=6), seed=0)
    allowed = Vocabulary.of([3, 7, 11], eos=1)
    for beams in (1, 3):
        found = decode(model.step, allowed, prompt=[3], max_tokens=12, beams=beams)
        assert 0 < len(found.ids) <= 12
        assert set(found.ids) <= {1, 3, 7, 11}
