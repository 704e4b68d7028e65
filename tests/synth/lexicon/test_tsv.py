"""Dictionaries in tables: reading, bad lines, saving."""

from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError
from macaronic.core.problems import Problems
from macaronic.synth.lexicon import read_tsv, write_tsv

LINES = "\ufeff# remark\nhouse\tcasa\t0.5\tnoun\r\nपानी\twater\n\nbroken\nx\ty\tmuch\nz\tq\t-1\n\tempty\n"


def test_bad_lines_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "en-es.tsv"
    path.write_text(LINES, "utf-8")
    told = Problems()
    found = read_tsv(path, ("en", "es"), problems=told)
    assert set(found.entries) == {"house", "पानी"}
    assert found.lookup("house")[0] == ("casa", 0.5, "NOUN")
    assert dict(told.by_kind) == {"columns": 2, "weight": 2}
    assert told.first[0].startswith(f"{path}:5: ")
    assert found.origin == "en-es.tsv"
    with pytest.raises(FormatError):
        read_tsv(path, ("en", "es"), problems=Problems(strict=True))


def test_saved_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("ice cream\thelado\nhouse\tcasa\t0.5\tNOUN\nhouse\thogar\t0.25\n", "utf-8")
    first = read_tsv(tmp_path / "a.tsv", ("en", "es"))
    write_tsv(first, tmp_path / "b.tsv")
    assert read_tsv(tmp_path / "b.tsv", ("en", "es")).entries == first.entries


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv"):
        read_tsv(tmp_path / "none.tsv", ("en", "es"))
