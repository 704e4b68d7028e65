"""Shards come back as they were written, and damaged ones are named."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.mix.shards import HEADER, open_shard, write_text, write_tokens


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 70_000), max_size=9), max_size=9), st.booleans())
def test_tokens_come_back(tmp_path_factory: pytest.TempPathFactory, documents: list[list[int]], wide: bool) -> None:
    path = tmp_path_factory.mktemp("s") / "a.shard"
    vocabulary = 70_001 if wide else 65_536
    documents = documents if wide else [[t % 65_536 for t in d] for d in documents]
    sizes = [len(d) for d in documents]
    assert write_tokens(path, documents, vocabulary=vocabulary, words=sizes, bytes=sizes) == sum(sizes)
    shard = open_shard(path)
    assert [shard.document(i).tolist() for i in range(shard.documents)] == documents
    assert shard.items.dtype == (np.uint32 if wide else np.uint16)
    for unit in ("tokens", "words", "bytes"):
        assert shard.units(unit).tolist() == sizes
    assert shard.units("documents").tolist() == [1] * len(sizes)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=9))
def test_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("s") / "a.shard"
    write_text(path, texts)
    shard = open_shard(path)
    assert shard.is_text
    assert [shard.text(i) for i in range(shard.documents)] == texts
    assert shard.units("words").tolist() == [len(t.split()) for t in texts]
    assert shard.units("bytes").tolist() == [len(t.encode()) for t in texts]


def test_the_format_on_disk_is_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    write_tokens(path, [[1, 2], [3]], words=[1, 1])
    data = path.read_bytes()
    assert data[:8] == b"MACSHARD"
    assert np.frombuffer(data[8:16], "<u4").tolist() == [1, 2]
    assert np.frombuffer(data[16:32], "<u8").tolist() == [3, 2]
    assert np.frombuffer(data[HEADER : HEADER + 6], "<u2").tolist() == [1, 2, 3]
    assert np.frombuffer(data[HEADER + 8 :], "<u8").tolist() == [0, 2, 3, 1, 1]


@pytest.mark.parametrize("left", [0, 10, HEADER, HEADER + 8, -1])
def test_a_shard_that_was_cut_short_is_named(tmp_path: Path, left: int) -> None:
    path = tmp_path / "hi.shard"
    write_tokens(path, [[1, 2, 3]] * 10)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(FormatError, match=r"hi\.shard"):
        open_shard(path)


def test_other_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hi.shard"
    write_tokens(path, [[1, 2, 3]] * 10)
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    with pytest.raises(FormatError, match="added to"):
        open_shard(path)
    path.write_bytes(whole[:-16] + whole[-8:] + whole[-16:-8])
    with pytest.raises(FormatError, match="do not rise"):
        open_shard(path)
    path.write_bytes(whole[:8] + b"\x09" + whole[9:])
    with pytest.raises(FormatError, match="version 9"):
        open_shard(path)
    with pytest.raises(InputError, match="cannot read"):
        open_shard(tmp_path / "missing.shard")


def test_what_does_not_fit_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    with pytest.raises(UsageError, match="token id 65536"):
        write_tokens(path, [[1], [65_536]])
    with pytest.raises(UsageError, match="token id -1"):
        write_tokens(path, [[-1]])
    with pytest.raises(UsageError, match="expected 1 counts of words"):
        write_tokens(path, [[1]], words=[1, 2])
    assert not path.exists()
    write_tokens(path, [[1]])
    with pytest.raises(UsageError, match="counts words"):
        open_shard(path).units("words")
