import numpy as np
import pytest

from macaronic.core.errors import UnknownName
from macaronic.measure.cmi import cmi
from macaronic.measure.compare import compare
from macaronic.measure.corpus import measure


def rows(seed, n, share, length=6):
    rng = np.random.default_rng(seed)
    return [rng.choice(["en", "hi"], size=length, p=[1 - share, share]).tolist() for _ in range(n)]


def found(a, b, **more):
    return {(c.name, c.level): c for c in compare(a, b, **more)}


def test_values_are_those_of_measure(corpus_of):
    a, b = corpus_of(rows(1, 40, 0.5)), corpus_of(rows(2, 60, 0.1))
    both = found(a, b, samples=50)
    for r in measure(a, samples=0):
        if not r.name.startswith("switch_pair"):
            assert both[r.name, r.level].a == r.value
            assert both[r.name, r.level].n_a == 40


def test_a_real_difference_and_none(corpus_of):
    a, b, c = corpus_of(rows(1, 150, 0.5)), corpus_of(rows(2, 120, 0.15)), corpus_of(rows(3, 150, 0.5))
    real = found(a, b, samples=400)["cmi", "sentence_mean"]
    assert real.difference == pytest.approx(real.a - real.b)
    assert 0 < real.low < real.difference < real.high
    assert real.p == pytest.approx(1 / 401)
    none = found(a, c, samples=400)["cmi", "sentence_mean"]
    assert none.low < 0 < none.high
    assert none.p > 0.05


def test_p_is_that_of_an_exact_permutation_test(corpus_of):
    first, second = rows(4, 5, 0.5), rows(5, 4, 0.2)
    values = np.array([cmi(row) for row in first + second])
    gap = abs(values[:5].mean() - values[5:].mean())
    from itertools import combinations

    deals = [values[list(c)].mean() - np.delete(values, list(c)).mean() for c in combinations(range(9), 5)]
    exact = np.mean([abs(d) >= gap - 1e-9 for d in deals])
    p = found(corpus_of(first), corpus_of(second), names=["cmi"], samples=4000)["cmi", "sentence_mean"].p
    assert p == pytest.approx(exact, abs=0.03)


def test_p_values_are_even_without_a_difference(corpus_of):
    drawn = [
        found(corpus_of(rows(s, 30, 0.4)), corpus_of(rows(s + 500, 30, 0.4)), names=["cmi"], samples=99)
        for s in range(60)
    ]
    p = np.array([d["cmi", "corpus"].p for d in drawn])
    assert 0.35 < p.mean() < 0.65
    assert (p < 0.1).mean() < 0.25


def test_what_one_corpus_lacks(corpus_of):
    both = found(corpus_of([["en", "hi"], ["en", "hi", "en"]]), corpus_of([["other"], ["ta"]]), samples=20)
    lacking = both["i_index", "corpus"]
    assert (lacking.a, lacking.b, lacking.difference, lacking.p, lacking.low) == (1.0, None, None, None, None)
    assert both["language:ta", "corpus"].difference == -1
    assert "k:3" in both["m_index", "corpus"].signature


def test_repeatable_and_json(corpus_of):
    a, b = corpus_of(rows(1, 20, 0.5)), corpus_of(rows(2, 20, 0.1))
    assert compare(a, b, samples=30) == compare(a, b, samples=30)
    assert set(compare(a, b, samples=5)[0].asdict()) >= {"name", "level", "a", "b", "difference", "low", "high", "p"}


def test_corpora_of_different_size_use_blocks_of_one_size(corpus_of):
    big = found(corpus_of(rows(1, 5000, 0.4)), corpus_of(rows(2, 301, 0.4)), names=["cmi"], samples=200)
    one = big["cmi", "sentence_mean"]
    assert "block:2" in one.signature
    assert one.low < one.difference < one.high


def test_mistakes(corpus_of):
    a = corpus_of([["en"]])
    with pytest.raises(UnknownName):
        compare(a, a, names=["cmj"])
