"""Rows of prompts and answers, as the released sets have them; the rows here are our own."""

import sys
from types import ModuleType

import pytest

from macaronic.core.errors import FormatError, InputError, MissingExtra
from macaronic.core.problems import Problems
from macaronic.extract import hub
from macaronic.extract.record import Relation, Schema, Span

ROWS = [
    {"input": "Pandas live in China./NER", "output": "Nature/NER/:Animal;Pandas:Nation;China"},
    {"input": "太郎は東京/駅に行く。/固有表現抽出", "output": "社会/固有表現抽出/：人名；太郎：施設；東京/駅"},
    {"input": "安静/命名实体识别", "output": "自然/命名实体识别/:Null;"},
    {"input": "Ann runs Acme/Relation Extraction", "output": "news/Relation Extraction/:Ann;runs;Acme"},
]


def test_rows_become_records() -> None:
    problems = Problems()
    records = list(hub.records(ROWS, "mmm", problems=problems))
    assert problems.count == 0
    assert records[0].spans == (Span("Animal", "Pandas", 0, 6), Span("Nation", "China", 15, 20))
    assert [record.language for record in records] == ["", "ja", "zh", ""]
    assert (records[1].text, records[1].spans[1].text) == ("太郎は東京/駅に行く。", "東京/駅")
    assert records[2].spans == ()
    assert records[3].relations == (Relation("Ann", "runs", "Acme"),)
    assert [record.id for record in records] == ["mmm:1", "mmm:2", "mmm:3", "mmm:4"]


def test_bad_rows_are_counted() -> None:
    rows = [
        *ROWS[:1],
        {"input": None, "output": "x"},
        {"input": "no task", "output": "x"},
        {"input": "a/NER", "output": "Nature/NE"},
    ]
    problems = Problems()
    assert len(list(hub.records(rows, "mmm", problems=problems))) == 1
    assert problems.by_kind == {"columns": 1, "task word": 1, "truncated": 1}
    assert problems.first[1].startswith("mmm:3: expected a prompt text/task")


def test_another_schema_is_refused_and_can_be_named() -> None:
    rows = [{"frage": "Pandas/NER", "antwort": "Nature/NER/:Animal;Pandas"}]
    with pytest.raises(FormatError, match="got frage, antwort"):
        list(hub.records(rows, "mmm", problems=Problems()))
    named = list(hub.records(rows, "mmm", columns=("frage", "antwort"), language="de", problems=Problems()))
    assert (named[0].language, named[0].spans[0].label) == ("de", "Animal")
    assert list(hub.records([], "mmm", problems=Problems())) == []


def test_known_labels_are_used() -> None:
    rows = [{"prompt": "Re:Zero; x/NER", "answer": "show/NER/:title;Re:Zero; x"}]
    schema = Schema(("show",), ("title",))
    (record,) = hub.records(rows, "mmm", schema=schema, problems=Problems())
    assert record.spans[0].text == "Re:Zero; x"


def fake(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    module = ModuleType("datasets")

    def load_dataset(name: str, *, split: str, streaming: bool) -> object:
        if isinstance(answer, Exception):
            raise answer
        assert (name, split, streaming) == (hub.TEST, "train", True)
        return answer

    module.load_dataset = load_dataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "datasets", module)


def test_loading_streams_the_named_set(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, ROWS)
    assert len(list(hub.load(hub.TEST, problems=Problems()))) == 4


def test_loading_without_the_network_or_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, ConnectionError("no route\nmore"))
    with pytest.raises(InputError, match="MMM-dataset-Trainset of the hub: no route"):
        list(hub.load(problems=Problems()))
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtra, match=r"macaronic\[hub\]"):
        list(hub.load(problems=Problems()))
