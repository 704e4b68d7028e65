"""The trainable taggers beside their plain peers: `python benchmarks/supervised.py [--out FILE]`.

Needs MACARONIC_DATA. Word taggers: the CRF of `macaronic train tagger` against a plain CRF over 2- to 4-letter n-grams
and the two neighbours, same sentences, same words scored. No labels: Kinyarwanda and French from 100 raw sentences
each, on spliced other sentences. Sentences: Indian languages in their own scripts, and all varieties of the set.
Etymology: ten folds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.core.languages import parse
from macaronic.identify import crf, etymology, mono, sentence_lid, shipped
from macaronic.identify.evaluation import Assessment, assess
from macaronic.identify.tagged_data import TaggedSet
from macaronic.text import formats

TREEBANKS = {
    "arabizi": "codemix-arabizi/qaf_arabizi-ud-{}.conllu",
    "sagt": "codemix-tr-de-sagt/qtd_sagt-ud-{}.conllu",
}
INDIAN = ("ben", "guj", "hin", "kan", "mal", "mar", "nep", "pan", "tam", "tel", "urd", "snd-Arab", "sin")
Row = dict[str, Any]


def main() -> None:
    """Run everything, print a row a line, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows to this JSON file too")
    parser.add_argument("--all-varieties", action="store_true", help="also train on all 127 varieties (minutes)")
    asked = parser.parse_args()
    data = Path(os.environ.get("MACARONIC_DATA", ""))
    if not (data / "parallel-ntrex").is_dir():
        print("set MACARONIC_DATA to the folder with codemix-* and parallel-ntrex", file=sys.stderr)
        return
    rows = [row for name, pattern in TREEBANKS.items() for row in word_taggers(name, data / pattern)]
    rows += raw_text(ntrex(data))
    rows += sentences(ntrex(data), asked.all_varieties)
    rows += etymologies(data / "codemix-maltese-etymology")
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    if asked.out:
        command = "python benchmarks/supervised.py" + (" --all-varieties" if asked.all_varieties else "")
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        report = {"command": command, "version": __version__, "rows": rows}
        asked.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def word_taggers(name: str, pattern: Path) -> list[Row]:
    """Ours and the plain CRF on a treebank's development part, raw labels as they stand."""
    train, dev = (treebank(str(pattern).format(part)) for part in ("train", "dev"))
    ways = {"ours": shipped.evidence(label for line in train.gold for label in line), "ours, letters alone": None}
    row: Row = {"set": f"{name} dev", "trained on": f"{len(train.words)} sentences"}
    for way, extra in ways.items():
        start = time.perf_counter()
        tagger = crf.fit(train.words, train.gold, extra=extra)
        seconds = time.perf_counter() - start
        done = judged(dev.gold, [tagged.labels for tagged in tagger.tag(dev.words)])
        row |= {"words": int(done.matrix.sum()), way: figures(done) | {"training s": round(seconds, 1)}}
    start = time.perf_counter()
    plain = judged(dev.gold, plain_crf(train, dev))
    row["plain CRF"] = figures(plain) | {"training and tagging s": round(time.perf_counter() - start, 1)}
    for way in ways:
        gain = row[way]["accuracy"] - row["plain CRF"]["accuracy"]
        row[f"{way} - plain CRF, points"] = round(100 * gain, 2)
    return [row]


def treebank(path: str) -> TaggedSet:
    """Sentences of a treebank with the raw word-language labels; an underscore is no label."""
    rows = [u for u in formats.read(path) if u.tokens and "lang_raw" in u.layers]
    gold = [[None if label in (None, "_") else label for label in u.layers["lang_raw"]] for u in rows]
    return TaggedSet([list(u.words) for u in rows], gold, [u.id for u in rows], "lang_raw")


def plain_crf(train: TaggedSet, dev: TaggedSet) -> list[list[str]]:
    """The usual tutorial CRF: 2- to 4-letter n-grams, three yes-no shapes, the words beside."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for words, gold in zip(train.words, train.gold, strict=True):
        rows = plain_features(words)
        kept = [(row, label) for row, label in zip(rows, gold, strict=True) if label is not None]
        if kept:
            trainer.append([row for row, _ in kept], [label for _, label in kept])
    trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "plain.crfsuite")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        return [tagger.tag(plain_features(words)) if words else [] for words in dev.words]


def plain_features(words: Sequence[str]) -> list[list[str]]:
    """The plain CRF's view of a sentence."""
    low = [word.lower() for word in words]
    rows = []
    for at, word in enumerate(low):
        edged = f"<{word}>"
        row = ["bias", f"w={word}", f"upper={words[at][0].isupper()}", f"digit={any(map(str.isdigit, word))}"]
        row.append(f"sign={not any(map(str.isalnum, word))}")
        row += [f"g={edged[i : i + n]}" for n in (2, 3, 4) for i in range(len(edged) - n + 1)]
        row.append(f"-1={low[at - 1] if at else '<s>'}")
        row.append(f"+1={low[at + 1] if at + 1 < len(low) else '</s>'}")
        rows.append(row)
    return rows


