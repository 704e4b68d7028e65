"""Parallel rows out of files: no line is lost, and each bad one says why."""

import gzip
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.problems import Problems
from macaronic.synth.mixed import Outcome
from macaronic.synth.rows import Reading


def rows(reading: Reading) -> list[Parallel | Outcome]:
    return [given.row for given in reading]


def written(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_columns_without_names_are_identified(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "the dog eats bread\tel perro come pan\nthe house is big\tla casa es grande\n")
    reading = Reading(place)
    found = rows(reading)
    assert [row.tags for row in found if isinstance(row, Parallel)] == [("en", "es")] * 2
    assert any("en, es" in text for text in reading.notes)


def test_columns_that_cannot_be_told_apart_get_private_tags(tmp_path: Path) -> None:
    reading = Reading(written(tmp_path / "p.tsv", "the dog\tthe cat\n"))
    (row,) = rows(reading)
    assert row.tags == ("qaa", "qab")
    assert any("--pair" in text for text in reading.notes)


def test_a_header_names_the_columns_and_pair_chooses_and_orders_them(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "id\ten\thi\tes\nx7\tgood day\tशुभ दिन\tbuen día\n")
    (row,) = rows(Reading(place, ["es", "eng"]))
    assert (row.group, row.tags, row.text("es")) == ("x7", ("es", "en"), "buen día")
    with pytest.raises(UsageError, match="no column 'fr'"):
        rows(Reading(place, ["fr", "en"]))


def test_three_columns(tmp_path: Path) -> None:
    (row,) = rows(Reading(written(tmp_path / "p.tsv", "good\tgut\tbon\n"), ["en", "de", "fr"]))
    assert row.tags == ("en", "de", "fr")


def test_links_count_the_second_column_first(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "a basket of fish\tमछली की एक टोकरी\n")
    links = written(tmp_path / "l.txt", "0-3 1-2 2-0 3-1\n")
    (row,) = rows(Reading(place, ["en", "hi"], links=links))
    assert dict(row.links["en", "hi"]) == {3: 0, 2: 1, 0: 2, 1: 3}
    (row,) = rows(Reading(place, ["en", "hi"], links=links, order="first-second"))
    assert dict(row.links["en", "hi"]) == {0: 3, 1: 2, 2: 0, 3: 1}


def test_words_are_cut_at_spaces_where_links_count_on_it(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "don't stop.\tno pares.\n")
    links = written(tmp_path / "l.txt", "1-1\n")
    (row,) = rows(Reading(place, ["en", "es"], links=links))
    assert row.texts["en"].words == ("don't", "stop.")
    (row,) = rows(Reading(place, ["en", "es"]))
    assert row.texts["en"].words == ("don't", "stop", ".")


def test_text_without_spaces_is_cut_into_tokens_and_segmented_text_at_spaces(tmp_path: Path) -> None:
    links = written(tmp_path / "l.txt", "0-0\n")
    raw = written(tmp_path / "r.tsv", "I would like to drink coffee\t我想喝一杯咖啡今天早上\n")
    (row,) = rows(Reading(raw, ["en", "zh"], links=links))
    assert len(row.texts["zh"].words) > 3
    cut = written(tmp_path / "c.tsv", "I want coffee\t我 想 喝 咖啡\n")
    (row,) = rows(Reading(cut, ["en", "zh"], links=links))
    assert row.texts["zh"].words == ("我", "想", "喝", "咖啡")


def test_every_bad_line_is_a_reason(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "one\tuno\n\tdos\nthree\nfour\tcuatro\nfive\tcinco\n\nseven\tsiete\n")
    links = written(tmp_path / "l.txt", "0-0\n0-0\n0-0\n0-9\nx-y\n\n")
    found = rows(Reading(place, ["en", "es"], links=links))
    assert [row.reason if isinstance(row, Outcome) else "row" for row in found] == [
        "row", "empty side", "empty side", "misnumbered alignment", "misnumbered alignment", "empty side",
        "unequal line counts",
    ]  # fmt: skip
    assert all(row.detail for row in found if isinstance(row, Outcome))
    assert [row.group for row in found] == [f"p.tsv:{n}" for n in range(1, 8)]


def test_links_behind_the_last_pair_are_counted(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "one\tuno\n")
    found = rows(Reading(place, ["en", "es"], links=written(tmp_path / "l.txt", "0-0\n0-0\n")))
    assert [isinstance(row, Outcome) and row.reason for row in found] == [False, "unequal line counts"]


def test_other_formats_bring_their_languages(tmp_path: Path) -> None:
    place = written(tmp_path / "p.jsonl", '{"en": "good day", "es": "buen día"}\n{"en": "only"}\n')
    (row,) = rows(Reading(place, ["es", "en"]))
    assert row.tags == ("es", "en")
    assert row.texts["es"].words == ("buen", "día")


def test_undecodable_lines_do_not_shift_the_links(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", b"good\tbueno\n\xff\xfe\tx\nday\td\xc3\xada\n")
    links = written(tmp_path / "l.txt", "0-0\n\n0-0\n")
    found = rows(Reading(place, ["en", "es"], links=links, encoding="utf-8"))
    assert [isinstance(row, Parallel) for row in found] == [True, False, True]


def test_one_column_or_an_empty_file_is_an_error_or_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two columns"):
        rows(Reading(written(tmp_path / "one.tsv", "only one column\n")))
    assert rows(Reading(written(tmp_path / "none.tsv", ""), ["en", "es"])) == []


def test_a_column_headed_id_may_be_indonesian(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv", "en\tid\nThe kitchen light is off.\tLampu dapur mati.\n")
    (row,) = rows(Reading(place))
    assert (row.group, row.tags) == ("p.tsv:2", ("en", "id"))


def test_packed_tables_are_tables(tmp_path: Path) -> None:
    place = written(tmp_path / "p.tsv.gz", gzip.compress(b"good day\tbuen dia\n"))
    (row,) = rows(Reading(place, ["en", "es"]))
    assert row.tags == ("en", "es")


@pytest.mark.parametrize(
    ("pairs", "links"), [("one\t\n", "0-0\n"), ("one\tuno\n", "0-7\n"), ("one\tuno\n", "x\n"), ("one\tuno\n", "")]
)
def test_strict_ends_at_the_first_bad_line_and_says_where(tmp_path: Path, pairs: str, links: str) -> None:
    place, other = written(tmp_path / "p.tsv", pairs), written(tmp_path / "l.txt", links)
    (row,) = rows(Reading(place, ["en", "es"], links=other))
    assert isinstance(row, Outcome)
    with pytest.raises(FormatError, match=r"p\.tsv:1") as error:
        rows(Reading(place, ["en", "es"], links=other, problems=Problems(strict=True)))
    assert str(error.value).count("l.txt:1") <= 1


def test_a_guessed_encoding_is_told(tmp_path: Path) -> None:
    reading = Reading(written(tmp_path / "p.tsv", "la niña\tthe girl\n".encode("latin-1")), ["es", "en"])
    rows(reading)
    assert any("guessed" in text for text in reading.notes)


def test_several_files_are_not_one_table(tmp_path: Path) -> None:
    for name in ("a.tsv", "b.tsv"):
        written(tmp_path / name, "one\tuno\n")
    with pytest.raises(UsageError, match="2 files"):
        rows(Reading(str(tmp_path), ["en", "es"]))
