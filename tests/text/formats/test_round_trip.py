"""Reading a valid row and writing it in the same format gives it back unchanged."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.corpus import Corpus
from macaronic.core.errors import InputError, UnknownName, UsageError
from macaronic.core.utterance import Relation, Span, Utterance
from macaronic.text import formats

quick = settings(max_examples=60, deadline=None)
letters = st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), blacklist_characters="/#")
words = st.text(letters, min_size=1, max_size=8)
labels = st.sampled_from(["hi", "en", "HI", "EN", "univ", "ne", "mixed", "acro", "lang3", "tr", "zz-nonsense"])
texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40)
lines = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\0"), min_size=1, max_size=40)
sentences = st.lists(st.lists(st.tuples(words, labels), min_size=1, max_size=6), min_size=1, max_size=5)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(texts, v, max_size=3), max_leaves=5)


def again(name: str, content: str, **options: str) -> str:
    """The content of a file after reading it and writing it in the same format."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, name), Path(folder, "out", name)
        path.write_bytes(content.encode())
        reading = formats.read(path, **options)
        formats.write(reading, out, format=reading.shards[0].format)
        assert reading.problems.by_kind.keys() <= {"unknown label"}, reading.problems.first
        return out.read_bytes().decode()


@quick
@given(st.lists(lines.filter(lambda s: not s.isspace() and not s.startswith("\ufeff"))))
def test_text(rows):
    content = "".join(f"{row}\n" for row in rows)
    assert again("a.txt", content, format="text") == content


@quick
@given(st.lists(st.dictionaries(texts.filter(lambda k: k != "_meta"), values, max_size=4), max_size=4), st.data())
def test_jsonl(rows, data):
    rows = [{**row, "text": data.draw(texts)} for row in rows]
    content = "".join(json.dumps(row, ensure_ascii=data.draw(st.booleans())) + "\n" for row in rows)
    assert [json.loads(line) for line in again("a.jsonl", content).split("\n") if line] == rows


@pytest.mark.parametrize(
    "row",
    [
        {"content": "so chill", "likes": 3},
        {"id": 7, "text": "so chill", "lang": "hin", "label": "Positive"},
        {"id": "a", "text": "so chill", "meta": {"id": 3}, "tokens": 2},
        {"words": ["so", "chill"], "lid": ["lang1", "en"], "idx": 4},
        {"text": "so chill", "words": ["so", "chill"], "langs": ["en", "en"], "confidence": [0.9, 0.8], "matrix": "en"},
        {"text": "", "words": [], "langs": []},
        {"tokens": ["yaar", "chill"], "ner_tags": ["O", "O"], "text": "yaar, chill"},
        {"text": "x", "labels": ["a", "b"], "spans": "none", "layers": 3, "relations": []},
        {"text": "so chill", "tokens": [[0, 2], [3, 8]], "layers": {"lang": ["en", None]}, "labels": {"lang": "en"}},
        {"text": "x", "note": None, "nested": {"a": [1, {"b": 2.5}]}},
    ],
)
def test_json_rows_of_many_makes(row):
    key = "content" if "content" in row else "text"
    assert json.loads(again("a.jsonl", json.dumps(row) + "\n", text_key=key)) == row


def test_a_json_array():
    rows = [{"id": "a", "text": "one"}, {"text": "two", "n": 1}]
    assert json.loads(again("a.json", json.dumps(rows, indent=1))) == rows


@quick
@given(st.lists(st.tuples(texts.filter(str.strip), texts, texts), min_size=1, max_size=5), st.booleans())
def test_csv(rows, header):
    buffer = io.StringIO()
    out = csv.writer(buffer)
    out.writerows([("text", "label", "note"), *rows])
    written = again("a.csv", buffer.getvalue())
    assert list(csv.reader(io.StringIO(written, newline=""))) == list(
        csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    )


def test_tables_keep_columns_order_header_and_quoting():
    for name, content in {
        "a.csv": 'label,text,id\nPos,"a ""quoted"", text",7\nNeg,plain,8\n',
        "a.tsv": 'text\tlang\n"so" chill\thin\nna "ja\ten\n',
        "b.tsv": "1\tyaar kya scene hai bhai\n2\tall good here in the office\n",
        "c.tsv": 'id\ttext\n1\t"two\tcells"\n2\tone\n',
    }.items():
        assert again(name, content) == content


