"""S059: grammatical error correction of code-switched sentences: learner text made code-switched, with its corrections.

What works here: the six span selectors, the errors put back around the switched words as a new M2, the F0.5 scorer.
Checked on real English sentences into which errors of known kinds are put, switched through their aligned translations
(at smoke scale on bundled pairs). Training the paper's systems needs a GPU and the learner corpora.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered
from macaronic.synth.gec.m2 import Edit, Sentence

PAPER = Paper(
    id="S059",
    slug="csw-gec",
    title="Grammatical Error Correction for Code-Switched Sentences by Learners of English",
    kind="method",
    url="https://arxiv.org/abs/2404.12489",
    uses=("synth.gec.select.select", "synth.gec.apply.mix", "synth.gec.score.score", "synth.gec.m2.read"),
    claims=(
        Claim(
            "restored",
            "share of switched learner sentences that the new edits turn into the switched correction, word for word",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "edits",
            "share of the edits that come back when none of their words is switched, and stay out when one is",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "selectors",
            "share of choices that are what the selector's name says: so many words, a window, a noun, a phrase",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "scorer",
            "share of made-up systems (every k-th edit found, others invented) whose F0.5 is as counted by hand",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "gain",
            "F0.5 gained over a system trained on English alone, mean of the Chinese, Korean and Japanese test sets",
            "needs",
            reported=1.57,
            where="abstract",
            needs="a GPU, the learner corpora and https://github.com/kelvinchanwh/csw-gector; the text for it: "
            "macaronic.synth.gec.apply.mix; training correctors is not part of macaronic yet",
        ),
    ),
    data=("parallel-ntrex",),
    cost={"smoke": "seconds", "small": "10 seconds, parallel-ntrex", "full": "the same as small"},
    tasks=("gec", "generation"),
    languages=("en", "zh", "ko", "ja"),
)
CODES = {"zh": "zho-CN", "ko": "kor", "ja": "jpn"}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Put errors into English sentences, switch spans of their corrections by every method, and score made-up systems.

    Args:
        scale: `smoke` takes bundled pairs with Chinese, the others `parallel-ntrex` with Chinese, Korean and Japanese.
        rng: errors and spans.
    """
    import json
    from dataclasses import replace

    from macaronic.bundled import parallel
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.synth.align import align
    from macaronic.synth.classes import classes
    from macaronic.synth.gec import render, select
    from macaronic.synth.gec.apply import Switched, inverse, mix
    from macaronic.synth.gec.score import score
    from macaronic.text.words import words as cut

    sha, english, others = "", [row["en"] for row in parallel()], {"zh": [row["zh"] for row in parallel()]}
    if scale != "smoke":
        try:
            place, sha = locate("parallel-ntrex"), data_sha256("parallel-ntrex")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = map(json.loads, (place / "ntrex200.jsonl").read_text("utf-8").splitlines())
        sides = {line["lang"]: line["sentences"] for line in lines}
        english, others = sides["eng-US"], {tag: sides[code] for tag, code in CODES.items()}

    learners = [learner(cut(text), rng) for text in english]
    restored, edits, chosen = [], [], []
    for tag, texts in others.items():
        pairs = [(cut(a), cut(b)) for a, b in zip(english, texts)]
        for sentence, pair, links in zip(learners, pairs, align(pairs, source="en", target=tag)):
            words, faults = inverse(sentence)
            pos = classes(words, "en").pos
            for method in select.METHODS:
                asked = {"phrases": select.chunks(pos), "pos": pos, "edits": [(f.start, f.end) for f in faults]}
                spans = select.select(method, words, rng=rng, **asked)  # type: ignore[arg-type]
                size, floor = sum(b - a for a, b in spans), select.share_of(len(words), 0.2)
                chosen.append(
                    (method == "ratio-token" and size == floor and len(spans) == size)
                    or (method == "cont-token" and size == max(1, floor) and len(spans) == 1)
                    or (method == "noun-token" and all(size == 1 and pos[a] in ("NOUN", "PROPN") for a, _ in spans))
                    or (method.endswith("phrase") and len(spans) <= 1 and size < len(words))
                )
                by = render.by_links(pair[1], links.links, tag)
                made = mix(sentence, method=method, render=by, other=tag, rng=rng, pos=pos)
                if isinstance(made, Switched):
                    restored.append(made.m2.corrected() == made.correct.words and made.m2.words == made.incorrect.words)
                    stayed = {i for side, i in zip(made.correct.sides, made.correct.index) if side == "en"}
                    for fault in faults:
                        whole = set(range(fault.start, fault.end)) <= stayed
                        edits += [whole != (fault.edit in made.dropped)] if fault.end > fault.start else []

    right = []
    for k in (1, 2, 3):
        systems = [replace(one, edits=(Edit(0, 0, "well ,"), *one.edits[::k])) for one in learners]
        found, total = sum(len(one.edits[::k]) for one in learners), sum(len(one.edits) for one in learners)
        precision, recall = found / (found + len(learners)), found / total
        by_hand = 1.25 * precision * recall / (0.25 * precision + recall)
        right.append(abs(float(score(systems, learners)[2].value or 0) - by_hand) < 1e-9)
    return [
        measured(name, np.mean(hits), n=len(hits), data_sha256=sha)
        for name, hits in (("restored", restored), ("edits", edits), ("selectors", chosen), ("scorer", right))
    ]


def learner(words: list[str], rng: np.random.Generator) -> Sentence:
    """A sentence with learners' errors in it: articles left out, words said twice, a wrong ending."""
    wrong: list[str] = []
    edits: list[Edit] = []
    for word, luck in zip(words, rng.random(len(words))):
        at = len(wrong)
        if word.lower() in ("the", "a", "an") and luck < 0.4:
            edits.append(Edit(at, at, word, "M:DET"))
        elif word.isalpha() and luck < 0.08:
            wrong += [word, word]
            edits.append(Edit(at + 1, at + 2, "", "U:OTHER"))
        elif word.isalpha() and luck < 0.2:
            wrong.append(word[:-1] if word.endswith("s") and len(word) > 2 else word + "s")
            edits.append(Edit(at, at + 1, word, "R:MORPH"))
        else:
            wrong.append(word)
    return Sentence(" ".join(wrong), tuple(edits))
