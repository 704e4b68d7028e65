"""Texts become the ids that the tokenizer gives, counted in every unit."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.mixture import Mixture
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import open_shard
from macaronic.mix.stream import Stream
from macaronic.mix.tokenised import BATCH, write_tokenised


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    model = Tokenizer(models.WordLevel({"a": 0, "b": 1, "</s>": 2, "?": 3}, "?"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    model.save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def test_more_texts_than_a_batch_can_be_mixed_in_every_unit(tmp_path: Path, tokenizer: Path) -> None:
    texts = ["a b " * (i % 5) for i in range(BATCH + 7)]
    count = write_tokenised(tmp_path / "x", iter(texts), tokenizer, end="</s>")
    shard = open_shard(tmp_path / "x")
    assert count == len(shard.items) == sum(2 * (i % 5) + 1 for i in range(BATCH + 7))
    assert shard.document(4).tolist() == [0, 1] * 4 + [2]
    assert shard.units("words").tolist() == [len(t.split()) for t in texts]
    assert shard.units("bytes").tolist() == [len(t) for t in texts]
    for unit in ("tokens", "words", "bytes", "documents"):
        stream = Stream({"x": [shard]}, [Phase("p", Mixture({"x": 1}, unit), until="all_exhausted", length=8)], seed=1)
        assert len(stream) == count // 8


def test_bad_tokenizers_are_named(tmp_path: Path, tokenizer: Path) -> None:
    with pytest.raises(InputError, match="cannot read the tokenizer"):
        write_tokenised(tmp_path / "x", [], tmp_path / "missing.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(FormatError, match=r"tokenizer\.json"):
        write_tokenised(tmp_path / "x", [], tmp_path / "bad.json")
    with pytest.raises(UnknownName, match="Did you mean '</s>'"):
        write_tokenised(tmp_path / "x", ["a"], tokenizer, end="<s>")
    assert not (tmp_path / "x").exists()
