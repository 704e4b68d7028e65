"""Facts and the plan: languages of rows, buckets, and duplicates in slices."""

import numpy as np
import pytest

from macaronic.build import plan as planning
from macaronic.build.facts import facts, language_counts
from macaronic.core.corpus import to_batch
from macaronic.core.utterance import Utterance


def row(*langs: str | None) -> Utterance:
    return Utterance.from_words([f"w{i}" for i in range(len(langs))], layers={"lang": langs})


def test_ties_go_to_the_language_that_comes_first() -> None:
    table = facts(to_batch([row("zu", "en"), row("en", "zu"), row("other", "ne"), row("ne-Deva", "mixed")])).to_pydict()
    assert table["language"] == ["zu", "en", "und", "ne-Deva"]
    assert table["pair"] == ["en+zu", "en+zu", "und", "ne-Deva"]
    assert table["mixedness"] == ["mixed", "mixed", "one", "one"]
    assert table["cmi"] == pytest.approx([50, 50, 0, 0])


def test_counts_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(0)
    names = ["en", "hi", "other", None]
    rows = [row(*(names[i] for i in rng.integers(0, 4, rng.integers(0, 9)))) for _ in range(200)]
    counts, _, tags = language_counts(to_batch(rows))
    assert tags == ["en", "hi"]
    assert counts.tolist() == [[u.langs.count(tag) for tag in tags] for u in rows]


def test_duplicates_do_not_depend_on_slices(tmp_path, monkeypatch) -> None:
    import pyarrow as pa

    rng = np.random.default_rng(1)
    parts = []
    for p in range(3):
        noted = facts(to_batch([row("en")] * 0 + [Utterance(f"t{i}") for i in rng.integers(0, 40, 50)], ["lang"]))
        place = tmp_path / f"{p}.facts"
        with pa.OSFile(str(place), "wb") as file, pa.ipc.new_stream(file, noted.schema) as writer:
            writer.write_batch(noted)
        parts.append(planning.Part(place, place, "s", 4, 50 * p, 50))
    whole = planning.duplicates(parts)
    monkeypatch.setattr(planning, "_PARTITION_ROWS", 20)
    sliced = planning.duplicates(parts)
    assert all((whole[k] == sliced[k]).all() for k in whole)
    assert sum(int((~m).sum()) for m in whole.values()) == 40