def raw_text(texts: dict[str, list[str]]) -> list[Row]:
    """Taggers from raw text of two languages, judged on spliced sentences that they did not see."""
    rows = []
    for one, other in (("kin", "fra"), ("tur", "deu"), ("spa", "eng-US"), ("swa", "eng-US")):
        pair = {parse(tag): texts[tag] for tag in (one, other)}
        words, gold = mono.spliced({tag: lines[100:] for tag, lines in pair.items()}, rng=np.random.default_rng(1))
        row: Row = {"set": f"{one}-{other} spliced", "trained on": "100 raw sentences each"}
        for way, beside in (("beside the shipped lists", True), ("raw text alone", False)):
            tagger = mono.fit({tag: lines[:100] for tag, lines in pair.items()}, beside_shipped=beside)
            done = judged(gold, [tagged.labels for tagged in tagger.tag(words)])
            row |= {"words": int(sum(g is not None for line in gold for g in line)), way: accuracy_of(done)}
        rows.append(row)
    return rows


def sentences(texts: dict[str, list[str]], every: bool) -> list[Row]:
    """Sentence identifiers: 140 sentences a language to learn from, the other 60 to judge on, whole and cut short."""
    rows = []
    for name, tags in (("Indian languages, own scripts", INDIAN), ("all varieties", tuple(texts) if every else ())):
        if not tags:
            continue
        start = time.perf_counter()
        learn = [(line, tag) for tag in tags for line in texts[tag][:140]]
        model = sentence_lid.fit([line for line, _ in learn], [tag for _, tag in learn])
        seconds = time.perf_counter() - start
        test = [(line, tag) for tag in tags for line in texts[tag][140:]]
        right = {
            cut: np.mean([answer == tag for (answer, _), (_, tag) in zip(model.identify(lines), test, strict=True)])
            for cut, lines in (
                ("whole", [line for line, _ in test]),
                ("first 4 words", [" ".join(line.split()[:4]) for line, _ in test]),
            )
        }
        row = {"set": f"{name} ({len(tags)})", "trained on": "140 sentences each", "texts": len(test)}
        rows.append(row | {cut: round(float(v), 4) for cut, v in right.items()} | {"training s": round(seconds, 1)})
    return rows


def etymologies(folder: Path) -> list[Row]:
    """Etymology classes of Maltese words, ten folds over sentences, without and with translations as evidence."""
    words, classes = etymology.read_annotations(folder / "annotations.first80pct.tsv")
    tables = {tag: etymology.read_translations(folder / f"mt-{tag}.subset.tsv") for tag in ("it", "en")}
    rows = []
    for name, translations in (("letters", {}), ("letters and translations", tables)):
        gold: list[list[str]] = []
        answers: list[list[str]] = []
        for fold in range(10):
            learn = [at for at in range(len(words)) if at % 10 != fold]
            held = list(range(fold, len(words), 10))
            tagger = etymology.fit(
                [words[at] for at in learn], [classes[at] for at in learn], translations=translations
            )
            gold += [classes[at] for at in held]
            answers += [tagged.labels for tagged in tagger.tag([words[at] for at in held])]
        done = judged(gold, answers)
        rows.append({"set": f"Maltese etymology, 10 folds, {name}", "words": int(done.matrix.sum())} | figures(done))
    return rows


def ntrex(data: Path) -> dict[str, list[str]]:
    """Variety -> its 200 sentences."""
    lines = (data / "parallel-ntrex" / "ntrex200.jsonl").read_text("utf-8").splitlines()
    return {row["lang"]: row["sentences"] for row in map(json.loads, lines)}


def judged(gold: Sequence[Sequence[str | None]], answers: Sequence[Sequence[str | None]]) -> Assessment:
    """Scores with intervals."""
    return assess(gold, answers, rng=np.random.default_rng(1), samples=200)


def accuracy_of(done: Assessment) -> float:
    """Accuracy over words whose gold label is a language; every other answer is wrong."""
    return round(done.value("language_accuracy") or 0.0, 4)


def figures(done: Assessment) -> Row:
    """Accuracy with its interval, and macro F1, rounded."""
    best = next(result for result in done.results if result.name == "accuracy")
    interval = [round(best.low, 4), round(best.high, 4)] if best.low is not None and best.high is not None else None
    return {
        "accuracy": round(best.value or 0.0, 4),
        "interval": interval,
        "macro F1": round(done.value("macro_f1") or 0.0, 4),
    }


if __name__ == "__main__":
    main()
