"""Codecs: every record comes back, every string gives a record or a named failure, in linear time."""

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName
from macaronic.core.problems import Problems
from macaronic.extract import tasks
from macaronic.extract.codecs import gliner, gollie, json_codec, sel
from macaronic.extract.codecs.codec import FAILURES, Codec, Decoded
from macaronic.extract.codecs.named import NAMES, codec
from macaronic.extract.codecs.oiellm import Oiellm
from macaronic.extract.record import Event, Record, Relation, Schema, Span, read

CODECS = [codec(name) for name in NAMES] + [codec("oiellm", dialect="compat")]
IDS = [*NAMES, "compat"]
KNOWN_FAILURES = {*FAILURES, json_codec.NOT_JSON, json_codec.NOTHING_KNOWN, sel.NO_TREE, gollie.NO_LIST}
TEXT = "Giant pandas are mammals, endemic to China."
GOLD = Record(TEXT, "Nature", (Span("Animal Name", "pandas", 6, 12), Span("Nation", "China", 37, 42)))
SCHEMA = Schema.of([GOLD, Record("x", "Society", (Span("Person", "x"),))])


def pairs(record: Record | None) -> list[tuple[str, str]]:
    return [] if record is None else [(span.label, span.text) for span in record.spans]


def content(record: Record | None) -> tuple[object, ...]:
    """What a record says, without offsets; relations in any order, for a tree sorts them by head."""
    assert record is not None
    events = [(e.type, e.trigger, [(a.label, a.text) for a in e.arguments]) for e in record.events]
    triples = sorted((r.head, r.type, r.tail) for r in record.relations)
    return record.text_label, pairs(record), triples, events


# What is written


def test_the_line_is_that_of_the_paper() -> None:
    assert Oiellm("compat").prompt(GOLD) == f"{TEXT}/NER"
    assert Oiellm("compat").encode(GOLD) == "Nature/NER/:Animal Name;pandas:Nation;China"


@pytest.mark.parametrize("language", ["ja", "zh", "hi", "es"])
def test_task_words_are_those_of_the_language(language: str) -> None:
    record = Record("x", "a", (Span("b", "x"),), language=language)
    word = tasks.word("NER", language)
    assert word != "NER"
    assert Oiellm().prompt(record) == f"x/{word}"
    assert content(Oiellm().decode(Oiellm().encode(record), "x", task="NER").record) == content(record)


def test_nothing_found_is_said_and_read_in_both_words() -> None:
    record = Record("静か", "自然", language="ja")
    assert Oiellm().encode(record).endswith("/:無い;")
    for line in ("自然/NER/:無い;", "自然/NER/:Null;"):
        for dialect in ("escaped", "compat"):
            assert Oiellm(dialect).decode(line, "静か", task="NER").record == Record("静か", "自然")  # type: ignore[arg-type]


def test_every_word_of_every_task_names_one_task() -> None:
    for task in tasks.names():
        for word in tasks.words(task):
            assert tasks.of_word(word) == task
            assert not set(word) & set(":;/：；")
    with pytest.raises(UnknownName, match="Did you mean 'NER'"):
        tasks.of_word("NERR")


def test_prompts_name_the_labels() -> None:
    for one in CODECS[1:5]:
        prompt = one.prompt(GOLD, SCHEMA)
        assert "China" in prompt
        assert "Nation" in prompt
        assert one.prompt(GOLD)


# What comes back

PART = st.text("ab:;/\\()[]{}\"',=：；|\n é語🍎", min_size=1, max_size=6).filter(lambda s: s.strip() == s)
SPANS = st.lists(st.tuples(PART, PART), max_size=4)


def recorded(task: str, label: str, some: list[tuple[str, str]]) -> Record:
    spans = tuple(Span(*pair) for pair in some)
    part = tasks.part(task)
    if part == "relations":
        return Record("text", label, relations=tuple(Relation(b, a, b) for a, b in some), task=task)
    if part == "events":
        events = tuple(Event(a, b, spans) for a, b in some[:2])
        return Record("text", label, events=events, task=task)
    return Record("text", label, spans, task=task)


@pytest.mark.parametrize("one", CODECS[:4], ids=IDS[:4])
@given(task=st.sampled_from(["NER", "Relation Extraction", "Event Extraction"]), label=PART, some=SPANS)
def test_any_record_comes_back(one: Codec, task: str, label: str, some: list[tuple[str, str]]) -> None:
    record = recorded(task, label, some)
    decoded = one.decode(one.encode(record), record.text, task=task)
    assert decoded.failure == ""
    assert content(decoded.record) == content(record)


