"""The stream: exact shares, every row once an epoch, the same from any position on, for any machines and workers."""

import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import write_text, write_tokens
from macaronic.mix.stream import Stream

SIZES = {"fi": 4003, "en": 9001, "sv": 517}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Token shards, two a source, in which no token comes twice and each says whose it is."""
    folder, made = tmp_path_factory.mktemp("shards"), {}
    rng = np.random.default_rng(1)
    for i, (name, size) in enumerate(SIZES.items()):
        made[name] = []
        cut = size // 3
        for part, (low, high) in enumerate([(0, cut), (cut, size)]):
            ends = np.sort(rng.integers(low, high, 20))
            documents = np.split(np.arange(low, high) + i * 10_000, ends - low)
            path = str(folder / f"{name}{part}.shard")
            write_tokens(path, documents, words=[len(d) // 2 for d in documents])
            made[name].append(path)
    return made


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder, made = tmp_path_factory.mktemp("texts"), {}
    for name, size in (("fi", 40), ("en", 90)):
        made[name] = [str(folder / f"{name}.shard")]
        write_text(made[name][0], [f"{name}{i} " + "w " * (i % 9) for i in range(size)])
    return made


def phase(budget: int | None = 16_000, **more: Any) -> Phase:
    return Phase("p", Mixture({"fi": 0.3, "en": 0.6, "sv": 0.1, "zz": 0.0}, "tokens"), budget, length=16, **more)


def rows(stream: Stream, size: int = 7, **more: Any) -> list[tuple[int, ...]]:
    return [tuple(row) for batch in stream.batches(size, **more) for row in np.asarray(batch.rows).tolist()]


def test_shares_are_exact_and_a_weight_of_zero_is_fine(files: dict[str, list[str]]) -> None:
    stream = Stream(files, [phase()], seed=3)
    assert len(stream) == 1000
    assert stream.tokens == 16_000
    counts = Counter(row[0] // 10_000 for row in rows(stream))
    assert counts == {0: 300, 1: 600, 2: 100}
    assert [(a.source, a.items, a.share) for a in stream.achieved()] == [
        ("fi", 300, 0.3),
        ("en", 600, 0.6),
        ("sv", 100, 0.1),
    ]
    assert stream.achieved()[2].epochs == 100 / (172 // 16 + 345 // 16)
    none = Stream(files, [Phase("p", Mixture({"fi": 1, "sv": 0}, "tokens"), 640, length=16)], seed=3)
    assert {row[0] // 10_000 for row in rows(none)} == {0}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda w: sum(w) > 0.01), st.integers(1, 50_000))
def test_no_share_is_off_by_a_sequence(files: dict[str, list[str]], weights: list[float], budget: int) -> None:
    mixture = Mixture(dict(zip(SIZES, weights)), "tokens")
    stream = Stream(files, [Phase("p", mixture, budget, length=16)], seed=1)
    assert len(stream) == budget // 16
    for got, weight in zip(stream.achieved(), mixture.array):
        assert abs(got.units - weight * budget) < 16 * 2
        assert abs(got.items - weight * (budget // 16)) <= 1 + 1e-9


def test_an_epoch_takes_every_sequence_once_and_the_next_is_shuffled_anew(files: dict[str, list[str]]) -> None:
    count = 1334 // 16 + 2669 // 16
    stream = Stream(files, [Phase("p", Mixture({"fi": 1}, "tokens"), 2 * count * 16, length=16)], seed=5)
    found = rows(stream)
    one, two = found[:count], found[count:]
    for epoch in (one, two):
        tokens = [token for row in epoch for token in row]
        assert len(set(tokens)) == len(tokens) == count * 16
        assert all(row == tuple(range(row[0], row[0] + 16)) for row in epoch)
    assert [r[0] // 16 for r in one] != [r[0] // 16 for r in two]
    left = [set(range(SIZES["fi"])) - {t for row in epoch for t in row} for epoch in (one, two)]
    assert left[0] != left[1], "what does not fill a sequence is not always the same"


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_resume_anywhere_gives_the_same_stream(files: dict[str, list[str]], data: st.DataObject) -> None:
    stream = Stream(files, [phase(8000), phase(4000), phase(40_000)], seed=2)
    whole = rows(stream)
    size = data.draw(st.integers(1, 200))
    batches = list(stream.batches(size))
    some = data.draw(st.integers(0, len(batches) - 1))
    state = stream.state(batches[some].position)
    again = pickle.loads(pickle.dumps(stream))
    assert rows(again, 13, position=again.resumed(state)) == whole[batches[some].position :]


@pytest.mark.parametrize(("ranks", "workers", "size"), [(1, 3, 8), (2, 1, 8), (3, 2, 5), (4, 3, 1)])
def test_ranks_and_workers_partition_the_stream(
    files: dict[str, list[str]], ranks: int, workers: int, size: int
) -> None:
    stream = Stream(files, [phase(8000), phase(4000)], seed=2)
    whole = rows(stream)
    parts = [
        (batch.position, r, w, batch.rows)
        for r in range(ranks)
        for w in range(workers)
        for batch in stream.batches(size, rank=r, ranks=ranks, worker=w, workers=workers)
    ]
    parts.sort(key=lambda part: part[:2])
    assert [tuple(row) for part in parts for row in np.asarray(part[3]).tolist()] == whole
    turns = [w for _, r, w, _ in parts if r == 0]
    assert turns == [i % workers for i in range(len(turns))]
    full = {r: len(list(stream.batches(size, rank=r, ranks=ranks, drop_last=True))) for r in range(ranks)}
    assert len(set(full.values())) == 1


def test_phases_have_exact_tokens_and_go_on_where_a_source_stopped(files: dict[str, list[str]]) -> None:
    half = Mixture({"fi": 1, "en": 1}, "tokens")
    phases = [
        Phase("stable", half, 1600, length=16),
        Phase("long", half, 1280, length=64),
        Phase("anneal", Mixture({"fi": 1}, "tokens"), 800, length=16),
    ]
    stream = Stream(files, phases, seed=4)
    tokens: Counter[str] = Counter()
    finnish: list[int] = []
    for batch in stream.batches(16):
        tokens[batch.phase] += np.asarray(batch.rows).size
        if batch.phase != "long":
            finnish += [t for row in np.asarray(batch.rows).tolist() for t in row if t < 10_000]
    assert tokens == {"stable": 1600, "long": 1280, "anneal": 800}
    assert len(finnish) == len(set(finnish)) == 1600
    assert [(a.phase, a.source, a.items) for a in stream.achieved() if a.items] == [
        ("stable", "fi", 50),
        ("stable", "en", 50),
        ("long", "fi", 10),
        ("long", "en", 10),
        ("anneal", "fi", 50),
    ]
    assert sum(a.items for a in stream.achieved(105)) == 105


def test_first_and_all_exhausted(files: dict[str, list[str]]) -> None:
    first = Stream(files, [phase(None, until="first_exhausted")], seed=1).achieved()
    assert max(a.epochs for a in first) == 1.0
    everything = Stream(files, [phase(None, until="all_exhausted")], seed=1).achieved()
    assert min(a.epochs for a in everything) == 1.0


def test_weights_in_words_are_turned_into_tokens(files: dict[str, list[str]], tmp_path: Path) -> None:
    for name, words in (("a", 500), ("b", 250)):
        write_tokens(tmp_path / name, [np.arange(1000)], words=[words])
    stream = Stream(
        {"a": [tmp_path / "a"], "b": [tmp_path / "b"]},
        [Phase("p", Mixture({"a": 1, "b": 1}, "words"), 400, length=10)],
        seed=1,
    )
    assert [a.items for a in stream.achieved()] == [40, 80]
    assert [a.units for a in stream.achieved()] == [200, 200]


@pytest.mark.parametrize("unit", ["words", "bytes", "documents"])
def test_whole_documents_of_text_fill_their_share(texts: dict[str, list[str]], unit: str) -> None:
    stream = Stream(texts, [Phase("p", Mixture({"fi": 2, "en": 1}, unit), 600)], seed=1)
    count = {"words": lambda t: len(t.split()), "bytes": lambda t: len(t.encode()), "documents": lambda t: 1}[unit]
    held: Counter[str] = Counter()
    for batch in stream.batches(9):
        for text in batch.rows:
            held[str(text)[:2]] += count(str(text))
    most = max(count(f"fi{i} " + "w " * 8) for i in (39, 89))
    assert abs(held["fi"] - 400) <= most
    assert abs(held["en"] - 200) <= most
    assert {a.source: a.units for a in stream.achieved()} == dict(held)
    whole = [row for batch in stream.batches(9) for row in batch.rows]
    assert [row for batch in stream.batches(4, position=50) for row in batch.rows] == whole[50:]


def test_documents_until_all_are_exhausted_come_once_an_epoch(texts: dict[str, list[str]]) -> None:
    stream = Stream(texts, [Phase("p", Mixture({"fi": 1, "en": 1}, "words"), until="first_exhausted")], seed=1)
    seen = Counter(str(row) for batch in stream.batches(8) for row in batch.rows)
    assert set(seen.values()) == {1}
    assert sum(text.startswith("fi") for text in seen) == 40


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=3),
    st.sampled_from(["words", "bytes", "documents"]),
    st.integers(0, 9),
)
def test_documents_over_phases_and_epochs(
    texts: dict[str, list[str]], budgets: list[int], unit: str, seed: int
) -> None:
    phases = [Phase(f"p{i}", Mixture({"fi": 1 + i, "en": 2}, unit), b) for i, b in enumerate(budgets)]
    stream = Stream(texts, phases, seed=seed)
    whole = [str(row) for batch in stream.batches(5) for row in batch.rows]
    assert len(whole) == len(stream)
    for name, count in (("fi", 40), ("en", 90)):
        own = [text for text in whole if text.startswith(name)]
        seen = Counter(own)
        assert not own or max(seen.values()) == -(-len(own) // count)
        assert len(own) < count or min(seen[text] for text in set(own)) >= len(own) // count
    for a in stream.achieved():
        budget = budgets[int(a.phase[1:])]
        largest = {"words": 9, "bytes": 24, "documents": 1}[unit]
        assert abs(a.units - a.wanted * budget) <= largest / 2 + 1e-6
    half = len(whole) // 2
    assert [str(row) for batch in stream.batches(3, position=half) for row in batch.rows] == whole[half:]


def test_what_cannot_be_meant_is_named(
    files: dict[str, list[str]], texts: dict[str, list[str]], tmp_path: Path
) -> None:
    with pytest.raises(UnknownName, match="'fi'"):
        Stream(files, [Phase("p", Mixture({"fii": 1}, "tokens"), 100, length=4)], seed=1)
    with pytest.raises(UsageError, match="a sequence has 5000"):
        Stream(files, [Phase("p", Mixture({"sv": 1}, "tokens"), 100, length=5000)], seed=1)
    with pytest.raises(UsageError, match="is text"):
        Stream(texts, [Phase("p", Mixture({"fi": 1}, "bytes"), 100, length=4)], seed=1)
    with pytest.raises(UsageError, match="counts bytes"):
        Stream(files, [Phase("p", Mixture({"fi": 1}, "bytes"), 100, length=4)], seed=1)
    both = {"fi": texts["fi"], "en": files["en"]}
    with pytest.raises(UsageError, match="one kind"):
        Stream(both, [Phase("p", Mixture({"fi": 1, "en": 1}, "documents"), 10)], seed=1)
    stream = Stream(files, [phase()], seed=1)
    with pytest.raises(UsageError, match="another stream"):
        stream.resumed(Stream(files, [phase()], seed=2).state(5))
    with pytest.raises(UsageError, match="'stream' is missing"):
        stream.resumed({"seed": 1, "position": 3})
    for bad in ({"rank": 1}, {"worker": 2}, {"position": 1001}, {"position": -1}):
        with pytest.raises(UsageError):
            stream.batches(4, **bad)
    broken = tmp_path / "broken.shard"
    broken.write_bytes(Path(files["fi"][0]).read_bytes()[:-5])
    with pytest.raises(FormatError, match="cut short"):
        Stream({"fi": [broken]}, [phase()], seed=1)
