"""The map: every entry is whole, and a search finds what it should."""

import itertools

import pytest

from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse
from macaronic.curate.datasets import datasets
from macaronic.papers import landscape

ENTRIES = landscape.resources().values()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_entries_are_whole(entry: landscape.Resource) -> None:
    assert entry.name
    assert entry.about
    assert entry.licence
    assert entry.kind in ("dataset", "benchmark", "model", "tool")
    assert entry.url.startswith("https://")
    assert entry.tasks
    assert set(entry.tasks) <= set(landscape.tasks())
    assert all(parse(tag) == tag for tag in entry.languages)
    assert all(1 <= int(seed[1:]) <= 119 for seed in entry.seeds)
    assert not entry.data or entry.data in datasets()


def test_no_two_entries_have_one_name() -> None:
    names = [entry.name.lower() for entry in ENTRIES]
    assert len(names) == len(set(names))


def test_a_task_and_a_language_together() -> None:
    found = {entry.id for entry in landscape.search("lid", "hi")}
    assert {"hinglid", "hing-bert-lid", "commentator"} <= found
    assert "sagt" not in found
    assert found == {e.id for e in landscape.search("lid")} & {e.id for e in landscape.search(language="hin")}


def test_a_script_narrows_a_language() -> None:
    every = {entry.id for entry in landscape.search(language="hi")}
    latin = {entry.id for entry in landscape.search(language="hi-Latn")}
    assert latin < every


def test_languages_that_a_code_could_hide() -> None:
    nepali = {entry.id for entry in landscape.search(language="ne")}
    assert {"lince", "codemixbench-18"} <= nepali


def test_kinds_part_the_map() -> None:
    parts = [{e.id for e in landscape.search(kind=kind)} for kind in ("dataset", "benchmark", "model", "tool")]
    assert all(not a & b for a, b in itertools.combinations(parts, 2))
    assert set().union(*parts) == set(landscape.resources())


def test_an_unknown_task_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="'lid'"):
        landscape.search(task="lidd")
    with pytest.raises(UnknownName):
        landscape.search(language="zzzzz")