@quick
@given(sentences)
def test_conll(rows):
    content = "".join("".join(f"{word}\t{label}\n" for word, label in row) + "\n" for row in rows)
    assert again("a.conll", content, format="conll") == content


@quick
@given(sentences)
def test_lince(rows):
    content = "".join(
        f"# sent_enum = {n}\n" + "".join(f"{word}\t{label}\n" for word, label in row) + "\n"
        for n, row in enumerate(rows, 1)
    )
    assert again("a.conll", content, format="lince") == content


@quick
@given(sentences)
def test_inline(rows):
    content = "".join(" ".join(f"{word}/{label}" for word, label in row) + "\n" for row in rows)
    assert again("a.txt", content, format="inline") == content


def test_wide_and_spaced_conll():
    wide = "yaar hi NOUN O\nDelhi en PROPN B-LOC\n\n"
    assert again("a.conll", wide) == wide
    assert again("b.conll", "yaar\tx\nchill\ty\n\n", label_map="lince-spaeng") == "yaar\tx\nchill\ty\n\n"
    bare = "# sent_enum = 1\nyaar\nchill\n\n"
    assert again("c.conll", bare) == bare


cells = st.text(letters, min_size=1, max_size=6)
misc = st.sampled_from(["_", "hi", "univ", "Lang=en", "CSID=TR|Lang=tr", "SpaceAfter=No", "LangO=ar_dz|ner=O", "X=1|Y"])


@st.composite
def conllu_sentence(draw):
    forms = draw(st.lists(cells | st.just("_"), min_size=1, max_size=5))
    rows = [f"# sent_id = {draw(cells)}"]
    if draw(st.booleans()):
        rows.append(f"# text = {draw(st.just(' '.join(forms)) | cells)}")
    rows += draw(st.lists(st.sampled_from(["# note = x", "# newpar", "# = odd", "#bare", "# note = y"]), max_size=3))
    for i, form in enumerate(forms, 1):
        if i < len(forms) and draw(st.integers(0, 4)) == 0:
            rows.append(f"{i}-{i + 1}\t{draw(cells)}\t_\t_\t_\t_\t_\t_\t_\t{draw(misc)}")
        columns = [str(i), form, *(draw(cells | st.just("_")) for _ in range(7)), draw(misc)]
        rows.append("\t".join(columns))
        if draw(st.integers(0, 5)) == 0:
            rows.append(f"{i}.1\t_\t_\t_\t_\t_\t_\t_\t_\t_")
    return "\n".join(rows) + "\n\n"


@quick
@given(st.lists(conllu_sentence(), min_size=1, max_size=4))
def test_conllu_byte_for_byte(blocks):
    content = "".join(blocks)
    assert again("a.conllu", content) == content


@pytest.mark.parametrize(
    "name",
    [
        "codemix-tr-de-sagt/qtd_sagt-ud-train.conllu",
        "codemix-tr-de-sagt/qtd_sagt-ud-dev.conllu",
        "codemix-arabizi/qaf_arabizi-ud-dev.conllu",
        "codemix-arabizi/qaf_arabizi-ud-train.conllu",
        "codemix-hi-en-tags/qhe_hiencs-ud-train.conllu",
    ],
)
def test_treebanks_byte_for_byte(data, name, tmp_path):
    path = data / name
    formats.write(formats.read(path, strict=True), tmp_path / "out.conllu")
    assert (tmp_path / "out.conllu").read_bytes() == path.read_bytes()


def test_dravidian_tables_byte_for_byte(data, tmp_path):
    for path in sorted((data / "codemix-dravidian-sample").glob("*.tsv")):
        formats.write(formats.read(path, strict=True), tmp_path / path.name)
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_hinglid_up_to_the_last_blank_line(data, tmp_path):
    path = next((data / "codemix-hinglid-val").glob("*.tsv"))
    formats.write(formats.read(path, strict=True), tmp_path / "out.conll")
    assert (tmp_path / "out.conll").read_bytes() == path.read_bytes() + b"\n"


