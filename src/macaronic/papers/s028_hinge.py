"""S028: HinGE, its two rule-based generators of Hinglish, and what metrics say beside people's ratings.

What works here: WAC (aligned nouns and adjectives) and PAC (aligned key phrases), with a dictionary, word links or both
in place of the paper's online dictionary, and our reading of YAKE's key phrases. Checked on a dictionary toy with exact
outputs and on parallel text; the study of metrics on planted ratings. The human sentences lie on a hub.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S028",
    slug="hinge",
    title="HinGE: A Dataset for Generation and Evaluation of Code-Mixed Hinglish Text",
    kind="dataset",
    url="https://arxiv.org/abs/2107.03760",
    uses=("synth.hinge.wac", "synth.hinge.pac", "synth.keyphrases.keyphrases", "evaluate.benchmarks.hinge.score"),
    claims=(
        Claim(
            "toy", "share of hand-made sentences that come out exactly as the algorithms say", "mechanism", at_least=1.0
        ),
        Claim(
            "latin",
            "share of words of the matrix text that are in Latin letters, and labelled so, in what both make",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "naming-words",
            "share of runs of English words in what WAC makes that hold nouns and adjectives alone",
            "mechanism",
            at_least=1.0,
        ),
        Claim("made", "share of pairs for which both generators give a sentence", "direction", at_least=0.8),
        Claim(
            "metrics",
            "BLEU, WER and the like against human Hinglish agree poorly with the human ratings of WAC and PAC",
            "needs",
            where="abstract",
            needs="the hub data LingoIITGN/HinGE (CC BY 4.0): pip install 'macaronic[hub]'; then "
            "macaronic eval score hinge RATED.csv",
        ),
        Claim("planted", "Spearman of chrF++ with planted ratings, less that shuffled", "mechanism", at_least=0.7),
    ),
    data=("parallel-ntrex",),
    cost={"smoke": "seconds", "small": "10 seconds, parallel-ntrex (500 pairs)", "full": "half a minute (2,009 pairs)"},
    tasks=("generation", "translation"),
    languages=("hi", "hi-Latn", "en"),
)
TOY = {"book": "किताब", "new": "नई", "table": "मेज़", "milk": "दूध", "hot": "गरम", "chair": "कुर्सी"}
CASES = (
    ("wac", "नई किताब मेज़ पर है", "the new book is on the table", "new book table par hai"),
    ("pac", "नई किताब मेज़ पर है", "the new book is on the table", "new book table par hai"),
    ("wac", "दूध गरम है", "the milk is hot", "milk hot hai"),
    ("wac", "वह कुर्सी पर है", "he is on the chair", "wo chair par hai"),
    ("pac", "वह कुर्सी पर है", "he is on the chair", "wo chair par hai"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """The toy, then WAC and PAC over aligned pairs (bundled; 500 or all of FLORES-200), looked at word by word."""
    from itertools import groupby

    from macaronic.bundled import parallel
    from macaronic.core.errors import MissingData
    from macaronic.core.parallel import Parallel
    from macaronic.core.utterance import Utterance
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.synth import classes, hinge
    from macaronic.synth.align import align
    from macaronic.synth.lexicon import build
    from macaronic.synth.mixed import Outcome
    from macaronic.text.scripts import script_of
    from macaronic.text.words import words

    sha = ""
    if scale == "smoke":
        both = [(words(row["hi"]), words(row["en"])) for row in parallel()]
    else:
        try:
            place, sha = locate("parallel-ntrex"), data_sha256("parallel-ntrex")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = [json.loads(line) for line in (place / "flores200_check.jsonl").read_text("utf-8").splitlines()]
        known = {line["lang"]: line["dev"] + line["devtest"] for line in lines}
        texts = zip(known["hin_Deva"], known["eng_Latn"], strict=True)
        both = [(words(a), words(b)) for a, b in texts][: 500 if scale == "small" else None]

    lexicon = build([(english, hindi, 1, "") for english, hindi in TOY.items()], "en", "hi")
    methods: dict[str, Callable[..., Outcome]] = {"wac": hinge.wac, "pac": hinge.pac}
    exact = []
    for name, hindi, english, expected in CASES:
        row = Parallel("toy", {"hi": Utterance.from_words(hindi.split()), "en": Utterance.from_words(english.split())})
        exact.append([one.text for one in methods[name](row, lexicon=lexicon, rng=rng).sentences] == [expected])

    latin, runs, made = [], [], []
    for i, found in enumerate(align(both, source="hi", target="en")):
        sides = {"hi": Utterance.from_words(both[i][0]), "en": Utterance.from_words(both[i][1])}
        row = Parallel(str(i), sides, {("hi", "en"): found.links})
        outcomes = {name: method(row, rng=rng) for name, method in methods.items()}
        made.append(all(outcome.sentences for outcome in outcomes.values()))
        pos = classes.of(sides["en"], "en").pos
        for name, outcome in outcomes.items():
            for one in outcome.sentences:
                rows = list(zip(one.words, one.langs, one.sides, one.index, strict=True))
                ours = [(word, lang) for word, lang, side, _ in rows if side == "hi" and lang != "other"]
                latin += [lang == "hi-Latn" and script_of(word) == "Latn" for word, lang in ours]
                for side, run in groupby(rows, key=lambda cell: cell[2]):
                    places = [cell[3] for cell in run]
                    if side == "en" and name == "wac":
                        runs.append(all(pos[at] in hinge.NAMING for at in places))
    note = f"{len(both)} Hindi-English pairs, links by our aligner"
    return [
        measured("toy", np.mean(exact), n=len(exact)),
        measured("latin", np.mean(latin), n=len(latin), data_sha256=sha, note=note),
        measured("naming-words", np.mean(runs), n=len(runs), data_sha256=sha, note=note),
        measured("made", np.mean(made), n=len(made), data_sha256=sha, note=note),
        rated(rng),
    ]


def rated(rng: np.random.Generator) -> Check:
    """Bundled mixed sentences with words replaced; the rating is the share that is kept."""
    from macaronic.bundled import mixed
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.hinge import score

    made, ratings, found = [], [], []
    for text, *_ in mixed("hi-Latn/en")[:60]:
        gone = rng.random(len(text.split())) < rng.random()
        made.append((text, " ".join("zzz" if out else word for word, out in zip(text.split(), gone))))
        ratings.append(float(1 - gone.mean()))
    for given in (ratings, rng.permutation(ratings).tolist()):
        rows = [{"id": i, "generated": b, "references": [a], "rating": given[i]} for i, (a, b) in enumerate(made)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rated.jsonl"
            path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
            told = {(r.name, r.level): r.value for r in score(Asked(str(path), samples=0)).results}
        found.append(told["chrf", "spearman"] or 0.0)
    return measured("planted", found[0] - found[1], n=len(made), note=f"{found[0]:.3f}, shuffled {found[1]:.3f}")
