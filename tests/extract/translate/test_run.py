"""The whole way, with models of every kind, killed and begun again."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import MissingData, UnknownName, UsageError
from macaronic.core.protocols import Reply
from macaronic.extract.record import Event, Record, Relation, Span
from macaronic.extract.translate import Dropped, MissingLabel, translate, translated
from macaronic.extract.translate.label_files import shipped
from macaronic.extract.translate.run import named
from macaronic.lm.kept import Kept
from macaronic.lm.scripted import Scripted

from ...lm.conftest import Loopback, completion

ANN = Record("Ann left.", "neutral", (Span("PER", "Ann", 0, 3),), id="1", language="en")
GOOD = '{"text": "アンは去った。", "spans": [{"n": 1, "label": "人名", "text": "アン"}]}'


def to_ja(records: Sequence[Record], replies: Any, **settings: Any) -> Any:
    return translate(records, to="ja", labels=shipped(), model=Scripted(replies), **settings)


def test_relations_and_events_follow_their_spans() -> None:
    record = Record(
        "Ann hit Bo in Rome.", "", (Span("PER", "Bo", 8, 10),), (Relation("Ann", "lives in", "Rome"),),
        (Event("attack", "hit", (Span("agent", "Ann"), Span("place", "Rome", 14, 18))),), id="1", language="en",
    )  # fmt: skip
    spans = [{"n": n, "text": text} for n, text in enumerate(["ボー", "殴った", "アン", "ローマ"], 1)]
    lm = Scripted([json.dumps({"text": "アンはローマでボーを殴った。", "spans": spans})])
    made = translate([record], to="ja", labels=shipped(), model=lm).kept[0]
    assert made.relations == (Relation("アン", "居住地", "ローマ"),)
    assert made.events == (Event("攻撃", "殴った", (Span("動作主", "アン", 0, 2), Span("場所", "ローマ", 3, 6))),)
    asked = json.loads(lm.calls[0]["messages"][0]["content"].splitlines()[-2])
    assert [span["label"] for span in asked["spans"]] == ["人名", "攻撃", "動作主", "場所"]


def test_what_is_not_sent_has_its_rule() -> None:
    records = [
        Record("  ", id="a", language="en"),
        Record("Hi", id="b"),
        Record("Hi", id="c", language="klingonese"),
        Record("やあ", id="d", language="jpn"),
        Record("Hi", spans=(Span("PER", "Bo"),), id="e", language="en"),
        Record("Hi", relations=(Relation("Bo", "lives in", "Hi"),), id="f", language="en"),
    ]
    done = to_ja(records, [])
    assert [(one.source.id, one.rule) for one in done.dropped] == [
        ("a", "empty source"), ("b", "no language"), ("c", "no language"), ("d", "already in the target language"),
        ("e", "span not in the source"), ("f", "span not in the source"),
    ]  # fmt: skip
    assert done.requests["first"] == 0


def test_labels_are_checked_before_anything_is_paid() -> None:
    lm = Scripted([GOOD])
    odd = Record("Ann", spans=(Span("a|b:c;\t<e1>", "Ann"),), id="2", language="en")
    with pytest.raises(MissingLabel, match="no Japanese word for 1 label") as caught:
        translate([ANN, odd], to="ja", labels=shipped(), model=lm)
    assert caught.value.missing == {"a|b:c;\t<e1>": 1}
    assert lm.calls == []


def test_labels_with_delimiters_pass_when_they_are_kept() -> None:
    odd = Record("Ann left.", 'x"{}', (Span("a|b:c;\t<e1>", "Ann"),), id="2", language="en")
    reply = json.dumps({"text": "アンは去った。", "label": 'x"{}', "spans": [
        {"n": 1, "label": "a|b:c;\t<e1>", "text": "アン"}]})  # fmt: skip
    made = translate([odd], to="ja", labels=None, model=Scripted([reply])).kept[0]
    assert (made.text_label, made.spans) == ('x"{}', (Span("a|b:c;\t<e1>", "アン", 0, 2),))


def test_targets_and_models_that_cannot_be() -> None:
    with pytest.raises(UnknownName, match="xx-bogus"):
        translate([ANN], to="xx-bogus", labels=None, model=Scripted([]))
    with pytest.raises(UsageError, match="language model or a translator"):
        translate([ANN], to="ja", labels=None, model=object())  # type: ignore[arg-type]

    async def inside() -> None:
        translate([ANN], to="ja", labels=None, model=Scripted([]))

    with pytest.raises(UsageError, match="await translated"):
        asyncio.run(inside())
    done = asyncio.run(translated([ANN], to="ja", labels=shipped(), model=Scripted([GOOD])))
    assert len(done.kept) == 1


def test_killed_and_run_again_nothing_is_paid_twice(bench: ModuleType, tmp_path: Path) -> None:
    data = bench.rows()
    sources = [bench.record(row, "en", i) for i, row in enumerate(data)]
    good = bench.Model(sources, data, "ja", bench.Plant("fences", "clean"), set())
    left = 5

    def dying(messages: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return good(messages)

    keep = tmp_path / "answers.jsonl"
    settings: dict[str, Any] = {"to": "ja", "labels": shipped(), "concurrency": 1}
    with pytest.raises(KeyboardInterrupt):
        translate(sources, model=Kept(Scripted(dying), keep), **settings)
    again = Kept(Scripted(good), keep)
    done = translate(sources, model=again, **settings)
    assert (again.hits, again.paid) == (5, len(sources) - 5)
    assert done == translate(sources, model=Kept(Scripted([]), keep), **settings)
    assert len(done.kept) == len(sources)


def test_so_many_at_once_and_no_more() -> None:
    open_now = most = 0

    class Slow:
        model = "slow"

        async def reply(self, messages: Any, **_: Any) -> Reply:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1
            return Reply(GOOD)

    told: list[tuple[int, int]] = []
    done = translate(
        [ANN] * 20, to="ja", labels=shipped(), model=Slow(), concurrency=3, progress=lambda *at: told.append(at)
    )
    assert len(done.kept) == 20
    assert most == 3
    assert told[-1] == (20, 20)
    assert [record.id for record in done.kept][:3] == ["1", "1~2", "1~3"]


def test_a_key_that_no_server_takes_ends_the_run() -> None:
    def refused(messages: Any) -> Any:
        raise UsageError("the server takes no call")

    with pytest.raises(UsageError, match="takes no call"):
        to_ja([ANN] * 5, refused)


class Words:
    """A translator that knows a few words."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        if source == "sw":
            raise MissingData("no such pair")
        return [text.replace("the old house", "la casa vieja").replace("Ann", "Ana") for text in texts]


