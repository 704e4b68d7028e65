"""S089: SampleMix: weigh each text by its quality and by the variety that it brings; domains follow from their texts.

What works here: diversity from groups of embeddings, scores, expected copies and their rounding, for any quality
scorer. Checked on made-up texts with known quality and groups. The authors' scorer and models need GPUs.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S089",
    slug="samplemix",
    title="SampleMix: A Sample-wise Pre-training Data Mixing Strategey by Coordinating Data Quality and Diversity",
    kind="method",
    url="https://arxiv.org/abs/2503.01506",
    uses=("mix.samplemix.diversity", "mix.samplemix.scores", "mix.samplemix.expected", "mix.samplemix.copies"),
    claims=(
        Claim(
            "budget",
            "share of budgets from half to four times the text that are met within 0.5%",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "monotone",
            "share of pairs of texts where more quality at equal variety, or more variety at equal quality, never "
            "means fewer expected copies",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "limits",
            "share of texts taken equally often when the weight is all on variety and the temperature is infinite",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "rounding",
            "share of texts whose copies lie within one of the expected number",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "better-text",
            "the text that is taken has a higher mean quality than the same budget taken evenly (0 to 10)",
            "direction",
            at_least=0.05,
        ),
        Claim(
            "alike",
            "the largest group, whose texts are most alike, loses share (share of made-up corpora)",
            "direction",
            at_least=0.9,
        ),
        Claim(
            "fewer-steps",
            "reaches the baselines' accuracy in 1.4 to 2.1 times fewer training steps",
            "needs",
            where="abstract",
            needs="GPUs, SlimPajama and a trained quality scorer; the copies: macaronic.mix.samplemix.copies",
        ),
    ),
    cost={"smoke": "seconds, 20,000 texts", "small": "seconds, 50,000 texts", "full": "20 seconds, 200,000 texts"},
    tasks=("corpus", "language-modelling"),
)
TEXTS, RATIOS = {"smoke": 20_000, "small": 50_000, "full": 200_000}, (0.5, 1.0, 2.0, 4.0)
CORPORA, GROUPS = {"smoke": 10, "small": 20, "full": 40}, 12


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Make texts up, score them, take copies, and look at what was taken.

    Args:
        scale: how many texts.
        rng: texts, groups, rounding, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval, ratio_interval
    from macaronic.mix.samplemix import copies, expected, scores

    n = TEXTS[scale]
    sizes, quality, _, variety = made_up(n, rng)
    score = scores(quality, variety)

    met, near = [], []
    for ratio in RATIOS:
        wanted = expected(score, sizes, ratio * sizes.sum())
        taken = copies(wanted, rng=rng)
        met.append(abs(taken @ sizes / (ratio * sizes.sum()) - 1) <= 0.005)
        near.append(np.abs(taken - wanted) < 1)
    taken = copies(expected(score, sizes, sizes.sum()), rng=rng)

    grid = np.linspace(0, 1, 21)
    by_quality = expected(scores(grid, np.zeros(21)), np.ones(21), 21)
    by_variety = expected(scores(np.zeros(21), grid), np.ones(21), 21)
    rises = np.concatenate([np.diff(by_quality) >= 0, np.diff(by_variety) >= 0])
    flat = expected(scores(quality, variety, alpha=1.0), sizes, sizes.sum(), tau=np.inf)

    table = np.stack([quality * sizes * taken, sizes * taken, quality * sizes, sizes], axis=1)
    total = table.sum(axis=0)
    better = ratio_interval(table, lambda s: s[:, 0] / s[:, 1] - s[:, 2] / s[:, 3], rng=rng, samples=200)
    spread = np.array([spreads(rng) for _ in range(CORPORA[scale])])
    fell, (sharp, mild) = (spread[:, 0] < 0).astype(float), spread[:, 1:].mean(axis=0)
    note = f"entropy over groups changes by {sharp:+.2f} nats at tau 0.2, {mild:+.2f} at 0.5: 0.2 may favour one group"
    return [
        measured("budget", np.mean(met), n=len(RATIOS)),
        measured("monotone", rises.mean(), n=len(rises)),
        measured("limits", np.isclose(flat, flat[0]).mean(), n=n),
        measured("rounding", np.mean(near), n=n * len(RATIOS)),
        measured("better-text", total[0] / total[1] - total[2] / total[3], better, n=n),
        measured("alike", fell.mean(), interval(fell, rng=rng), n=len(fell), note=note),
    ]


def made_up(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Sizes, qualities, groups and diversity of texts; large groups are tight, as near-duplicates are."""
    from macaronic.mix.clusters import k_means
    from macaronic.mix.samplemix import diversity

    sizes = np.floor(np.exp(rng.normal(6, 0.7, n))) + 1
    quality = np.clip(rng.normal(5, 2, n) + 0.3 * np.log(sizes / sizes.mean()), 0, 10)
    share = np.arange(1, GROUPS + 1) ** -1.0
    group = rng.choice(GROUPS, n, p=share / share.sum())
    loose = np.linspace(0.4, 1.6, GROUPS)[group, None]
    points = 6 * rng.normal(size=(GROUPS, 8))[group] + loose * rng.normal(size=(n, 8))
    return sizes, quality, group, diversity(points, k_means(points, GROUPS, rng=rng, starts=2))


def spreads(rng: np.random.Generator) -> tuple[float, float, float]:
    """Change of the largest group's share at tau 0.2, and of the entropy over the groups at 0.2 and at 0.5."""
    from macaronic.mix.samplemix import expected, scores

    sizes, quality, group, variety = made_up(4000, rng)
    score = scores(quality, variety)
    units = [sizes, *(sizes * expected(score, sizes, sizes.sum(), tau=tau) for tau in (0.2, 0.5))]
    p = [np.bincount(group, weights=u, minlength=GROUPS) / u.sum() for u in units]
    entropy = [-(q * np.log(np.maximum(q, 1e-300))).sum() for q in p]
    return float(p[1][0] - p[0][0]), float(entropy[1] - entropy[0]), float(entropy[2] - entropy[0])
