"""Accuracy and speed of the shipped word tagger, beside lingua and eldc: `python benchmarks/identify.py [--out FILE]`.

Needs MACARONIC_DATA (codemix-tr-de-sagt, codemix-hinglid-val, codemix-arabizi, parallel-ntrex); sets that are not there
are left out. Accuracy is over the words whose gold label is a language; `ne`, `other`, `mixed` and `unk` there are
wrong. "alone" means that every sentence is judged by itself, "together" that the sentences of a file inform each other,
as `macaronic identify FILE` does. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.core.corpus import to_batch
from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse, script
from macaronic.core.utterance import Utterance
from macaronic.identify.annotate import annotate
from macaronic.identify.tagger import SHIPPED, EmbeddedTagger, load
from macaronic.text.words import annotate as cut_batch
from macaronic.text.words import words as cut

Rows = list[tuple[list[str], list[str]]]
Figure = dict[str, Any]
ARABIZI = {"ar_dz": "arq-Latn", "fr": "fr"}
APART = ("hi", "mr", "ne-Deva", "bn", "as")
OTHER_NAMES = ("bos", "srp-Latn", "fra-CA", "por-BR", "spa-MX", "prs", "yue", "nde")
WITH_ENGLISH = (
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "nl",
    "id",
    "tr",
    "vi",
    "sw",
    "tl",
    "pl",
    "fi",
    "hi",
    "ru",
    "ar",
    "zh",
    "af",
)
PAIRS = [("en", tag) for tag in (*WITH_ENGLISH, "ro", "sv")]
PAIRS += [("fr", "ar"), ("de", "tr"), ("es", "ca"), ("fr", "de"), ("es", "eu"), ("ru", "uz")]


def _root() -> Path:
    return Path(os.environ.get("MACARONIC_DATA", "data"))


def _conllu(folder: str, key: str, names: dict[str, str]) -> Rows:
    rows: Rows = []
    for path in sorted((_root() / folder).glob("*.conllu")):
        for block in path.read_text("utf-8").strip().split("\n\n"):
            cells = [line.split("\t") for line in block.split("\n") if line[:1].isdigit()]
            cells = [cell for cell in cells if cell[0].isdigit()]
            found = [dict(part.partition("=")[::2] for part in cell[9].split("|")).get(key, "") for cell in cells]
            rows.append(([cell[1] for cell in cells], [names.get(label, "other") for label in found]))
    return rows


def _hinglid() -> Rows:
    path = _root() / "codemix-hinglid-val" / "hinglid.validation.first3000.tsv"
    if not path.exists():
        return []
    blocks = path.read_text("utf-8").strip().split("\n\n")
    cells = [[line.split("\t")[:2] for line in block.split("\n")] for block in blocks]
    names = {"HI": "hi-Latn", "EN": "en"}
    return [([word for word, _ in block], [names[label] for _, label in block]) for block in cells]


def _ntrex(known: Sequence[str]) -> dict[str, list[str]]:
    path = _root() / "parallel-ntrex" / "ntrex200.jsonl"
    out: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        row = json.loads(line)
        try:
            tag = parse(row["lang"])
        except UnknownName:
            continue
        if tag in known and row["lang"] not in OTHER_NAMES:
            out[tag] = row["sentences"]
    return out


def labels(
    tagger: EmbeddedTagger, sentences: list[list[str]], languages: list[str] | None, together: bool
) -> list[str]:
    """The label of every word, flat."""
    flat = [word for sentence in sentences for word in sentence]
    offsets = np.cumsum([0, *map(len, sentences)])
    done = tagger.decode(flat, offsets, languages)
    if together:
        done = tagger.decode(flat, offsets, languages, expected=tagger.expectation(done))
    return [tagger.label(code) for code in done.code.tolist()]


def accuracy(tagger: EmbeddedTagger, rows: Rows, languages: list[str] | None, together: bool = False) -> Figure:
    """Share of the words with a gold language that get it."""
    gold = [label for _, line in rows for label in line]
    got = labels(tagger, [words for words, _ in rows], languages, together)
    right = [a == b for a, b in zip(got, gold, strict=True) if b != "other"]
    return {"value": float(np.mean(right)), "n": len(right)}


def tagged_sets(tagger: EmbeddedTagger) -> list[Figure]:
    """Accuracy on texts that people tagged."""
    sets: dict[str, tuple[Rows, list[str], tuple[float, float] | None]] = {
        "Turkish-German (SAGT train+dev)": (
            _conllu("codemix-tr-de-sagt", "CSID", {"TR": "tr", "DE": "de"}),
            ["de", "tr"],
            (0.987, 0.975),
        ),
        "romanised Hindi-English (HingLID validation)": (_hinglid(), ["hi", "en"], (0.905, 0.87)),
        "Algerian Arabizi-French (train+dev)": (_conllu("codemix-arabizi", "LangO", ARABIZI), ["arq-Latn", "fr"], None),
    }
    out = []
    for name, (rows, pair, target) in sets.items():
        if rows:
            given, found = (f"target {t}" for t in target) if target else ("", "")
            out.append({"name": f"{name}, pair given", **accuracy(tagger, rows, pair), "versus": given})
            out.append({"name": f"{name}, alone", **accuracy(tagger, rows, None), "versus": found})
            out.append({"name": f"{name}, together", **accuracy(tagger, rows, None, True), "versus": found})
    return out


def one_language(tagger: EmbeddedTagger) -> list[Figure]:
    """Share of one-language sentences that come back as one language, and the right one; mean over languages."""
    found: dict[bool, dict[str, float]] = {False: {}, True: {}}
    for tag, texts in _ntrex(tagger.languages).items():
        sentences = [cut(text) for text in texts]
        offsets = np.cumsum([0, *map(len, sentences)]).tolist()
        for together, share in found.items():
            got = labels(tagger, sentences, None, together)
            sets = [{x for x in got[a:b] if x in tagger.languages} for a, b in pairwise(offsets)]
            share[tag] = float(np.mean([s == {tag} for s in sets]))
    out = []
    for together, share in found.items():
        how = "together" if together else "alone"
        groups = {
            "Latin script": ([t for t in share if script(t) == "Latn"], "target 0.93"),
            "other scripts": ([t for t in share if script(t) != "Latn" and t not in APART], "target 0.95"),
            "hi mr ne bn as": ([t for t in share if t in APART], ""),
        }
        for name, (tags, versus) in groups.items():
            value = float(np.mean([share[t] for t in tags])) if tags else float("nan")
            figure = {
                "name": f"one-language sentences, {name}, {how}",
                "value": value,
                "n": len(tags),
                "versus": versus,
            }
            out.append({**figure, "by_language": {t: round(share[t], 3) for t in sorted(tags)}})
    return out if found[False] else []


def spliced(tagger: EmbeddedTagger) -> list[Figure]:
    """Word accuracy on sentences whose first half is in one language and second half in another."""
    texts, given, found = _ntrex(tagger.languages), {}, {}
    for one, two in PAIRS:
        if one not in texts or two not in texts:
            continue
        rows: Rows = []
        for i in range(100):
            left, right = cut(texts[one][i]), cut(texts[two][i + 100])
            parts = [(w, one) for w in left[: len(left) // 2]], [(w, two) for w in right[len(right) // 2 :]]
            pairs = [*parts[i % 2], *parts[1 - i % 2]]
            gold = [tag if any(map(str.isalpha, word)) else "other" for word, tag in pairs]
            rows.append(([word for word, _ in pairs], gold))
        given[f"{one}-{two}"] = accuracy(tagger, rows, [one, two])["value"]
        found[f"{one}-{two}"] = accuracy(tagger, rows, None)["value"]
    if not given:
        return []
    named = (("pair given", given), ("alone", found))
    return [
        {
            "name": f"spliced sentences of {len(by)} pairs, {how}",
            "value": float(np.mean(list(by.values()))),
            "by_pair": {pair: round(v, 4) for pair, v in by.items()},
        }
        for how, by in named
    ]


def _lingua(texts: list[str], words: int) -> float:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()
    detector.detect_multiple_languages_of(texts[0])
    begun = time.perf_counter()
    for text in texts:
        detector.detect_multiple_languages_of(text)
    return words / (time.perf_counter() - begun)


def _eldc(texts: list[str], words: int) -> float:
    import eldc

    eldc.init()
    begun = time.perf_counter()
    for text in texts:
        eldc.detect(text)
    return words / (time.perf_counter() - begun)


def speed() -> list[Figure]:
    """Words a second from raw text to labels, with nothing warmed up but the model, and of others on the same text."""
    sets = {"romanised Hindi-English": [" ".join(words) for words, _ in _hinglid()]}
    sets["news in all languages"] = [text for texts in _ntrex(load().languages).values() for text in texts]
    out: list[Figure] = []
    for name, texts in sets.items():
        if not texts:
            continue
        batches = [to_batch([Utterance(text) for text in texts[i : i + 4096]]) for i in range(0, len(texts), 4096)]
        best, words = 0.0, 0
        for _ in range(3):
            tagger, begun = load(), time.perf_counter()
            words = sum(len(annotate(cut_batch(batch), tagger)[1]) for batch in batches)
            best = max(best, words / (time.perf_counter() - begun))
        out.append({"name": f"words a second, {name}", "value": best, "n": words, "versus": "target 100,000"})
        some = texts[:: max(1, len(texts) // 100)]
        part = sum(len(cut(text)) for text in some)
        for peer, run in (("lingua, every language and where it is", _lingua), ("eldc, one language a text", _eldc)):
            try:
                rate = run(some, part)
            except ImportError:
                continue
            versus = f"the shipped tagger is {best / rate:.1f}x as fast"
            out.append({"name": f"words a second, {name}: {peer}", "value": rate, "n": part, "versus": versus})
    return out


def size() -> list[Figure]:
    """How large the model is and how long it takes to load."""
    from macaronic.identify import ngram

    begun = time.perf_counter()
    model = ngram.load(SHIPPED)
    seconds = time.perf_counter() - begun
    return [
        {"name": "languages of the shipped model", "value": len(model.tags), "versus": "target 40"},
        {"name": "model file, bytes", "value": SHIPPED.stat().st_size, "versus": "target 10,000,000"},
        {"name": "seconds to load the model", "value": seconds, "versus": "target 0.3"},
    ]


def main() -> dict[str, Any]:
    """Measure, print one figure a line, write them if asked, and return them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file too")
    out = parser.parse_args().out
    tagger = load()
    figures = [*size(), *tagged_sets(tagger), *one_language(tagger), *spliced(tagger), *speed()]
    for figure in figures:
        value = figure["value"]
        print(f"{value:.4f}" if value < 2 else f"{value:,.0f}", figure["name"], figure.get("versus", ""), sep="\t")
    report = {"command": "python benchmarks/identify.py", "version": __version__, "figures": figures}
    if out:
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return report


if __name__ == "__main__":
    main()
