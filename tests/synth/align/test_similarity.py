"""Links out of a similarity matrix."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from macaronic.core.errors import UnknownName
from macaronic.synth.align import Alignment
from macaronic.synth.align.similarity import CHOICES, align, chosen, matrix


class Bigrams:
    """Letters and pairs of letters, hashed by place in the alphabet."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 26 * 27), np.float32)
        for row, text in enumerate(texts):
            codes = [ord(c) % 26 for c in text.lower()]
            for a, b in zip(codes, [*codes[1:], 26]):
                rows[row, a * 27 + b] += 1
        return rows


MATRIX = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(0, 1), unique=True)
)


@given(MATRIX)
def test_argmax_is_within_itermax_and_one_to_one(alike) -> None:
    first, more = chosen(alike, "argmax"), chosen(alike, "itermax")
    assert not (first & ~more).any()
    assert (first.sum(0) <= 1).all()
    assert (first.sum(1) <= 1).all()
    assert first[np.unravel_index(alike.argmax(), alike.shape)]


@given(MATRIX)
def test_match_is_the_best_assignment(alike) -> None:
    links = chosen(alike, "match")
    assert links.sum() == min(alike.shape)
    assert (links.sum(0) <= 1).all()
    assert (links.sum(1) <= 1).all()
    assert alike[links].sum() >= alike[chosen(alike, "argmax")].sum() - 1e-9


def test_itermax_links_what_argmax_left() -> None:
    alike = np.array([[0.9, 0.8, 0.1], [0.7, 0.6, 0.1], [0.1, 0.1, 0.5]])
    assert chosen(alike, "argmax").tolist() == [[True, False, False], [False, False, False], [False, False, True]]
    assert chosen(alike, "itermax")[0, 1]


@pytest.mark.parametrize("choice", CHOICES)
def test_cognates_link(choice) -> None:
    text = [(["national", "music", "school"], ["escuela", "nacional", "musica"]), ([], ["x"]), (["taxi"], ["taxi"])]
    found = align(text, Bigrams(), choice=choice)
    assert {(0, 1), (1, 2)} <= set(found[0].links)
    assert found[1] == Alignment()
    assert found[2].links == ((0, 0),)
    assert found[2].confidence[0] == pytest.approx(1)
    assert all(0 <= value <= 1 for one in found for value in one.confidence)


def test_distortion_prefers_the_same_place() -> None:
    same = np.ones((3, 4), np.float32) / 2
    assert chosen(matrix(same, same[:, :], distortion=0.5), "argmax").diagonal().all()
    assert matrix(same, same, distortion=0.5)[0, 2] < matrix(same, same)[0, 2]


def test_a_limit_on_the_confidence() -> None:
    text = [(["taxi", "zzz"], ["taxi", "qqq"])]
    assert align(text, Bigrams(), choice="match", least=0.9)[0].links == ((0, 0),)


def test_an_unknown_choice() -> None:
    with pytest.raises(UnknownName, match="itermax"):
        align([], Bigrams(), choice="itermaxx")
