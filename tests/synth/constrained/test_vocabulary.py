"""Which ids are allowed: what the sources hold, wherever it stands in the output."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.synth.constrained import toy

from macaronic import bundled
from macaronic.core.errors import UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.constrained import allowed_ids, decode, sources, whole_words
from macaronic.text.words import words

TOKENIZERS = {"byte-level": toy.byte_level, "metaspace": toy.metaspace, "prepended": toy.prepended}
every_tokenizer = pytest.mark.parametrize("name", TOKENIZERS)


@every_tokenizer
def test_every_source_word_can_stand_anywhere(name: str) -> None:
    cut = TOKENIZERS[name]()
    row = bundled.parallel()[3]
    allowed = set(allowed_ids(cut, [row["en"], row["hi-Latn"]], eos=0).ids.tolist())
    for text in (row["en"], row["hi-Latn"]):
        own = text.split()
        for shuffled in (own[::-1], own[1:] + own[:1]):
            assert set(cut.encode(" ".join(shuffled)).ids) <= allowed | {1}
    assert 0 in allowed


def test_other_words_stay_out() -> None:
    cut = toy.byte_level()
    allowed = set(allowed_ids(cut, ["aao"], eos=0, extra="").ids.tolist())
    assert not set(cut.encode("window").ids) <= allowed


def test_tokenizers_of_transformers_give_the_same() -> None:
    transformers = pytest.importorskip("transformers")
    row = bundled.parallel()[7]
    texts = [row["en"], row["hi-Latn"]]
    plain = toy.byte_level()
    wrapped = transformers.PreTrainedTokenizerFast(tokenizer_object=plain, eos_token="</s>")
    ours, theirs = allowed_ids(plain, texts, eos=0), allowed_ids(wrapped, texts)
    assert ours.ids.tolist() == theirs.ids.tolist()
    assert ours.eos == theirs.eos
    first, second = whole_words(plain, texts, eos=0), whole_words(wrapped, texts)
    for ids in ([], plain.encode(row["en"]).ids, plain.encode(row["en"]).ids[:2]):
        assert first.following(ids).tolist() == second.following(ids).tolist()


def test_unknown_tokens_are_never_allowed() -> None:
    cut = toy.metaspace()
    assert 1 not in allowed_ids(cut, ["日本 the"], eos=0).ids.tolist()


def test_the_end_must_be_known() -> None:
    with pytest.raises(UsageError, match="eos"):
        allowed_ids(toy.byte_level(), ["a"])
    with pytest.raises(UsageError, match="one word"):
        whole_words(toy.byte_level(), ["...", ""], eos=0)


def test_sources_are_written_in_latin_letters() -> None:
    row = Parallel("1", {"en": Utterance("open it"), "hi": Utterance("अच्छा है"), "hi-Latn": Utterance("theek")})
    assert sources(row) == ("open it", "achchha hai", "theek") or sources(row)[1].isascii()
    assert sources(row, tags=["en"]) == ("open it",)
    more = sources(row, tags=["hi"], spellings=4)[0].split()
    assert {"acha", "accha"} <= set(more)
    assert more[:2] == sources(row, tags=["hi"])[0].split()


def noise(size: int, seed: int):  # type: ignore[no-untyped-def]
    table = np.random.default_rng(seed).normal(0, 3, (64, size))
    return lambda ids: table[(len(ids) * 7 + sum(ids)) % 64]


@every_tokenizer
@given(st.integers(0, 10_000), st.integers(0, 85), st.integers(1, 25), st.integers(1, 3))
@settings(deadline=None, max_examples=40)
def test_whole_words_and_nothing_else(name: str, seed: int, number: int, most: int, beams: int) -> None:
    cut = TOKENIZERS[name]()
    row = bundled.parallel()[number]
    rule = whole_words(cut, [row["en"], row["hi-Latn"]], eos=0)
    step = noise(cut.get_vocab_size(), seed)
    found = decode(step, rule, max_tokens=most, beams=beams, min_tokens=most // 2)
    assert rule.complete(found.ids)
    text = cut.decode(list(found.ids))
    listed = {word for source in (row["en"], row["hi-Latn"]) for word in words(source)}
    for piece in text.split():
        bare = piece.strip(".,;:!?'\"()-–…।॥؟،。，！？")
        assert not bare or bare in listed or all(part in listed for part in words(bare))


@every_tokenizer
def test_any_order_of_source_words_is_a_path(name: str) -> None:
    cut = TOKENIZERS[name]()
    row = bundled.parallel()[5]
    rule = whole_words(cut, [row["en"], row["hi-Latn"]], eos=0)
    mixed = [w for source in (row["hi-Latn"], row["en"]) for w in words(source) if w[0].isalnum()]
    ids = cut.encode(" ".join(mixed[::-1])).ids
    for place, number in enumerate(ids):
        assert number in rule.following(ids[:place])
    assert rule.complete(ids)
    assert 0 in rule.following(ids)


def test_no_end_inside_a_word() -> None:
    cut = toy.byte_level()
    rule = whole_words(cut, ["zqxj"], eos=0, extra="")
    ids = cut.encode("zqxj").ids
    assert len(ids) > 1
    assert rule.following(ids[:1]).tolist() == [ids[1]]
    assert not rule.complete(ids[:1])
    assert rule.following([]).tolist()[0] == 0
    assert rule.following([], left=len(ids) - 1).tolist() == [0]
    assert rule.following([999]).tolist() == [0]
