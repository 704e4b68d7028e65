"""Key phrases of a sentence."""

from hypothesis import given
from hypothesis import strategies as st

from macaronic.synth.classes import CONTENT, classes
from macaronic.synth.keyphrases import keyphrases

SENTENCE = "The Supreme Court of India gave a new order on water in the city ."


def test_names_come_before_common_words() -> None:
    words = SENTENCE.split()
    ranked = [" ".join(words[k.start : k.end]) for k in keyphrases(words)]
    assert ranked[0] in ("Supreme Court", "Court of India")
    assert ranked.index("Supreme Court") < ranked.index("city")


def test_a_document_changes_the_scores() -> None:
    words = ["water", "is", "near", "the", "city"]
    alone = {(k.start, k.end): k.score for k in keyphrases(words)}
    both = {(k.start, k.end): k.score for k in keyphrases(words, document=[["water", "here"], ["more", "water"]])}
    assert both[0, 1] != alone[0, 1]


@given(st.lists(st.sampled_from([*SENTENCE.split(), "", "और", "…"]), max_size=14), st.integers(1, 4))
def test_phrases_are_short_and_begin_and_end_with_content(words: list[str], longest: int) -> None:
    pos = classes(words, "en").pos
    for k in keyphrases(words, longest=longest):
        assert 1 <= k.end - k.start <= longest
        assert k.score >= 0
        assert {pos[k.start], pos[k.end - 1]} <= CONTENT
