"""Faults planted into translations of labelled records: `python benchmarks/extract_translate.py [--out FILE]`.

A scripted model translates project-written records (extract_translate.toml) rightly, but for one kind of fault at a
time, in every second record. Each planted fault must be dropped under its rule or repaired into exactly the right
record, and no clean record may be dropped or changed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.core.files import write_text
from macaronic.core.protocols import Reply
from macaronic.extract.record import Event, Record, Relation, Span
from macaronic.extract.translate import translate
from macaronic.extract.translate.label_files import shipped
from macaronic.extract.translate.language import Untranslated, untranslated_by
from macaronic.extract.translate.marks import unmarked
from macaronic.extract.translate.translation import Kept
from macaronic.identify import tagger
from macaronic.lm.failed import CallFailed
from macaronic.lm.scripted import Scripted

DATA = Path(__file__).with_suffix(".toml")
KEPT = Path(__file__).parent / "results" / "extract_translate.json"
DIRECTIONS = (("en", "ja"), ("ja", "en"), ("en", "es"), ("en", "hi"), ("zh", "en"))
SHARED_SCRIPT = ("en", "es")
WORDS = {"en": "yesterday", "ja": "きのう", "zh": "昨天"}
MORE = {"en": "Nobody knew what they should do about it.", "ja": "誰も知らなかった。", "zh": "没有人知道该怎么办。"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plant:
    """One kind of fault: its name, the outcome it must have, whether the second request is answered well."""

    name: str
    expected: str
    marks: bool = False


def plants() -> list[Plant]:
    """Every kind of fault."""
    told = tomllib.loads(DATA.read_text("utf-8"))["planted"]
    found = [Plant(name, rule) for rule, names in told["dropped"].items() for name in names]
    found += [Plant(name, "marks", marks=True) for name in told["marks"]]
    found += [Plant(name, repair) for repair, names in told["repaired"].items() for name in names]
    return found + [Plant(name, "clean") for name in told["clean"]]


PLANTS = plants()


def rows() -> list[Row]:
    """The sentences as they are written."""
    return list(tomllib.loads(DATA.read_text("utf-8"))["record"])


def record(row: Row, tag: str, number: int) -> Record:
    """One sentence as a record in one language, its labels in that language."""
    count = row[tag].count("</e")
    text, places = unmarked(row[tag], count)
    words = [text[start:end] for start, end in places]
    spans = tuple(Span(label, word, *at) for label, word, at in zip(row["spans"], words, places, strict=False))
    relations = tuple(Relation(words[a - 1], kind, words[b - 1]) for a, kind, b in row.get("relations", []))
    events: tuple[Event, ...] = ()
    if told := row.get("event"):
        arguments = tuple(Span(role, words[n - 1], *places[n - 1]) for n, role in told["arguments"])
        events = (Event(told["type"], words[told["trigger"] - 1], arguments),)
    made = Record(text, row["label"], spans, relations, events, f"{number}", tag, row.get("task", "NER"))
    return replace(shipped().applied(replace(made, language="en"), tag), language=tag)


def planted(answer: dict[str, Any], source: Record, plant: Plant, to: str) -> Any:
    """The model's answer with a fault; None where the fault cannot be planted into this record."""
    text, spans = answer["text"], [dict(span) for span in answer["spans"]]
    first = spans[0] if spans else None
    plain = json.dumps(answer, ensure_ascii=False)
    name = plant.name
    if name == "no answer":
        return CallFailed("timeout", "planted")
    if name in ("not JSON", "malformed answer") and plant.marks and not spans:
        return None
    whole = {
        "empty answer": " \n",
        "refusal": "I'm sorry, but I can't help with that.",
        "refusal inside": json.dumps({**answer, "text": "I'm sorry, but I cannot provide a translation."}),
        "answer cut": Reply(plain[: len(plain) * 2 // 3], "length"),
        "answer cut in a string": plain[: plain.index(text) + len(text) // 2],
        "not JSON": text,
        "malformed answer": json.dumps({**answer, "text": [text]}),
        "empty text": json.dumps({**answer, "text": " "}),
        "unchanged text": json.dumps({**answer, "text": source.text}),
        "still in the source language": json.dumps({**answer, "text": f"{source.text} {MORE[source.language]}"}),
        "wrong script": json.dumps({**answer, "text": f"{text} สวัสดีครับ"}),
        "fences": f"```json\n{plain}\n```",
        "chatter": f"Sure! Here {{as asked}} is the translation:\n{plain}\nI hope that {{it}} helps.",
        "thoughts": f'<think>{{"text": "no", "spans": []}}</think>{plain}',
        "request repeated": json.dumps({"text": source.text, "spans": spans}) + "\n" + plain,
        "comma too many": plain[:-1] + ",}",
        "text label changed": json.dumps({**answer, "label": "???"}),
    }
    if name == "still in the source language" and (source.language, to) != SHARED_SCRIPT:
        return None
    if name in whole:
        return whole[name]
    if name == "script left over":
        return (
            None if (source.language, to) == SHARED_SCRIPT else _put(answer, f"{text} {WORDS[source.language]}", spans)
        )
    if first is None:
        return None
    return _span_fault(name, answer, source, spans, first)


def _span_fault(
    name: str, answer: dict[str, Any], source: Record, spans: list[dict[str, Any]], first: dict[str, Any]
) -> str | None:
    text = answer["text"]
    if name == "too few spans":
        spans.pop()
    elif name == "too many spans":
        spans.append({"n": len(spans) + 1, "label": first["label"], "text": first["text"]})
    elif name == "span doubled":
        spans.append(dict(first))
    elif name == "empty span":
        first["text"] = ""
    elif name == "label changed":
        first["label"] = "an invented label"
    elif name == "span not in the translation":
        first["text"] = "qqq"
    elif name == "one occurrence for two":
        same = [span for span in spans if span["text"] == first["text"]]
        if len(same) < 2 or text.count(first["text"]) != 2:
            return None
        at = text.rindex(first["text"])
        text = text[:at] + text[at + len(first["text"]) :]
    elif name == "source label":
        if not source.spans or source.spans[0].label == first["label"]:
            return None
        first["label"] = source.spans[0].label
    elif name == "other case":
        if first["text"].swapcase() == first["text"]:
            return None
        first["text"] = first["text"].swapcase()
    elif name == "other width":
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in first["text"])
        if wide == first["text"]:
            return None
        first["text"] = wide
    elif name == "quotes around":
        first["text"] = f"「{first['text']}」"
    elif name == "spans in another order":
        spans.reverse()
    elif name == "no numbers":
        for span in spans:
            del span["n"]
    return _put(answer, text, spans)


def _put(answer: dict[str, Any], text: str, spans: Sequence[dict[str, Any]]) -> str:
    return json.dumps({**answer, "text": text, "spans": list(spans)}, ensure_ascii=False)


class Model:
    """Translates rightly, but for one planted fault in some records."""

    def __init__(self, sources: Sequence[Record], row: Sequence[Row], to: str, plant: Plant, faulty: set[int]) -> None:
        self.sources, self.rows, self.to, self.plant, self.faulty = sources, row, to, plant, faulty
        self.planted: set[int] = set()

    def __call__(self, messages: Any) -> Any:
        """The answer to one request."""
        told = messages[0]["content"]
        if "<e1>...</e1>" in told:
            asked = told.split("Text:\n")[1].split("\n\n")[0]
            number = next(
                i for i, row in enumerate(self.rows) if _unmarked(row[self.sources[0].language]) == _unmarked(asked)
            )
            return json.dumps({"text": _renumbered(asked, self.rows[number], self.sources[0].language, self.to)
                               if self.plant.marks else "no marks at all"}, ensure_ascii=False)  # fmt: skip
        asked = json.loads(told.splitlines()[-2])
        number = next(i for i, one in enumerate(self.sources) if one.text == asked["text"])
        answer = self._right(asked, number)
        if number in self.faulty:
            faulty = planted(answer, self.sources[number], self.plant, self.to)
            if faulty is not None:
                self.planted.add(number)
                return faulty
        return json.dumps(answer, ensure_ascii=False)

    def _right(self, asked: dict[str, Any], number: int) -> dict[str, Any]:
        row, tag = self.rows[number], self.sources[number].language
        count = row[tag].count("</e")
        text, there = unmarked(row[tag], count)
        translation, here = unmarked(row[self.to], count)
        order = [next(i for i, at in enumerate(there) if text[slice(*at)] == span["text"]) for span in asked["spans"]]
        spans = [
            {"n": n, "label": span["label"], "text": translation[slice(*here[i])]}
            for n, (span, i) in enumerate(zip(asked["spans"], order, strict=True), 1)
        ]
        label = {"label": asked["label"]} if "label" in asked else {}
        return {"text": translation, **label, "spans": spans}


def _unmarked(text: str) -> str:
    return unmarked(text, text.count("</e"))[0]


def _renumbered(asked: str, row: Row, tag: str, to: str) -> str:
    """The marked translation of the data with the numbers of the request."""
    count = row[tag].count("</e")
    _, asked_at = unmarked(asked, count)
    _, data_at = unmarked(row[tag], count)
    numbers = {data_at.index(at) + 1: n for n, at in enumerate(asked_at, 1)}
    text: str = row[to]
    for old in numbers:
        text = text.replace(f"e{old}>", f"E{old}#>")
    for old, new in numbers.items():
        text = text.replace(f"E{old}#>", f"e{new}>")
    return text


def trial(source: str, to: str, plant: Plant) -> dict[str, Any]:
    """One kind of fault in one direction: in the even records, then in the odd ones."""
    data = rows()
    sources = [record(row, source, i) for i, row in enumerate(data)]
    right = [record(row, to, i) for i, row in enumerate(data)]
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for half in (0, 1):
        script = Model(sources, data, to, plant, {i for i in range(len(data)) if i % 2 == half})
        done = translate(
            sources, to=to, labels=shipped(), model=Scripted(script), alignment=False, untranslated=untranslated()
        )
        for i, outcome in enumerate(done.outcomes):
            got = _got(outcome, right[i])
            want = plant.expected if i in script.planted else "clean"
            kind = "planted" if i in script.planted else "clean"
            found[kind] += 1
            found[f"{kind} right"] += got == want
            if got != want:
                wrong.append(f"{i} {kind}: expected {want}, got {got}")
    told = {"direction": f"{source}-{to}", "fault": plant.name, "expected": plant.expected, **found}
    return told | ({"wrong": wrong} if wrong else {})


def _got(outcome: Any, right: Record) -> str:
    """`clean`, the repair, the rule; or how a kept record is not the right one."""
    if not isinstance(outcome, Kept):
        return str(outcome.rule)
    made = replace(outcome.record, meta={}, id="")
    if made != replace(right, meta={}, id=""):
        return f"a wrong record: {made}"
    return " + ".join(outcome.repairs) or "clean"


@cache
def untranslated() -> Untranslated:
    """The check of the command line."""
    return untranslated_by(tagger.load())


def alignment_trial(source: str, to: str) -> dict[str, Any]:
    """The first span of every record is answered wrongly and marks fail: what the alignment of twelve pairs mends."""
    data = rows()
    sources = [record(row, source, i) for i, row in enumerate(data)]
    right = [record(row, to, i) for i, row in enumerate(data)]
    script = Model(sources, data, to, Plant("span not in the translation", "alignment"), set(range(len(data))))
    done = translate(sources, to=to, labels=shipped(), model=Scripted(script))
    got = [_got(outcome, right[i]) for i, outcome in enumerate(done.outcomes) if i in script.planted]
    mended, wrong = got.count("alignment"), [one for one in got if one.startswith("a wrong")]
    return {
        "direction": f"{source}-{to}",
        "planted": len(got),
        "mended": mended,
        "mended wrongly": len(wrong),
        "wrong": wrong,
    }


def run() -> dict[str, Any]:
    """All trials."""
    trials = [trial(*direction, plant) for direction in DIRECTIONS for plant in PLANTS]
    trials = [one for one in trials if one.get("planted")]
    total: Counter[str] = Counter()
    for one in trials:
        total.update({key: one.get(key, 0) for key in ("planted", "planted right", "clean", "clean right")})
    aligned = [alignment_trial(*direction) for direction in DIRECTIONS]
    return {"figures": figures(total, aligned), "alignment": aligned, "trials": trials, "version": __version__}


def figures(total: Counter[str], aligned: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the table shows."""
    mended, wrongly, asked = (sum(one[key] for one in aligned) for key in ("mended", "mended wrongly", "planted"))
    faults = f"{total['planted']:,} faults of {len(PLANTS)} kinds in {len(DIRECTIONS)} directions"
    rows = (
        ("planted faults caught or mended rightly", total["planted right"] / total["planted"], faults),
        ("clean translations kept unchanged", total["clean right"] / total["clean"], f"{total['clean']:,} records"),
        ("records that alignment alone mends", mended, f"of {asked}, from 12 pairs a direction; {wrongly} wrongly"),
    )
    return [{"name": name, "value": value, "versus": versus} for name, value, versus in rows]


def table(rows_of_figures: Sequence[dict[str, Any]]) -> None:
    """Print figures as tab-separated lines."""
    print("what\tmeasured\tbeside")
    for one in rows_of_figures:
        print(one["name"], f"{one['value']:.4g}", one["versus"], sep="\t")


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--table", action="store_true", help="only print the kept figures")
    asked = parser.parse_args()
    if asked.table:
        table(json.loads(KEPT.read_text("utf-8"))["figures"])
        return
    told = run()
    table(told["figures"])
    for one in told["trials"]:
        for line in one.get("wrong", []):
            print(one["direction"], one["fault"], line[:300])
    if asked.out:
        told["command"] = "python benchmarks/extract_translate.py --out FILE"
        write_text(asked.out, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    sys.exit(any(one.get("wrong") for one in told["trials"]))


if __name__ == "__main__":
    main()
