"""Shards: the same rows, ids and line numbers as reading the file whole, wherever it is cut."""

from __future__ import annotations

import pickle
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import from_batch
from macaronic.core.errors import UsageError
from macaronic.core.problems import Problems
from macaronic.text import formats


def apart(sources, shard_bytes, **options):
    rows, problems = [], Problems()
    for shard in formats.shards(sources, shard_bytes=shard_bytes, **options):
        for batch in formats.read_shard(pickle.loads(pickle.dumps(shard)), problems):
            rows += from_batch(batch)
    return rows, problems


line = st.sampled_from(["a", "नमस्ते", "", "bad\0", "x" * 30, '{"text": "t"}', "yaar\thi", "# sent_enum = 1", "ok\ten"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(line, max_size=30),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["text", "jsonl", "conll", "lince"]),
    st.integers(1, 60),
)
def test_shards_are_the_whole(lines, ending, format, size):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.dat")
        path.write_bytes(ending.join(lines).encode())
        whole = formats.read(path, format=format)
        rows = list(whole)
        parts, problems = apart(path, size, format=format)
    assert [(u.id, u.text, u.langs) for u in parts] == [(u.id, u.text, u.langs) for u in rows]
    assert problems.by_kind == whole.problems.by_kind
    assert set(whole.problems.first) <= set(problems.first) or whole.problems.count > 20


def test_a_treebank_in_pieces(data):
    path = data / "codemix-tr-de-sagt" / "qtd_sagt-ud-train.conllu"
    whole = list(formats.read(path))
    parts, problems = apart(path, 50_000)
    assert parts == whole
    assert problems.count == 0
    assert len(formats.shards(path, shard_bytes=50_000)) > 10


def test_the_plan_is_deterministic_and_covers_the_file(put):
    path = put("a.txt", "line\n" * 1000)
    first = formats.shards(path, shard_bytes=700)
    assert first == formats.shards(path, shard_bytes=700)
    assert first[0].begin == 0
    assert first[-1].end == path.stat().st_size
    assert all(a.end == b.begin for a, b in pairwise(first))
    assert [s.first_line for s in first] == [s.begin // 5 + 1 for s in first]


def test_what_cannot_be_cut_is_one_shard(put, tmp_path):
    text = put("a.txt", "line\n" * 1000)
    formats.write(formats.read(text), tmp_path / "b.txt.gz")
    put("c.txt", ("line\n" * 1000).encode("utf-16"))
    put("d.csv", "text\n" + "line\n" * 1000)
    for name in ("b.txt.gz", "c.txt", "d.csv"):
        assert len(formats.shards(tmp_path / name, shard_bytes=100)) == 1
        assert len(apart(tmp_path / name, 100)[0]) == 1000


def test_every_shard_of_a_file_has_its_layout(put):
    path = put("lid_hineng/a.conll", "yaar\tlang2\tO\nok\tlang1\tO\n\n" * 100)
    shards = formats.shards(path, shard_bytes=200)
    assert len(shards) > 5
    assert {s.layout.columns for s in shards} == {("lang", "ner")}


def test_a_shard_of_no_bytes_is_refused(put):
    with pytest.raises(UsageError, match="shard_bytes"):
        formats.shards(put("a.txt", "x\n"), shard_bytes=0)
