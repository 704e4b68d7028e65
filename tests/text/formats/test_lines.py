"""Bytes to lines: endings, encodings, NUL bytes, damaged and oversized input."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.text import formats
from macaronic.text.formats import lines as lines_module
from macaronic.text.formats.encodings import check, detect
from macaronic.text.formats.lines import numbered
from macaronic.text.formats.streams import spool


def texts(path, **options):
    return [u.text for u in formats.read(path, **options)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_gives_the_same_rows(put, ending):
    path = put("a.txt", ending.join(["one", "two", "", "three"]))
    reading = formats.read(path)
    assert [(u.id, u.text) for u in reading] == [("a:1", "one"), ("a:2", "two"), ("a:4", "three")]
    assert reading.problems.count == 0


def test_mixed_line_endings(put):
    assert texts(put("a.txt", b"one\r\ntwo\rthree\nfour")) == ["one", "two", "three", "four"]


@given(st.lists(st.text(st.characters(blacklist_characters="\r\n\0", blacklist_categories=("Cs",)))), st.data())
def test_lines_do_not_depend_on_where_the_bytes_are_cut(lines, data):
    """Two ways to split: all at once, and in pieces of any size."""
    ending = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    raw = ending.join(lines).encode()
    size = data.draw(st.integers(1, 7))
    pieces = [raw[i : i + size] for i in range(0, len(raw), size)]
    shard = formats.Shard("x", "text")
    problems = formats.reading.Problems()
    found = []
    for chunk in lines_module._whole_lines(pieces):
        found += lines_module.lines_of(chunk, shard, 1, problems)
    expected = io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline=None).read().split("\n")
    assert found == (expected[:-1] if expected[-1] == "" else expected)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_found(put, encoding):
    text = "नमस्ते दुनिया\nyaar kal meeting hai\n" * 5
    reading = formats.read(put("a.txt", text.encode(encoding)))
    assert [u.text for u in reading] == text.splitlines()
    assert reading.problems.count == 0
    assert bool(reading.notes) == (encoding in ("utf-16-le", "utf-16-be"))


def test_a_legacy_encoding_is_guessed_and_said(put):
    text = "Der Bär läuft über die Straße\nund hört schöne Musik für Mädchen\n"
    reading = formats.read(put("a.txt", text.encode("latin-1")))
    assert [u.text for u in reading] == text.splitlines()
    assert "guessed" in reading.notes[0]


def test_a_given_encoding_is_used(put):
    path = put("a.txt", "привет мир\n".encode("cp1251"))
    assert texts(path, encoding="cp1251") == ["привет мир"]


def test_a_wrong_encoding_is_reported_line_by_line_never_mojibake(put):
    path = put("a.txt", "fine\nfür\nalso fine\n".encode("latin-1"))
    reading = formats.read(path, encoding="utf-8")
    assert [(u.id, u.text) for u in reading] == [("a:1", "fine"), ("a:3", "also fine")]
    assert reading.problems.by_kind == {"encoding": 1}
    assert reading.problems.first[0].startswith(f"{path}:2: not utf-8 (byte 0xfc at offset 1)")


def test_a_few_broken_lines_do_not_make_a_utf8_file_something_else(put):
    path = put("a.txt", "नमस्ते\nदुनिया\n".encode() + b"f\xfcr\n" + "ठीक\n".encode())
    reading = formats.read(path)
    assert [u.text for u in reading] == ["नमस्ते", "दुनिया", "ठीक"]
    assert reading.problems.count == 1


def test_wrong_utf16_is_reported(put):
    reading = formats.read(put("a.txt", "ab".encode("utf-16") + b"\x00\xd8\x00\xd8\n\x00"), encoding="utf-16")
    assert reading.count() == 0
    assert reading.problems.by_kind["encoding"] >= 1


def test_unknown_encoding_suggests_the_nearest():
    with pytest.raises(UnknownName, match="utf-8"):
        check("utf9")


def test_detect_says_how():
    assert detect(b"plain ascii") == ("utf-8", "utf-8")
    assert detect("ünï".encode()[:-1], whole=False) == ("utf-8", "utf-8")


def test_nul_bytes_are_reported_and_the_row_left_out(put):
    reading = formats.read(put("a.txt", b"good\nbad\0line\nfine\n"))
    assert [u.id for u in reading] == ["a:1", "a:3"]
    assert reading.problems.by_kind == {"nul": 1}


@pytest.mark.parametrize("content", [b"", b"\n\n \n\t\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.tsv", "a.conllu", "a.conll", "a.json", "a"])
def test_empty_and_blank_files_have_no_rows(put, name, content):
    reading = formats.read(put(name, content))
    assert reading.count() == 0
    assert reading.problems.count == 0
    assert bool(reading.notes) == (content == b"")


def test_blank_lines_can_be_kept(put):
    reading = formats.read(put("a.txt", "a\n\nb\n"), keep_blank=True)
    assert [(u.id, u.text) for u in reading] == [("a:1", "a"), ("a:2", ""), ("a:3", "b")]


def test_one_very_long_line(put):
    size = 50_000_000
    reading = formats.read(put("a.txt", b"x" * size + b"\nend\n"))
    assert [len(u.text) for u in reading] == [size, 3]


def test_batches_are_bounded(put):
    reading = formats.read(put("a.txt", "word\n" * 20_000))
    assert [b.num_rows for b in reading.batches()] == [8192, 8192, 3616]


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".bz2"])
def test_compressed_files(put, tmp_path, suffix):
    source = formats.read(put("a.txt", "नमस्ते\nchill\n"))
    path = tmp_path / f"b.jsonl{suffix}"
    formats.write(source, path)
    assert [(u.id, u.text) for u in formats.read(path)] == [("b:1", "नमस्ते"), ("b:2", "chill")]


def test_compression_is_seen_without_an_ending(put):
    assert texts(put("plain", gzip.compress(b"one\ntwo\n"))) == ["one", "two"]


def test_several_gzip_members(put):
    assert texts(put("a.txt.gz", gzip.compress(b"one\n") + gzip.compress(b"two\n"))) == ["one", "two"]


def test_a_cut_gzip_file_keeps_what_is_whole_and_says_so(put):
    whole = gzip.compress(b"".join(b"row %d\n" % i for i in range(200_000)))
    reading = formats.read(put("a.txt.gz", whole[: len(whole) // 2]))
    rows = [u.text for u in reading]
    assert len(rows) > 50_000
    assert rows == [f"row {i}" for i in range(len(rows))]
    assert reading.problems.by_kind == {"damaged file": 1}


def test_strict_raises_at_the_first_bad_row(put):
    path = put("a.jsonl", '{"text": "ok"}\n{"text": \n')
    with pytest.raises(FormatError, match=r"a\.jsonl:2: not JSON"):
        formats.read(path, strict=True).count()


def test_problems_are_counted_once_a_pass(put):
    reading = formats.read(put("a.jsonl", '{"text": "ok"}\nnonsense\n'), format="jsonl")
    for _ in range(3):
        assert reading.count() == 1
        assert reading.problems.count == 1


def test_standard_input_is_kept_and_read_again(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b"yaar\tHI\nchill\tEN\n\nok\tEN\n")

    monkeypatch.setattr("sys.stdin", Stdin())
    reading = formats.read("-")
    assert [u.id for u in reading] == [u.id for u in reading] == ["stdin:1", "stdin:4"]
    assert reading.shards[0].format == "conll"


def test_a_full_disk_while_spooling_is_an_input_error(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(InputError, match="No space left"):
        spool(io.BytesIO(b"x"))


def test_numbered_skips_nothing(put):
    shard = formats.Shard(str(put("a.txt", b"a\n\nb\0\n")), "text")
    assert list(numbered(shard, formats.reading.Problems())) == [(1, "a"), (2, ""), (3, None)]


def test_reading_gives_corpus_columns(put):
    from macaronic.core.corpus import schema

    batch = next(formats.read(put("a.txt", "so chill\n"), language="en").batches())
    assert batch.schema.equals(schema())
    assert isinstance(batch, pa.RecordBatch)
