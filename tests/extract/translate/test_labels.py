from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.extract.record import Record
from macaronic.extract.translate.label_files import read, shipped
from macaronic.extract.translate.labels import Entry, LabelTable


def test_the_shipped_table_is_whole() -> None:
    table = shipped()
    tags = {tag for entry in table.entries for tag in entry.words}
    assert tags == {"en", "ja", "zh", "es", "fr", "de", "hi", "ko", "pt", "ru", "ar"}
    assert all(set(entry.words) == tags for entry in table.entries)
    for entry in table.entries:  # there and back again
        for tag, word in entry.words.items():
            assert table.translated(word, tag, "en") == entry.words["en"]


def test_files_of_both_kinds(tmp_path: Path) -> None:
    toml, tsv = tmp_path / "a.toml", tmp_path / "a.tsv"
    toml.write_text('[ship]\naliases = ["SHIP"]\neng = "ship"\n"zh-TW" = "船"\n')
    tsv.write_bytes("en\tzh-Hant\taliases\nship\t船\tSHIP\n\n".encode("utf-16"))
    for path in (toml, tsv):
        assert read(path).translated("SHIP", "en", "zh-Hant") == "船"
        assert read(path).translated("PER", "en", "ja") is None
        assert read(path, besides=shipped()).translated("PER", "en", "ja") == "人名"


def test_a_word_of_ones_own_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("en\tja\taliases\nperson\t人物\tPER\n")
    assert read(path, besides=shipped()).translated("PER", "en", "ja") == "人物"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.toml", "[x", "expected TOML"),
        ("a.toml", "", "at least one class"),
        ("a.toml", "x = 3", "under a section"),
        ("a.toml", "[x]\nen = 3", "words in quotes"),
        ("a.toml", '[x]\nxx-bogus = "a"', "unknown language tag 'xx-bogus'"),
        ("a.tsv", "", "head of language tags"),
        ("a.tsv", "en\tja\nperson\t人\tx\n", "a.tsv:2: expected 2 columns, got 3"),
        ("a.tsv", "en\tja\nperson\t人\nman\t人\n", "'人' stands for two classes"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(FormatError, match="(?s).*" + told.replace("'", ".").replace("(", ".")):
        read(tmp_path / name)


def test_no_file() -> None:
    with pytest.raises(InputError, match="cannot read the label table"):
        read("none.toml")


def test_a_language_that_no_class_has() -> None:
    table = LabelTable((Entry({"en": "person", "ja": "人名"}),))
    with pytest.raises(UnknownName, match="Did you mean 'ja'"):
        table.check([Record("x", "person", language="en")], "jaa")
    table.check([Record("x", language="en")], "jaa")  # nothing to translate, nothing missing
