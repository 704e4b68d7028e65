"""What sources name: files, folders, globs, URIs, packages; and what is said when they are not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import InputError, MissingData, MissingExtra, UnknownName, UsageError
from macaronic.text import formats
from macaronic.text.formats.hub import parts
from macaronic.text.formats.places import expand, unique_names


def test_a_folder_is_read_recursively_sorted_without_hidden_and_foreign_files(put, tmp_path):
    put("d/b.txt", "b\n")
    put("d/a/c.jsonl", '{"text": "c"}\n')
    put("d/README.md", "# not data\n")
    put("d/.cache/x.txt", "hidden\n")
    assert [u.text for u in formats.read(tmp_path / "d")] == ["c", "b"]


def test_a_folder_with_a_format_gives_the_files_of_that_format(put, tmp_path):
    put("d/b.txt", "b\n")
    put("d/c.jsonl", '{"text": "c"}\n')
    assert [u.text for u in formats.read(tmp_path / "d", format="jsonl")] == ["c"]


def test_a_folder_without_known_endings_is_read_whole(put, tmp_path):
    put("d/part-0", "a\n")
    put("d/part-1", "b\n")
    assert [(u.id, u.text) for u in formats.read(tmp_path / "d")] == [("part-0:1", "a"), ("part-1:1", "b")]


def test_globs_are_sorted_and_files_are_read_once(put, tmp_path):
    put("hi/b.txt", "b\n")
    put("hi/a.txt", "a\n")
    sources = [str(tmp_path / "*" / "*.txt"), tmp_path / "hi" / "a.txt", str(tmp_path / "**" / "b.txt")]
    assert [u.text for u in formats.read(sources)] == ["a", "b"]


def test_a_name_with_glob_letters_that_exists_is_that_file(put):
    assert formats.read(put("a[1].txt", "x\n")).count() == 1


@pytest.mark.parametrize("uri", ["file://{}/x/a.txt", "file://{}/x", "file://{}/*/a.txt"])
def test_uris_go_through_file_systems(put, tmp_path, uri):
    put("x/a.txt", "one\ntwo\n")
    assert [u.id for u in formats.read(uri.format(tmp_path))] == ["a:1", "a:2"]


def test_a_missing_file_is_named_with_the_nearest(put, tmp_path):
    put("train.jsonl", "{}\n")
    with pytest.raises(InputError, match=r"(?s)trian\.jsonl.*Did you mean .*train\.jsonl"):
        formats.read([tmp_path / "train.jsonl", tmp_path / "trian.jsonl"])


@pytest.mark.parametrize("source", ["nothing/*.txt", "file:///nonexistent/a.txt"])
def test_a_source_that_matches_nothing_is_named(source):
    with pytest.raises(InputError, match="not"):
        formats.read(source)


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no data files"):
        formats.read(tmp_path)


def test_no_sources_at_all():
    with pytest.raises(UsageError):
        formats.read([])


def test_a_file_that_goes_away_between_passes(put):
    path = put("a.txt", "x\n")
    reading = formats.read(path)
    assert reading.count() == 1
    path.unlink()
    with pytest.raises(InputError, match=r"a\.txt"):
        reading.count()


def test_unknown_format_language_label_scheme(put):
    path = put("a.txt", "x\n")
    with pytest.raises(UnknownName, match="jsonl"):
        formats.read(path, format="jsnl")
    with pytest.raises(UnknownName):
        formats.read(path, language="hindii")
    with pytest.raises(UnknownName, match="lince-spaeng"):
        formats.read(path, label_map="lince-spaneng")
    with pytest.raises(UnknownName):
        formats.read(path, label_map={"X": "notalanguage"})


def test_packages_and_hub_ids_say_what_to_install(monkeypatch):
    with pytest.raises(MissingData, match="pip install nonesuch"):
        formats.read("package:nonesuch")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"macaronic\[demo\]"):
        formats.read("package:django")


def test_hub_ids_need_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "datasets", None)
    with pytest.raises(MissingExtra, match=r"macaronic\[hub\]"):
        formats.read("hub:someone/something").count()


def test_hub_rows_go_the_way_of_json_lines(monkeypatch):
    class Names:
        names = ("lang1", "en")

    class Listed:
        feature = Names()

    class Streamed:
        def __init__(self):
            self.features = {"lid": Listed(), "label": Names()}

        def __iter__(self):
            return iter([{"words": ["so", "chill"], "lid": [1, 1], "label": 1}])

    monkeypatch.setattr("macaronic.text.formats.hub._opened", lambda place: Streamed())
    (utterance,) = formats.read("hub:someone/something#dev")
    assert (utterance.text, utterance.langs, utterance.labels["label"]) == ("so chill", ("en", "en"), "en")
    assert parts("hub:a/b#dev") == ("a/b", None, "dev")


@given(st.lists(st.from_regex(r"([a-c]/){0,3}[a-c]\.(txt|jsonl)", fullmatch=True), unique=True, min_size=1))
def test_names_are_unique(paths):
    names = unique_names(paths)
    assert len(set(names)) == len(paths)


def test_folder_of_catalogues_is_one_place(put, tmp_path):
    put("locale/hi/LC_MESSAGES/app.po", 'msgid ""\nmsgstr ""\n')
    assert [place.format for place in expand(tmp_path)] == ["catalogue"]
