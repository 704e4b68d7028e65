"""S047: RegMix: train many tiny proxies on random mixtures, regress their losses on the shares, simulate the optimum.

The published rank correlations come from a protocol that stops the regressor on the rows that judge it; it is kept in
`mix.compat` for the check alone, with honest figures beside it. At smoke scale the losses follow made-up mixing laws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

if TYPE_CHECKING:
    from macaronic.mix.runs import Runs

WHERE = "output printed in regression_fitting/regression.ipynb of the authors' repository"
PAPER = Paper(
    id="S047",
    slug="regmix",
    title="RegMix: Data Mixture as Regression for Language Model Pre-training",
    kind="method",
    url="https://arxiv.org/abs/2407.01492",
    uses=("mix.swarm.swarm", "mix.trees.fit_trees", "mix.simulate.simulate", "mix.compat.regmix", "mix.pick.pick"),
    claims=(
        Claim(
            "spearman",
            "mean rank correlation times 100 over 13 domains, 256 unseen mixtures, 1M proxies, the authors' protocol",
            "number",
            reported=98.95,
            where=WHERE,
            tolerance=0.02,
        ),
        Claim(
            "spearman-each",
            "largest difference of the 13 rank correlations (times 100) from the printed ones",
            "number",
            reported=0.0,
            where=WHERE,
            tolerance=0.02,
        ),
        Claim(
            "optimum",
            "share of Pile-CC in the simulated optimum for Pile-CC's loss",
            "number",
            reported=0.890924344,
            where=WHERE,
            tolerance=1e-6,
        ),
        Claim(
            "honest",
            "boosted trees that no judged row has stopped rank unseen mixtures (mean rank correlation)",
            "direction",
            at_least=0.9,
        ),
        Claim(
            "better",
            "the simulated optimum is predicted to beat the prior, by a regressor fitted to other runs (gain in loss)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "large",
            "the optimum found with proxies is good for a 1B model",
            "needs",
            where="abstract",
            needs="GPUs for 1B models; the mixture for them: macaronic mix pick FIT --json",
        ),
    ),
    data=("regmix",),
    cost={"smoke": "10 seconds", "small": "a minute, regmix", "full": "a minute, regmix"},
    tasks=("language-modelling", "corpus"),
)
DOMAINS = (  # noqa: SIM905
    "arxiv freelaw pubmed_central wikipedia_en dm_mathematics github stackexchange gutenberg_pg_19 pile_cc ubuntu_irc "
    "hackernews pubmed_abstracts uspto_backgrounds"
).split()
FIGURES = (99.60, 99.71, 99.08, 99.45, 97.20, 99.77, 99.73, 99.18, 98.92, 96.87, 98.51, 99.19, 99.12)
PRINTED = dict(zip(DOMAINS, FIGURES, strict=True))
PRIOR = (
    *(0.11328527, 0.07960865, 0.00391349, 0.1853759, 0.05108136, 0.01596293, 0.10175077, 0.00370752, 0.06652935),
    *(0.00175077, 0.02708548, 0.23686921, 0.01184346, 0.00792997, 0.00803296, 0.03882595, 0.04644696),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Fit, judge on unseen mixtures by both protocols, and simulate the optimum.

    Args:
        scale: `smoke` makes 128 runs of a made-up world; the others read the published tables.
        rng: the made-up world, candidates.
    """
    from macaronic.core.errors import MissingData, MissingExtra
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.mix import compat, runs
    from macaronic.mix.fit import fit, judged
    from macaronic.mix.limits import limits
    from macaronic.mix.simulate import candidates, simulate

    out, sha = [], ""
    try:
        if scale == "smoke":
            train, test, wanted, prior = made_up(128, rng), made_up(128, rng), "hi", np.full(4, 0.25)
        else:
            place, sha = locate("regmix"), data_sha256("regmix")
            train = runs.read(place / "train_mixture_1m.csv", place / "train_pile_loss_1m.csv")
            test = runs.read(place / "test_mixture_1m.csv", place / "test_pile_loss_1m.csv")
            wanted, prior = "the_pile_pile_cc", np.array(PRIOR)
            leaky = compat.regmix(train, test)
            hundred = {name.removeprefix("the_pile_"): 100 * told.spearman for name, (_, told) in leaky.items()}
            worst = max(abs(hundred[name] - printed) for name, printed in PRINTED.items())
            best = compat.regmix_optimum(leaky[wanted][0], prior)[train.domains.index(wanted)]
            mean = float(np.mean(list(hundred.values())))
            out = [
                measured("spearman", mean, n=len(test), data_sha256=sha),
                measured("spearman-each", worst, n=len(test), data_sha256=sha),
                measured("optimum", best, n=len(train), data_sha256=sha),
            ]
        honest = fit(train, method="gbm", folds=0)
        other = fit(test.aligned(train.domains), method="gbm", folds=0)
    except (MissingData, MissingExtra) as error:
        return unanswered(PAPER, error)
    told = judged(honest, test)
    prior = prior / prior.sum()
    pool = candidates(prior, limits(train.domains), count=20_000, rng=rng)
    picked = simulate(honest.of(wanted).model.predict, pool).best
    before, after = other.of(wanted).model.predict(np.stack([prior, picked]))
    rho = float(np.mean([one.spearman for one in told.values()]))
    return [
        *out,
        measured(
            "honest", rho, n=len(test), data_sha256=sha, note="made-up laws" if scale == "smoke" else "1M proxies"
        ),
        measured("better", before - after, n=len(test), data_sha256=sha),
    ]


def made_up(n: int, rng: np.random.Generator) -> Runs:
    """Runs of four languages whose losses follow mixing laws, with a little noise."""
    from macaronic.mix.runs import Runs

    names = ("hi", "en", "ta", "bn")
    p = rng.dirichlet(np.full(4, 0.7), n)
    losses = 2 + np.exp(p @ (0.3 - 2.0 * np.eye(4))) + rng.normal(0, 0.01, (n, 4))
    return Runs(p, losses, names, names, tuple(map(str, range(n))))
