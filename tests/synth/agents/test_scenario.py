from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.synth.agents.scenario import Grid, grid


def test_every_place_is_a_different_scenario() -> None:
    small = Grid({"share": (30, 70), "topic": ("a", "b", "c"), "tense": ("past", "present")})
    assert len({tuple(small.at(i).settings.items()) for i in range(len(small))}) == len(small) == 12
    with pytest.raises(UsageError, match="between 0 and 11"):
        small.at(12)


def test_samples_are_seeded_and_without_repeats() -> None:
    drawn = [grid().sample(200, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len({scenario.number for scenario in drawn[0]}) == 200
    shares = [scenario.settings["share"] for scenario in drawn[0]]
    assert min(shares.count(s) for s in (30, 50, 70)) > 40
    with pytest.raises(UsageError, match="repeats"):
        Grid({"share": (50,)}).sample(2, np.random.default_rng(1))


def test_a_file_replaces_and_adds_dimensions(tmp_path: Path) -> None:
    path = tmp_path / "grid.toml"
    path.write_text('topic = ["rice"]\nregion = ["Kigali", "Huye"]\nshare = [12.5]\n')
    own = grid(path)
    assert own.dimensions["topic"] == ("rice",)
    assert own.dimensions["region"] == ("Kigali", "Huye")
    assert own.at(0).share == 0.125
    assert "tense" in own.dimensions
    assert "region: Kigali" in own.at(0).lines()
    assert "share" not in own.at(0).lines()


@pytest.mark.parametrize(
    "text", ["topic = []", "topic = 3", "topic = [[1]]", "share = [0]", "share = [100]", "share = ['x']", "= 1"]
)
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "grid.toml"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"grid.toml: "):
        grid(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the scenarios"):
        grid(tmp_path / "none.toml")
