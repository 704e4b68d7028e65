"""The seven families, from labelled sentences in any language."""

from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.core.protocols import Tagged
from macaronic.core.utterance import Utterance
from macaronic.extract import families, sentiment_words
from macaronic.extract.families import ADJ, ADJ_N, FAMILIES, RW, SCNM, TCONER, TCREE, N, build, named
from macaronic.extract.iob import stretches
from macaronic.extract.record import Event, Record, Relation, Span
from macaronic.text.formats import reading


def found(record: Record) -> list[tuple[str, str]]:
    return [(span.label, span.text) for span in record.spans]


def test_scnm_from_conll_with_a_class_in_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(
        "# label = Nature\nGiant\tADJ\tB-Animal\npanda\tNOUN\tI-Animal\nlives\tVERB\tO\n\nalone\tADV\tO\n\n"
        "# label = Society\nAnn\tPROPN\tB-Person\n",
        "utf-8",
    )
    problems = Problems()
    records = list(build(SCNM, reading.read(path, language="en"), problems=problems))
    assert [(r.text_label, found(r), r.language, r.task) for r in records] == [
        ("Nature", [("Animal", "Giant panda")], "en", "NER"),
        ("Society", [("Person", "Ann")], "en", "NER"),
    ]
    assert records[0].spans[0].start == 0
    assert problems.by_kind == {"no label": 1}


def test_two_columns_hold_entities_where_languages_would_be(tmp_path: Path) -> None:
    path = tmp_path / "two.conll"
    path.write_text("# label = 自然\nパンダ\tB-動物\nは\tO\n中国\tB-国\n\n", "utf-8")
    (record,) = build(SCNM, reading.read(path, language="ja"))
    assert found(record) == [("動物", "パンダ"), ("国", "中国")]


def test_jsonl_with_a_class_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "so chill", "topic": "joy", "words": ["so", "chill"], "ner": ["O", "B-A"]}\n', "utf-8")
    (record,) = build(TCONER, reading.read(path), label="topic")
    assert (record.task, record.meta["family"], found(record)) == ("Open NER", "TCONER", [("A", "chill")])
    assert record.text_label == "joy"
    assert not list(build(TCONER, reading.read(path), label="words"))


def test_records_are_taken_as_they_are() -> None:
    record = Record("Ann met Bo", "news", (Span("person", "Ann", 0, 3),), id="7", language="en")
    (made,) = build(SCNM, [record])
    assert made == Record("Ann met Bo", "news", record.spans, id="7", language="en", meta={"family": "SCNM"})


SENTENCE = Utterance("The beautiful old house has a terrible kitchen.", labels={"label": "mixed", "lang": "en"})


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (ADJ, [("ADJ", "beautiful"), ("ADJ", "old"), ("ADJ", "terrible")]),
        (N, [("NOUN", "house"), ("NOUN", "kitchen")]),
        (
            ADJ_N,
            [("ADJ", "beautiful"), ("ADJ", "old"), ("NOUN", "house"), ("ADJ", "terrible"), ("NOUN", "kitchen")],
        ),
    ],
)
def test_word_classes_without_a_tagger(family: families.Family, words: list[tuple[str, str]]) -> None:
    (record,) = build(family, [SENTENCE])
    assert found(record) == words
    assert all(record.text[s.start : s.end] == s.text for s in record.spans)


@pytest.mark.parametrize(
    ("language", "text", "package", "adjective"),
    [("ja", "美しい古い家です。", "fugashi", "美しい"), ("zh", "她买了漂亮的衣服。", "jieba", "漂亮")],
)
def test_japanese_and_chinese_go_by_their_dictionaries(language: str, text: str, package: str, adjective: str) -> None:
    pytest.importorskip(package)
    (record,) = build(ADJ_N, [Utterance(text, labels={"label": "+"})], language=language)
    assert ("ADJ", adjective) in found(record)
    assert any(label == "NOUN" for label, _ in found(record))


class Rules:
    """A tagger that calls every word of four letters an adjective."""

    def tag(self, sentences: list[list[str]], languages: object = None) -> list[Tagged]:
        return [Tagged(["ADJ" if len(w) == 4 else "X" for w in words], [1.0] * len(words)) for words in sentences]


def test_a_tagger_decides_in_any_language() -> None:
    (record,) = build(ADJ, [Utterance("ile dara pupọ gan", labels={"label": "+"})], tagger=Rules(), language="yo")
    assert found(record) == [("ADJ", "dara"), ("ADJ", "pupọ")]


def test_sentiment_words_by_a_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("# ours\nBeautiful\tpositive\nterrible\tnegative\nbroken\nterrible\tpositive\n", "utf-8")
    problems = Problems()
    lexicon = sentiment_words.read(path, problems=problems)
    assert problems.by_kind == {"columns": 1, "duplicate": 1}
    (record,) = build(RW, [SENTENCE], lexicon=lexicon)
    assert found(record) == [("positive", "beautiful"), ("negative", "terrible")]
    (tmp_path / "none.tsv").write_text("")
    with pytest.raises(FormatError, match="got none"):
        sentiment_words.read(tmp_path / "none.tsv", problems=problems)


def test_relations_and_events_become_records_of_their_own() -> None:
    both = Record(
        "Ann left Rome",
        "news",
        (),
        (Relation("Ann", "left", "Rome"),),
        (Event("go", "left", (Span("who", "Ann"),)),),
        "1",
    )
    problems = Problems()
    records = list(build(TCREE, [both, Record("hm", "news", id="2")], problems=problems))
    assert [(r.id, r.task, len(r.relations), len(r.events)) for r in records] == [
        ("1:relations", "Relation Extraction", 1, 0),
        ("1:events", "Event Extraction", 0, 1),
    ]
    assert problems.by_kind == {"nothing to find": 1}


def test_what_is_missing_is_said() -> None:
    with pytest.raises(UsageError, match="needs a lexicon"):
        list(build(RW, [SENTENCE]))
    with pytest.raises(UsageError, match="a language or a tagger"):
        list(build(ADJ, [Utterance("hm", labels={"label": "x"})]))
    with pytest.raises(UnknownName, match="Did you mean 'SCPOS:Adj'"):
        named("scpos:adjj")
    with pytest.raises(FormatError, match="no label"):
        list(build(SCNM, [Utterance("hm")], problems=Problems(strict=True)))


def test_families_have_their_tasks() -> None:
    assert [family.name for family in FAMILIES] == [
        "SCNM", "SCPOS:RW", "SCPOS:Adj&N", "SCPOS:Adj", "SCPOS:N", "TCREE", "TCONER"
    ]  # fmt: skip
    assert len({family.task for family in FAMILIES}) == 7


@pytest.mark.parametrize(
    ("tags", "entities"),
    [
        ("B-A I-A O B-B", [(0, 1, "A"), (3, 3, "B")]),
        ("I-A I-A I-B", [(0, 1, "A"), (2, 2, "B")]),
        ("B-A B-A", [(0, 0, "A"), (1, 1, "A")]),
        ("B-A I-A E-A S-A", [(0, 2, "A"), (3, 3, "A")]),
        ("B-A L-A U-B U-B", [(0, 1, "A"), (2, 2, "B"), (3, 3, "B")]),
        ("O O", []),
        ("B-a-b I-a-b", [(0, 1, "a-b")]),
    ],
)
def test_tag_schemes(tags: str, entities: list[tuple[int, int, str]]) -> None:
    assert stretches(tags.split()) == entities
