"""Where data sets come from, where they lie, and that only the right bytes are kept."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from macaronic.core.errors import InputError, MissingData, UnknownName
from macaronic.core.files import fingerprint, sha256
from macaronic.curate import datasets as module
from macaronic.curate.datasets import DataSet, File, data_sha256, dataset, datasets, fetchable, get, locate, present

WHOLE = b"a\tx\n\nb\ty\n\nc\tz\n"
CUT = b"a\tx\n\nb\ty\n"


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataSet:
    source = tmp_path / "source.tsv"
    source.write_bytes(WHOLE)
    file = File("toy.tsv", sha256(CUT), len(CUT), source.as_uri(), "sentences 2")
    made = DataSet("toy", "two sentences", "nowhere", "0" * 40, "CC0", (file,))
    monkeypatch.setattr(module, "datasets", lambda: {"toy": made})
    return made


@pytest.mark.parametrize("wanted", datasets().values(), ids=lambda d: d.name)
def test_entries_are_whole(wanted: DataSet) -> None:
    assert wanted.about
    assert wanted.source
    assert wanted.licence
    assert wanted.files
    assert len({file.name for file in wanted.files}) == len(wanted.files)
    for file in wanted.files:
        assert len(file.sha256) == 64
        assert file.size > 0
        if file.url:
            assert file.url.startswith("https://")
            assert wanted.commit in file.url, "a fetched file is pinned"


@pytest.mark.parametrize("wanted", datasets().values(), ids=lambda d: d.name)
def test_files_here_are_those_that_are_named(wanted: DataSet) -> None:
    if not os.environ.get("MACARONIC_DATA"):
        pytest.skip("MACARONIC_DATA is not set")
    if not present(wanted.name):
        pytest.skip(f"{wanted.name} is not in MACARONIC_DATA")
    for file in wanted.files:
        path = locate(wanted.name) / file.name
        assert path.stat().st_size == file.size
        assert fingerprint(path) == file.sha256


def test_get_cuts_checks_and_keeps(toy: DataSet, tmp_path: Path) -> None:
    said: list[str] = []
    place = get("toy", tmp_path / "data", advance=said.append)
    assert (place / "toy.tsv").read_bytes() == CUT
    assert len(said) == 1
    assert get("toy", tmp_path / "data", advance=said.append) == place
    assert len(said) == 1, "what is here and right is not fetched again"
    assert locate("toy", tmp_path / "data") == place
    assert present("toy", tmp_path / "data")


def test_get_keeps_nothing_that_is_not_what_it_was(toy: DataSet, tmp_path: Path) -> None:
    (tmp_path / "source.tsv").write_bytes(b"changed\n")
    with pytest.raises(MissingData, match="is not what it was"):
        get("toy", tmp_path / "data")
    assert not (tmp_path / "data" / "toy" / "toy.tsv").exists()


def test_a_damaged_file_is_fetched_again(toy: DataSet, tmp_path: Path) -> None:
    place = get("toy", tmp_path / "data")
    (place / "toy.tsv").write_bytes(b"damaged")
    assert get("toy", tmp_path / "data") == place
    assert (place / "toy.tsv").read_bytes() == CUT


def test_a_source_that_is_gone(toy: DataSet, tmp_path: Path) -> None:
    (tmp_path / "source.tsv").unlink()
    with pytest.raises(MissingData, match="cannot fetch"):
        get("toy", tmp_path / "data")


def test_only_https_is_fetched(toy: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = replace(toy, files=(replace(toy.files[0], url="http://example.org/toy.tsv"),))
    monkeypatch.setattr(module, "datasets", lambda: {"toy": plain})
    with pytest.raises(InputError, match="only https"):
        get("toy", tmp_path / "data")


def test_a_set_without_addresses_says_where_it_comes_from(
    toy: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = replace(toy, source="built by hand", files=(replace(toy.files[0], url=""),))
    monkeypatch.setattr(module, "datasets", lambda: {"toy": built})
    assert not fetchable(built)
    with pytest.raises(MissingData, match="built by hand"):
        get("toy", tmp_path / "data")
    with pytest.raises(MissingData, match="built by hand"):
        locate("toy", tmp_path / "data")


def test_locate_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="macaronic data get codemix-arabizi") as error:
        locate("codemix-arabizi", tmp_path)
    assert len(str(error.value).splitlines()) <= 3


def test_a_folder_given_wins_over_the_environment(
    toy: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACARONIC_DATA", str(tmp_path / "elsewhere"))
    assert not present("toy")
    get("toy")
    assert present("toy")
    assert not present("toy", tmp_path / "data")


def test_the_fingerprint_follows_the_content(toy: DataSet, tmp_path: Path) -> None:
    place = get("toy", tmp_path / "data")
    before = data_sha256("toy", tmp_path / "data")
    assert before == data_sha256("toy", tmp_path / "data")
    (place / "toy.tsv").write_bytes(b"other")
    assert data_sha256("toy", tmp_path / "data") != before


def test_an_unknown_set_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="codemix-arabizi"):
        dataset("codemix-arabisi")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("whole", WHOLE), ("lines 1", b"a\tx\n"), ("sentences 1", b"a\tx\n"), ("sentences 9", WHOLE)],
)
def test_cuts(rule: str, expected: bytes) -> None:
    assert module._cut(WHOLE, rule) == expected
