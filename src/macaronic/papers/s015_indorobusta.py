"""S015: IndoRobusta: what a classifier loses when important words are said in another language; training for it.

What works here: the Blend attack on any classifier, the three Shot trainings, the loss of accuracy with intervals.
Checked on questions in Indonesian whose topic our linear classifier names, with English words from a dictionary that
the aligner learns from the training part; at smoke scale on made-up texts. The paper's models need a GPU.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S015",
    slug="indorobusta",
    title="IndoRobusta: Towards Robustness Against Diverse Code-Mixed Indonesian Local Languages",
    kind="method",
    url="https://arxiv.org/abs/2311.12405",
    uses=("synth.attack.attacked.blend", "synth.attack.masking.importance", "synth.shots.shot", "synth.shots.report"),
    claims=(
        Claim("only-correct", "share of misclassified texts that the attack leaves alone", "mechanism", at_least=1.0),
        Claim("protected", "share of changed texts in which every protected word stays", "mechanism", at_least=1.0),
        Claim("gate", "share of changed texts at least as similar as the threshold asks", "mechanism", at_least=1.0),
        Claim("grows", "more words cost more: loss at ratio 0.8 less loss at ratio 0.2", "direction", at_least=0.05),
        Claim("joint", "loss at 0.8 after clean training less after joint training", "direction", at_least=0.05),
        Claim(
            "models",
            "pre-trained models handle English better than local languages mixed into Indonesian",
            "needs",
            where="abstract",
            needs="a GPU and the models, data and dictionaries of https://github.com/faridlazuarda/indorobusta; then "
            "macaronic.synth.shots.report(models, test, dictionaries, embedder=..., language='id', rng=...)",
        ),
    ),
    data=("eval-blend",),
    cost={"smoke": "seconds", "small": "10 seconds (5 folds), eval-blend", "full": "20 seconds (10 folds)"},
    tasks=("robustness",),
    languages=("id", "en", "su", "jv", "ms"),
)
STRICT = 0.4
Row = tuple[str, int, str]


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Attack a classifier on texts that it has not seen, before and after joint training.

    Args:
        scale: `smoke` makes texts up, `small` takes five folds of Indonesian questions, `full` ten.
        rng: made-up texts, folds, protected words, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.core.errors import MissingData
    from macaronic.synth import shots
    from macaronic.synth.attack import Attacked, blend
    from macaronic.text.words import words

    try:
        rows, sha = (made_up(240, rng), "") if scale == "smoke" else questions()
    except MissingData as error:
        return unanswered(PAPER, error)
    language, folds = None if scale == "smoke" else "id", {"smoke": 2, "small": 5, "full": 10}[scale]
    fold = rng.permutation(len(rows)) % folds
    known = sorted({word.lower() for text, _, _ in rows for word in words(text)})
    protected = set(rng.choice(known, len(known) // 10, replace=False).tolist())
    losses: list[shots.Loss] = []
    attacked: list[Attacked] = []
    for held in range(folds):
        (texts, labels, others), (unseen, gold, _) = (
            zip(*(rows[i] for i in np.flatnonzero(part)), strict=True) for part in (fold != held, fold == held)
        )
        pairs = learnt(texts, others)
        clean = fit(texts, labels).probabilities
        noisy = shots.perturbed(blend(texts, labels, clean, pairs, ratio=0.8, language=language))
        models = {"clean": clean, "joint": shots.shot("joint", shots.Examples(texts, labels), noisy, fit).probabilities}
        test = shots.Examples(unseen, gold)
        losses += shots.report(models, test, {"en": pairs}, ratios=(0.2, 0.8), language=language, rng=rng, samples=0)
        attacked += blend(unseen, gold, clean, pairs, language=language, threshold=STRICT, protected=protected)

    wrong = [row.perturbed == row.text for loss in losses for row in loss.rows if row.before != row.label]
    changed = [row for row in attacked if row.changes]
    kept = [not protected & {word.lower() for _, word, _ in row.changes} for row in changed]

    def lost(training: str, ratio: float) -> NDArray[np.float64]:
        found = [row for loss in losses if (loss.training, loss.ratio) == (training, ratio) for row in loss.rows]
        return np.array([float(row.before == row.label) - float(row.after == row.label) for row in found])

    worst = lost("clean", 0.8)
    note = f"loss of the clean training at 0.8: {worst.mean():.3f}; {folds} folds"
    gains = {"grows": worst - lost("clean", 0.2), "joint": worst - lost("joint", 0.8)}
    return [
        measured("only-correct", np.mean(wrong), n=len(wrong), data_sha256=sha),
        measured("protected", np.mean(kept), n=len(kept), data_sha256=sha),
        measured("gate", np.mean([row.similarity >= STRICT for row in changed]), n=len(kept), data_sha256=sha),
        *(
            measured(claim, gain.mean(), interval(gain, rng=rng), n=len(gain), data_sha256=sha, note=note)
            for claim, gain in gains.items()
        ),
    ]


def questions() -> tuple[list[Row], str]:
    """Indonesian questions about everyday life, the number of their topic, their English form; and a fingerprint."""
    import csv

    from macaronic.curate.datasets import data_sha256, locate

    with open(locate("eval-blend") / "Indonesia_questions.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    topics = sorted({row["Topic"] for row in rows})
    return [(r["Question"], topics.index(r["Topic"]), r["Translation"]) for r in rows], data_sha256("eval-blend")


def made_up(count: int, rng: np.random.Generator) -> list[Row]:
    """Ten words a text, of which at most seven tell its class, and a translation whose letters tell nothing."""
    tell = [[f"{sign}{a}{b}" for a in "aeiou" for b in "kmt"] for sign in ("bel", "dor", "gis")]
    plain = [f"nu{a}{b}" for a in "aeiou" for b in "klmprst"]
    other = {word: f"zu{number:03d}" for number, word in enumerate(sum(tell, plain))}
    rows = []
    for label in (number % 3 for number in range(count)):
        telling = int(rng.integers(0, 8))
        drawn = [*rng.choice(tell[label], telling, replace=False), *rng.choice(plain, 10 - telling)]
        words = rng.permutation(drawn).tolist()
        rows.append((" ".join(words), label, " ".join(other[word] for word in words)))
    return rows


def learnt(texts: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """A dictionary by aligning sentence pairs: for each word the one that it is linked to most often."""
    from macaronic.synth.align import align
    from macaronic.text.words import words

    cut = [(words(a.lower()), words(b.lower())) for a, b in zip(texts, others, strict=True)]
    linked: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (own, other), alignment in zip(cut, align(cut), strict=True):
        for i, j in alignment.links:
            linked[own[i]][other[j]] += 1
    return {word: found.most_common(1)[0][0] for word, found in linked.items()}


def fit(texts: Sequence[str], labels: Sequence[int], start: Any = None) -> Any:
    """A linear classifier over letter n-grams; it cannot go on from another one."""
    from macaronic.identify import sentence_lid

    return sentence_lid.fit(texts, [str(label) for label in labels])
