"""Utterances keep their text, and say where offsets or layers are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.corpus import Corpus, from_batch, to_batch
from macaronic.core.errors import FormatError
from macaronic.core.utterance import Relation, Span, Utterance

word = st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    words = draw(st.lists(word, max_size=6))
    layers = {
        name: tuple(draw(st.sampled_from(["en", "hi", None])) for _ in words)
        for name in draw(st.sets(st.sampled_from(["lang", "pos"])))
    }
    u = Utterance.from_words(words, layers=layers, id=draw(st.text(max_size=4)))
    spans = (Span("ner", "PER", 0, len(u.text), "s1"),) if u.text else ()
    relations = (Relation("knows", "s1", "s1"),) if spans else ()
    labels = draw(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2))
    meta = draw(st.dictionaries(st.text(max_size=3), json_like, max_size=2))
    return Utterance(u.text, u.id, u.tokens, u.layers, spans, relations, labels, meta)


@given(st.lists(utterances(), max_size=5))
def test_batches_lose_nothing(rows: list[Utterance]) -> None:
    back = list(from_batch(to_batch(rows)))
    names = {name for u in rows for name in u.layers}
    for u, v in zip(rows, back, strict=True):
        assert (v.text, v.id, v.tokens, v.spans, v.relations, v.labels, v.meta) == (
            u.text, u.id, u.tokens, u.spans, u.relations, u.labels, u.meta,
        )  # fmt: skip
        assert v.layers == {name: u.layers.get(name, (None,) * len(u.tokens)) for name in names}


@pytest.mark.parametrize("tokens", [((0, 9),), ((2, 1),), ((0, 0),), ((0, 2), (1, 3)), ((-1, 1),)])
def test_offsets_outside_the_text_are_refused(tokens: tuple) -> None:
    with pytest.raises(FormatError, match="offsets"):
        Utterance("hello", tokens=tokens)


def test_layers_need_one_label_a_token() -> None:
    with pytest.raises(FormatError, match="one label a token"):
        Utterance("so chill", tokens=((0, 2), (3, 8)), layers={"lang": ("en",)})


def test_spans_outside_the_text_are_refused() -> None:
    with pytest.raises(FormatError, match="outside"):
        Utterance("so", spans=(Span("ner", "PER", 0, 3),))


def test_words_must_stand_in_the_text() -> None:
    with pytest.raises(FormatError, match="'never'"):
        Utterance.from_words(["so", "never"], text="so chill")


@pytest.mark.parametrize("ending", [".arrow", ".parquet"])
def test_files_give_back_what_was_written(tmp_path, ending: str) -> None:
    rows = [Utterance.from_words(["so", "chill"], layers={"lang": ["en", f"x{i}"]}, id=str(i)) for i in range(10_000)]
    place = tmp_path / f"a{ending}"
    Corpus.from_utterances(rows).write(place)
    again = Corpus.open(place)
    assert list(again) == rows
    assert again.count() == len(rows), "a corpus can be read more than once"
