"""S099: translating Singlish with its toxicity kept: annotators' rankings make the prompt, likeness picks the model.

What works here: few-shot curation from rankings, the choice among models and prompts by likeness of translation and
back-translation, and the measure of how much toxicity arrives. Checked on made-up languages with planted answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S099",
    slug="singlish-toxicity",
    title="Toxicity-Aware Few-Shot Prompting for Low-Resource Singlish Translation",
    kind="method",
    url="https://arxiv.org/abs/2507.11966",
    uses=(
        "synth.few_shot.curate",
        "synth.prompted.Prompted",
        "synth.translator_choice.choose",
        "synth.translator_choice.toxicity_kept",
    ),
    claims=(
        Claim(
            "curation",
            "the candidate that several erring annotators rank best is the planted best one more often than the first "
            "choice of one of them is (difference of shares)",
            "mechanism",
            at_least=0.05,
        ),
        Claim(
            "planted-best",
            "share of trials in which the translator with the fewest planted errors is chosen, without a reference",
            "mechanism",
            at_least=0.9,
        ),
        Claim(
            "round-trip",
            "a translator that swaps meanings and swaps them back is put first by back-translation alone, and never by "
            "both likenesses (share of trials)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "toxicity",
            "a translator that softens what hurts and is else perfect comes first by likeness, and last when a bar on "
            "toxicity kept is set (share of trials)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "models",
            "which of several paid models and prompts serve Singlish best, and what people say of the translations",
            "needs",
            where="abstract",
            needs="paid models, raters, a Singlish safety corpus, a multilingual encoder; in Python: "
            "choose(texts, {'a': Prompted(lm_named('openai:MODEL'), examples=curate(rated, 10))}, "
            "source='en', target='zh', embedder=encoder, toxicity=scorer, rng=rng)",
        ),
    ),
    cost={"smoke": "seconds, made up", "small": "seconds, made up", "full": "half a minute, made up"},
    tasks=("translation", "offensive"),
    languages=("en", "zh", "ms", "ta"),
)
MEANINGS, HURTFUL, LENGTH, TEXTS = 200, 20, 8, 40
ERRORS = {"best": 0.05, "fair": 0.15, "poor": 0.3}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant a best candidate, look whether it is found.

    Args:
        scale: how many trials.
        rng: texts, errors, rankings, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.synth.few_shot import Ranked, curate
    from macaronic.synth.translator_choice import choose

    embedder: Any = SimpleNamespace(embed=meanings)
    trials = {"smoke": 20, "small": 100, "full": 400}[scale]
    several, alone = np.zeros(trials), np.zeros(trials)
    worth = np.array([1.0, 0.5, 0.0, -0.5])  # candidate 0 is the best; each annotator sees it with an error
    for t in range(trials):
        ranked = np.argsort(-(worth + rng.normal(0, 0.7, (5, 4))), axis=1)
        item = Ranked("text", ("0", "1", "2", "3"), tuple(tuple(map(int, r)) for r in ranked))
        several[t] = curate([item], 1)[0].target == "0"
        alone[t] = np.mean(ranked[:, 0] == 0)

    found = np.zeros((trials, 3))
    for t in range(trials):
        texts = [" ".join(f"s{m}" for m in rng.integers(0, MEANINGS, LENGTH)) for _ in range(TEXTS)]
        asked: dict[str, Any] = {"source": "ms", "target": "en", "embedder": embedder, "rng": rng, "samples": 0}
        erring = {name: translator(erred(share, rng)) for name, share in ERRORS.items()}
        found[t, 0] = choose(texts, erring, **asked)[0].name == "best"

        swapping = {**erring, "swap": translator(lambda m: (m + 1) % MEANINGS, lambda m: (m - 1) % MEANINGS)}
        backwards = choose(texts, swapping, weight=0.0, **asked)
        found[t, 1] = backwards[0].name == "swap" != choose(texts, swapping, **asked)[0].name

        softening = {**erring, "soft": translator(lambda m: m + HURTFUL if m < HURTFUL else m)}
        barred = choose(texts, softening, toxicity=hurtful, least_kept=0.5, **asked)
        found[t, 2] = choose(texts, softening, **asked)[0].name == "soft" and barred[-1].name == "soft"

    gain = several - alone
    note = f"{trials} made-up trials of {TEXTS} texts"
    told = f"{several.mean():.3f} with five annotators, {alone.mean():.3f} with one"
    return [
        measured("curation", gain.mean(), interval(gain, rng=rng), n=trials, note=told),
        measured("planted-best", found[:, 0].mean(), interval(found[:, 0], rng=rng), n=trials, note=note),
        measured("round-trip", found[:, 1].mean(), n=trials, note=note),
        measured("toxicity", found[:, 2].mean(), n=trials, note=note),
    ]


def meanings(texts: Sequence[str]) -> NDArray[np.float32]:
    """An encoder of both languages that hears what is meant, but not how: a hurtful word is like its harmless twin."""
    rows = np.zeros((len(texts), MEANINGS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            meaning = int(word[1:])
            row[meaning - HURTFUL if HURTFUL <= meaning < 2 * HURTFUL else meaning] += 1
    return rows


def hurtful(text: str) -> float:
    """1 where one of the hurtful meanings occurs."""
    return float(any(int(word[1:]) < HURTFUL for word in text.split()))


def translator(there: Callable[[int], int], back: Callable[[int], int] = int) -> Any:
    """Word for word between `s7` and `t7`, each meaning changed as told."""

    def translate(texts: Sequence[str], source: str, target: str) -> list[str]:
        letter, change = ("t", there) if target == "en" else ("s", back)
        return [" ".join(f"{letter}{change(int(word[1:]))}" for word in text.split()) for text in texts]

    return SimpleNamespace(translate=translate)


def erred(share: float, rng: np.random.Generator) -> Callable[[int], int]:
    """A change that puts another meaning in the place of a share of the words."""
    return lambda meaning: int(rng.integers(MEANINGS)) if rng.random() < share else meaning
