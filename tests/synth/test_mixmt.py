"""ROUGE-L and word error rate against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.synth.mixmt import score


def values(hypotheses, references, **settings):  # type: ignore[no-untyped-def]
    return [r.value for r in score(hypotheses, references, rng=np.random.default_rng(1), samples=20, **settings)]


def test_by_hand() -> None:
    # a: LCS 3 of 4 and 5 -> F 6/9; edits 2 of 5.  b: LCS 1 of 1 and 2 -> 2/3; edits 1 of 2
    rouge, whole, wer = values(["police killed the gunman", "haan"], ["police killed a bad gunman", "haan ji"])
    assert rouge == pytest.approx((6 / 9 + 2 / 3) / 2)
    assert whole == pytest.approx(2 * 4 / (5 + 7))
    assert wer == pytest.approx(3 / 7)


def test_order_matters_to_the_subsequence() -> None:
    rouge, _, wer = values(["b a"], ["a b"])
    assert rouge == pytest.approx(0.5)
    assert wer == pytest.approx(1.0)


def test_of_several_references_the_best_counts_for_each_score() -> None:
    # first: LCS 2 of 3/2 -> .8, WER 1/2; second: LCS 3 of 3/7 -> .6, WER 4/7
    rouge, _, wer = values(["a b c"], [["a c", "a x b y c z w"]])
    assert rouge == pytest.approx(0.8)
    assert wer == pytest.approx(0.5)
    # ROUGE takes the long one (2*2/(2+4) > 0), WER the short one (2/2 = 1 < ... no: 2/4)
    rouge, _, wer = values(["a b"], [["x", "a q b r"]])
    assert rouge == pytest.approx(4 / 6)
    assert wer == pytest.approx(2 / 4)


def test_tokens_and_case() -> None:
    assert values(["Haan, ठीक है।"], ["haan ठीक है"]) == pytest.approx([2 * 2 / (5 + 3), 2 * 2 / 8, 3 / 3])
    assert values(["Haan, ठीक है।"], ["haan ठीक है"], lowercase=True) == pytest.approx([6 / 8, 6 / 8, 2 / 3])
    assert values(["Haan, ठीक है।"], ["haan ठीक है"], cut="spaces") == pytest.approx([2 / 6, 2 / 6, 2 / 3])


def test_empty_texts() -> None:
    assert values([""], [""]) == [1.0, 1.0, None]
    assert values(["a"], [""]) == [0.0, 0.0, None]
    assert values([""], ["a"]) == [0.0, 0.0, 1.0]
    assert values(["a", "b"], ["", "b"]) == [0.5, 2 / 3, 1.0]
    assert values(["a"], [["", "b"]]) == [0.0, 0.0, 1.0]
    assert values([], []) == [None, None, None]


def test_results_say_how_they_were_made() -> None:
    results = score(["a b"] * 4, ["a c"] * 4, rng=np.random.default_rng(1))
    assert [(r.name, r.level) for r in results] == [
        ("rouge_l", "sentence_mean"), ("rouge_l", "corpus"), ("wer", "corpus"),
    ]  # fmt: skip
    for result in results:
        assert result.low == result.high == result.value == 0.5
        assert result.n == 4
        assert result.signature.startswith("mixmt|cut:words|case:kept|refs:1|")


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="got 0 and 1"):
        score(["a"], [], rng=np.random.default_rng(1))
    with pytest.raises(UsageError, match="sentence 2"):
        score(["a", "b"], [["a"], []], rng=np.random.default_rng(1))
    with pytest.raises(UnknownName, match="spaces"):
        score(["a"], ["a"], cut="space", rng=np.random.default_rng(1))  # type: ignore[arg-type]


tokens = st.lists(st.sampled_from("abc"), max_size=7)


def lcs(a: list[str], b: list[str]) -> int:
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j])
    return int(table[-1, -1])


@given(tokens, tokens)
def test_agrees_with_a_plain_table(a: list[str], b: list[str]) -> None:
    rouge, whole, wer = values([" ".join(a)], [" ".join(b)])
    if a or b:
        assert rouge == pytest.approx(2 * lcs(a, b) / (len(a) + len(b)))
    assert rouge == pytest.approx(whole)
    if b:
        assert abs(len(a) - len(b)) / len(b) <= wer + 1e-9
        assert (wer == 0) == (a == b)
