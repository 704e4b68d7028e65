"""F0.5 by hand."""

import numpy as np
import pytest

from macaronic.core.errors import FormatError, UsageError
from macaronic.synth.gec.extract import extract
from macaronic.synth.gec.m2 import Edit, Sentence
from macaronic.synth.gec.score import f_beta, score

TEXT = "a b c d"
E1, E2, E3 = Edit(0, 1, "x"), Edit(1, 2, "y"), Edit(3, 3, "z")


def values(mine, gold, **settings) -> list[float]:
    return [round(float(result.value), 4) for result in score(mine, gold, **settings)]


def sentence(*edits: Edit) -> Sentence:
    return Sentence(TEXT, edits)


def test_by_hand() -> None:
    # 2 right, 1 wrong, 1 missing over two sentences: P = R = 2/3
    mine = [sentence(E1, E2), sentence(E3)]
    gold = [sentence(E1, Edit(1, 2, "q")), sentence(E3)]
    assert values(mine, gold) == [0.6667, 0.6667, 0.6667]
    # 1 right, 0 wrong, 2 missing: P = 1, R = 1/3, F0.5 = 1.25 / 3 / (0.25 + 1/3) = 0.7143
    assert values([sentence(E1)], [sentence(E1, E2, E3)]) == [1.0, 0.3333, 0.7143]
    assert f_beta(1, 0, 2) == pytest.approx(1.25 * (1 / 3) / (0.25 + 1 / 3))


def test_no_edits_at_all() -> None:
    noop = Edit(-1, -1, "-NONE-", "noop")
    assert values([sentence(noop)], [sentence(noop)]) == [1.0, 1.0, 1.0]
    assert values([sentence()], [sentence(E1)]) == [1.0, 0.0, 0.0]
    assert values([sentence(E1)], [sentence()]) == [0.0, 1.0, 0.0]
    assert values([], []) == [1.0, 1.0, 1.0]


def test_the_best_annotator_counts() -> None:
    other = Edit(1, 2, "y", annotator=1)
    assert values([sentence(E2)], [sentence(E1, other)]) == [1.0, 1.0, 1.0]
    # a noop of one annotator makes silence right
    assert values([sentence()], [sentence(E1, Edit(-1, -1, "-NONE-", "noop", 1))]) == [1.0, 1.0, 1.0]


def test_the_running_choice_looks_at_the_sums() -> None:
    # sentence 1: 20 wrong edits. Sentence 2: annotator 0 gives (1, 1, 0), F 0.556; annotator 1 (2, 0, 10), F 0.5.
    # With sentence 1: (1, 21, 0) has F 0.056, (2, 20, 10) has F 0.1.
    text = " ".join(str(i) for i in range(20))
    poor = Sentence(text, tuple(Edit(i, i + 1, "q") for i in range(20)))
    more = [Edit(i, i + 1, "w", annotator=1) for i in range(2, 12)]
    both = [Edit(0, 1, "x", annotator=1), Edit(1, 2, "y", annotator=1)]
    mine = [poor, Sentence(text, (E1, E2))]
    gold = [Sentence(text), Sentence(text, (E1, *both, *more))]
    assert values(mine, gold) == [0.0909, 0.1667, 0.1]
    assert values(mine, gold, choose="sentence") == [0.0455, 1.0, 0.0562]
    assert "annotator:sentence" in score(mine, gold, choose="sentence")[0].signature


def test_alternatives_and_deletions() -> None:
    assert values([sentence(Edit(0, 1, "q"))], [sentence(Edit(0, 1, "x||q"))]) == [1.0, 1.0, 1.0]
    assert values([sentence(Edit(0, 1, ""))], [sentence(Edit(0, 1, "-NONE-"))]) == [1.0, 1.0, 1.0]


def test_an_edit_is_found_once() -> None:
    twice = Edit(1, 1, "x")
    assert values([sentence(twice, twice)], [sentence(twice)]) == [0.5, 1.0, 0.5556]


def test_intervals() -> None:
    mine, gold = [sentence(E1, E2)] * 10 + [sentence(E1)] * 10, [sentence(E1, E3)] * 20
    results = score(mine, gold, rng=np.random.default_rng(1), samples=200)
    assert [r.name for r in results] == ["precision", "recall", "f0.5"]
    assert all(r.low <= r.value <= r.high for r in results)
    assert results[2].n == 20
    assert "bs:200" in results[2].signature


def test_sentences_must_be_the_same() -> None:
    with pytest.raises(FormatError, match="sentence 1 differs"):
        score([Sentence("a")], [Sentence("b")])
    with pytest.raises(FormatError, match="no sentence"):
        score([Sentence("a")], [])
    with pytest.raises(UsageError, match="beta"):
        score([], [], beta=0)


@pytest.mark.parametrize(
    ("written", "right"),
    [("a b c", "a b c"), ("a b c", "a x c"), ("a b", "a b c"), ("", "a"), ("a", ""), ("a b c d", "b x x d e")],
)
def test_extracted_edits_make_the_correction(written, right) -> None:
    found = extract(written.split(), right.split())
    assert found.corrected() == tuple(right.split())
    assert found.edits[0].is_noop == (written == right)


def test_kinds_of_extracted_edits() -> None:
    assert [e.type for e in extract(["a", "b", "c", "d", "e"], ["a", "x", "b", "d", "f"]).edits] == ["M", "U", "R"]
