import pytest

from macaronic.core.corpus import Corpus, to_batch
from macaronic.core.errors import UnknownName
from macaronic.core.utterance import Utterance
from macaronic.measure.corpus import measure
from macaronic.measure.groups import by


def row(langs, **more):
    return Utterance.from_words(["w"] * len(langs), layers={"lang": tuple(langs)}, **more)


ROWS = [
    row(["en", "en", "hi"], labels={"mood": "glad"}, meta={"source": "a"}),
    row(["hi", "hi", "en"], labels={"mood": "sad"}, meta={"source": "b", "n": 1}),
    row(["hi"], meta={"n": 1}),
    row(["other"]),
    row(["hi", "en", "hi"], labels={"mood": "glad"}, meta={"source": "a"}),
]


def corpus(rows=ROWS):
    return Corpus(lambda: iter([to_batch(rows[:2]), to_batch(rows[2:])]))


@pytest.mark.parametrize(
    ("key", "groups"),
    [
        ("matrix", {"en": [0], "hi": [1, 2, 4], "none": [3]}),
        ("lang", {"en": [0], "hi": [1, 2, 4], "none": [3]}),
        ("languages", {"en+hi": [0, 1, 4], "hi": [2], "none": [3]}),
        ("label:mood", {"glad": [0, 4], "sad": [1], "none": [2, 3]}),
        ("meta:source", {"a": [0, 4], "b": [1], "none": [2, 3]}),
        ("meta:n", {"1": [1, 2], "none": [0, 3, 4]}),
    ],
)
def test_a_group_is_measured_as_a_corpus_of_its_own(key, groups):
    found = by(corpus(), key=key, samples=50)
    assert list(found) == sorted(groups)
    for name, members in groups.items():
        alone = measure(Corpus.from_utterances([ROWS[i] for i in members]), samples=50)
        assert found[name] == alone


def test_unknown_key():
    with pytest.raises(UnknownName, match=r"unknown grouping 'matrx'\. Did you mean 'matrix'"):
        by(corpus(), key="matrx")
    with pytest.raises(UnknownName):
        by(corpus(), key="label:")


def test_no_rows():
    assert by(Corpus(lambda: iter([to_batch([], layers=["lang"])])), key="matrix") == {}
