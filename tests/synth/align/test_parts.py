"""The parts of the aligner against plain formulations of the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma

from macaronic.synth.align import Alignment, edit, grid, hmm, ibm, keys, model, priors, types
from macaronic.synth.align.lexicon import from_alignments, lexicon

WORD = st.text(alphabet="abcdéग", max_size=9)


def levenshtein(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, c in enumerate(a, 1):
        row, above = [i], row
        for j, d in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (c != d)))
    return row[-1]


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=20))
def test_likeness_is_one_less_the_relative_edit_distance(pairs) -> None:
    at = np.arange(len(pairs))
    found = edit.likeness([a for a, _ in pairs], [b for _, b in pairs], at, at, least=0.0)
    wanted = [1 - levenshtein(a, b) / max(1, len(a), len(b)) for a, b in pairs]
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    limited = edit.likeness([a for a, _ in pairs], [b for _, b in pairs], at, at, least=0.5)
    np.testing.assert_allclose(limited, [x if x >= 0.5 else 0 for x in found], atol=1e-6)


def test_letters_that_come_twice_refuse_no_pair() -> None:
    at = np.arange(1)
    assert edit.likeness(["aa"], ["aabc"], at, at, least=0.5).tolist() == [0.5]


@given(st.lists(st.integers(0, 2**40), max_size=50))
def test_distinct_is_unique_with_its_inverse(numbers) -> None:
    given_ = np.array(numbers, np.int64)
    unique, place = keys.distinct(given_)
    wanted, inverse = np.unique(given_, return_inverse=True)
    assert unique.tolist() == wanted.tolist()
    assert place.tolist() == inverse.tolist()


def test_distinct_of_numbers_too_large_to_be_packed() -> None:
    unique, place = keys.distinct(np.array([2**62, 5, 2**62]))
    assert unique.tolist() == [5, 2**62]
    assert place.tolist() == [1, 0, 1]


def test_hmm_posteriors_are_those_of_all_paths() -> None:
    rng = np.random.default_rng(4)
    steps, states = 3, 3
    emission = rng.random((steps, 1, states)).astype(np.float32)
    null = rng.random((steps, 1)).astype(np.float32)
    jumps = hmm.first_jumps()
    move = jumps[np.arange(states) - np.arange(states)[:, None] + hmm.REACH]
    move = move / move.sum(1, keepdims=True) * (1 - ibm.NULL)
    total, seen = 0.0, np.zeros((steps, states))
    for path in np.ndindex(*[2 * states] * steps):
        weight, place = 1.0, None
        for t, choice in enumerate(path):
            state, real = choice % states, choice < states
            if place is None:
                weight *= (1 - ibm.NULL if real else ibm.NULL) / states
            else:
                weight *= move[place, state] if real else ibm.NULL * (state == place)
            weight *= emission[t, 0, state] if real else null[t, 0]
            place = state
        total += weight
        for t, choice in enumerate(path):
            seen[t, choice % states] += weight * (choice < states)
    found, _ = hmm.posteriors(emission, null, np.array([states]), jumps)
    np.testing.assert_allclose(found[:, 0], seen / total, rtol=1e-4)


def test_padding_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    emission = rng.random((4, 1, 3)).astype(np.float32)
    null = rng.random((4, 1)).astype(np.float32)
    alone, moved = hmm.posteriors(emission, null, np.array([3]), hmm.first_jumps())
    wide = np.zeros((6, 1, 5), np.float32)
    wide[:4, :, :3] = emission
    more = np.concatenate([null, np.full((2, 1), 1 / ibm.NULL, np.float32)])
    padded, moved_too = hmm.posteriors(wide, more, np.array([3]), hmm.first_jumps())
    np.testing.assert_allclose(padded[:4, :, :3], alone, rtol=1e-4)
    assert not padded[4:].any()
    assert not padded[:, :, 3:].any()
    np.testing.assert_allclose(moved, moved_too, rtol=1e-4, atol=1e-6)


def test_the_fast_exponential_of_digamma() -> None:
    x = np.concatenate([np.linspace(0.05, 5, 200), [10, 100, 1e5]])
    np.testing.assert_allclose(model._geometric(x), np.exp(digamma(x)), rtol=1e-3)


def test_cells_hold_every_pair_of_forms_once() -> None:
    first = [["a", "b"], ["b"], [], ["a", "a", "a"]]
    second = [["x"], ["x", "y"], ["y"], ["y", "x"]]
    _, ids_a, starts_a = types.numbered(first)
    _, ids_b, starts_b = types.numbered(second)
    blocks, cells = grid.laid((ids_a, starts_a), (ids_b, starts_b))
    pairs = list(zip(cells.first.tolist(), cells.second.tolist()))
    assert pairs[1:] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert cells.together.tolist() == [0, 4, 3, 2, 1]
    assert sorted(int(row) for block in blocks for row in block.rows) == [0, 1, 3]
    for block in blocks:
        a, b = block.words
        inside = (a >= 0)[:, :, None] & (b >= 0)[:, None, :]
        assert ((block.cells > 0) == inside).all()


def test_pieces_that_are_sorted_apart_give_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    sides = [[[f"w{i}" for i in rng.integers(0, 40, rng.integers(1, 9))] for _ in range(60)] for _ in range(2)]
    laid = [types.numbered(side)[1:] for side in sides]
    monkeypatch.setattr(grid, "VOLUME", 50)
    whole_blocks, whole = grid.laid(*laid)
    monkeypatch.setattr(grid, "_SORTED_AT_ONCE", 200)
    blocks, cells = grid.laid(*laid)
    assert cells.first.tolist() == whole.first.tolist()
    assert cells.together.tolist() == whole.together.tolist()
    assert all((a.cells == b.cells).all() for a, b in zip(blocks, whole_blocks, strict=True))


def test_priors_know_marks_of_other_scripts_and_the_dictionary() -> None:
    cells = grid.Cells(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.0, 1, 1]))
    first = types.Types(("ghar", "?"), np.ones(2, np.float32))
    second = types.Types(("؟", "mesa"), np.ones(2, np.float32))
    found = priors.prior(cells, first, second, dictionary={"Ghar": ["Mesa"]})
    assert found.fixed[1] == pytest.approx(priors.FLAT + priors.ALIKE)
    assert found.fixed[2] == pytest.approx(priors.FLAT + priors.ALIKE)


def test_a_lexicon_counts_links() -> None:
    pairs = [(["The", "house"], ["la", "casa"]), (["house"], ["hogar"]), (["house", "the"], ["Casa", "el"])]
    links = [Alignment(((0, 0), (1, 1)), (0.9, 0.9)), Alignment(((0, 0),), (0.4,)), Alignment(((0, 0),), (0.8,))]
    assert lexicon(pairs, links, min_count=1)["house"] == [("casa", 2 / 3, 2), ("hogar", 1 / 3, 1)]
    assert lexicon(pairs, links) == {"house": [("casa", 2 / 3, 2)]}
    assert lexicon(pairs, links, min_count=1, least=0.5)["house"] == [("casa", 1.0, 2)]
    assert from_alignments(pairs, links) == {"house": [("casa", 2 / 3)]}
