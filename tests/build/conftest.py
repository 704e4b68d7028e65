"""A small recipe over project-written text."""

from pathlib import Path

import pytest

from macaronic import bundled

RECIPE = """
[run]
out = "out"
seed = 3
engine = "{engine}"
workers = 2

[[source]]
name = "everyday"
path = "everyday/*.txt"
licence = "Apache-2.0"

[[source]]
name = "mixed"
path = "mixed.txt"
licence = "Apache-2.0"
cap_epochs = 2
{more}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a recipe and the files that it names."""
    (tmp_path / "everyday").mkdir()
    for tag in ("en", "hi", "es", "tr"):
        lines = [row[tag] for row in bundled.parallel()]
        (tmp_path / "everyday" / f"{tag}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    mixed = [sentence.text for sentence in bundled.mixed("hi-Latn/en")]
    (tmp_path / "mixed.txt").write_text("\n".join(mixed) + "\n", "utf-8")
    return tmp_path


def write_recipe(folder: Path, more: str = "", engine: str = "serial") -> Path:
    """Write `my.toml` with further tables."""
    place = folder / "my.toml"
    place.write_text(RECIPE.format(more=more, engine=engine), "utf-8")
    return place


def contents(out: Path) -> dict[str, bytes]:
    """Every file that a person gets, by name."""
    return {
        str(p.relative_to(out)): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and ".work" not in p.relative_to(out).parts
    }
