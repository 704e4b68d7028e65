"""Corpora are read again and again, in bounded batches, and problems are counted once a pass."""

import pytest

from macaronic.core import columns
from macaronic.core.corpus import BATCH_ROWS, Card, Corpus, conform, schema, to_batch
from macaronic.core.errors import FormatError, InputError
from macaronic.core.parallel import grouped
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance


def test_batches_are_bounded() -> None:
    sizes = [b.num_rows for b in Corpus.from_utterances([Utterance("a")] * (BATCH_ROWS + 5)).batches()]
    assert sizes == [BATCH_ROWS, 5]


def test_an_empty_corpus_can_be_written_and_read(tmp_path) -> None:
    for ending in (".arrow", ".parquet"):
        Corpus.from_utterances([]).write(tmp_path / f"none{ending}")
        assert Corpus.open(tmp_path / f"none{ending}").count() == 0


def test_problems_are_counted_anew_each_pass() -> None:
    problems = Problems()

    def batches():
        problems.add("a", 1, "bad")
        yield to_batch([Utterance("x")])

    corpus = Corpus(batches, problems=problems, card=Card(licence="CC0-1.0"))
    assert (corpus.count(), corpus.count(), problems.count) == (1, 1, 1)
    assert corpus.map(lambda batch: batch).card.licence == "CC0-1.0"


def test_many_small_row_groups_are_read(tmp_path) -> None:
    rows = [Utterance.from_words(["so"], layers={"lang": [f"l{i}"]}, id=str(i)) for i in range(5)]
    Corpus(lambda: (to_batch([u]) for u in rows)).write(tmp_path / "a.parquet")
    assert list(Corpus.open(tmp_path / "a.parquet")) == rows


def test_missing_layers_become_nulls_and_new_ones_are_refused() -> None:
    plain, tagged = to_batch([Utterance("so", tokens=((0, 2),))]), schema(["lang"])
    assert conform(plain, tagged).column("token.lang").to_pylist() == [[None]]
    with pytest.raises(FormatError, match=r"token\.pos"):
        conform(to_batch([Utterance("so", tokens=((0, 2),), layers={"pos": ("X",)})]), tagged)


def test_opening_what_is_not_there_or_not_that(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        Corpus.open(tmp_path / "none.arrow")
    with pytest.raises(FormatError, match=r"\.arrow or \.parquet"):
        Corpus.open(tmp_path / "none.txt")
    (tmp_path / "bad.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match="cannot read"):
        list(Corpus.open(tmp_path / "bad.parquet"))


def test_parallel_rows_are_grouped() -> None:
    rows = [
        Utterance("hello", labels={"lang": "en"}, meta={"group": "1"}),
        Utterance("hola", labels={"lang": "es"}, meta={"group": "1"}),
        Utterance("alone"),
        Utterance("bye", labels={"lang": "en"}, meta={"group": "2"}),
    ]
    assert [(p.group, p.tags) for p in grouped(rows)] == [("1", ("en", "es")), ("2", ("en",))]


def test_strict_problems_end_at_the_first() -> None:
    with pytest.raises(FormatError, match=r"a\.tsv:7: bad"):
        Problems(strict=True).add("a.tsv", 7, "bad")


def test_problems_survive_json_and_merging() -> None:
    one, two = Problems(), Problems()
    for i in range(30):
        one.add("a", i, "bad", kind="x")
    two.add("b", 1, "worse", kind="y")
    two.merge(Problems.from_dict(one.asdict()))
    assert two.count == 31
    assert len(two.first) == 20


def test_labels_are_set_on_slices_and_replaced() -> None:
    rows = [Utterance(str(i), labels={"a": str(i), "b": "x"} if i % 2 else {}) for i in range(7)]
    batch = to_batch(rows).slice(2, 4)
    values = ["v2", None, "v4", "v5"]
    again = columns.with_labels(columns.with_labels(batch, "a", values), "c", ["y"] * 4)
    assert columns.label_column(again, "a") == values
    assert columns.label_column(again, "b") == [None, "x", None, "x"]
    assert [dict(row) for row in again.column("labels").to_pylist()][1] == {"b": "x", "c": "y"}
    assert columns.label_column(columns.with_labels(to_batch([]), "a", []), "a") == []


def test_token_columns_of_slices() -> None:
    rows = [Utterance.from_words([f"w{i}"] * i, layers={"lang": [f"l{i}"] * i}) for i in range(1, 6)]
    batch = to_batch(rows).slice(2, 2)
    starts, ends = columns.token_spans(batch)
    codes, names, offsets = columns.token_layer(batch, "lang")
    assert offsets.tolist() == [0, 3, 7] == columns.token_offsets(batch).tolist()
    assert [names[c] for c in codes] == ["l3"] * 3 + ["l4"] * 4
    assert (ends - starts).tolist() == [2] * 7
    assert starts.tolist() == [0, 3, 6, 0, 3, 6, 9]
