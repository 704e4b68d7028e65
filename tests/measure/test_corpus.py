import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import Corpus, to_batch
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.utterance import Utterance
from macaronic.measure import cmi, diversity, spans, switches
from macaronic.measure.corpus import measure
from macaronic.measure.names import UNITS

LABELS = st.lists(st.sampled_from(["en", "hi", "ta", "other", None]), max_size=9)


def values(found):
    return {(r.name, r.level): r.value for r in found}


def test_golden_of_hiencs(hiencs, corpus_of):
    found = values(measure(corpus_of(*hiencs), samples=0))
    printed = {
        ("cmi", "sentence_mean"): (4, 34.6811), ("cu", "sentence_mean"): (4, 28.5959), ("cc", "corpus"): (4, 135.4789),
        ("m_index", "corpus"): (6, 0.999937), ("language_entropy", "corpus"): (6, 0.999977),
        ("i_index", "corpus"): (6, 0.229700), ("burstiness", "corpus"): (6, -0.134894),
        ("span_entropy", "corpus"): (6, 2.943674), ("switch_count", "corpus"): (0, 3488),
        ("symcom:NOUN", "corpus"): (4, 0.2469), ("symcom:VERB", "corpus"): (4, -0.1169),
        ("symcom:ADJ", "corpus"): (4, 0.2832), ("symcom:PRON", "corpus"): (4, 0.1329),
        ("symcom:ADP", "corpus"): (4, -0.2995), ("symcom:AUX", "corpus"): (4, -0.3840),
        ("symcom:DET", "corpus"): (4, 0.2788), ("symcom:PROPN", "corpus"): (4, 0.0380),
    }  # fmt: skip
    assert {key: round(found[key], digits) for key, (digits, _) in printed.items()} == {
        key: value for key, (_, value) in printed.items()
    }


@settings(deadline=None)
@given(st.lists(LABELS, min_size=1, max_size=8))
def test_sentence_means_are_means_of_the_loop(rows):
    made = [Utterance.from_words(["w"] * len(row), layers={"lang": row}) for row in rows]
    corpus = Corpus(lambda: iter([to_batch(made, layers=["lang"])]))
    found = {r.name: r for r in measure(corpus, level=["sentence_mean"], samples=0)}
    k = max(len({label for row in rows for label in row} - {"other", None}), 1)
    for name in ("cmi", "cu", "m_index", "language_entropy", "span_entropy", "burstiness", "memory", "cs_ratio", "spf"):
        module = next(m for m in (cmi, diversity, spans, switches) if hasattr(m, name))
        loop = getattr(module, name)
        each = [diversity.m_index(row, k=k) if name == "m_index" else loop(row) for row in rows]
        known = [value for value in each if value is not None]
        assert found[name].n == len(known)
        assert found[name].value == (pytest.approx(np.mean(known), abs=1e-12) if known else None)


def test_pooled_is_not_the_mean(corpus_of):
    found = values(measure(corpus_of([["en", "hi"], ["en"] * 8]), samples=0))
    assert found["cmi", "corpus"] == pytest.approx(10)
    assert found["cmi", "sentence_mean"] == 25
    assert found["i_index", "corpus"] == 1 / 8
    assert found["spf", "sentence_mean"] == 0.5
    assert found["cs_ratio", "corpus"] == 0.1


@pytest.mark.parametrize("rows", [[], [[]], [["other", None]], [["en"]], [["en", "en"]], [[], ["en"], ["other"]]])
@pytest.mark.parametrize("as_one", [False, True])
def test_nothing_to_measure_is_no_error(rows, as_one, corpus_of):
    found = measure(corpus_of(rows), as_one=as_one)
    assert all(r.value is None or math.isfinite(r.value) for r in found)
    if not any("en" in row for row in rows):
        empty = {"i_index", "spf", "m_index", "language_entropy", "span_entropy", "burstiness", "memory"}
        assert {r.name for r in found if r.value is None} >= (empty if rows else set())


def test_no_batches_at_all():
    found = measure(Corpus(lambda: iter(())))
    assert {r.name for r in found if r.level == "corpus"} >= {"cmi", "cc", "i_index"}
    assert {r.name for r in found if r.value is not None} == {"switch_count"}


def test_intervals_are_repeatable_and_hold_the_value(corpus_of):
    rng = np.random.default_rng(5)
    rows = [rng.choice(["en", "hi", "other"], size=rng.integers(3, 12)).tolist() for _ in range(200)]
    first = measure(corpus_of(rows), rng=np.random.default_rng(3), samples=300)
    again = measure(corpus_of(rows), rng=np.random.default_rng(3), samples=300)
    assert first == again
    for r in first:
        if r.name.startswith("switch_pair"):
            assert r.low is None
        elif r.name not in ("m_index", "language_entropy"):  # at their ceiling here
            assert r.low <= r.value <= r.high, r
    by_name = {(r.name, r.level): r for r in first}
    deviation = np.std([cmi.cmi(row) for row in rows]) / math.sqrt(len(rows))
    found = by_name["cmi", "sentence_mean"]
    assert found.high - found.low == pytest.approx(2 * 1.96 * deviation, rel=0.2)


