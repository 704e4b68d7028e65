"""S099: translating Singlish with its toxicity kept: annotators' rankings make the prompt, likeness picks the model.

What works here: few-shot curation from rankings, the choice among models and prompts by likeness of translation and
back-translation, and how much toxicity arrives, also as a benchmark. Checked on made-up languages.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
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
        "evaluate.benchmarks.singlish.score",
    ),
    claims=(
        Claim("curation", "how much oftener five erring annotators find the best than one", "mechanism", at_least=0.05),
        Claim("planted-best", "trials in which the best is chosen without a reference", "mechanism", at_least=0.9),
        Claim("round-trip", "swapping there and back wins by back-translation, not by both", "mechanism", at_least=1.0),
        Claim(
            "toxicity",
            "a perfect translator that softens what hurts comes first by likeness, last with a bar on toxicity kept",
            "mechanism",
            at_least=1.0,
        ),
        Claim("kept", "share of scores of planted translators equal to those counted apart", "mechanism", at_least=1.0),
        Claim(
            "models",
            "which of several paid models and prompts serve Singlish best, and what people say of the translations",
            "needs",
            where="abstract",
            needs="paid models, raters, a Singlish safety corpus, an encoder for synth.translator_choice.choose, and a "
            "toxicity scorer: macaronic eval score singlish SCORED.csv",
        ),
    ),
    cost={"smoke": "seconds, made up", "small": "seconds, made up", "full": "half a minute, made up"},
    tasks=("translation", "offensive"),
    languages=("en", "zh", "ms", "ta"),
)
MEANINGS, HURTFUL, LENGTH, TEXTS = 200, 20, 8, 40
ERRORS = {"best": 0.05, "fair": 0.15, "poor": 0.3}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant a best candidate, look whether it is found."""
    from macaronic.core.bootstrap import interval
    from macaronic.synth.few_shot import Ranked, curate
    from macaronic.synth.translator_choice import choose

    trials = {"smoke": 20, "small": 100, "full": 400}[scale]
    several, alone, found = np.zeros(trials), np.zeros(trials), np.zeros((trials, 3))
    worth = np.array([1.0, 0.5, 0.0, -0.5])  # candidate 0 is the best; each annotator sees it with an error
    for t in range(trials):
        ranked = np.argsort(-(worth + rng.normal(0, 0.7, (5, 4))), axis=1)
        item = Ranked("text", ("0", "1", "2", "3"), tuple(tuple(map(int, r)) for r in ranked))
        several[t] = curate([item], 1)[0].target == "0"
        alone[t] = np.mean(ranked[:, 0] == 0)

    asked: dict[str, Any] = {"source": "ms", "target": "en", "embedder": SimpleNamespace(embed=meanings)}
    asked |= {"rng": rng, "samples": 0}
    for t in range(trials):
        texts = [" ".join(f"s{m}" for m in rng.integers(0, MEANINGS, LENGTH)) for _ in range(TEXTS)]
        erring = {name: translator(erred(share, rng)) for name, share in ERRORS.items()}
        found[t, 0] = choose(texts, erring, **asked)[0].name == "best"

        swapping = {**erring, "swap": translator(lambda m: (m + 1) % MEANINGS, lambda m: (m - 1) % MEANINGS)}
        backwards = choose(texts, swapping, weight=0.0, **asked)
        found[t, 1] = backwards[0].name == "swap" != choose(texts, swapping, **asked)[0].name

        softening = {**erring, "soft": translator(lambda m: m + HURTFUL if m < HURTFUL else m)}
        barred = choose(texts, softening, toxicity=hurtful, least_kept=0.5, **asked)
        found[t, 2] = choose(texts, softening, **asked)[0].name == "soft" and barred[-1].name == "soft"

    note = f"{trials} made-up trials of {TEXTS} texts"
    told = f"{several.mean():.3f} with five annotators, {alone.mean():.3f} with one"
    return [
        measured("curation", (several - alone).mean(), interval(several - alone, rng=rng), n=trials, note=told),
        measured("planted-best", found[:, 0].mean(), interval(found[:, 0], rng=rng), n=trials, note=note),
        measured("round-trip", found[:, 1].mean(), n=trials, note=note),
        measured("toxicity", found[:, 2].mean(), n=trials, note=note),
        kept(rng),
    ]


def kept(rng: np.random.Generator) -> Check:
    """Translators that keep, halve or add toxicity, scored from a file with all of them."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.singlish import score

    before = rng.random(TEXTS).round(3)
    after = {"faithful": before, "softened": before / 2, "harsher": np.minimum(1, before + 0.3)}
    names = ("id", "system", "source", "translation", "source_toxicity", "translation_toxicity")
    cells = [(i, k, "s", "t", before[i], own[i]) for k, own in after.items() for i in range(TEXTS)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scored.jsonl"
        path.write_text("\n".join(json.dumps(dict(zip(names, row))) for row in cells), "utf-8")
        told = {(r.name, r.level): r.value for r in score(Asked(str(path), samples=0)).results}
    good = []
    for k, own in after.items():
        apart = {"toxicity_gap": abs(own - before), "kept": (own >= 0.5) == (before >= 0.5)}
        apart["softened"] = np.maximum(0, before - own)
        good += [abs((told[name, k] or 0.0) - values.mean()) < 1e-9 for name, values in apart.items()]
    return measured("kept", np.mean(good), n=len(good), note=f"{len(cells)} planted rows")


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
