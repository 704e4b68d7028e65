"""Small extractors trained here, beside what needs no model: `python benchmarks/extract.py PART ... [--out FILE]`.

Parts: `tag` and `generate` train one extractor each, from nothing, on made-up records of six languages and (with
MACARONIC_DATA set) on nine tenths of the Japanese sentences of eval-ner-wikipedia-ja together. They are judged on
made-up records whose names and sentence patterns were not in training, and on the other tenth. `ablation` trains the
four models of the mutual reinforcement effect; `verbaliser` compares words of a label with its plain name. The
gazetteer holds every name of the training records. Time is processor time of one thread. Each part is kept beside the
others in the results file; `--table` prints what was kept, tab-separated.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

from macaronic import __version__
from macaronic.core.problems import Problems
from macaronic.extract.ablate import ablate
from macaronic.extract.about import Kind
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.extractor import load
from macaronic.extract.fit import Fitting, fit, trained
from macaronic.extract.gazetteer import gazetteer
from macaronic.extract.made import made, names_of
from macaronic.extract.predict import answered
from macaronic.extract.record import Record, read
from macaronic.extract.score import Scores, score
from macaronic.extract.verbaliser import classify, hashed_letters, verbaliser

KEPT = Path(__file__).parent / "results" / "extract.json"
TRAINED = {
    "tag": Fitting(kind="tag", size="5m", steps=2200, batch=32),
    "generate": Fitting(kind="generate", size="1m", steps=2600, batch=16),
}
ABLATED = Fitting(kind="tag", size="1m", steps=500, batch=32)
MADE, TEST, SHOTS = 6000, 600, 8


def made_sets(count: int = MADE) -> tuple[list[Record], list[Record]]:
    """Training records, and test records with other names and other sentence patterns."""
    train = made(count, rng=np.random.default_rng(0))
    return train, made(TEST, rng=np.random.default_rng(1), unseen=True, known=names_of(train))


def real_sets() -> tuple[list[Record], list[Record]]:
    """The Japanese sentences, a tenth of them (by their SHA-256) to judge on; none without the data."""
    place = Path(os.environ.get("MACARONIC_DATA", "")) / "eval-ner-wikipedia-ja" / "ner.jsonl"
    if not os.environ.get("MACARONIC_DATA") or not place.exists():
        return [], []
    rows = [Record(r.text, "", r.spans, id=r.id, language="ja") for r in read(place, problems=Problems())]
    held = [int(hashlib.sha256(row.text.encode()).hexdigest(), 16) % 10 == 0 for row in rows]
    return [r for r, h in zip(rows, held) if not h], [r for r, h in zip(rows, held) if h]


def shown(scores: Scores, *, each: bool = False) -> dict[str, Any]:
    """The scores as rounded numbers with their intervals."""
    rows = [r for r in scores.results if (r.level == "all" or (each and " " not in r.level)) and r.value is not None]
    out: dict[str, Any] = {}
    for r in rows:
        ends = None if r.low is None or r.high is None else [round(r.low, 4), round(r.high, 4)]
        out.setdefault(r.level, {})[r.name] = {"value": round(r.value or 0.0, 4), "interval": ends}
    return {**out, "n": scores.n, "failures": dict(scores.failures), "notes": dict(scores.notes)}


def judged(gold: Sequence[Record], answers: Sequence[Decoded], *, each: bool = False) -> dict[str, Any]:
    """Scores of answers."""
    return shown(score(gold, answers, rng=np.random.default_rng(0)), each=each)


def extractor(kind: Kind) -> dict[str, Any]:
    """Train one, judge it with and without constraint, beside the gazetteer and the commonest class."""
    how = TRAINED[kind]
    train, test = made_sets()
    real, held = real_sets()
    listed = gazetteer([*train, *real])
    with tempfile.TemporaryDirectory() as place:
        begin = time.process_time()
        done = fit([*train, *real], place, how, say=told)
        minutes = (time.process_time() - begin) / 60
        model = load(place)
        sets = {"unseen made-up": test} | ({"real Japanese, held out": held} if held else {})
        out: dict[str, Any] = {}
        for name, gold in sets.items():
            base = judged(gold, [listed.answer(record) for record in gold])
            out[name] = {"majority and gazetteer": base}
            for constrain in (True, False):
                begin = time.process_time()
                answers = [answer.decoded for _, answer in answered(model, gold, constrain=constrain)]
                row = judged(gold, answers, each=constrain)
                seconds = round((time.process_time() - begin) / len(gold) * 1000, 1)
                out[name]["constrained" if constrain else "free"] = {**row, "ms a text": seconds}
    return {
        "training CPU minutes": round(minutes, 2),
        "steps": how.steps,
        "batch": how.batch,
        "parameters": done.parameters,
        "records": {"made-up": len(train), "real Japanese": len(real)},
        "last loss": round(done.loss, 4),
        "seeds": {"model": how.seed, "records": 0, "test records": 1},
        "sets": out,
    }


def ablation() -> dict[str, Any]:
    """The four models of the mutual reinforcement effect."""
    train, test = made_sets(3000)
    begin = time.process_time()
    found = ablate(train, test, lambda some: trained(some, ABLATED, say=told), rng=np.random.default_rng(0))
    rows = []
    for effect in found:
        row = effect.asdict()
        rows.append({key: round(v, 4) if isinstance(v, float) else v for key, v in row.items() if key != "signature"})
    minutes = round((time.process_time() - begin) / 60, 2)
    return {"CPU minutes": minutes, "steps a model": ABLATED.steps, "records": len(train), "effects": rows}


def words() -> dict[str, Any]:
    """A few-shot classifier with the plain name of a class, and with the commonest words of its records."""
    train, test = made_sets(3000)
    embed, out = hashed_letters(), []
    for language in sorted({record.language for record in train}):
        some = [r for r in train if r.language == language]
        gold = [r for r in test if r.language == language]
        plain = {label: [label] for label in {r.text_label for r in some}}
        rng = np.random.default_rng(0)
        shots = [some[int(i)] for i in rng.permutation(len(some))[: SHOTS * len(plain)]]
        row: dict[str, Any] = {"language": language, "n": len(gold)}
        for name, table in (
            ("plain name", plain),
            ("100 words of the texts", verbaliser(some)),
            ("100 words of the spans", verbaliser(some, source="spans")),
        ):
            for few in (False, True):
                got = classify([r.text for r in gold], table, embed, shots=shots if few else ())
                right = float(np.mean([label == r.text_label for label, r in zip(got, gold)]))
                row[f"{name}, {len(shots) if few else 0} shots"] = round(right, 4)
        out.append(row)
    return {"embedder": "hashed letter n-grams", "accuracy": out}


def told(step: int, steps: int, loss: float) -> None:
    """A line now and then."""
    if step % 100 == 0:
        print(f"step {step} of {steps}, loss {loss:.3f}, {time.process_time():.0f} s", file=sys.stderr, flush=True)


PARTS = {
    "tag": lambda: extractor("tag"),
    "generate": lambda: extractor("generate"),
    "ablation": ablation,
    "verbaliser": words,
}


def table(kept: dict[str, Any]) -> Iterator[str]:
    """What was kept, as lines."""
    yield "extractor\tset\tanswers\tTL\tWL\tALL\tformat\tCPU minutes"
    for kind in TRAINED:
        for name, row in kept.get(kind, {}).get("sets", {}).items():
            for way, scores in row.items():
                if kind == "generate" and way.startswith("majority"):
                    continue
                cells = [scores["all"].get(m, {}).get("value", "") for m in ("TL", "WL", "ALL", "format")]
                minutes = "" if way.startswith("majority") else kept[kind]["training CPU minutes"]
                who = "none" if way.startswith("majority") else kind
                yield "\t".join(map(str, (who, name, way, *cells, minutes)))


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; everything without")
    parser.add_argument("--out", type=Path, default=KEPT)
    parser.add_argument("--table", action="store_true", help="print what was kept")
    asked = parser.parse_args()
    if not set(asked.parts) <= set(PARTS):
        parser.error(f"expected parts of {', '.join(PARTS)}; got {' '.join(asked.parts)}")
    kept = json.loads(asked.out.read_text("utf-8")) if asked.out.exists() else {}
    if asked.table:
        print("\n".join(table(kept)))
        return
    for part in asked.parts or list(PARTS):
        row = {"version": __version__, "command": f"python benchmarks/extract.py {part}", **PARTS[part]()}
        kept = json.loads(asked.out.read_text("utf-8")) if asked.out.exists() else {}
        kept[part] = row
        asked.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(json.dumps({part: row}, ensure_ascii=False)[:2000])


if __name__ == "__main__":
    main()
