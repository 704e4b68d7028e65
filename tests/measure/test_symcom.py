from collections import Counter

import pytest

from macaronic.core.errors import UsageError
from macaronic.measure.symcom import main_pair, symcom, symcom_tags

# Example of the toy sentence: NOUN en en hi, VERB hi.
LANGS, TAGS = ["en", "en", "hi", "hi"], ["NOUN", "NOUN", "NOUN", "VERB"]


def test_toy():
    assert symcom_tags(LANGS, TAGS) == {"NOUN": pytest.approx(1 / 3), "VERB": -1}
    assert symcom(LANGS, TAGS) == 0.5


def test_other_languages_and_words_without_a_tag_do_not_count():
    assert symcom([*LANGS, "ta", "other", "en"], [*TAGS, "NOUN", "VERB", None], languages=("en", "hi")) == 0.5
    assert symcom_tags(LANGS, TAGS, languages=("hi", "en")) == {"NOUN": pytest.approx(-1 / 3), "VERB": 1}


def test_edges():
    assert symcom([], []) is symcom(["other"], ["X"]) is symcom(["en"], [None]) is None
    assert symcom(["en", "en"], ["NOUN", "VERB"]) == 1
    assert symcom_tags(["ta"], ["NOUN"], languages=("en", "hi")) == {}
    assert main_pair(Counter(en=3)) is None
    assert main_pair(Counter(ta=1, hi=1, en=1)) == ("en", "hi")


def test_as_many_tags_as_labels():
    with pytest.raises(UsageError, match="got 1 for 2"):
        symcom(["en", "hi"], ["NOUN"])


def test_golden_of_hiencs(hiencs):
    langs, tags = ([label for row in rows for label in row] for rows in hiencs)
    found = symcom_tags(langs, tags)
    golden = {
        "NOUN": 0.2469, "VERB": -0.1169, "ADJ": 0.2832, "PRON": 0.1329, "ADP": -0.2995, "AUX": -0.3840, "DET": 0.2788,
        "PROPN": 0.0380,
    }  # fmt: skip
    assert {tag: round(found[tag], 4) for tag in golden} == golden
