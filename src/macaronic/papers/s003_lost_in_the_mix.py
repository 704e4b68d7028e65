"""S003: Lost in the Mix, the making of its test items.

What works here: nouns, or a fifth of the words, of one text of a parallel set said in another language, spread over
several languages, or the other way round; filled through word links or by a callable. Checked on texts that our own
aligner links. The paper fills its marks with language models and scores other models on the result; what mixing costs
a model is found here by paired comparison of plain and mixed versions, checked on a reader whose faults are planted.
"""

from __future__ import annotations

import numpy as np

from macaronic.evaluate.judged import Judged
from macaronic.evaluate.mixed_items import Item
from macaronic.evaluate.mixed_versions import Version, changes, mixed_rows, plain_rows
from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S003",
    slug="lost-in-the-mix",
    title="Lost in the Mix: Evaluating LLM Understanding of Code-Switched Text",
    kind="method",
    url="https://arxiv.org/abs/2506.14012",
    uses=(
        *(f"synth.marks.{name}" for name in ("noun_token", "ratio_token", "extreme", "reverse")),
        "synth.align.align",
        "evaluate.mixed_versions.changes",
    ),
    claims=(
        Claim(
            "exact-ratio",
            "ratio-token says exactly max(1, floor(0.2 n)) of n words in the other language (share of texts)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "only-nouns",
            "noun-token leaves every word that is no noun byte for byte (share of those words)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "even",
            "the extreme form fills as many marks from each language, give or take one (share of texts)",
            "mechanism",
            at_least=1.0,
        ),
        Claim("made", "share of texts with both noun-token and its reverse", "direction", at_least=0.75),
        Claim(
            "planted-change",
            "the change between plain and mixed items is that of a reader who fails at every third mixed item, in both "
            "directions (share of versions)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "degradation",
            "foreign words in English text lower accuracy on Belebele, MMLU and XNLI; English nouns in other languages "
            "often raise it",
            "needs",
            where="abstract",
            needs="the three benchmarks and language models: macaronic eval mixed belebele.jsonl --pair en,ar --both "
            "--method noun-token --name link --name question_number --out versions.jsonl, then macaronic eval run "
            "mixed-versions --prompts versions.jsonl --model openai:MODEL --out outputs.jsonl",
        ),
    ),
    data=("parallel-ntrex",),
    cost={"smoke": "seconds", "small": "10 seconds, parallel-ntrex (200 texts)", "full": "the same as small"},
    tasks=("question-answering", "nli", "robustness"),
    languages=("en", "ar", "de", "fr", "zh"),
)
OTHERS = {"de": "deu", "fr": "fra", "es": "spa"}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Align English with three languages, make the four forms, and compare them with the texts word by word."""
    import json

    from macaronic.bundled import parallel
    from macaronic.core.errors import MissingData
    from macaronic.core.parallel import Parallel
    from macaronic.core.utterance import Utterance
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.synth import classes, marks
    from macaronic.synth.align import align
    from macaronic.synth.mixed import word_label
    from macaronic.text.words import words

    sha = ""
    if scale == "smoke":
        texts = {tag: [words(row[tag]) for row in parallel()] for tag in ("en", *OTHERS)}
    else:
        try:
            place, sha = locate("parallel-ntrex"), data_sha256("parallel-ntrex")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = [json.loads(line) for line in (place / "ntrex200.jsonl").read_text("utf-8").splitlines()]
        known = {line["lang"]: line["sentences"] for line in lines}
        texts = {tag: [words(s) for s in known[code]] for tag, code in {"en": "eng-US", **OTHERS}.items()}

    found = {tag: align(list(zip(texts["en"], texts[tag], strict=True)), source="en", target=tag) for tag in OTHERS}
    rows = [
        Parallel(
            str(i),
            {tag: Utterance.from_words(texts[tag][i]) for tag in texts},
            {("en", tag): found[tag][i].links for tag in OTHERS},
        )
        for i in range(len(texts["en"]))
    ]

    exact, same, even, made = [], [], [], []
    for row in rows:
        english = row.texts["en"].words
        drawn = marks.ratio_token(row, main="en", embedded="de", rng=rng)
        if drawn.sentences and not drawn.notes:
            n = sum(word_label(w, "en") != "other" for w in english)
            left = sum(side == "en" for side in drawn.sentences[0].sides)
            exact.append(len(english) - left == max(1, n // 5))
        pos = classes.of(row.texts["en"], "en").pos
        nouns = marks.noun_token(row, main="en", embedded="fr", rng=rng)
        for one in nouns.sentences:
            kept = {i: w for w, side, i in zip(one.words, one.sides, one.index, strict=True) if side == "en"}
            same += [kept.get(i) == w for i, (w, p) in enumerate(zip(english, pos, strict=True)) if p != "NOUN"]
        made.append(bool(nouns.sentences and marks.reverse(row, main="es", rng=rng).sentences))
        for one in marks.extreme(row, main="en", rng=rng).sentences:
            filled = [one.meta["by_language"].get(tag, 0) for tag in OTHERS]
            left = sum(side == "en" for side in one.sides)
            even.append(max(filled) - min(filled) <= 1 and left + sum(filled) == len(english))
    right = planted([Item(r.group, {tag: {"text": r.texts[tag].text} for tag in ("en", "fr")}) for r in rows])
    note = f"{len(rows)} texts, English with {', '.join(OTHERS)}"
    return [
        measured("exact-ratio", np.mean(exact), n=len(exact), data_sha256=sha, note=note),
        measured("only-nouns", np.mean(same), n=len(same), data_sha256=sha, note=note),
        measured("even", np.mean(even), n=len(even), data_sha256=sha, note=note),
        measured("made", np.mean(made), n=len(made), data_sha256=sha, note=note),
        measured("planted-change", np.mean(right), n=len(right), data_sha256=sha, note=note),
    ]


def planted(items: list[Item]) -> list[bool]:
    """Whether the change of each version is that of a reader who answers all plain items and fails at a third."""
    judged = [Judged(r["id"], {"accuracy": 1.0}, t, r["version"]) for t in ("en", "fr") for r in plain_rows(items, t)]
    wanted = {}
    for version in (Version("en", "fr", "noun-token"), Version("fr", "en", "noun-token")):
        names = [row["id"] for row in mixed_rows(items, version)]
        values = [float(i % 3 > 0) for i in range(len(names))]
        judged += [Judged(n, {"accuracy": v}, version.main, version.name) for n, v in zip(names, values, strict=True)]
        wanted[version.name] = np.mean(values) - 1
    found = {one.language: one.change for kind, one in changes(judged, samples=1) if kind == "version"}
    return [bool(abs(found.get(name, 1.0) - value) < 1e-9) for name, value in wanted.items()]