@given(SPANS)
def test_gliner_gives_the_spans_back_but_no_label(some: list[tuple[str, str]]) -> None:
    record = recorded("NER", "joy", some)
    decoded = gliner.Gliner().decode(gliner.Gliner().encode(record), record.text, task="NER").record
    assert decoded is not None
    assert pairs(decoded) == pairs(record)
    assert decoded.text_label == ""


@given(st.lists(st.sampled_from([("a:b", "x;y"), ("c/d", "p:q;r"), ("e", ":;")]), max_size=4))
def test_known_labels_read_what_the_released_line_holds(some: list[tuple[str, str]]) -> None:
    record = replace(recorded("NER", "t/u", some), text="x;y, p:q;r and :; stand in the text")
    schema = Schema(("t/u",), ("a:b", "c/d", "e"))
    decoded = Oiellm("compat").decode(Oiellm("compat").encode(record), record.text, task="NER", schema=schema)
    assert content(decoded.record) == content(record)


def test_the_text_decides_where_labels_are_open() -> None:
    line = "news/NER/:show;Re:Zero:time;9:30"
    assert pairs(Oiellm("compat").decode(line, "Re:Zero at 9:30", task="NER").record) == [
        ("show", "Re:Zero"),
        ("time", "9:30"),
    ]


def test_full_width_delimiters_are_read() -> None:
    line = "社会/固有表現抽出/：人名；太郎：地名；東京"
    assert pairs(Oiellm("compat").decode(line, "太郎は東京", task="NER").record) == [("人名", "太郎"), ("地名", "東京")]


def test_relations_of_the_released_line() -> None:
    text = "a:b works for Acme: yes"
    record = Record(text, "news", relations=(Relation("a:b", "works for", "Acme"), Relation("Acme", "is", "a:b")))
    record = Record(text, "news", relations=record.relations, task="Relation Extraction")
    line = Oiellm("compat").encode(record)
    assert line == "news/Relation Extraction/:a:b;works for;Acme:Acme;is;a:b"
    schema = Schema((), (), ("is", "works for"))
    for known in (None, schema):
        found = Oiellm("compat").decode(line, text, task=record.task, schema=known)
        assert content(found.record) == content(record)


def test_events_of_the_released_line() -> None:
    events = (Event("", "", (Span("who", "Ann"),)), Event("meet", "met", (Span("who", "Bo"),)))
    record = Record("Ann and Bo met", "news", events=events, task="Event Extraction")
    assert Oiellm("compat").encode(record) == "news/Event Extraction/:who;Ann:meet;met;:who;Bo"
    for known in (None, Schema.of([record])):
        found = Oiellm("compat").decode(Oiellm("compat").encode(record), record.text, task=record.task, schema=known)
        assert content(found.record) == content(record)


# Answers that are not as they should be


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        ("", "empty answer"),
        (" \n", "empty answer"),
        ("Nature", "no task word"),
        ("Nature/NE", "truncated"),
        ("Nature/NER", "truncated"),
        ("Nature/NER/", "truncated"),
        ("Nature/Summary/:a;b", "unknown task word"),
        ("Nature/Sentiment Adj/:a;b", "word of another task"),
        ("Nature/NER/a;b", "broken item"),
        ("Nature/NER/:Nation", "truncated"),
        ("Nature/NER/:Nation;", "truncated"),
        ("Nature/NER/:Nation:Nation;China", "broken item"),
    ],
)
def test_failures_have_names(line: str, failure: str) -> None:
    for dialect in ("escaped", "compat"):
        decoded = Oiellm(dialect).decode(line, TEXT, task="NER", schema=SCHEMA)  # type: ignore[arg-type]
        assert (decoded.record, decoded.failure) == (None, failure)


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        ("news/Relation Extraction/:a;in", "truncated"),
        ("news/Relation Extraction/:a;in;b;in;c", "broken item"),
        ("news/Relation Extraction/:a;in;b:c", "truncated"),
        ("news/Relation Extraction/:Null;", ""),
        ("news/Relation Extraction/:Null", "truncated"),
    ],
)
def test_failures_of_relations(line: str, failure: str) -> None:
    for dialect in ("escaped", "compat"):
        for schema in (None, Schema(("news",), (), ("in",))):
            decoded = Oiellm(dialect).decode(line, "a b c d", task="Relation Extraction", schema=schema)  # type: ignore[arg-type]
            assert decoded.failure == failure
            assert failure or decoded.record == Record("a b c d", "news", task="Relation Extraction")


