import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import Corpus, batched, to_batch
from macaronic.core.utterance import Utterance
from macaronic.measure.corpus import measure
from macaronic.measure.diversity import language_entropy, m_index
from macaronic.measure.spans import burstiness, memory, span_entropy
from macaronic.measure.switches import i_index, switch_count, switch_pairs

LABELS = st.lists(st.sampled_from(["en", "en", "hi", "other"]), max_size=6)
LOOPS = (burstiness, memory, span_entropy, i_index, switch_count, m_index, language_entropy)


def corpus_of(batches):
    made = [[Utterance.from_words(["w"] * len(row), layers={"lang": row}) for row in rows] for rows in batches]
    return Corpus(lambda: (to_batch(rows, layers=["lang"]) for rows in made))


@settings(deadline=None)
@given(st.lists(st.lists(LABELS, max_size=5), max_size=5))
def test_one_sequence_equals_the_loop_over_all_words(batches):
    whole = [label for rows in batches for row in rows for label in row]
    found = {r.name: r.value for r in measure(corpus_of(batches), as_one=True)}
    for loop in LOOPS:
        expected = loop(whole)
        assert found[loop.__name__] == (None if expected is None else pytest.approx(expected, abs=1e-12)), loop.__name__
    pairs = {f"switch_pair:{a}>{b}": n for (a, b), n in switch_pairs(whole).items()}
    assert {name: n for name, n in found.items() if name.startswith("switch_pair")} == pairs


def test_golden_of_hiencs(hiencs):
    labels, tags = hiencs
    made = [Utterance.from_words(["_"] * len(row), layers={"lang": row, "pos": pos}) for row, pos in zip(labels, tags)]
    for batches in ([to_batch(made)], [to_batch(made[:700]), to_batch(made[700:701]), to_batch(made[701:])]):
        found = {r.name: r for r in measure(Corpus(lambda batches=batches: iter(batches)), as_one=True)}
        assert round(found["i_index"].value, 6) == 0.258177
        assert round(found["burstiness"].value, 6) == -0.077633
        assert round(found["memory"].value, 6) == 0.181024
        assert found["switch_count"].value == 4294
        assert round(found["symcom:NOUN"].value, 4) == 0.2469
        assert "seq:one" in found["i_index"].signature
    assert len(list(batched(made))) == 1
