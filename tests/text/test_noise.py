"""Typing errors: of the kind that was asked for, where they may be, and the same for the same seed."""

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.corpus import from_batch, to_batch
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.utterance import Span, Utterance
from macaronic.text import noise
from macaronic.text.keyboard import neighbours
from macaronic.text.noise import HINMIX, KINDS, clusters, kind_of, moved, noisy, protected, respelled, row_rng
from macaronic.text.noise_batch import noisy_batch
from macaronic.text.words import tokenise, words

EVERY = (*KINDS, "shuffle")
SENTENCES = [
    "yaar, kal ki Meeting don't miss karna 😂👍🏽!",
    "नमस्ते दोस्तों, क्या हाल है?",
    "Привет, как дела? Всё хорошо.",
    "see https://t.co/x, @ana :) #tag v2 42 km",
    "Ça va très bien, merci — à bientôt",
    "学习 coffee ไทย",
    "",
]
prose = st.lists(
    st.sampled_from([w for s in SENTENCES for w in s.split()])
    | st.text("aeiouktrmnशकि́éЙABC'.", min_size=1, max_size=9),
    max_size=8,
).map(" ".join)
seeds = st.integers(0, 2**32)


def of(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(prose, seeds, st.sampled_from(EVERY), st.booleans())
def test_words_and_clusters_survive(text, seed, kind, one_kind) -> None:
    typed, slips = noisy(text, rate=1, kinds=[kind], one_kind=one_kind, rng=of(seed))
    assert respelled(text, slips) == typed
    clean, after = tokenise(text), tokenise(typed)
    assert len(clean) == len(after)
    assert [tuple(pair) for pair in moved(np.array(clean).reshape(-1), slips).reshape(-1, 2).tolist()] == after
    assert regex.sub(r"\S", "", text) == regex.sub(r"\S", "", typed)
    for (s, e), (a, b) in zip(clean, after):
        if text[s:e] != typed[a:b]:
            old, new = clusters(text[s:e]), clusters(typed[a:b])
            assert len(new) - len(old) == {"drop": -1, "vowel": -1, "insert": 1, "repeat": 1}.get(kind, 0)


@given(prose, seeds)
def test_rate_zero_is_the_identity_and_seeds_repeat(text, seed) -> None:
    assert noisy(text, rate=0, rng=of(seed)) == (text, ())
    assert noisy(text, rate=0.5, rng=of(seed)) == noisy(text, rate=0.5, rng=of(seed))


@pytest.mark.parametrize("kind", ["swap", "neighbour", "drop", "insert", "repeat", "vowel", "shuffle"])
def test_a_kind_does_what_it_says(kind) -> None:
    told = set()
    for seed in range(40):
        for word in ("planner", "devices", "mahtra"):
            typed, slips = noisy(word, rate=1, kinds=[kind], rng=of(seed))
            assert [s.kind for s in slips] == [kind]
            told.add(kind_of(word, typed))
            if kind not in ("neighbour",):
                assert typed[0] == word[0]
            if kind == "shuffle":
                assert typed[-1] == word[-1]
    also = {"drop": {"vowel"}, "insert": {"repeat"}, "shuffle": {"swap"}}.get(kind, set())
    assert kind in told
    assert told <= {kind, *also}


def test_a_neighbour_key_keeps_the_case() -> None:
    for seed in range(30):
        typed, (slip,) = noisy("HELLO", rate=1, kinds=["neighbour"], rng=of(seed))
        assert typed.isupper()
        assert slip.new.lower() in neighbours(slip.old)
    swapped = {noisy("Nath", rate=1, kinds=["swap"], rng=of(seed))[0] for seed in range(30)}
    assert swapped == {"Ntah", "Naht"}


def test_one_kind_a_sentence() -> None:
    text = "this evening everybody watches television together with friends and neighbours"
    mixed = 0
    for seed in range(30):
        one = {slip.kind for slip in noisy(text, rate=1, rng=of(seed))[1]}
        assert len(one) == 1
        mixed += len({slip.kind for slip in noisy(text, rate=1, one_kind=False, rng=of(seed))[1]}) > 1
    assert mixed > 25


def test_the_kind_is_one_that_the_text_can_have() -> None:
    for seed in range(20):
        _, slips = noisy("Привет", rate=1, kinds=["neighbour", "swap"], rng=of(seed))
        assert [slip.kind for slip in slips] == ["swap"]


def test_the_rate_is_the_share_of_words() -> None:
    text = " ".join(["planner"] * 4000)
    _, slips = noisy(text, rate=0.3, kinds=["swap"], rng=of(3))
    assert len(slips) / 4000 == pytest.approx(0.3, abs=0.03)


def test_what_is_protected_stays() -> None:
    text = "see https://a.org/path @someone #topic user@mail.org abc123 `some code` snakes_case and camelCase"
    for seed in range(20):
        typed, slips = noisy(text, rate=1, one_kind=False, rng=of(seed))
        kept = [w for w in words(text) if protected(w)]
        assert all(w in typed for w in kept)
        assert "`some code`" in typed
        assert {slip.start for slip in slips} <= {*range(3), *range(text.index("and"), text.index("camel"))}
    assert noisy("hello world", rate=1, protect=lambda word: True, rng=of(1))[1] == ()


def test_unspaced_scripts_stay() -> None:
    for text in ("学习中文很有意思", "ภาษาไทยสนุก", "ひらがなカタカナ"):
        assert noisy(text, rate=1, one_kind=False, rng=of(1))[0] == text


def test_offsets_inside_an_error_stay_inside() -> None:
    slips = (noise.Slip("drop", 2, 3, "x", ""), noise.Slip("insert", 5, 6, "b", "bv"))
    assert moved([0, 2, 3, 5, 6, 9], slips).tolist() == [0, 2, 2, 4, 6, 9]


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_bad_rates(rate) -> None:
    with pytest.raises(UsageError, match="0 to 1"):
        noisy("x", rate=rate, rng=of(1))


def test_bad_kinds() -> None:
    with pytest.raises(UnknownName, match="swap"):
        noisy("x", rate=1, kinds=["swp"], rng=of(1))  # type: ignore[list-item]
    with pytest.raises(UsageError, match="no kinds"):
        noisy("x", rate=1, kinds=[], rng=of(1))


def rows() -> list[Utterance]:
    out = []
    for i, text in enumerate(SENTENCES):
        tokens = tuple(tokenise(text))
        layers = {"lang": tuple(f"l{j % 2}" for j in range(len(tokens)))}
        spans = (Span("ner", "X", *tokens[0]),) if tokens else ()
        out.append(Utterance(text, f"r{i}", tokens, layers, spans))
    return out


def test_batches_keep_layers_and_spans() -> None:
    clean = rows()
    after = list(from_batch(noisy_batch(to_batch(clean), rate=1, seed=3, kinds=HINMIX)))
    assert any(a.text != b.text for a, b in zip(clean, after))
    for a, b in zip(clean, after):
        assert b.layers["lang"] == a.layers["lang"]
        assert b.layers["clean"] == a.words
        assert list(b.tokens) == tokenise(b.text)
        if a.spans:
            assert (b.spans[0].start, b.spans[0].end) == b.tokens[0]


def test_batches_do_not_depend_on_sharding() -> None:
    whole = list(from_batch(noisy_batch(to_batch(rows(), layers=["lang"]), rate=0.6, seed=9)))
    apart = [
        next(from_batch(noisy_batch(to_batch([row], layers=["lang"]), rate=0.6, seed=9))) for row in reversed(rows())
    ]
    assert [u.text for u in whole] == [u.text for u in reversed(apart)]
    other = list(from_batch(noisy_batch(to_batch(rows(), layers=["lang"]), rate=0.6, seed=10)))
    assert [u.text for u in whole] != [u.text for u in other]


def test_rows_without_tokens_or_ids() -> None:
    batch = to_batch([Utterance("planner device hello")], layers=[])
    out = next(from_batch(noisy_batch(batch, rate=1, seed=1, kinds=["swap"])))
    assert out.text != "planner device hello"
    assert out.tokens == ()


def test_row_generators() -> None:
    assert row_rng(1, "a").random() == row_rng(1, "a").random()
    assert row_rng(1, "a").random() != row_rng(2, "a").random() != row_rng(1, "b").random()