def test_unknown_labels_are_kept_and_counted() -> None:
    lines = {
        "oiellm": "Politik/NER/:Nation;China:国;China",
        "json": '{"label": "Politik", "spans": [{"label": "Nation", "text": "China"}, {"label": "国", "text": "China"}]}',  # noqa: E501
        "sel": "(Politik (Nation: China) (国: China))",
        "gollie": "[TextLabel('Politik'), Nation(span='China'), 国(span='China')]",
    }
    for name, line in lines.items():
        decoded = codec(name).decode(line, TEXT, task="NER", schema=SCHEMA)
        assert decoded.notes == {"unknown label": 2, "named again": 1}, name
        assert pairs(decoded.record) == [("Nation", "China"), ("国", "China")]
        again = codec(name).decode(line, TEXT, task="NER", schema=Schema((), (), closed=False))
        assert again.notes == {"named again": 1}


def test_spans_in_no_text_and_in_another_case_are_counted() -> None:
    line = "Nature/NER/:Nation;china:Nation;Oslo:Animal Name;PANDAS"
    decoded = Oiellm().decode(line, TEXT, task="NER", schema=SCHEMA)
    assert decoded.notes == {"not in text": 1, "repaired": 2}
    assert decoded.record is not None
    assert decoded.record.spans[1] == Span("Nation", "Oslo")


def test_an_answer_about_an_empty_text() -> None:
    for one in CODECS:
        decoded = one.decode(one.encode(GOLD), "", task="NER")
        assert decoded.record is not None
        assert decoded.notes["not in text"] == 2


def test_json_as_models_write_it() -> None:
    whole = json_codec.Json().encode(GOLD)
    for answer in (f"```json\n{whole}\n```", f"Sure [1]! {whole}", f"{whole}\nHope that helps {{x}}", f"{{a}} {whole}"):
        decoded = json_codec.Json().decode(answer, TEXT, task="NER", schema=SCHEMA)
        assert content(decoded.record) == content(GOLD)
    spans = json.dumps([{"label": "Nation", "text": "China"}])
    assert pairs(json_codec.Json().decode(spans, TEXT, task="NER").record) == [("Nation", "China")]
    assert json_codec.Json().decode('{"a": 1}', TEXT, task="NER").failure == "no known field"
    assert json_codec.Json().decode("no idea", TEXT, task="NER").failure == "not JSON"
    assert json_codec.Json().decode('{"spans": 3, "relations": ["x"]}', TEXT, task="NER").notes == {
        "incomplete item": 2
    }


def test_json_that_is_cut_keeps_what_was_whole() -> None:
    whole = json_codec.Json().encode(GOLD)
    held = [len(pairs(json_codec.Json().decode(whole[:i], TEXT, task="NER").record)) for i in range(len(whole))]
    assert held == sorted(held)
    assert set(held) == {0, 1, 2}


def test_half_a_surrogate_pair_never_reaches_a_record() -> None:
    for name, line in {
        "json": '{"text_label": "a\\ud800", "spans": [{"label": "b", "text": "\\ud800"}]}',
        "gollie": "[TextLabel('a\\ud800'), b(span='\\ud800')]",
        "oiellm": "a\ud800/NER/:b;\ud900",
    }.items():
        record = codec(name).decode(line, "x", task="NER").record
        assert record is not None
        assert json.dumps(record.asdict(), ensure_ascii=False).encode()


def test_python_is_read_but_never_run() -> None:
    for line in (
        "[__import__('os').system('echo')]",
        "[Nation(span=open('/etc/passwd'))]",
        "[Nation(span='a' + 'b')]",
        "[Nation(span=f'{1}')]",
        "[(lambda: 0)()]",
        "[Nation(**{'span': 'China'})]",
    ):
        assert gollie.Gollie().decode(line, TEXT, task="NER").record is None
    prose = "Here [1] it is:\n[Nation(span=\"China\"), Nation('Chi\\x6ea')] # done"
    assert pairs(gollie.Gollie().decode(prose, TEXT, task="NER").record) == [("Nation", "China"), ("Nation", "China")]


