"""Errors put back around switched words: kept outside, dropped inside, and the borders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.synth.gec.apply import LEARNER, Switched, inverse, mix, switch
from macaronic.synth.gec.m2 import Edit, Sentence
from macaronic.synth.gec.render import Part, by_lexicon, by_links, by_translator
from macaronic.synth.gec.select import METHODS
from macaronic.synth.lattice import ptb
from macaronic.synth.lexicon.table import Lexicon, Translation
from macaronic.synth.mixed import LEXICON, Outcome


def upper(words, start, end) -> Part:
    n = end - start
    return Part(tuple(w.upper() for w in words[start:end]), ("zh",) * n, (LEXICON,) * n, tuple(range(start, end)))


def nothing(words, start, end):
    return "not in the dictionary"


LEARNER_SENTENCE = Sentence(
    "she like to eating the the apples in morning",
    (
        Edit(1, 2, "likes", "R:VERB:SVA"),
        Edit(2, 3, "", "U:PART"),
        Edit(4, 5, "-NONE-", "U:DET"),
        Edit(8, 8, "the", "M:DET"),
    ),
)
CORRECT = ["she", "likes", "eating", "the", "apples", "in", "the", "morning"]


def made(*stretches, render=upper) -> Switched:
    out = switch(LEARNER_SENTENCE, stretches, render=render, other="zh")
    assert isinstance(out, Switched)
    return out


def test_edits_are_turned_round() -> None:
    words, faults = inverse(LEARNER_SENTENCE)
    assert words == tuple(CORRECT)
    assert [(f.start, f.end, f.words) for f in faults] == [
        (1, 2, ("like",)),
        (2, 2, ("to",)),
        (3, 3, ("the",)),
        (6, 7, ()),
    ]


def test_edits_outside_the_span_are_kept() -> None:
    out = made((4, 5))
    assert " ".join(out.incorrect.words) == "she like to eating the the APPLES in morning"
    assert " ".join(out.correct.words) == "she likes eating the APPLES in the morning"
    assert out.dropped == ()
    assert [edit.line() for edit in out.m2.edits] == [edit.line() for edit in LEARNER_SENTENCE.edits]


def test_edits_inside_the_span_are_dropped() -> None:
    out = made((0, 3))
    assert " ".join(out.incorrect.words) == "SHE LIKES EATING the the apples in morning"
    assert [edit.type for edit in out.dropped] == ["R:VERB:SVA", "U:PART"]
    assert [(e.start, e.end, e.type) for e in out.m2.edits] == [(3, 4, "U:DET"), (7, 7, "M:DET")]


@pytest.mark.parametrize(
    ("stretch", "wrong"),
    [
        ((2, 3), "she like to EATING the the apples in morning"),  # superfluous words on both sides come back
        ((1, 2), "she LIKES to eating the the apples in morning"),  # behind the span
        ((1, 3), "she LIKES EATING the the apples in morning"),  # strictly inside: `to` is gone
        ((6, 7), "she like to eating the the apples in THE morning"),  # the missing word itself is switched: no error
        ((7, 8), "she like to eating the the apples in MORNING"),  # a missing word before the span is still missing
        ((5, 6), "she like to eating the the apples IN morning"),
    ],
)
def test_borders(stretch, wrong) -> None:
    assert " ".join(made(stretch).incorrect.words) == wrong


def test_every_word_knows_where_it_is_from() -> None:
    out = made((4, 5))
    for mixed in (out.incorrect, out.correct):
        for word, side, place in zip(mixed.words, mixed.sides, mixed.index):
            source = {"en": CORRECT, LEARNER: LEARNER_SENTENCE.words, LEXICON: [w.upper() for w in CORRECT]}[side]
            assert source[place] == word
    assert set(out.incorrect.sides) == {"en", LEARNER, LEXICON}
    assert out.correct.langs[4] == "zh"
    assert out.correct.meta["kept"] == 4


def test_nothing_kept_leaves_a_noop() -> None:
    out = switch(Sentence("a b", (Edit(0, 1, "x"),)), [(0, 1)], render=upper, other="zh")
    assert isinstance(out, Switched)
    assert out.m2.edits[0].is_noop
    assert out.incorrect.words == out.correct.words == ("X", "b")


def test_the_annotator_is_chosen() -> None:
    sentence = Sentence("a b", (Edit(0, 1, "x"), Edit(1, 2, "y", annotator=1)))
    out = switch(sentence, [(0, 1)], render=upper, other="zh", annotator=1)
    assert isinstance(out, Switched)
    assert (out.incorrect.words, out.correct.words) == (("A", "b"), ("A", "y"))
    assert {edit.annotator for edit in out.m2.edits} == {1}


def test_stretches_that_fail() -> None:
    def some(words, start, end):
        return upper(words, start, end) if start == 0 else "unaligned"

    out = made((0, 1), (4, 5), render=some)
    assert out.notes == ("1 of 2 stretches stayed: unaligned",)
    assert out.correct.words[:5] == ("SHE", "likes", "eating", "the", "apples")
    none = switch(LEARNER_SENTENCE, [(0, 1)], render=nothing, other="zh", group="7")
    assert none == Outcome("7", reason="not in the dictionary", detail="none of 1 stretches has a translation")


def test_bad_stretches() -> None:
    for stretches in ([(0, 9)], [(2, 2)], [(0, 2), (1, 3)]):
        with pytest.raises(UsageError, match="stretch"):
            switch(LEARNER_SENTENCE, stretches, render=upper, other="zh")


@st.composite
def corrected(draw):
    """A sentence with edits that do not overlap, and stretches of what it becomes."""
    n = draw(st.integers(1, 8))
    points = sorted(draw(st.lists(st.integers(0, n), max_size=8)))
    edits = []
    for start, end in zip(points[::2], points[1::2]):
        right = draw(st.lists(st.sampled_from(["x", "y", "z"]), max_size=2))
        if start < end or right:
            edits.append(Edit(start, end, " ".join(right)))
    sentence = Sentence(" ".join(f"w{i}" for i in range(n)), tuple(edits))
    m = len(sentence.corrected())
    cuts = sorted(set(draw(st.lists(st.integers(0, m), max_size=6))))
    return sentence, list(zip(cuts[::2], cuts[1::2]))


@given(corrected())
def test_the_new_m2_corrects_the_new_sentence(case) -> None:
    sentence, stretches = case
    out = switch(sentence, stretches, render=upper, other="zh")
    if not stretches:
        assert isinstance(out, Outcome)
        assert out.reason == "no switchable word"
        return
    assert isinstance(out, Switched)
    assert out.m2.words == out.incorrect.words
    assert out.m2.corrected() == out.correct.words
    kept = [edit for edit in out.m2.edits if not edit.is_noop]
    assert len(kept) + len(out.dropped) == len(sentence.edits)
    words = list(sentence.corrected())
    for start, end in stretches:
        words[start:end] = [word.upper() for word in words[start:end]]
    assert list(out.correct.words) == words


@given(corrected(), st.sampled_from(METHODS), st.integers(0, 99))
def test_mixing_never_raises(case, method, seed) -> None:
    out = mix(case[0], method=method, render=upper, other="zh", rng=np.random.default_rng(seed), ratio=0.4)
    if isinstance(out, Switched):
        assert out.m2.corrected() == out.correct.words
        assert any(lang == "zh" for lang in out.correct.langs)
    else:
        assert out.reason


def test_a_parse_is_used_when_it_covers_the_words() -> None:
    sentence = Sentence("the old houses falls", (Edit(3, 4, "fall"),))
    tree = ptb.read("(S (NP (DT the) (JJ old) (NNS houses)) (VP (VBP fall)))")
    out = mix(
        sentence,
        method="overlap-phrase",
        render=upper,
        other="zh",
        parse=tree,
        rng=np.random.default_rng(1),
        group="s",
    )
    assert isinstance(out, Switched)
    assert out.incorrect.words == ("THE", "OLD", "HOUSES", "falls")
    assert out.correct.meta["phrases"] == "parsed"
    wrong = mix(
        Sentence("a b"), method="rand-phrase", render=upper, other="zh", parse=tree, rng=np.random.default_rng(1)
    )
    assert isinstance(wrong, Outcome)
    assert wrong.reason == "parse does not cover the words"


def test_another_choice_when_the_first_cannot_be_translated() -> None:
    def last_only(words, start, end):
        return upper(words, start, end) if end == len(words) else "unaligned"

    def made_with(tries):
        nouns = ("NOUN",) * 4
        asked = {"method": "noun-token", "render": last_only, "other": "zh", "pos": nouns, "tries": tries}
        return [mix(Sentence("a b c d"), rng=np.random.default_rng(seed), **asked) for seed in range(20)]

    once, often = made_with(1), made_with(100)
    assert {out.reason for out in once if isinstance(out, Outcome)} == {"unaligned"}
    assert all(isinstance(out, Switched) for out in often)


def test_empty_sentences_say_so() -> None:
    out = mix(Sentence(""), method="noun-token", render=upper, other="zh", rng=np.random.default_rng(1))
    assert isinstance(out, Outcome)
    assert out.reason == "empty side"


class Scripted:
    """A translator that knows two answers."""

    def translate(self, texts, source, target):
        return [{"old house": "casa vieja", "the": ""}.get(text, text) for text in texts]


def test_by_a_translator() -> None:
    render = by_translator(Scripted(), "en", "es")
    words = ["the", "old", "house"]
    got = render(words, 1, 3)
    assert isinstance(got, Part)
    assert (got.words, got.langs, got.index) == (("casa", "vieja"), ("es", "es"), (1, 2))
    assert render(words, 0, 1) == "empty answer"
    assert render(words, 2, 3) == "wrong language"


def test_by_a_dictionary() -> None:
    render = by_lexicon(Lexicon("en", "es", {"of course": (Translation("por supuesto"),), "i": (Translation("yo"),)}))
    got = render(["of", "course", "I", "do"], 0, 4)
    assert isinstance(got, Part)
    assert got.words == ("por", "supuesto", "yo", "do")
    assert got.index == (0, 0, 2, 3)
    assert render(["of", "course", "not"], 0, 1) == "not in the dictionary"  # the phrase does not end in the stretch


def test_by_links() -> None:
    render = by_links(["a", "la", "casa", "vieja"], [(0, 1), (1, 3), (2, 2), (3, 2)], "es")
    words = ["the", "old", "house", "home"]
    got = render(words, 0, 1)
    assert isinstance(got, Part)
    assert (got.words, got.sides, got.index) == (("la",), ("es",), (1,))
    assert render(words, 1, 3) == "unaligned"  # `home` is linked to `casa` too
    assert isinstance(render(words, 1, 4), Part)
    assert by_links([], [], "es")(words, 0, 1) == "unaligned"
