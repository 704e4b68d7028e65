"""S119: language identification for the languages of India in their own scripts.

What works here: a sentence identifier that anyone can train (`macaronic train sentence-lid`), and an evaluation on
short text, which the paper calls the hard part. Its own 230,000 sentences lie outside, so the checks run on a STAND-IN:
13 of its 23 languages out of NTREX-128 (eight languages of the bundled sentences at smoke scale). No figure of the
paper is compared with.
"""

from __future__ import annotations

import json
from collections import Counter

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

NTREX = {
    "ben": "bn", "eng-US": "en", "guj": "gu", "hin": "hi", "kan": "kn", "mal": "ml", "mar": "mr", "nep": "ne-Deva",
    "pan": "pa", "snd-Arab": "sd", "tam": "ta", "tel": "te", "urd": "ur",
}  # fmt: skip
BUNDLED = ("bn", "en", "gu", "hi", "mr", "ta", "te", "ur")

PAPER = Paper(
    id="S119",
    slug="ilid",
    title="ILID: Native Script Language Identification for Indian Languages",
    kind="dataset",
    url="https://arxiv.org/abs/2507.11832",
    uses=("identify.sentence_lid.fit", "identify.sentence_lid.load", "text.scripts.script_shares"),
    claims=(
        Claim(
            "beats-script",
            "a trained identifier is more accurate than the best guess from the script alone (difference of accuracy)",
            "direction",
            at_least=0.01,
        ),
        Claim(
            "whole",
            "accuracy on whole unseen sentences, held to a bar of ours (stand-in data)",
            "direction",
            at_least=0.995,
        ),
        Claim(
            "short",
            "accuracy on the first four words of unseen sentences, held to a bar of ours (stand-in data)",
            "direction",
            at_least=0.95,
        ),
        Claim("short-is-harder", "whole sentences minus their first four words (difference of accuracy)", "direction"),
        Claim(
            "ilid",
            "the same on the paper's own 23 languages",
            "needs",
            where="the paper's tables of baselines",
            needs="the set from https://yashingle-ai.github.io/ILID/ as tab-separated text and label, then: "
            "macaronic train sentence-lid ilid-train.tsv --test ilid-test.tsv --out ilid-model",
        ),
    ),
    data=("parallel-ntrex",),
    cost={"smoke": "a second", "small": "10 seconds, parallel-ntrex", "full": "the same as small"},
    tasks=("sentence-lid",),
    languages=(*dict.fromkeys(NTREX.values()), "as", "brx", "doi", "ks", "kok", "mai", "mni", "or", "sa", "sat"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Train on one part of parallel sentences, test on another; no sentence of the test was seen in any language.

    Args:
        scale: `smoke` takes the bundled sentences, the others take `parallel-ntrex`.
        rng: for the bootstrap intervals.
    """
    from macaronic.bundled import parallel
    from macaronic.core.bootstrap import interval
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.identify import sentence_lid
    from macaronic.text.scripts import script_shares

    sha = ""
    if scale == "smoke":
        rows = parallel()
        train = [(row[tag], tag) for i, row in enumerate(rows) if i % 3 for tag in BUNDLED]
        test = [(row[tag], tag) for i, row in enumerate(rows) if i % 3 == 0 for tag in BUNDLED]
    else:
        try:
            place, sha = locate("parallel-ntrex"), data_sha256("parallel-ntrex")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = (place / "ntrex200.jsonl").read_text("utf-8").splitlines()
        told = {row["lang"]: row["sentences"] for row in map(json.loads, lines) if row["lang"] in NTREX}
        train = [(text, NTREX[code]) for code in NTREX for text in told[code][:140]]
        test = [(text, NTREX[code]) for code in NTREX for text in told[code][140:]]

    texts, gold = [text for text, _ in test], [tag for _, tag in test]
    model = sentence_lid.fit([text for text, _ in train], [tag for _, tag in train])

    def right(answers: list[str | None]) -> np.ndarray:
        return np.array([answer == tag for answer, tag in zip(answers, gold, strict=True)], dtype=float)

    whole = right([lang for lang, _ in model.identify(texts)])
    short = right([lang for lang, _ in model.identify([" ".join(text.split()[:4]) for text in texts])])

    seen: dict[str, Counter[str]] = {}
    for text, tag in train:
        seen.setdefault(main_script(script_shares(text)), Counter())[tag] += 1
    by_script = {name: min(tags, key=lambda tag: (-tags[tag], tag)) for name, tags in seen.items()}
    guessed = right([by_script.get(main_script(script_shares(text))) for text in texts])

    note = "stand-in data, not ILID"
    answers = {"beats-script": whole - guessed, "whole": whole, "short": short, "short-is-harder": whole - short}
    return [
        measured(claim, values.mean(), interval(values, rng=rng), n=len(test), data_sha256=sha, note=note)
        for claim, values in answers.items()
    ]


def main_script(shares: dict[str, float]) -> str:
    """The script of most of a text's letters."""
    return max(shares, key=lambda name: shares[name], default="")
