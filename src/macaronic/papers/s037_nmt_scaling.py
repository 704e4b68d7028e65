"""S037: a joint scaling law for multilingual translation: shares change only the factor, and tell how many parameters
each language pair really gets.

What works here: the fit of the joint law, effective parameters and the best mixture at a size. Checked on made-up
runs with known parameters and noise. The paper's own losses are not public.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S037",
    slug="nmt-scaling",
    title="Scaling Laws for Multilingual Neural Machine Translation",
    kind="analysis",
    url="https://arxiv.org/abs/2302.09650",
    uses=("mix.joint_law.fit", "mix.joint_law.JointLaw.effective", "mix.joint_law.best_mixture"),
    claims=(
        Claim(
            "exponent",
            "share of made-up laws whose exponent comes back within 0.02 from 35 runs with 0.5% noise",
            "mechanism",
            at_least=0.95,
        ),
        Claim(
            "predicts",
            "losses at shares and a size that were not fitted are predicted (least R^2 over the laws)",
            "mechanism",
            at_least=0.99,
        ),
        Claim(
            "effective",
            "effective parameters at shares of 0.05 to 0.9 come back (median relative error, as 1 - error)",
            "mechanism",
            at_least=0.9,
        ),
        Claim(
            "best-mixture",
            "the mixture that the fitted laws choose costs hardly more than the true best one (1 - relative excess "
            "of the reducible loss, mean)",
            "mechanism",
            at_least=0.99,
        ),
        Claim(
            "shared-exponent",
            "models trained with other shares have the same exponent, and translating into English gives more "
            "effective parameters than out of it",
            "needs",
            where="abstract",
            needs="GPUs and runs of several sizes and shares; fit them with macaronic.mix.joint_law.fit",
        ),
    ),
    cost={"smoke": "seconds, 8 laws", "small": "20 seconds, 40 laws", "full": "a minute, 150 laws"},
    tasks=("translation",),
)
LAWS, NOISE = {"smoke": 8, "small": 40, "full": 150}, 0.005
SIZES, SHARES = (2e7, 6e7, 2e8, 6e8, 2e9), (0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Draw laws, make noisy runs up from them, fit, and compare.

    Args:
        scale: how many laws.
        rng: laws, noise, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.mix.joint_law import JointLaw, best_mixture, fit

    n, p = (a.ravel() for a in np.meshgrid(SIZES, SHARES))
    new_n, new_p = (a.ravel() for a in np.meshgrid([1e8, 4e9], [0.2, 0.4, 0.8]))
    truths, fits = [], []
    for _ in range(LAWS[scale]):
        transfer = (float(rng.uniform(0.02, 0.4)), float(rng.uniform(0.4, 0.9)), float(rng.uniform(0.7, 1.5)))
        beta, alpha, floor = rng.uniform(1.5, 4), rng.uniform(0.2, 0.6), rng.uniform(0.5, 1.5)
        truths.append(JointLaw(float(beta), float(alpha), float(floor), transfer, unit=SIZES[0]))
        fits.append(fit(n, p, truths[-1].loss(n, p) * np.exp(NOISE * rng.normal(size=len(n)))))

    off = np.array([abs(found.alpha - truth.alpha) for truth, found in zip(truths, fits, strict=True)])
    fraction = np.array(SHARES[:-1])
    errors, explained = [], []
    for truth, found in zip(truths, fits, strict=True):
        errors.append(np.abs(found.fraction(fraction) / truth.fraction(fraction) - 1))
        want, got = truth.loss(new_n, new_p), found.loss(new_n, new_p)
        explained.append(1 - ((want - got) ** 2).sum() / ((want - want.mean()) ** 2).sum())

    excess = []
    for a in range(0, len(truths) - 1, 2):
        true, fitted = ({"x": laws[a], "y": laws[a + 1]} for laws in (truths, fits))
        cost = []
        for laws in (fitted, true):
            weights = best_mixture(laws, 2e8).weights
            cost.append(sum(float(true[k].loss(2e8, w)) - true[k].floor for k, w in weights.items()))
        excess.append(cost[0] / cost[1] - 1)
    kept = 1 - np.array(excess)
    worst = f"largest error {off.max():.4f}, median {np.median(off):.4f}"
    return [
        measured("exponent", (off <= 0.02).mean(), n=len(off), note=worst),
        measured("predicts", min(explained), n=len(explained), note=f"median {np.median(explained):.5f}"),
        measured("effective", 1 - np.median(errors), n=len(off) * len(fraction)),
        measured("best-mixture", kept.mean(), interval(kept, rng=rng), n=len(kept)),
    ]