def test_wrong_offsets_of_gliner_are_looked_up_anew() -> None:
    rows = [
        {"label": "Nation", "text": "China", "start": 0, "end": 5, "score": 0.5},
        {"label": "Nation", "start": 37, "end": 42, "score": float("1e9")},
        {"label": "Nation", "start": 37, "end": 99},
        {"label": 3},
        7,
    ]
    decoded = gliner.Gliner().decode(json.dumps(rows), TEXT, task="NER")
    assert decoded.record is not None
    assert [(span.start, span.end) for span in decoded.record.spans] == [(37, 42), (37, 42)]
    assert decoded.record.meta["scores"] == [0.5, 1e9]
    assert decoded.notes["incomplete item"] == 3


# Any string at all

TASKS = st.sampled_from([*tasks.names(), "of my own"])
ODD = st.lists(
    st.sampled_from([*"aN:;/\\()[]{}\"',= \n：；0语", "NER", "China", "/NER/:", "Nation;", "\ud800"]), max_size=20
).map("".join)


def is_total(decoded: Decoded) -> None:
    assert (decoded.record is None) == bool(decoded.failure)
    assert not decoded.failure or decoded.failure in KNOWN_FAILURES
    assert all(count > 0 for count in decoded.notes.values())


@pytest.mark.parametrize("one", CODECS, ids=IDS)
@given(output=st.one_of(ODD, st.text()), text=st.text(max_size=20), task=TASKS, known=st.booleans())
def test_any_string_gives_a_record_or_a_named_failure(
    one: Codec, output: str, text: str, task: str, known: bool
) -> None:
    is_total(one.decode(output, text, task=task, schema=SCHEMA if known else None))


@pytest.mark.parametrize("one", CODECS, ids=IDS)
@settings(max_examples=20)
@given(task=st.sampled_from(["NER", "Relation Extraction", "Event Extraction"]), label=PART, some=SPANS)
def test_so_does_every_beginning_of_an_answer(one: Codec, task: str, label: str, some: list[tuple[str, str]]) -> None:
    whole = one.encode(recorded(task, label, some))
    for end in range(len(whole)):
        is_total(one.decode(whole[:end], "text", task=task))


LONG = 1_000_000


@pytest.mark.parametrize("one", CODECS, ids=IDS)
@pytest.mark.parametrize("unit", ["a", ":", "\\", "(", "[a(", '{"', "'", ":a;b", "(a: b)", ":Nation;China"])
def test_a_million_characters_do_no_harm(one: Codec, unit: str) -> None:
    output = (one.encode(GOLD)[:-1] + unit * LONG)[:LONG]
    is_total(one.decode(output, TEXT, task="NER", schema=SCHEMA))


def test_ten_thousand_answers(tmp_path: Path) -> None:
    line = Oiellm().encode(GOLD)
    decoded = [Oiellm().decode(line[: i % len(line) + 1], TEXT, task="NER", schema=SCHEMA) for i in range(10_000)]
    read_ones = sum(one.record is not None for one in decoded)
    assert Counter(one.failure for one in decoded).keys() == {"", "no task word", "truncated"}
    assert 0 < read_ones < 10_000


# The Japanese set that the notes measured

DATA = Path(os.environ.get("MACARONIC_DATA", "")) / "eval-ner-wikipedia-ja" / "ner.jsonl"
NAIVE_BROKEN, SAME_PAIR_TWICE = 5, 321
"""Of 5,343 records, as counted when the check was proposed: ours must agree, or it is another check."""


@pytest.mark.skipif(not DATA.is_file(), reason="needs eval-ner-wikipedia-ja under MACARONIC_DATA")
def test_no_sentence_of_the_japanese_set_breaks() -> None:
    problems = Problems()
    records = list(read(DATA, problems=problems))
    assert (len(records), problems.count) == (5343, 0)
    schema = Schema.of(records)
    broken = Counter[str]()
    for record in records:
        for dialect, known in (("escaped", None), ("escaped", schema), ("compat", schema)):
            one = Oiellm(dialect)  # type: ignore[arg-type]
            decoded = one.decode(one.encode(record), record.text, task="NER", schema=known)
            broken[dialect] += pairs(decoded.record) != pairs(record)
        broken["naive"] += naive(Oiellm("compat").encode(record)) != pairs(record)
    assert broken == {"escaped": 0, "compat": 0, "naive": NAIVE_BROKEN}
    assert sum(len(set(pairs(record))) < len(record.spans) for record in records) == SAME_PAIR_TWICE


def naive(line: str) -> list[tuple[str, str]]:
    """A plain split at every colon and semicolon."""
    items = [tuple(item.split(";")) for item in line.split("/NER/")[1].split(":")[1:]]
    return [item for item in items if item != ("Null", "")]  # type: ignore[misc]
