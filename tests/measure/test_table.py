import pytest

from macaronic.core.corpus import to_batch
from macaronic.core.errors import UnknownName
from macaronic.measure.table import sentence_table
from macaronic.measure.values import NAMES


def test_columns_and_types(corpus_of):
    (batch,) = corpus_of([["en", "hi", "other"], []]).batches()
    table = sentence_table(batch)
    assert table.schema.names == ["id", "tokens", "words", "matrix_language", *NAMES]
    first, second = table.to_pylist()
    assert (first["id"], first["tokens"], first["words"], first["matrix_language"]) == ("0", 3, 2, "en")
    assert first["switch_count"] == 1
    assert {name for name in NAMES if second[name] is None} == set(NAMES) - {"cmi", "cu", "switch_count"}


def test_no_rows():
    assert sentence_table(to_batch([], layers=["lang"])).num_rows == 0


def test_unknown_measure(corpus_of):
    (batch,) = corpus_of([["en"]]).batches()
    with pytest.raises(UnknownName, match=r"unknown measure 'cmii'\. Did you mean 'cmi'"):
        sentence_table(batch, names=["cmii"])
