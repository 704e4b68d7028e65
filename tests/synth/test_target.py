"""Word substitution towards a Code-Mixing Index."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.lexicon import build
from macaronic.synth.target import target_cmi


def said(text: str) -> Utterance:
    return Utterance.from_words(text.split())


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def pairwise_row(n: int, able: int) -> Parallel:
    ours, theirs = [f"a{'b' * i}" for i in range(n)], [f"c{'d' * i}" for i in range(n)]
    links = tuple((i, i) for i in range(able))
    return Parallel("r", {"es": Utterance.from_words(ours), "en": Utterance.from_words(theirs)}, {("es", "en"): links})


@given(st.integers(2, 25), st.integers(1, 25), st.floats(0, 100))
def test_the_nearest_reachable_index_is_taken(n: int, able: int, target: float) -> None:
    able = min(able, n)
    found = target_cmi(pairwise_row(n, able), target=target, tolerance=None, rng=rng()).sentences[0]
    reachable = [100 * (1 - max(k, n - k) / n) for k in range(able + 1)]
    assert abs(found.cmi - target) == pytest.approx(min(abs(r - target) for r in reachable), abs=1e-6)
    assert found.meta["reached_cmi"] == pytest.approx(found.cmi, abs=1e-3)


def test_outside_the_tolerance_the_reason_tells_the_maximum() -> None:
    found = target_cmi(pairwise_row(10, 2), target=45, rng=rng())
    assert found.reason == "target unreachable"
    assert found.detail == "asked for CMI 45; nearest 20.0, greatest 20.0"


def test_content_words_go_first() -> None:
    sides = {
        "es": said("la casa es de mi hermano"),
        "en": said("the house is of my brother"),
    }
    row = Parallel("r", sides, {("es", "en"): tuple((i, i) for i in range(6))})
    made = target_cmi(row, target=33, rng=rng()).sentences[0]
    assert made.text == "la house es de mi brother"


def test_a_dictionary_is_enough() -> None:
    row = Parallel("r", {"en": said("the dog eats the bone")})
    lexicon = build([("dog", "perro", 1, ""), ("bone", "hueso", 1, "")], "en", "es")
    assert target_cmi(row, target=20, lexicon=lexicon, rng=rng()).sentences[0].cmi == pytest.approx(20)


def test_rewriting_keeps_the_origin_of_kept_words() -> None:
    sides = {
        "es": said("mi casa es azul"),
        "en": said("my house is blue"),
    }
    row = Parallel("r", sides, {("es", "en"): tuple((i, i) for i in range(4))})
    made = target_cmi(row, target=25, rewrite=lambda mixed: "Oye, mi house es muy azul", rng=np.random.default_rng(1))
    one = made.sentences[0]
    assert one.text == "Oye, mi house es muy azul"
    assert one.langs == ("unk", "other", "es", "en", "es", "unk", "es")
    assert made.notes == ("2 words of the rewriting stand in no side",)
    assert target_cmi(row, target=25, rewrite=lambda mixed: " ", rng=rng()).reason == "empty answer"


def test_reasons_and_bad_settings() -> None:
    bare = Parallel("r", {"es": Utterance.from_words(["a"]), "en": Utterance.from_words(["b"])})
    assert target_cmi(bare, target=20, rng=rng()).reason == "unaligned"
    assert (
        target_cmi(Parallel("r", {"es": Utterance(""), "en": Utterance.from_words(["b"])}), target=1, rng=rng()).reason
        == "empty side"
    )
    with pytest.raises(UsageError, match="0 to 100"):
        target_cmi(bare, target=101, rng=rng())
