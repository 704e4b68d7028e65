"""The columns must say the same as the functions of one sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import to_batch
from macaronic.core.utterance import Utterance
from macaronic.measure import cmi, diversity, spans, switches
from macaronic.measure.matrix import matrix_language
from macaronic.measure.sentences import summarise
from macaronic.measure.symcom import symcom
from macaronic.measure.table import sentence_table
from macaronic.measure.values import NAMES, sentence_values
from macaronic.measure.words import language_words

LABELS = st.lists(st.sampled_from(["en", "en", "hi", "ta", "bn-Latn", "other", "ne", None]), max_size=25)
TAGS = st.sampled_from(["NOUN", "VERB", None])
LOOP = {
    name: getattr(module, name)
    for module in (cmi, diversity, spans, switches)
    for name in NAMES
    if hasattr(module, name) and callable(getattr(module, name))
}


def batch_of(rows, tags=()):
    layers = [{"lang": row} | ({"pos": pos} if pos else {}) for row, pos in zip(rows, tags or [()] * len(rows))]
    return to_batch([Utterance.from_words(["w"] * len(row), layers=layer) for row, layer in zip(rows, layers)])


def test_every_measure_has_a_loop():
    assert set(LOOP) | {"symcom"} == set(NAMES)


@settings(deadline=None)
@given(st.lists(LABELS, min_size=1, max_size=8))
def test_columns_equal_loops(rows):
    table = sentence_table(batch_of([[None], *rows]), names=[*LOOP]).slice(1)
    for name, function in LOOP.items():
        for row, found in zip(rows, table.column(name).to_pylist()):
            expected = function(row)
            assert (found is None) == (expected is None), (name, row)
            assert found is None or found == pytest.approx(expected, abs=1e-12), (name, row)
    assert table.column("matrix_language").to_pylist() == [matrix_language(row) for row in rows]


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(["en", "hi", "ta", "other"]), TAGS), min_size=1, max_size=12)))
def test_symcom_column_equals_loop(rows):
    langs, tags = [[a for a, _ in row] for row in rows], [[b for _, b in row] for row in rows]
    batch = batch_of([["en"], *langs], [["NOUN"], *tags])
    found = sentence_table(batch, names=["symcom"], pair=("en", "hi")).column("symcom").to_pylist()[1:]
    assert found == [symcom(a, b, languages=("en", "hi")) for a, b in zip(langs, tags)]


def test_a_given_k():
    sentences = summarise(language_words(batch_of([["en", "hi"], ["en", "en"], [None]])))
    assert np.nan_to_num(sentence_values(sentences, k=3)["m_index"], nan=-1).tolist() == [0.5, 0, -1]


def test_a_very_long_sentence_next_to_short_ones():
    long = ["en"] * 300_000 + ["hi", "en"] * 5
    table = sentence_table(batch_of([["hi", "en"], long, []]))
    assert table.column("switch_count").to_pylist() == [1, 10, 0]
    assert table.column("burstiness").to_pylist()[1] == pytest.approx(spans.burstiness(long))
    assert table.column("memory").to_pylist()[1] == pytest.approx(spans.memory(long))
    assert table.column("span_entropy").to_pylist()[1] == pytest.approx(spans.span_entropy(long))


def test_hiencs_columns_equal_loops(hiencs):
    labels, tags = hiencs
    table = sentence_table(batch_of(labels, tags), languages=["en", "hi"])
    for name, function in LOOP.items():
        expected = [function(row) for row in labels]
        found = table.column(name).to_pylist()
        assert [v is None for v in found] == [v is None for v in expected]
        known = [(a, b) for a, b in zip(found, expected) if b is not None]
        np.testing.assert_allclose(*zip(*known), atol=1e-12)
    expected = [symcom(a, b, languages=("en", "hi")) for a, b in zip(labels, tags)]
    np.testing.assert_allclose(table.column("symcom").to_pylist(), expected)
