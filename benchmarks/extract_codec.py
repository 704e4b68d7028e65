"""What breaks in which form of answer, and how fast it is read: `python benchmarks/extract_codec.py [--out FILE]`.

Every record is written, read again and compared. The hard sentences are made here; with MACARONIC_DATA set, the 5,343
sentences of eval-ner-wikipedia-ja come first. Time is processor time of one thread, beside a plain split in the same
run. `--table` prints what was kept, tab-separated.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.core.problems import Problems
from macaronic.extract.codecs.named import NAMES, codec
from macaronic.extract.record import Record, Schema, Span, read

KEPT = Path(__file__).parent / "results" / "extract_codec.json"
Pairs = list[tuple[str, ...]]
Read = Callable[[str, Record], Pairs]
REPEATS = 3


def naive(line: str, record: Record) -> Pairs:
    """A plain split of what follows the task at every colon and semicolon."""
    body = line.partition("/NER/")[2]
    return [tuple(item.split(";")) for item in body.split(":")[1:] if item != "Null;"]


def naive_slashes(line: str, record: Record) -> Pairs:
    """A plain split at slashes first."""
    return [tuple(item.split(";")) for item in line.split("/")[2].split(":")[1:] if item != "Null;"]


def naive_found(line: str, record: Record) -> Pairs:
    """A plain split, and the first place of each span in the text."""
    pairs = naive(line, record)
    _ = [record.text.find(pair[-1]) for pair in pairs]
    return pairs


def ways(schema: Schema) -> Iterator[tuple[str, Callable[[Record], str], Read]]:
    """(name, writes a record, reads its pairs) of every form."""
    released = codec("oiellm", dialect="compat")
    yield "plain split at : and ;", released.encode, naive
    yield "plain split at / : and ;", released.encode, naive_slashes
    yield "plain split, spans looked up", released.encode, naive_found
    yield "oiellm compat, known labels", released.encode, reader(released, schema)
    yield "oiellm compat, open labels", released.encode, reader(released, None)
    for name in NAMES:
        one = codec(name)
        yield ("oiellm escaped" if name == "oiellm" else name), one.encode, reader(one, schema)


def reader(one: Any, schema: Schema | None) -> Read:
    """What a codec reads out of an answer, as (label, span) pairs."""

    def pairs(line: str, record: Record) -> Pairs:
        decoded = one.decode(line, record.text, task="NER", schema=schema)
        return [(span.label, span.text) for span in decoded.record.spans] if decoded.record else [(decoded.failure,)]

    return pairs


def hard(rng: np.random.Generator, n: int = 1000) -> list[Record]:
    """Sentences whose labels and spans hold the delimiters of all forms."""
    words = ["Re:Zero", "a;b", "N/A", "f(x)", "[sic]", '"so"', "it's", "C:\\new", "20:15", "line\nbreak", "Ann", "東京"]
    labels = ["work: title", "time", "person/role", "place (city)", "other"]
    records = []
    for _ in range(n):
        chosen = [words[i] for i in rng.choice(len(words), 4, replace=False)]
        spans = tuple(Span(labels[int(rng.integers(len(labels)))], word) for word in chosen)
        records.append(Record("; ".join(chosen) + ".", "news/other", spans))
    return records


def sets() -> Iterator[tuple[str, list[Record]]]:
    """Named sets of records."""
    path = Path(os.environ.get("MACARONIC_DATA", "")) / "eval-ner-wikipedia-ja" / "ner.jsonl"
    if path.is_file():
        yield "eval-ner-wikipedia-ja", list(read(path, problems=Problems()))
    yield "hard sentences, made up", hard(np.random.default_rng(1))


def offsets_found(records: Sequence[Record]) -> float | None:
    """The share of spans that are found again where the annotators saw them."""
    one, right, total = codec("oiellm"), 0, 0
    for record in records:
        decoded = one.decode(one.encode(record), record.text, task="NER").record
        gold = Counter((s.label, s.start, s.end) for s in record.spans if s.start is not None)
        found = Counter((s.label, s.start, s.end) for s in decoded.spans) if decoded else Counter()
        right += (gold & found).total()
        total += gold.total()
    return right / total if total else None


def seconds(read_one: Read, lines: Sequence[str], records: Sequence[Record]) -> float:
    """Processor time to read all lines, best of some repeats."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for line, record in zip(lines, records):
            read_one(line, record)
        best = min(best, time.process_time() - start)
    return best


def measure(name: str, records: list[Record]) -> dict[str, Any]:
    """How many records break in each form, how long its answers are, and how long reading takes."""
    rows, split = [], 0.0
    for form, write, read_one in ways(Schema.of(records)):
        lines = list(map(write, records))
        gold = [[(span.label, span.text) for span in record.spans] for record in records]
        broken = sum(read_one(line, record) != pairs for line, record, pairs in zip(lines, records, gold))
        taken = seconds(read_one, lines, records)
        split = split or taken
        row = {"form": form, "broken": broken, "characters": sum(map(len, lines)) / len(lines), "seconds": taken}
        rows.append({**row, "times the plain split": taken / split})
        print(json.dumps({"set": name, **rows[-1]}, ensure_ascii=False), flush=True)
    return {"set": name, "records": len(records), "offsets found again": offsets_found(records), "forms": rows}


def figures_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """How many answers come back as they went, beside a plain split."""
    whole = {form["form"]: row["records"] - form["broken"] for form in row["forms"]}
    beside = f"of {row['records']:,}; {whole['plain split at : and ;']:,} by a plain split"
    for form in ("oiellm compat, known labels", "oiellm escaped"):
        yield {"name": f"answers that come back, {form}, {row['set']}", "value": whole[form], "versus": beside}


def table() -> None:
    """Print what was kept."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {"rows": []}
    names = [f"broken of {row['records']:,}: {row['set']}" for row in kept["rows"]]
    print("\t".join(["form", *names, "characters an answer", "time of a plain split"]))
    for forms in zip(*(row["forms"] for row in kept["rows"])):
        first = forms[0]
        length, times = f"{first['characters']:.0f}", f"{first['times the plain split']:.1f}x"
        print("\t".join([first["form"], *(str(form["broken"]) for form in forms), length, times]))


def main() -> None:
    """Measure every form on every set and print (or write) the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows to this JSON file too")
    parser.add_argument("--table", action="store_true", help="print the kept rows")
    asked = parser.parse_args()
    if asked.table:
        table()
        sys.exit()
    rows = [measure(name, records) for name, records in sets()]
    figures = [figure for row in rows for figure in figures_of(row)]
    if asked.out:
        report = {"command": "python benchmarks/extract_codec.py", "version": __version__, "rows": rows}
        asked.out.write_text(json.dumps({**report, "figures": figures}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
