"""Guessing a file's format from its name and its first bytes."""

from __future__ import annotations

import pytest

from macaronic.text.formats import guess
from macaronic.text.formats.kinds import FORMATS, known

CONLLU = "1\tso" + "\t_" * 8 + "\n2\tchill" + "\t_" * 8 + "\n\n"


@pytest.mark.parametrize(
    ("path", "content", "format"),
    [
        ("a.txt", "just some text\nand more of it\n", "text"),
        ("a.txt", "yaar\thi\nchill\ten\n\nok\ten\n", "conll"),
        ("a.txt", "yaar hi\nchill en\n\nok en\n", "conll"),
        ("a.txt", "good morning\nhello world\n\nbye now\n", "text"),
        ("a.txt", "yaar/hi chill/en\n", "inline"),
        ("a.txt", "either/or and/or whatever\n", "text"),
        ("a.tsv", "yaar\tlang2\nchill\tlang1\n\nok\tlang1\n", "conll"),
        ("a.tsv", "text\tlabel\nso chill\tPos\n", "tsv"),
        ("a.tsv", "en\thi\nhello\tनमस्ते\n", "parallel-tsv"),
        ("a.csv", "en,hi\nhello,नमस्ते\n", "parallel-csv"),
        ("a.csv", "text,lang\nhello,en\n", "csv"),
        ("a.conll", "# sent_enum = 1\nyaar\tlang2\n", "lince"),
        ("a.txt", CONLLU, "conllu"),
        ("a", CONLLU, "conllu"),
        ("a.jsonl.gz", '{"text": "x"}\n', "jsonl"),
        ("a.jsonl", '{"en": "hello", "hi": "नमस्ते"}\n', "parallel-jsonl"),
        ("a.jsonl", '{"translation": {"en": "hello", "hi": "नमस्ते"}}\n', "parallel-jsonl"),
        ("a.jsonl", '{"lang": "eng", "sentences": ["a", "b"]}\n', "sentence-lists"),
        ("a.jsonl", '{"id": "7", "en": "hello"}\n', "jsonl"),
        ("a.json", '[{"text": "x"}]', "json"),
        ("-", '{"text": "x"}\n', "jsonl"),
        ("-", '<?xml version="1.0"?>\n<tmx version="1.4">', "tmx"),
        ("-", "plain words\n", "text"),
        ("a.po", "", "catalogue"),
        ("a.parquet", "", "parquet"),
        ("a.bin", "PAR1....", "parquet"),
    ],
)
def test_guess(path, content, format):
    assert guess(path, content.encode()) == format


def test_guess_reads_utf16():
    assert guess("-", '{"text": "नमस्ते"}\n'.encode("utf-16")) == "jsonl"


def test_names_of_formats():
    assert [known(name) for name in ("CoNLL-U", "TXT", "gettext", "GLUECoS", "ndjson")] == [
        "conllu", "text", "catalogue", "conll", "jsonl",
    ]  # fmt: skip
    assert all(known(name) == name for name in FORMATS)


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("codemix-hinglid-val/hinglid.validation.first3000.tsv", "conll"),
        ("codemix-comi-mli/MLI.first1000.csv", "csv"),
        ("codemix-dravidian-sample/tamil-en.sentiment.tsv", "tsv"),
        ("codemix-hinmix-sample/hinmix.train-valid.jsonl", "parallel-jsonl"),
        ("parallel-ntrex/ntrex200.jsonl", "sentence-lists"),
        ("parallel-ntrex/flores200_check.jsonl", "sentence-lists"),
        ("parallel-catalogues/catalogues-66.jsonl.gz", "parallel-jsonl"),
    ],
)
def test_real_files(data, path, format):
    from macaronic.text import formats

    assert formats.read(data / path).shards[0].format == format
