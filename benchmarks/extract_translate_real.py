"""Labelled records through a real translator, and the language check on real text.

`python benchmarks/extract_translate_real.py [--out FILE]`: where Apertium is installed, it translates English records
(patterns and names of extract_translate_real.toml) to Spanish: what is kept, and how many spans are where they should
be. With MACARONIC_DATA set, translations and untranslated text of NTREX go through the check for text that is still in
the source language.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.core.errors import MissingData
from macaronic.core.files import write_text
from macaronic.extract.record import Record, Span
from macaronic.extract.translate import translate
from macaronic.extract.translate.apertium import Apertium
from macaronic.extract.translate.label_files import shipped
from macaronic.extract.translate.language import untranslated_by
from macaronic.extract.translate.translation import Kept
from macaronic.identify import tagger

DATA = Path(__file__).with_suffix(".toml")
KEPT = Path(__file__).parent / "results" / "extract_translate_real.json"
LABELS = {"org": "organization", "place": "location"}
_SLOT = re.compile(r"\{(\w+)\}")
RELATED = {"en es": "eng-US spa", "es pt": "spa por", "en de": "eng-US deu", "cs sk": "ces slk", "da nb": "dan nob",
           "id ms": "ind msa", "hi mr": "hin mar"}  # fmt: skip
"""Languages of one script, with their names in NTREX."""


def language_trial() -> list[dict[str, Any]]:
    """The language check on real translations (NTREX, 200 sentences a pair), whole and cut to eight words."""
    place = os.environ.get("MACARONIC_DATA")
    if not place:
        print("the language check is left out: MACARONIC_DATA is not set", file=sys.stderr)
        return []
    untranslated = untranslated_by(tagger.load())
    lines = (Path(place) / "parallel-ntrex" / "ntrex200.jsonl").read_text("utf-8").splitlines()
    texts = {row["lang"]: row["sentences"] for row in map(json.loads, lines)}
    found = []
    for pair, names in RELATED.items():
        (source, to), (own, other) = pair.split(), names.split()
        for words in (None, 8):
            cut = [[" ".join(text.split()[:words]) for text in texts[name]] for name in (own, other)]
            caught, dropped = (sum(untranslated(text, source, to) for text in side) for side in cut)
            found.append({"pair": f"{source}-{to}", "words": words or "all", "n": len(cut[0]),
                          "untranslated caught": caught, "translations dropped": dropped})  # fmt: skip
    return found


def filled() -> list[tuple[Record, list[set[str]]]]:
    """English records out of patterns and fillers, with the Spanish words that count as right for each span."""
    told = tomllib.loads(DATA.read_text("utf-8"))
    made = []
    for i, pattern in enumerate(told["patterns"]):
        for turn in range(10):
            spans, accepted, text, at = [], [], "", 0
            for slot in _SLOT.finditer(pattern):
                kind, second = slot[1].rstrip("2"), slot[1].endswith("2")
                word, _, others = told[kind][(turn + i + 3 * second) % 10].partition(" = ")
                text, at = text + pattern[at : slot.start()], slot.end()
                spans.append(
                    Span(
                        {"org": "organization", "place": "location"}.get(kind, kind),
                        word,
                        len(text),
                        len(text) + len(word),
                    )
                )
                accepted.append({other.strip() for other in others.split("|")} if others else {word})
                text += word
            made.append((Record(text + pattern[at:], "", tuple(spans), id=f"{i}.{turn}", language="en"), accepted))
    return made


def apertium() -> dict[str, Any] | None:
    """English to Spanish by Apertium; None where it is not installed."""
    data = filled()
    try:
        done = translate([one for one, _ in data], to="es", labels=shipped(), model=Apertium())
    except MissingData as error:
        print(f"apertium is left out: {error}", file=sys.stderr)
        return None
    spans: Counter[str] = Counter()
    by_way: dict[str, Counter[str]] = {}
    wrong = []
    for outcome, (one, accepted) in zip(done.outcomes, data, strict=True):
        if not isinstance(outcome, Kept):
            continue
        order = sorted(range(len(accepted)), key=lambda i: one.spans[i].start or 0)
        for i in order:
            ok = outcome.record.spans[i].text in accepted[i]
            for counter in (spans, by_way.setdefault(" + ".join(outcome.repairs), Counter())):
                counter.update(spans=1, right=ok)
            if not ok:
                wrong.append([outcome.record.text, one.spans[i].text, outcome.record.spans[i].text])
    rng = np.random.default_rng(1)
    return {
        **done.asdict(rng=rng), "spans": spans["spans"], "spans right": spans["right"],
        "span accuracy": round(spans["right"] / spans["spans"], 4), "by way": {k: dict(v) for k, v in by_way.items()},
        "wrong": wrong[:50],
    }  # fmt: skip


def run() -> dict[str, Any]:
    """Both."""
    machine, checked = apertium(), language_trial()
    return {"figures": list(figures(machine, checked)), "apertium": machine, "language check": checked,
            "version": __version__}  # fmt: skip


def figures(machine: dict[str, Any] | None, checked: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the table shows."""
    if machine is not None:
        told = f"{machine['records']} records"
        yield {"name": "Apertium en-es, records kept", "value": machine["retention"]["value"], "versus": told}
        told = f"{machine['spans']} spans of kept records"
        yield {"name": "Apertium en-es, spans in the right place", "value": machine["span accuracy"], "versus": told}
    for one in checked:
        if one["words"] == 8:
            source, to = one["pair"].split("-")
            told = f"of {one['n']} texts of 8 words; {one['translations dropped']} good translations dropped"
            share = one["untranslated caught"] / one["n"]
            yield {"name": f"still {source} instead of {to}, caught", "value": share, "versus": told}


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--table", action="store_true", help="only print the kept figures")
    asked = parser.parse_args()
    told = json.loads(KEPT.read_text("utf-8")) if asked.table else run()
    print("what\tmeasured\tbeside")
    for one in told["figures"]:
        print(one["name"], f"{one['value']:.4g}", one["versus"], sep="\t")
    if asked.out and not asked.table:
        told["command"] = "MACARONIC_DATA=DATA python benchmarks/extract_translate_real.py --out FILE"
        write_text(asked.out, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
