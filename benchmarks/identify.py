"""How well and how fast languages are identified, beside lingua and eldc: `python benchmarks/identify.py [--out FILE]`.

Accuracy over words whose gold label is a language; the answers `ne`, `other`, `mixed` and `unk` count as wrong there.
Files go through the path of `macaronic identify FILE`, in batches, with the languages given or found. A sentence of one
language counts as right when all its words that have a language have that one. Needs MACARONIC_DATA for all but the
bundled sentences and the speed. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_name] = "1"

import pyarrow as pa

from macaronic import __version__, bundled
from macaronic.core.corpus import from_batch, to_batch
from macaronic.core.errors import UnknownName
from macaronic.core.languages import is_language, parse, script
from macaronic.core.utterance import Utterance
from macaronic.identify.annotate import annotate
from macaronic.identify.named import tagger_named
from macaronic.text import formats
from macaronic.text.words import annotate as cut

ROWS = 2000
APART = ("hi", "mr", "ne-Deva", "bn", "as")
Labels = list[tuple[str | None, ...]]


def answers(rows: Sequence[Sequence[str]], languages: Sequence[str] | None = None) -> Labels:
    """The labels of sentences that are already cut into words, in batches as `macaronic identify` reads them."""
    found: Labels = []
    for at in range(0, len(rows), ROWS):
        batch = to_batch([Utterance.from_words(words) for words in rows[at : at + ROWS]])
        found += [u.langs for u in from_batch(annotate(batch, tagger_named(), languages)[0])]
    return found


def accuracy(gold: Labels, found: Labels) -> tuple[float, int]:
    """Share of right answers among words whose gold label is a language, and their number."""
    pairs = [(g, f) for own, given in zip(gold, found) for g, f in zip(own, given) if is_language(g)]
    return sum(g == f for g, f in pairs) / max(len(pairs), 1), len(pairs)


def tagged(data: Path) -> Iterator[tuple[str, list[str], list[tuple[str, ...]], Labels]]:
    """Name, pair, words and gold labels of each tagged set."""
    sets = (
        ("Turkish-German (SAGT train+dev)", ["tr", "de"], "codemix-tr-de-sagt", None),
        (
            "romanised Hindi-English (HingLID validation)",
            ["hi", "en"],
            "codemix-hinglid-val",
            {"HI": "hi-Latn", "EN": "en"},
        ),
        ("Algerian Arabizi-French (NArabizi train+dev)", ["arq-Latn", "fr"], "codemix-arabizi", None),
    )
    for name, pair, folder, labels in sets:
        rows = list(formats.read(data / folder / "*.[ct]*", label_map=labels))
        rows = [u for u in rows if u.tokens]
        keep = {parse(tag) for tag in pair} | {"hi-Latn"}
        yield name, pair, [u.words for u in rows], [tuple(g if g in keep else None for g in u.langs) for u in rows]


def single(data: Path) -> dict[str, float]:
    """Share of one-language sentences that come back as one and right, a language of parallel-ntrex."""
    known, shares = set(tagger_named().languages), dict[str, float]()
    for line in (data / "parallel-ntrex" / "ntrex200.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        try:
            tag = parse(row["lang"])
        except UnknownName:
            continue
        if tag not in known or tag in shares:
            continue
        batch = cut(to_batch([Utterance(text) for text in row["sentences"]]))
        sets = [set(filter(is_language, u.langs)) for u in from_batch(annotate(batch, tagger_named())[0])]
        shares[tag] = sum(found == {tag} for found in sets) / len(sets)
    return shares


def speed() -> dict[str, float]:
    """Words a second from raw text to labels in columns, and what other tools do with the same sentences."""
    sentences = [s.text for s in bundled.mixed()] + [
        row[tag] for row in bundled.parallel() for tag in ("en", "es", "id")
    ]
    many = [f"{text} {i}" for i in range(60) for text in sentences]
    begun = time.perf_counter()
    words = 0
    for at in range(0, len(many), 8192):
        batch, _ = annotate(cut(to_batch([Utterance(t) for t in many[at : at + 8192]])), tagger_named())
        words += sum(map(len, batch.column("tokens").to_pylist()))
    found = {"macaronic": words / (time.perf_counter() - begun)}
    few = sentences[:200]
    size = sum(len(u.tokens) for u in from_batch(cut(to_batch([Utterance(t) for t in few]))))
    for name, run in peers().items():
        run(few[:5])
        begun = time.perf_counter()
        run(few)
        found[name] = size / (time.perf_counter() - begun)
    return found


def peers() -> dict[str, Any]:
    """Other identifiers that are installed: each a function of a list of texts."""
    found: dict[str, Any] = {}
    try:
        from lingua import LanguageDetectorBuilder

        lingua = LanguageDetectorBuilder.from_all_languages().build()
        found["lingua detect_multiple_languages_of"] = lambda texts: [
            lingua.detect_multiple_languages_of(t) for t in texts
        ]
    except ImportError:
        print("lingua is not installed", file=sys.stderr)
    try:
        import eldc

        eldc.init()
        found["eldc, a word at a time"] = lambda texts: [eldc.detect(w) for t in texts for w in t.split()]
    except ImportError:
        print("eldc is not installed", file=sys.stderr)
    return found


def loading() -> float:
    """Seconds to load the model in a fresh process, without imports."""
    code = (
        "import time; from macaronic.identify import tagger; b = time.perf_counter(); "
        "t = tagger.load(); t.tag([['so']]); print(time.perf_counter() - b)"
    )
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in range(5)
    )


def main() -> None:
    """Measure everything, print a line each, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    figures: list[dict[str, Any]] = []

    def told(name: str, value: float, versus: str = "", n: int = 0) -> None:
        figures.append(
            {"name": name, "value": round(value, 4) if value <= 1 else round(value), "versus": versus, "n": n}
        )
        print(f"{name}\t{figures[-1]['value']}\t{versus}", flush=True)

    told("languages known", float(len(tagger_named().languages)))
    told("seconds to load the model", loading(), "target: below 0.3")
    rates = speed()
    ours = rates.pop("macaronic")
    told("words a second, raw text to labels, languages found", ours, "target: 100,000")
    for name, rate in rates.items():
        told(f"words a second, {name}", rate, f"macaronic {ours / rate:.1f}x")
    home = os.environ.get("MACARONIC_DATA")
    if home:
        targets = {"Turkish": ("0.987", "0.975"), "romanised": ("0.905", "0.87")}
        for name, pair, words, gold in tagged(Path(home)):
            given, found = targets.get(name.split()[0].split("-")[0], ("none", "none"))
            right, n = accuracy(gold, answers(words, pair))
            told(f"word accuracy, {name}, pair given", right, f"target: {given}", n)
            right, n = accuracy(gold, answers(words))
            told(f"word accuracy, {name}, languages found", right, f"target: {found}", n)
        shares = single(Path(home))
        groups = {
            "Latin script": ([t for t in shares if script(t) == "Latn"], "target: 0.93"),
            "other scripts": ([t for t in shares if script(t) != "Latn" and t not in APART], "target: 0.95"),
            **{tag: ([tag], "reported apart") for tag in APART if tag in shares},
        }
        for name, (tags, versus) in groups.items():
            label = f"{name}, {len(tags)} languages" if len(tags) > 1 else name
            told(
                f"one-language sentences found single and right, {label}",
                sum(shares[t] for t in tags) / len(tags),
                versus,
            )
    for pair in bundled.mixed_paths():
        rows = bundled.mixed(pair)
        gold = [tuple(row.labels) for row in rows]
        right, n = accuracy(gold, answers([row.words for row in rows], pair.split("/")))
        told(f"word accuracy, bundled {pair}, pair given", right, "project-written text", n)
    if asked.out:
        command = "python benchmarks/identify.py --out benchmarks/results/identify.json"
        result = {"benchmark": "identify", "version": __version__, "command": command, "figures": figures}
        asked.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    pa.set_cpu_count(1)
    main()
