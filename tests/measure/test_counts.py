import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import to_batch
from macaronic.core.utterance import Utterance
from macaronic.measure import counts as module
from macaronic.measure.cmi import cc, cc_code
from macaronic.measure.counts import accumulate, count, empty, merge
from macaronic.measure.pooled import corpus_values, mean_values
from macaronic.measure.resample import sums
from macaronic.measure.sentences import summarise
from macaronic.measure.words import language_words

LABELS = st.lists(st.sampled_from(["en", "hi", "hi", "ta", "other"]), max_size=9)
CORPORA = st.lists(st.lists(LABELS, max_size=7), min_size=1, max_size=5)


def sentences_of(rows):
    made = [Utterance.from_words(["w"] * len(row), layers={"lang": row}) for row in rows]
    return summarise(language_words(to_batch(made, layers=["lang"])))


def all_values(counts):
    total = sums(counts, k=3)
    return {
        (level, name): value[0]
        for level, of in (("corpus", corpus_values), ("mean", mean_values))
        for name, value in of(total).items()
    }


def assert_same(one, other):
    assert (one.sentences, one.pairs) == (other.sentences, other.pairs)
    assert one.opening == other.opening
    assert one.closing == other.closing
    expected, found = all_values(one), all_values(other)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, atol=1e-12, err_msg=str(name))


@settings(deadline=None)
@given(CORPORA)
def test_batches_merged_are_the_whole(batches):
    whole = count(sentences_of([row for rows in batches for row in rows]))
    assert_same(whole, merge([count(sentences_of(rows)) for rows in batches]))
    nested = empty()
    for rows in batches:
        nested = merge([nested, count(sentences_of(rows))])
    assert_same(whole, nested)


@settings(deadline=None)
@given(CORPORA)
def test_bounded_memory_changes_no_total(batches):
    whole = count(sentences_of([row for rows in batches for row in rows]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_BLOCKS", 4)
        small = accumulate(sentences_of(rows) for rows in batches)
    assert len(small.starts) <= 4
    assert_same(whole, small)


@settings(deadline=None)
@given(CORPORA)
def test_cc_equals_the_loop(batches):
    rows = [row for batch in batches for row in batch]
    found = all_values(merge([count(sentences_of(batch)) for batch in batches]))
    for name, loop in (("cc", cc), ("cc_code", cc_code)):
        expected = loop(rows)
        assert expected is None or found["corpus", name] == pytest.approx(expected)


def test_blocks_hold_neighbouring_sentences():
    counts = accumulate([sentences_of([["en"]] * 3000), sentences_of([["en", "hi"]] * 6000)])
    assert (counts.sentences, counts.block) == (9000, 4)
    assert len(counts.starts) == 2250
    assert set(counts.columns["sentences"].tolist()) == {4.0}
    assert counts.columns["switches"][:750].sum() == 0
    assert counts.total("switches") == 6000
    assert counts.lengths.n.sum() == 15000


def test_nothing():
    assert merge([]).sentences == empty().sentences == accumulate([]).sentences == 0
    assert merge([empty(), count(sentences_of([["en"]])), count(sentences_of([]))]).total("words") == 1


def test_hiencs_has_682_changes_of_main_language(hiencs):
    counts = count(sentences_of(hiencs[0]))
    assert counts.total("shifts") == counts.total("mixed_shifts") == 682
    assert counts.total("switches") == 3488
    assert counts.total("spans") == 4936
    assert counts.total("words") == 16633