def test_blocks_give_the_interval_of_sentences(corpus_of):
    rng = np.random.default_rng(7)
    rows = [rng.choice(["en", "hi"], size=6, p=[0.7, 0.3]).tolist() for _ in range(9000)]
    found = measure(corpus_of(rows), names=["cmi"], level=["sentence_mean"])[0]
    assert "block:4" in found.signature
    deviation = np.std([cmi.cmi(row) for row in rows]) / math.sqrt(len(rows))
    assert found.high - found.low == pytest.approx(2 * 1.96 * deviation, rel=0.15)


def test_languages_asked_for(corpus_of):
    corpus = corpus_of([["en", "ta", "hi", "en"]])
    two = {r.name: r for r in measure(corpus, languages=["hi", "eng"], level=["corpus"], samples=0)}
    assert two["cmi"].value == pytest.approx(100 / 3)
    assert two["m_index"].signature.startswith("m_index|langs:hi+en|seq:sentence|k:2|v:")
    assert {name for name in two if name.startswith("language:")} == {"language:en", "language:hi"}
    five = values(measure(corpus, languages=["hi", "en", "ta", "fr", "de"], level=["corpus"], samples=0))
    squares = (4 + 1 + 1) / 16
    assert five["m_index", "corpus"] == pytest.approx((1 - squares) / (4 * squares))


def test_a_corpus_is_read_once_and_twice_only_for_symcom(corpus_of):
    read = []

    def counted(batch):
        read.append(batch.num_rows)
        return batch

    measure(corpus_of([["en", "hi"]] * 3).map(counted))
    assert read == [3]
    tagged = corpus_of([["en", "hi"]], [["NOUN", "VERB"]]).map(counted)
    measure(tagged, languages=["en", "hi"])
    assert read == [3, 1]
    measure(tagged)
    assert read == [3, 1, 1, 1]


def test_symcom_pair_and_its_absence(corpus_of):
    tagged = corpus_of([["en", "en", "hi", "hi"]], [["NOUN", "NOUN", "NOUN", "VERB"]])
    found = {r.name: r for r in measure(tagged, names=["symcom"], level=["corpus"], samples=0)}
    assert {name: round(r.value, 4) for name, r in found.items()} == {
        "symcom": 0.5,
        "symcom:NOUN": 0.3333,
        "symcom:VERB": -1.0,
    }
    assert "pair:en-hi" in found["symcom"].signature
    turned = values(measure(tagged, names=["symcom:VERB"], languages=["hi", "en"], level=["corpus"], samples=0))
    assert turned == {("symcom:VERB", "corpus"): 1.0}
    assert not [r for r in measure(corpus_of([["en", "hi"]]), samples=0) if r.name.startswith("symcom")]


def test_families(corpus_of):
    made = [
        Utterance.from_words(["yaar", "यार", "ठीक"], layers={"lang": ["hi-Latn", "hi", "hi"]}),
        Utterance.from_words(["ok"], layers={"lang": ["en"]}),
    ]
    found = values(measure(Corpus.from_utterances(made), level=["corpus"], samples=0))
    assert found["script:Deva", "corpus"] == 6 / 12
    assert found["script_mix", "corpus"] == 0.5
    assert found["matrix_language:hi", "corpus"] == found["matrix_language:en", "corpus"] == 0.5
    assert ("matrix_language:hi-Latn", "corpus") not in found
    assert found["language:hi", "corpus"] == 0.5
    assert found["switch_pair:hi-Latn>hi", "corpus"] == 1


def test_tags_with_colons(corpus_of):
    found = values(measure(corpus_of([["en", "hi"]], [[":", "NN:x"]]), names=["symcom"], level=["corpus"], samples=0))
    assert found == {("symcom", "corpus"): 1.0, ("symcom::", "corpus"): 1.0, ("symcom:NN:x", "corpus"): -1.0}


def test_mistakes(corpus_of):
    corpus = corpus_of([["en", "hi"]])
    with pytest.raises(UnknownName, match="Did you mean 'burstiness'"):
        measure(corpus, names=["burstines"])
    with pytest.raises(UnknownName, match="level"):
        measure(corpus, level=["sentences"])
    with pytest.raises(UnknownName):
        measure(corpus, languages=["qqqqq"])
    with pytest.raises(UsageError, match="Identify the languages first"):
        measure(Corpus.from_utterances([Utterance("so chill")]))


def test_every_result_has_a_unit(corpus_of):
    found = measure(corpus_of([["en", "hi"]], [["NOUN", "VERB"]]), samples=0)
    assert {r.name.partition(":")[0] for r in found} | {"script", "script_mix"} == set(UNITS)
