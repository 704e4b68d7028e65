"""Streams of answers: whole or to be gone on with; answers of other origin; language models as extractors."""

from __future__ import annotations

import json

import pytest

from macaronic.core.errors import InputError, UsageError
from macaronic.core.problems import Problems
from macaronic.extract import answer_rows
from macaronic.extract.codecs.codec import Decoded, failed
from macaronic.extract.codecs.named import codec
from macaronic.extract.extractor import EMPTY, Answer
from macaronic.extract.predict import answered, predict
from macaronic.extract.prompted import CUT, Prompted
from macaronic.extract.record import Record, Schema, Span
from macaronic.extract.score import score
from macaronic.lm.failed import CallFailed
from macaronic.lm.scripted import Scripted

TEXTS = [Record(f"text {i} é👩\u200d👧", id=str(i), language="en") for i in range(7)]


class Counting:
    """Answers every text with itself and counts batches; dies at a given batch."""

    def __init__(self, dies_at: int = -1) -> None:
        self.batches: list[int] = []
        self.dies_at = dies_at

    def answers(self, records, *, constrain):
        self.batches.append(len(records))
        if len(self.batches) == self.dies_at:
            raise KeyboardInterrupt
        return [
            Answer(failed("truncated"), "N") if r.id == "3" else Answer(Decoded(Record(r.text, "x"), "", {"odd": 1}))
            for r in records
        ]


def test_batches_are_bounded_and_in_order():
    extractor = Counting()
    assert [r.id for r, _ in answered(extractor, iter(TEXTS), batch=3)] == list("0123456")
    assert extractor.batches == [3, 3, 1]
    with pytest.raises(UsageError, match="at least 1"):
        list(answered(extractor, TEXTS, batch=0))


def test_a_killed_run_goes_on_and_equals_the_unbroken_one(tmp_path):
    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.jsonl"
    told = predict(Counting(), TEXTS, whole, batch=2, settings="m")
    assert (told.n, told.kept, told.failures, told.notes) == (7, 0, {"truncated": 1}, {"odd": 6})
    with pytest.raises(KeyboardInterrupt):
        predict(Counting(dies_at=3), TEXTS, broken, batch=2, settings="m")
    assert not broken.exists()
    part = tmp_path / "broken.jsonl.part"
    part.write_bytes(part.read_bytes()[:-4])  # the last row was cut by the crash
    again = Counting()
    told = predict(again, TEXTS, broken, batch=2, settings="m")
    assert (told.n, told.kept, told.failures, told.notes) == (7, 3, {"truncated": 1}, {"odd": 6})
    assert again.batches == [2, 2]
    assert broken.read_bytes() == whole.read_bytes()
    assert not part.exists()


def test_other_settings_or_texts_begin_anew(tmp_path):
    out = tmp_path / "a.jsonl"
    with pytest.raises(KeyboardInterrupt):
        predict(Counting(dies_at=3), TEXTS, out, batch=2, settings="m")
    assert predict(Counting(), TEXTS, out, batch=2, settings="other").kept == 0
    with pytest.raises(KeyboardInterrupt):
        predict(Counting(dies_at=3), TEXTS, out, batch=2, settings="m")
    assert predict(Counting(), TEXTS[1:], out, batch=2, settings="m").kept == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == list("123456")


def test_no_texts_give_an_empty_file(tmp_path):
    assert predict(Counting(), [], tmp_path / "none.jsonl").n == 0
    assert (tmp_path / "none.jsonl").read_bytes() == b""


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        predict(Counting(), TEXTS, tmp_path / "file" / "a.jsonl")


GOLD = [
    Record("Ann in Rome", "News", (Span("Place", "Rome", 7, 11),), id="a"),
    Record("so", "Chat", id="b"),
]


def read(path, text, **told):
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    return answer_rows.read(path, GOLD, problems=problems, **told), problems


def test_answers_of_every_origin(tmp_path):
    path = tmp_path / "answers"
    lines = "".join(codec("oiellm").encode(r) + "\n" for r in GOLD)
    objects = "".join(codec("json").encode(r) + "\n" for r in GOLD)
    rows = "".join(json.dumps({"id": r.id, "output": codec("oiellm").encode(r)}) + "\n" for r in reversed(GOLD))
    records = "".join(json.dumps(r.asdict()) + "\n" for r in reversed(GOLD))
    for text, name in ((lines, "oiellm"), (objects, "json"), (rows, "oiellm"), (records, None)):
        found, _ = read(path, text, codec=codec(name) if name else None, schema=Schema.of(GOLD))
        assert score(GOLD, found, samples=0).value("ALL") == 1.0, text


def test_missing_and_broken_answers_count_as_wrong(tmp_path):
    found, problems = read(tmp_path / "a", '{"id": "b", "text": "so", "text_label": 7, "spans": []}\n')
    assert [a.failure for a in found] == ["no answer", "no record"]
    assert problems.by_kind["answer"] == 1
    found, _ = read(tmp_path / "a", "", codec=codec("oiellm"))
    assert [a.failure for a in found] == ["no answer"] * 2
    kept, _ = read(tmp_path / "a", json.dumps(answer_rows.row(GOLD[1], Answer(failed(CUT), "Ch"))) + "\n")
    assert kept[1].failure == CUT


def test_too_many_answers_and_unread_outputs_are_refused(tmp_path):
    with pytest.raises(UsageError, match="more than the 2"):
        read(tmp_path / "a", "x\ny\nz\n", codec=codec("oiellm"))
    with pytest.raises(UsageError, match="--codec"):
        read(tmp_path / "a", "News/NER/:Null;\n")


def test_any_language_model_answers_and_its_failures_are_named():
    script = {
        "Rome": "News/NER/:Place;Rome",
        "dead": CallFailed("timeout"),
        "cut": "News/NE",
        "": "no idea",
    }
    model = Prompted(Scripted(script), codec("oiellm"), Schema.of(GOLD), examples=GOLD[:0])
    found = model.answers([GOLD[0], Record("dead line"), Record("cut"), Record("hm"), Record(" ")])
    assert found[0].decoded.record is not None
    assert [a.decoded.failure for a in found] == ["", "call failed: timeout", "truncated", "no task word", EMPTY]


def test_examples_are_shown_before_the_question():
    lm = Scripted(["News/NER/:Null;"])
    Prompted(lm, codec("oiellm"), examples=GOLD[:1]).answers([Record("hm")])
    told = lm.calls[0]["messages"]
    assert [m["role"] for m in told] == ["user", "assistant", "user"]
    assert told[1]["content"] == "News/NER/:Place;Rome"
