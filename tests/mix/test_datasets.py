"""The stream in PyTorch and Hugging Face loaders is the stream."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.hf_dataset import hf_dataset, write_rows
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import open_shard, write_text, write_tokens
from macaronic.mix.stream import Stream
from macaronic.mix.torch_dataset import torch_dataset


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    for i, name in enumerate(("fi", "en")):
        write_tokens(tmp_path / name, [np.arange(2000) + i * 10_000])
    phases = [Phase("p", Mixture({"fi": 1, "en": 3}, "tokens"), 20 * 8 * 8, length=8)]
    return Stream({name: [tmp_path / name] for name in ("fi", "en")}, phases, seed=1)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_the_stream_whatever_its_workers(stream: Stream, workers: int) -> None:
    data = pytest.importorskip("torch.utils.data", reason="needs torch")
    loader = data.DataLoader(torch_dataset(stream, batch=8), batch_size=None, num_workers=workers)
    expected = list(stream.batches(8))
    got = list(loader)
    assert [item["position"] for item in got] == [batch.position for batch in expected]
    for item, batch in zip(got, expected):
        assert item["input_ids"].tolist() == np.asarray(batch.rows).tolist()
        assert item["source"].tolist() == batch.sources.tolist()


def test_the_torch_dataset_travels_and_resumes(stream: Stream) -> None:
    pytest.importorskip("torch", reason="needs torch")
    dataset = pickle.loads(pickle.dumps(torch_dataset(stream, batch=4, position=40, rank=1, ranks=2)))
    expected = stream.batches(4, position=40, rank=1, ranks=2)
    assert [i["input_ids"].tolist() for i in dataset] == [np.asarray(b.rows).tolist() for b in expected]
    with pytest.raises(UsageError):
        torch_dataset(stream, batch=4, rank=2, ranks=2)


def test_whole_documents_are_no_tensors(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs torch")
    write_text(tmp_path / "fi", ["a", "b"])
    stream = Stream({"fi": [tmp_path / "fi"]}, [Phase("p", Mixture({"fi": 1}, "documents"), 2)], seed=1)
    with pytest.raises(UsageError, match="length"):
        torch_dataset(stream, batch=1)


def test_hugging_face_rows_are_the_stream_s(stream: Stream) -> None:
    pytest.importorskip("datasets", reason="needs datasets")
    expected = [row for batch in stream.batches(16, position=10) for row in np.asarray(batch.rows).tolist()]
    got = list(hf_dataset(stream, position=10))
    assert [list(row["input_ids"]) for row in got] == expected
    assert {row["source"] for row in got} == {"fi", "en"}
    assert [row["position"] for row in hf_dataset(stream, rank=1, ranks=2)][:2] == [2, 4]


def test_rows_become_shards(tmp_path: Path) -> None:
    assert write_rows(tmp_path / "a", [{"ids": [1, 2]}, {"ids": [3]}], column="ids") == 3
    assert open_shard(tmp_path / "a").document(0).tolist() == [1, 2]
    write_rows(tmp_path / "b", [{"text": "så"}], column="text")
    assert open_shard(tmp_path / "b").text(0) == "så"
    assert write_rows(tmp_path / "c", []) == 0
    with pytest.raises(UnknownName, match="input_ids"):
        write_rows(tmp_path / "d", [{"input_id": [1]}])
