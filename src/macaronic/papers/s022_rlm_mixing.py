"""S022: language mixing in reasoning models: which scripts and languages a trace holds, and what forcing one does.

What works here: shares of scripts and languages, entropy and switching points of traces, accuracy of mixing and
unmixing traces apart, decoding within one script, and the scripts that hidden layers lean to. The study needs models.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S022",
    slug="rlm-mixing",
    title="Language Mixing in Reasoning Language Models: Patterns, Impact, and Internal Causes",
    kind="analysis",
    url="https://github.com/cisnlp/Language-Mixing",
    uses=(
        "evaluate.traces.traces",
        "evaluate.benchmarks.reasoning_mixing.score",
        "evaluate.script_decoding.in_scripts",
        "evaluate.script_decoding.hidden_script_shares",
    ),
    claims=(
        Claim(
            "points",
            "share of planted traces of bundled sentences whose switching points are found exactly",
            "mechanism",
            at_least=0.85,
        ),
        Claim(
            "entropy",
            "entropy of traces rises with the planted number of languages (least step of the means, in bits)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "mask",
            "share of letters outside the allowed script when random bytes are decoded under the rule, taken from 1",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "forced",
            "models that are forced to reason in Latin or Han script answer better",
            "needs",
            where="abstract",
            needs="reasoning models: synth.constrained.Constrained(script_decoding.in_scripts(tokenizer, ['Hani'])) in "
            "generate, then macaronic eval score reasoning-mixing OUTPUTS.jsonl",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "half a minute"},
    tasks=("question-answering", "generation"),
    languages=("en", "ar", "fr", "hi", "ja", "zh"),
)
TAGS = ("en", "hi", "zh", "ar")


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant traces out of bundled sentences; decode random bytes under a mask."""
    count = {"smoke": 40, "small": 150, "full": 600}[scale]
    hits, entropies = planted(count, rng)
    return [
        measured("points", float(np.mean(hits)), n=len(hits)),
        measured("entropy", float(np.diff(entropies).min()), n=count),
        measured("mask", 1 - masked(rng), n=400),
    ]


def planted(count: int, rng: np.random.Generator) -> tuple[list[bool], list[float]]:
    """Traces of six sentences in one, two or three languages: points found, mean entropy by number of languages."""
    from macaronic import bundled
    from macaronic.evaluate.traces import traces

    rows = bundled.parallel()
    texts, wanted, kinds = [], [], []
    for i in range(count):
        tags = rng.permutation(TAGS)[: 1 + i % 3]
        chosen = [str(tags[min(len(tags) - 1, j * len(tags) // 6)]) for j in range(6)]
        texts.append("\n".join(rows[int(rng.integers(len(rows)))][tag] for tag in chosen))
        wanted.append(tuple(j + 1 for j in range(1, 6) if chosen[j] != chosen[j - 1]))
        kinds.append(len(tags))
    found = traces(texts, allowed=TAGS)
    means = [float(np.mean([t.entropy for t, k in zip(found, kinds) if k == n])) for n in (1, 2, 3)]
    return [t.points == w for t, w in zip(found, wanted)], means


def masked(rng: np.random.Generator) -> float:
    """Share of letters of other scripts when bytes are drawn at random under the rule for Devanagari."""
    from macaronic.evaluate.script_decoding import InScripts
    from macaronic.text.scripts import script_shares

    tokens = {byte + 1: bytes([byte]) for byte in range(256)}
    rule = InScripts(tokens, ["Deva"], eos=[0])
    drawn: list[int] = []
    while len(drawn) < 400:
        following = [i for i in rule.following(drawn).tolist() if i]
        drawn.append(int(rng.choice(following)))
    text = b"".join(tokens[i] for i in drawn).decode("utf-8", "ignore")
    return 1 - script_shares(text).get("Deva", 1.0)
