"""Held-out pieces: they add up, and MixMin finds from them what the target was made of."""

import numpy as np
import pytest

from macaronic.core.errors import UnknownName
from macaronic.mix.mixmin import minimise
from macaronic.mix.scored import score
from macaronic.mix.texts import prepare

WORDS = {"a": ["ba", "bada", "dab", "abba"], "b": ["kol", "loko", "oko", "kolo"]}


def sentences(name: str, count: int, seed: int) -> list[tuple[str, str, str]]:
    rng = np.random.default_rng(seed)
    return [(name, f"{name}{i}", " ".join(rng.choice(WORDS[name], 6))) for i in range(count)]


def mixed(count: int) -> list[tuple[str, str, str]]:
    """Every fourth word is of b."""
    rng = np.random.default_rng(9)
    return [
        ("mixed", str(i), " ".join(str(rng.choice(WORDS["b" if j % 4 == 0 else "a"])) for j in range(8)))
        for i in range(count)
    ]


def test_words_add_up_to_documents() -> None:
    texts = prepare(sentences("a", 40, 0) + sentences("b", 40, 1))
    whole, words = score(texts), score(texts, per="word")
    assert len(words.lengths) == 6 * len(whole.lengths)
    for i in range(2):
        assert np.allclose(np.bincount(words.document, weights=words.log_chances[:, i]), whole.log_chances[:, i])
    assert np.bincount(words.document, weights=words.lengths) == pytest.approx(whole.lengths)
    assert whole.even.sum() == pytest.approx(2)


def test_targets_of_one_source_each_call_for_even_shares() -> None:
    texts = prepare(sentences("a", 60, 0) + sentences("b", 60, 1))
    scored = score(texts)
    found = minimise(texts.names, scored.log_chances, np.ones(len(scored.lengths)))
    assert found.mixture.weights["a"] == pytest.approx((scored.target == 0).mean(), abs=1e-3)


def test_a_mixed_target_calls_for_its_words_shares() -> None:
    texts = prepare(sentences("a", 60, 0) + sentences("b", 60, 1), targets=mixed(40))
    scored = score(texts, per="word")
    found = minimise(texts.names, scored.log_chances, scored.lengths, weights=scored.lengths)
    assert found.mixture.weights["b"] == pytest.approx(0.25, abs=0.05)


def test_unknown_pieces_are_refused() -> None:
    with pytest.raises(UnknownName, match="piece"):
        score(prepare(sentences("a", 40, 0)), per="line")
