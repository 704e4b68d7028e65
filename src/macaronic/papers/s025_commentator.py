"""S025: COMMENTATOR: mixed text labelled in a browser, with proposals, agreement and download.

What works here: its downloads become a project with everybody's work, agreement over all words, and the number of
actions. Its own kappa is taken a sentence at a time and set to 1 or 0 where a sentence has one label; planted tables
show what that does. How fast people are needs people: the protocol stands with the claim.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S025",
    slug="commentator",
    title="COMMENTATOR: A Code-mixed Multilingual Text Annotation Framework",
    kind="tool",
    url="https://github.com/lingo-iitgn/commentator",
    uses=(
        "annotate.commentator.read",
        "annotate.project.new",
        "annotate.compare.rated",
        "annotate.actions_needed.keys",
        "measure.agreement.cohen_kappa",
    ),
    claims=(
        Claim("import", "share of planted words that come back out of a download", "mechanism", at_least=1.0),
        Claim(
            "over-all-words",
            "Cohen's kappa over all words agrees with the one computed from its definition (1 - largest difference)",
            "mechanism",
            at_least=1.0 - 1e-9,
        ),
        Claim(
            "by-sentence",
            "distance between kappa over all words and the mean of kappas of sentences, set to 1 or 0 where they have "
            "one label, on planted people who agree on about 9 words of 10, half the sentences in one language",
            "direction",
            at_least=0.1,
        ),
        Claim(
            "actions",
            "clicks that cycle labels over keys, a sentence, with the same proposals and all labels of the project",
            "direction",
            at_least=1.0,
        ),
        Claim(
            "faster",
            "people label five times as fast as with other tools",
            "needs",
            where="abstract",
            needs="people: six annotators who read both languages, the same 100 sentences in two tools in turned-round "
            "order; medians of macaronic annotate status PROJECT --json, with the agreement of each",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "seconds"},
    tasks=("lid", "pos", "ner", "matrix-language"),
    languages=("hi", "hi-Latn", "en"),
)
LABELS = ("e", "h", "u")
READ = {"e": "en", "h": "hi-Latn", "u": "other"}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant a download and tables of labels; count actions on the bundled sentences."""
    n = {"smoke": 40, "small": 400, "full": 2000}[scale]
    return [imported(rng, n), *agreement(rng, n), actions(None if scale != "smoke" else 60)]


def imported(rng: np.random.Generator, n: int) -> Check:
    """A download of two people, read back."""
    from macaronic.annotate.commentator import read
    from macaronic.core.problems import Problems

    said = {who: [[str(x) for x in rng.choice(LABELS, 5)] for _ in range(n)] for who in ("asha", "ravi")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "all.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["username", "grammar", "date", "tag", "time"])
            for who, rows in said.items():
                for number, labels in enumerate(rows):
                    cell = [{"key": f"w{number}.{i}", "value": label} for i, label in enumerate(labels)]
                    table.writerow([who, "", "", str(cell), ""])
        found = list(read(str(path), Problems()))
    back = [
        one.people[who].layers["lang"][i] == READ[label]
        for number, one in enumerate(found)
        for who in said
        for i, label in enumerate(said[who][number])
    ]
    return measured("import", float(np.mean(back)), n=len(back))


def agreement(rng: np.random.Generator, n: int) -> list[Check]:
    """Two people; the second says the same as the first on 8 words of 10 and guesses the others."""
    from macaronic.measure.agreement import cohen_kappa

    first = [["h"] * 8 if i % 2 else [str(x) for x in rng.choice(LABELS, 8, p=[0.45, 0.45, 0.1])] for i in range(n)]
    second = [[x if rng.random() < 0.8 else str(rng.choice(LABELS)) for x in row] for row in first]
    flat = [[x for row in rows for x in row] for rows in (first, second)]
    ours = cohen_kappa(flat[0], flat[1]) or 0.0
    alone = [by_sentence(a, b) for a, b in zip(first, second)]
    note = f"over all words {ours:.3f}, mean of sentences {np.mean(alone):.3f}"
    return [
        measured("over-all-words", 1 - abs(ours - defined(*flat)), n=len(flat[0])),
        measured("by-sentence", abs(float(np.mean(alone)) - ours), n=n, note=note),
    ]


def defined(first: Sequence[str], second: Sequence[str]) -> float:
    """Kappa of two lists by its definition; NaN where both always say the same one label."""
    seen = np.mean([a == b for a, b in zip(first, second)])
    chance = sum(list(first).count(x) * list(second).count(x) for x in set(first)) / len(first) ** 2
    return float((seen - chance) / (1 - chance)) if chance < 1 else float("nan")


def by_sentence(first: Sequence[str], second: Sequence[str]) -> float:
    """Kappa of one sentence as S025's code gives it: 1 or 0 where only one label occurs."""
    if len({*first, *second}) == 1:
        return float(list(first) == list(second))
    return defined(first, second)


def actions(most: int | None) -> Check:
    """Keys and clicks to put the shipped tagger's labels of bundled sentences right."""
    from macaronic import bundled
    from macaronic.annotate.actions_needed import clicks, keys
    from macaronic.annotate.layers import language_labels
    from macaronic.identify import tagger

    counts = []
    for sentence in bundled.mixed()[:most]:
        labels = language_labels(sentence.pair.split("/"))
        (found,) = tagger.load().tag([list(sentence.words)], sentence.pair.split("/"))
        if {*found.labels, *sentence.labels} <= set(labels):
            by_keys = keys(found.labels, sentence.labels, found.confidence, labels)
            counts.append((by_keys, clicks(found.labels, sentence.labels, labels)))
    by_key, by_click = np.mean(counts, axis=0)
    note = f"keys {by_key:.2f}, clicks {by_click:.2f} a sentence; no key needs a pointer, every click does"
    return measured("actions", by_click / by_key, n=len(counts), note=note)
