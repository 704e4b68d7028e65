"""Colours are stable, and languages seen together do not share one."""

from hypothesis import given
from hypothesis import strategies as st

from macaronic.report.palette import LIGHT, letters, paints

_TAGS = st.sampled_from(["ar", "bn", "de", "en", "es", "fr", "hi", "hi-Latn", "id", "ja", "ta", "tr", "zh", "zh-Hant"])


@given(st.lists(_TAGS), st.randoms())
def test_the_order_of_the_data_does_not_change_a_colour(tags, random):
    mixed = list(tags)
    random.shuffle(mixed)
    assert paints(tags) == paints(mixed)


@given(st.sets(_TAGS, max_size=len(LIGHT)))
def test_languages_seen_together_have_hues_of_their_own(group):
    everything = [f"x{chr(97 + i)}" for i in range(20)]
    given_ = paints([*group, *everything], together=[group])
    assert len({given_[tag].hue for tag in group}) == len(group)


def test_thirty_two_languages_differ_in_hue_or_line():
    tags = [f"q{chr(97 + i // 6)}{chr(97 + i % 6)}" for i in range(32)]
    assert len(set(paints(tags).values())) == 32


def test_labels_that_are_no_language_get_no_colour():
    assert paints(["ne", "other", "mixed", "en"]).keys() == {"en"}


@given(st.lists(st.one_of(_TAGS, st.sampled_from(["ne", "ne-Deva", "other", "mixed", "unk", "ambiguous"]), st.none())))
def test_no_two_labels_share_their_letters(labels):
    assert len(set(letters(labels).values())) == len(set(labels))