def test_a_translator_carries_marks() -> None:
    record = Record("Ann saw the old house", spans=(Span("PER", "Ann", 0, 3),), id="1", language="en")
    done = translate([record, Record("Habari", id="2", language="sw")], to="es", labels=shipped(), model=Words())
    assert done.kept[0].text == "Ana saw la casa vieja"
    assert done.kept[0].spans == (Span("persona", "Ana", 0, 3),)
    assert done.repairs == {"marks": 1}
    assert done.rules == {"no language": 1}
    with pytest.raises(MissingData):
        translate([Record("Habari", id="2", language="sw")], to="es", labels=shipped(), model=Words())


def test_lost_marks_are_mended_by_alignment(bench: ModuleType) -> None:
    data = bench.rows()
    sources, right = ([bench.record(row, tag, i) for i, row in enumerate(data)] for tag in ("en", "es"))
    table = {one.text: other.text for one, other in zip(sources, right, strict=True)}

    class Table:
        def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
            return [table.get(text, "las marcas están perdidas") for text in texts]

    done = translate(sources, to="es", labels=shipped(), model=Table())
    assert done.repairs["alignment"] >= 9
    assert done.rules == {"count mismatch": 11 - done.repairs["alignment"]}
    texts = {record.id: record for record in right}
    spans = [(one.spans, texts[one.id].spans) for one in done.kept]
    assert sum(found == gold for found, gold in spans) >= len(spans) - 1


def test_it_works_with_a_server(server: Loopback) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    from macaronic.lm.http import Patience, Server

    server.plan = [(503, {}, {}), (200, {}, completion(GOOD)), (200, {}, completion(None, "content_filter"))]
    server.usual = (200, {}, completion("no idea"))
    patience = Patience(retries=2, first_wait=0.01, timeout=5)
    lm = Server("tiny", base_url=server.url, api_key="k", patience=patience, concurrency=1)
    done = translate([ANN, ANN, ANN], to="ja", labels=shipped(), model=lm, concurrency=1)
    assert len(done.kept) == 1
    assert done.rules == {"refusal": 1, "not JSON": 1}
    assert done.requests == {"first": 3, "marks": 1}
    assert server.requests[0]["temperature"] == 0.0


def test_a_server_that_is_away_drops_and_tells(server: Loopback) -> None:
    pytest.importorskip("openai", reason="needs macaronic[llm]")
    from macaronic.lm.http import Patience, Server

    server.usual = (500, {}, {})
    lm = Server("tiny", base_url=server.url, api_key="k-secret", patience=Patience(retries=0, timeout=5))
    done = translate([ANN], to="ja", labels=shipped(), model=lm)
    assert done.rules == {"no answer": 1}
    assert "server error" in done.dropped[0].detail
    assert "k-secret" not in done.dropped[0].detail


values = st.recursive(
    st.none()
    | st.integers(0, 3)
    | st.sampled_from(["", "アン", "アンは去った。", "人名", "<e1>アン</e1>は去った", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "spans", "n", "label"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(values.map(json.dumps) | st.text(max_size=40), min_size=2, max_size=2))
def test_whatever_a_model_says_a_record_is_kept_whole_or_dropped(replies: list[str]) -> None:
    outcome = to_ja([ANN], replies).outcomes[0]
    if isinstance(outcome, Dropped):
        assert outcome.rule
        assert (outcome.detail + outcome.translation).encode()
    else:
        span = outcome.record.spans[0]
        assert outcome.record.text[span.start : span.end] == span.text.strip() != ""
        assert span.label == "人名"


@settings(deadline=None)
@given(st.lists(st.sampled_from(["", "x", "x~2", "1", "x~2~2"]), max_size=8))
def test_names_are_unique(ids: list[str]) -> None:
    found = [record.id for record in named([Record("t", id=name) for name in ids])]
    assert len(set(found)) == len(found)
    assert named([Record("t", id=name) for name in found]) == [Record("t", id=name) for name in found]
