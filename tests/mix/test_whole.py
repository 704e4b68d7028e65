"""Whole documents to the unit, phases within epochs, and the files that say how much of each."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix import mixture_file, phase_file
from macaronic.mix.limits import limits
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import Shard, open_shard, write_text, write_tokens
from macaronic.mix.static import capped, limited
from macaronic.mix.stream import Stream
from macaronic.mix.whole import Whole
from macaronic.mix.within_epochs import within_epochs


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Shard]]:
    """Two sources, one of them in two shards."""
    folder, rng = tmp_path_factory.mktemp("whole"), np.random.default_rng(5)
    found: dict[str, list[Shard]] = {}
    for name, parts in (("a", (120, 80)), ("b", (60,))):
        for number, count in enumerate(parts):
            path = folder / f"{name}{number}"
            write_text(path, (" ".join([name] * int(rng.integers(1, 9))) for _ in range(count)))
            found.setdefault(name, []).append(open_shard(path))
    return found


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 700), st.floats(0.05, 0.95), st.integers(0, 5))
def test_the_sum_is_the_budget_and_no_document_comes_too_often(
    held: dict[str, list[Shard]], budget: int, share: float, seed: int
) -> None:
    whole = Whole(held, Mixture({"a": share, "b": 1 - share}, "words"), budget, max_epochs=3, seed=seed)
    sources, rows = whole.read(0, len(whole))
    words = np.bincount(sources, weights=[len(row.split()) for row in rows], minlength=2)
    assert words.sum() == budget
    assert words.tolist() == [a.units for a in whole.achieved()]
    assert np.abs(words - np.array([share, 1 - share]) * budget).max() < 9
    assert all(set(row.split()) == {whole.names[s]} for s, row in zip(sources.tolist(), rows))
    assert np.bincount(whole._documents).max() <= 3


def test_the_order_depends_on_the_seed_alone(held: dict[str, list[Shard]]) -> None:
    one, same, other = (
        Whole(held, Mixture({"a": 1, "b": 1}, "words"), 300, max_epochs=2, seed=seed).read(0, 50)[1]
        for seed in (1, 1, 2)
    )
    assert one == same != other


def test_phases_share_their_epochs(tmp_path: Path) -> None:
    for name, count in (("hi", 100), ("en", 1000)):
        write_tokens(tmp_path / name, [[1] * count])
    held = {name: [open_shard(tmp_path / name)] for name in ("hi", "en")}
    asked = [Phase(str(i), Mixture({"hi": 1, "en": 1}, "tokens"), 200, length=1) for i in range(3)]
    phases, unmet, whole = within_epochs(held, asked, 2)
    assert [p.mixture.weights["hi"] for p in phases] == [0.5, 0.5, 0.0]
    assert unmet == ["2: hi: asked 50.00%, 2 epochs of it give 0.00%"]
    assert whole
    last = [a for a in Stream(held, phases, seed=1).achieved() if a.source == "hi"][-1]
    assert last.epochs == 2.0
    assert not within_epochs(held, [Phase("x", Mixture({"hi": 1}, "tokens"), 500, length=1)], 2)[2]
    with pytest.raises(UnknownName, match="'xx'"):
        within_epochs(held, [Phase("x", Mixture({"xx": 1}, "tokens"), 5, length=1)], 2)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.lists(st.integers(1, 500), min_size=4, max_size=4),
    st.integers(1, 800),
)
def test_without_limits_limited_is_capped(weights: list[float], sizes: list[int], budget: int) -> None:
    names = ("a", "b", "c", "d")
    mixture, capacity = Mixture(dict(zip(names, weights))), dict(zip(names, sizes))
    plain, _ = capped(mixture, capacity, budget)
    found, _, part = limited(mixture, capacity, budget, limits(names))
    assert part == pytest.approx(min(1, sum(sizes) / budget))
    assert found.array == pytest.approx(plain.array, abs=1e-6)


def test_limits_hold_where_they_can() -> None:
    mixture, room = Mixture({"a": 0.7, "b": 0.3, "c": 0.0}), {"a": 900, "b": 50, "c": 900}
    allowed = limits(("a", "b", "c"), caps={"a": 0.6}, floors={"b": 0.2})
    found, bound, part = limited(mixture, room, 1000, allowed)
    assert found.weights["c"] == 0
    assert set(bound) == {"a", "b"}
    assert part == pytest.approx(0.65)
    with pytest.raises(UsageError, match="nothing that has a weight"):
        limited(Mixture({"a": 1, "b": 0, "c": 0}), {"a": 0, "b": 1, "c": 1}, 10, limits(("a", "b", "c")))


@pytest.mark.parametrize(
    ("told", "weights"),
    [
        ({"mixture": {"a": 0.5, "b": 0.5}, "unit": "tokens"}, {"a": 0.5, "b": 0.5}),
        ({"a": 3, "b": 1}, {"a": 3.0, "b": 1.0}),
        ({"buckets": [{"name": "a", "asked": 0.25}, {"name": "b", "asked": 0.75}]}, {"a": 0.25, "b": 0.75}),
    ],
)
def test_kept_mixtures(tmp_path: Path, told: dict, weights: dict[str, float]) -> None:
    (tmp_path / "m.json").write_text(json.dumps(told))
    kept = mixture_file.read(tmp_path / "m.json")
    assert kept.weights == weights
    assert kept.unit == told.get("unit")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", FormatError), ("[1]", FormatError), ("{}", FormatError), ('{"a": true}', FormatError),
        ('{"mixture": {"a": "1"}}', FormatError), ('{"a": -1}', UsageError), ('{"a": Infinity}', UsageError),
        ('{"a": 0}', UsageError),
    ],
)  # fmt: skip
def test_other_files_are_named(tmp_path: Path, text: str, kind: type[Exception]) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(kind, match=r"m\.json"):
        mixture_file.read(tmp_path / "m.json")
    with pytest.raises(InputError, match="none"):
        mixture_file.read(tmp_path / "none.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(FormatError, match=r"b\.json"):
        mixture_file.read(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("phase = 3", "phase"),
        ("[[phase]]\n", "phase.1.name is missing"),
        ('[[phase]]\nname = "a"\nbudget = 3\n', "expected either weights or mixture"),
        ('[[phase]]\nname = "a"\nweights = {a = nan}\nbudget = 3\n', "not negative"),
        ('[[phase]]\nname = "a"\nweights = {a = 1}\n', "expected a budget"),
        ('[[phase]]\nname = "a"\nweights = {a = 1}\nbudget = 0\n', "phase.1.budget"),
        ('[[phase]]\nname = "a"\nweights = {a = 1}\nuntil = "x"\n', "phase.1.until"),
        ("[[phase", "not valid TOML"),
    ],
)
def test_bad_phases_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        phase_file.read(tmp_path / "p.toml", unit="tokens")
    assert message in str(caught.value)
    assert "p.toml" in str(caught.value)