def test_parallel_formats(data, tmp_path):
    path = data / "parallel-catalogues" / "catalogues-66.jsonl.gz"
    reading = formats.read(path)
    formats.write(reading, tmp_path / "out.jsonl", format="parallel-jsonl")
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    kept = [row for row in rows if len(row) > 1]
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").open(encoding="utf-8")] == kept


full = Utterance(
    "yaar, chill",
    "u1",
    ((0, 4), (4, 5), (6, 11)),
    {"lang": ("hi-Latn", "other", "en"), "pos": ("NOUN", None, "VERB")},
    (Span("ner", "PER", 0, 4, "s1"), Span("ner", "X", 6, 11, "s2")),
    (Relation("knows", "s1", "s2"),),
    {"lang": "hi-Latn", "mood": "good"},
    {"likes": 3, "tokens": "foreign", "text": "also foreign", "id": {"a": 1}, "labels": [1]},
)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet", "a.arrow", "a.json"])
def test_lossless_formats_keep_everything(tmp_path, name):
    corpus = Corpus.from_utterances([full, Utterance("plain", "u2")])
    formats.write(corpus, tmp_path / name)
    back = list(formats.read(tmp_path / name))
    first = back[0]
    assert (first.text, first.id, first.tokens, first.spans, first.relations) == (
        full.text, full.id, full.tokens, full.spans, full.relations,
    )  # fmt: skip
    assert (first.layers, first.labels, first.meta) == (full.layers, full.labels, full.meta)
    assert (back[1].text, back[1].id, back[1].tokens) == ("plain", "u2", ())


def test_new_language_labels_are_written(put, tmp_path):
    path = put(
        "a.conllu",
        "# text = ja genau\n1\tja\t_\tX\t_\t_\t_\t_\t_\tCSID=TR|Lang=tr\n2\tgenau\t_\tX\t_\t_\t_\t_\t_\t_\n\n",
    )
    (utterance,) = formats.read(path)
    formats.write(Corpus.from_utterances([utterance.with_layer("lang", ("de", "de"))]), tmp_path / "b.conllu")
    lines = (tmp_path / "b.conllu").read_text().splitlines()
    assert [line.split("\t")[9] for line in lines if line[:1].isdigit()] == ["CSID=de|Lang=de", "Lang=de"]
    formats.write(Corpus.from_utterances([utterance.with_layer("lang", ("de", "de"))]), tmp_path / "b.conll")
    assert (tmp_path / "b.conll").read_text() == "ja\tde\ngenau\tde\n\n"


def test_other_formats_can_become_conllu(tmp_path):
    formats.write(Corpus.from_utterances([full]), tmp_path / "a.conllu")
    (back,) = formats.read(tmp_path / "a.conllu")
    assert (back.text, back.tokens, back.langs) == (full.text, full.tokens, full.langs)
    assert back.layers["pos"] == full.layers["pos"]


def test_line_breaks_in_text_become_spaces(tmp_path):
    formats.write(Corpus.from_utterances([Utterance("so\r\nchill\nyaar")]), tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "so chill yaar\n"


def test_a_new_table_has_every_column(tmp_path):
    rows = [Utterance("one", "a", labels={"lang": "en"}), Utterance("two", "b", meta={"likes": 3})]
    formats.write(Corpus.from_utterances(rows), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "id,text,lang,likes\na,one,en,\nb,two,,3\n"


def test_what_cannot_be_written(tmp_path):
    corpus = Corpus.from_utterances([Utterance("x")])
    with pytest.raises(UsageError, match="format"):
        formats.write(corpus, tmp_path / "a.unknown")
    with pytest.raises(UnknownName):
        formats.write(corpus, tmp_path / "a.x", format="catalogue")
    with pytest.raises(UsageError, match=r"\.parquet"):
        formats.write(corpus, tmp_path / "a.x", format="parquet")


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    target = tmp_path / "a.jsonl"
    target.write_text("old\n")
    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(InputError, match="No space left"):
        formats.write(Corpus.from_utterances([Utterance("x")]), target)
    assert target.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]
