"""Made-up records: offsets right, names and patterns kept back, the same seed the same records."""

from __future__ import annotations

import re

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.extract.edges import edges, whole_words
from macaronic.extract.gazetteer import gazetteer
from macaronic.extract.made import KEPT_BACK, LANGUAGES, made, names_of, patterns
from macaronic.extract.record import Record, Span
from macaronic.extract.score import score


@pytest.fixture(scope="module")
def train():
    return made(900, rng=np.random.default_rng(0))


@pytest.fixture(scope="module")
def unseen(train):
    return made(180, rng=np.random.default_rng(1), unseen=True, known=names_of(train))


def test_every_span_stands_where_it_says(train, unseen):
    for record in [*train, *unseen]:
        assert all(record.text[s.start : s.end] == s.text for s in record.spans)
        assert "{" not in record.text


def test_languages_and_classes_come_alike_often(train):
    for language in LANGUAGES:
        labels = [r.text_label for r in train if r.language == language]
        assert {labels.count(label) for label in set(labels)} == {30}
        assert set(labels) == set(patterns(language).schema.text_labels)


def test_unseen_records_share_neither_names_nor_patterns(train, unseen):
    assert not names_of(train) & names_of(unseen)
    shown = {(r.language, r.meta["pattern"]) for r in train}
    held = {(r.language, r.meta["pattern"]) for r in unseen}
    assert not shown & held
    assert {at.partition(":")[0] for _, at in held} == set(patterns("en").text_labels)


def test_the_same_seed_gives_the_same_records(train):
    assert made(30, rng=np.random.default_rng(0)) == train[:30]


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_use_only_what_there_is(language):
    told = patterns(language)
    assert set(told.patterns) == {*told.text_labels, "any"}
    for listed in told.patterns.values():
        assert len(set(listed)) == len(listed) > KEPT_BACK
        for slot in re.findall(r"\{(\w+)\}", "".join(listed)):
            assert slot == "word" or slot in told.span_labels
    for forms in told.names.values():
        assert set(re.findall(r"\{(\w+)\}", "".join(forms))) <= {*told.parts, "number"}
    words = [word for some in told.words.values() for word in some]
    assert len(set(words)) == len(words)


def test_names_never_cut_a_word(train):
    assert whole_words(train)
    assert not whole_words([Record("unhappy", "", (Span("a", "happy", 2, 7),))])


def test_edges_of_scripts_with_and_without_spaces():
    assert [at for at, edge in enumerate(edges("l'Ankara'da")) if edge] == [0, 1, 2, 8, 9, 11]
    assert all(edges("東京タワー"))
    assert edges("") == [True]


def test_the_gazetteer_knows_its_names_and_no_others(train, unseen):
    listed = gazetteer(train)
    own = score(train[:90], [listed.answer(r) for r in train[:90]], samples=0)
    other = score(unseen, [listed.answer(r) for r in unseen], samples=0)
    assert own.value("WL recall") == 1.0
    assert other.value("WL recall") == 0.0
    assert other.value("TL") == pytest.approx(0.2, abs=0.05)


def test_the_longest_name_wins_and_no_latin_word_is_cut():
    listed = gazetteer([Record("", "", (Span("a", "New York"), Span("b", "York")))])
    assert [s.text for s in listed.answer(Record("New York, Yorkers, York")).record.spans] == ["New York", "York"]


def test_wrong_requests_are_said():
    with pytest.raises(UnknownName, match="'es'"):
        made(1, ["ese"], rng=np.random.default_rng(0))
    with pytest.raises(UsageError, match="at least 1"):
        made(0, rng=np.random.default_rng(0))
