"""S066: in-context examples for translation: similar examples help where a language has few resources.

What works here: chrF++ of the released outputs to the authors' digits, scores that are zero where the language is
wrong, and choice of examples by similarity. The claim about selection is checked on the released scores.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S066",
    slug="icl-mt",
    title="In-Context Example Selection via Similarity Search Improves Low-Resource Machine Translation",
    kind="analysis",
    url="https://github.com/ArmelRandy/ICL-MT",
    uses=(
        "evaluate.benchmarks.icl_mt.score",
        "evaluate.example_selection.nearest",
        "evaluate.example_selection.prompt",
        "evaluate.translation.language_aware",
    ),
    claims=(
        Claim(
            "chrf-fra",
            "chrF++ of BLOOM, English to French, 5 examples chosen by SONAR",
            "number",
            reported=63.7333,
            where="the authors' file of chrF++ scores",
            tolerance=5e-5,
        ),
        Claim(
            "chrf-swh",
            "chrF++ of BLOOM, English to Swahili, 5 examples chosen by SONAR",
            "number",
            reported=34.9877,
            where="the authors' file of chrF++ scores",
            tolerance=5e-5,
        ),
        Claim(
            "chrf-wol",
            "chrF++ of BLOOM, English to Wolof, 5 examples chosen by SONAR",
            "number",
            reported=15.2911,
            where="the authors' file of chrF++ scores",
            tolerance=5e-5,
        ),
        Claim(
            "planted-neighbour",
            "share of queries whose planted near copy is found first among 200 examples",
            "mechanism",
            at_least=0.95,
        ),
        Claim(
            "language-aware",
            "a segment in another language, or an empty one, counts as zero and the others as they are",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "comet",
            "examples found by similarity give better laCOMET than random ones",
            "needs",
            where="abstract",
            needs="COMET's weights; score the segments with it, put them beside as `comet`: "
            "macaronic eval score icl-mt OUTPUTS.jsonl --examples references.txt --language sw",
        ),
    ),
    data=("eval-icl-mt",),
    cost={"smoke": "a second", "small": "5 seconds, eval-icl-mt", "full": "the same as small"},
    tasks=("translation", "retrieval"),
    languages=("en", "fr", "sw", "wo", "de"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Score the released outputs (not at scale `smoke`), and look for planted neighbours."""
    from macaronic.core.errors import MissingData, MissingExtra
    from macaronic.curate.datasets import data_sha256, locate

    if scale == "smoke":
        return [neighbours(rng), aware()]
    try:
        place, sha = locate("eval-icl-mt"), data_sha256("eval-icl-mt")
        found = [measured(f"chrf-{code}", chrf(place, code), n=1012, data_sha256=sha) for code in ("fra", "swh", "wol")]
    except (MissingData, MissingExtra) as error:
        return unanswered(PAPER, error)
    return [*found, neighbours(rng), aware()]


def chrf(place: Path, code: str) -> float:
    """chrF++ of the outputs with examples chosen by SONAR."""
    from macaronic.evaluate.translation import corpus_score

    lines = (place / f"bloom_{code}_SONAR_5shot_seed122.jsonl").read_text("utf-8").splitlines()
    references = (place / f"flores_devtest_{code}.txt").read_text("utf-8").splitlines()
    return corpus_score("chrf", [json.loads(line)["translation"] for line in lines], references).value


def neighbours(rng: np.random.Generator) -> Check:
    """Queries that differ by one word from one of 200 made-up examples."""
    from macaronic.evaluate.example_selection import nearest

    words = ["".join(rng.choice(list("aeiounrstlkmd"), int(rng.integers(3, 8)))) for _ in range(300)]
    pool = [" ".join(rng.choice(words, 8)) for _ in range(200)]
    places = rng.permutation(200)[:60].tolist()
    queries = []
    for place in places:
        split = pool[place].split()
        split[int(rng.integers(8))] = str(rng.choice(words))
        queries.append(" ".join(split))
    hits = [bool(found) and found[0].place == place for found, place in zip(nearest(queries, pool, 1), places)]
    return measured("planted-neighbour", float(np.mean(hits)), n=len(hits))


def aware() -> Check:
    """Three segments: right, wrong language, empty."""
    from macaronic.evaluate.translation import language_aware

    got = language_aware([0.9, 0.8, 0.7], ["hola", "hello", " "], [True, False, True])
    return measured("language-aware", float(got == [0.9, 0.0, 0.0]), n=3)
