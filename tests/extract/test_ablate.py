"""The four models of the ablation on extractors that know exactly what is planted; the verbaliser."""

from __future__ import annotations

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.extract.ablate import ARMS, BREAK, ablate, arm, told_words
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.extractor import Answer
from macaronic.extract.made import made
from macaronic.extract.record import Event, Record, Relation, Span
from macaronic.extract.verbaliser import classify, hashed_letters, verbaliser

TEXTS = [
    Record(f"{name} is here", label, (Span(kind, name, 0, len(name)),), id=str(i), language="en" if i % 2 else "ja")
    for i, (name, label, kind) in enumerate([("Ann", "Arts", "Person"), ("Rome", "Nature", "Place")] * 20)
]


class Reads:
    """Finds the words always; knows the label only where it, or the kind of the words, is told behind the text."""

    def answers(self, records, *, constrain):
        out = []
        for record in records:
            text, _, told = record.text.partition(BREAK)
            name = text.split()[0]
            kind = {"Arts": "Person", "Nature": "Place"}.get(told, "Person")
            label = "Nature" if "Place" in told else "Arts"
            spans = (Span(kind, name, 0, len(name)), Span("Place", told[-2:], len(record.text) - 2, len(record.text)))
            out.append(Answer(Decoded(Record(record.text, label, spans if told else spans[:1]))))
        return out


def test_a_planted_effect_is_found_in_both_directions():
    seen = []

    def fit(records):
        seen.append(records[0])
        return Reads()

    found = {(e.metric, e.level): e for e in ablate(TEXTS, TEXTS, fit, samples=200)}
    assert [r.text for r in seen] == [arm(TEXTS[0], which).text for which in ARMS]
    label, words = found["TL", "all"], found["WL", "all"]
    assert (label.alone, label.told, words.alone, words.told) == (0.5, 1.0, 0.5, 1.0)
    for effect in (label, words):
        assert 0 < effect.low <= effect.change <= effect.high
        assert effect.p < 0.01
    assert {level for _, level in found} == {"all", "en", "ja"}


class Same:
    """Answers the same whatever is told."""

    def answers(self, records, *, constrain):
        return [Answer(Decoded(Record(r.text, "Arts"))) for r in records]


def test_without_an_effect_none_is_found():
    found = ablate(TEXTS, TEXTS, lambda records: Same(), samples=100)
    assert {e.change for e in found} == {0.0}
    assert {e.p for e in found} == {1.0}


def test_what_is_told_and_what_is_asked():
    record = TEXTS[0]
    assert arm(record, "TL").spans == ()
    assert arm(record, "WL").text_label == ""
    assert arm(record, "WL|TL").text == f"Ann is here{BREAK}Arts"
    assert arm(record, "WL|TL").spans == record.spans
    assert told_words(Record("a", relations=(Relation("x", "is", "y"),))) == "x is y"
    assert told_words(Record("a", events=(Event("Trip", "", (Span("who", "Ann"),)),))) == "who: Ann"
    assert told_words(Record("a", language="ja")) == "無い"


def test_sets_without_both_levels_are_refused():
    with pytest.raises(UsageError, match="both"):
        ablate([Record("a", "x")], TEXTS, lambda records: Same())
    with pytest.raises(UsageError, match="test records"):
        ablate(TEXTS, [], lambda records: Same())


def test_the_telling_words_of_a_label():
    records = made(200, ["en"], rng=np.random.default_rng(0))
    table = verbaliser(records, most=20)
    assert set(table) == {"Society", "Arts", "Scholarship", "Technology", "Nature"}
    assert "the" not in {word for words in table.values() for word in words[:3]}
    assert {"election", "police", "tax"} & set(table["Society"])
    with pytest.raises(UsageError, match="at least 1"):
        verbaliser(records, most=0)


def test_words_and_examples_both_count():
    embed = hashed_letters()
    words = {"A": ["lake"], "B": ["poem"]}
    shots = [Record("zzz qqq", "B")]
    assert classify(["lake zzz qqq"], words, embed, shots=shots, share=1.0) == ["A"]
    assert classify(["lake zzz qqq"], words, embed, shots=shots, share=0.0) == ["B"]
    with pytest.raises(UsageError, match="got none"):
        classify(["a"], {}, embed)
