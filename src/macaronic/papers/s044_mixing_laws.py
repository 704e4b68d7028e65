"""S044: data mixing laws: the loss is c + exp(b + t . p) of the shares p, so a few small runs tell the best mixture.

Checked on the published losses: slopes and shifts of two domains, and the critical share of general text in continued
training. At smoke scale the losses are made up from known laws.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S044",
    slug="mixing-laws",
    title="Data Mixing Laws: Optimizing Data Mixtures by Predicting Language Modeling Performance",
    kind="method",
    url="https://arxiv.org/abs/2403.16952",
    uses=("mix.laws.fit_law", "mix.compat.mixing_line", "mix.optimum.minimise", "mix.fit.fit"),
    claims=(
        Claim(
            "slope",
            "slope k of the law of Github's loss at 70M parameters, step 30,000",
            "number",
            reported=-1.6405,
            where="output printed in the authors' notebook for two domains",
            tolerance=5e-4,
        ),
        Claim(
            "slopes",
            "largest difference of the 12 slopes (2 sizes, 2 domains, 3 steps) from the printed ones",
            "number",
            reported=0.0,
            where="output printed in the authors' notebook for two domains",
            tolerance=5e-4,
        ),
        Claim(
            "critical",
            "share of general text at which continued training on Python keeps the loss of the untouched model",
            "number",
            reported=0.28622540757637893,
            where="output printed in the authors' notebook for continued training",
            tolerance=2e-4,
        ),
        Claim(
            "recovered",
            "a law planted in noiseless losses comes back: R2 on unseen mixtures",
            "mechanism",
            at_least=0.999,
        ),
        Claim(
            "leak",
            "judged on rows that were in the fit a law looks better than it is: honest error minus leaky error",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "large",
            "the mixture that the laws predict matches the default mixture trained 48 percent longer (1B, 100B tokens)",
            "needs",
            where="abstract",
            needs="GPUs for 1B models and RedPajama; the mixture for them: macaronic mix pick FIT --json",
        ),
    ),
    data=("mixlaws",),
    cost={"smoke": "a second", "small": "a second, mixlaws", "full": "a second, mixlaws"},
    tasks=("language-modelling", "corpus"),
)
PRINTED = {
    ("70M", "Github"): (-2.4381, -1.5473, -1.6405),
    ("70M", "Pile-CC"): (-2.9041, -2.2959, -2.5189),
    ("160M", "Github"): (-3.6654, -1.6850, -1.6139),
    ("160M", "Pile-CC"): (-0.1236, -2.4178, -2.7239),
}
LEFT_OUT = 0.28515625


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Fit the laws of two domains and of continued training (not at scale `smoke`), and a law planted with `rng`."""
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate

    out: list[Check] = []
    if scale != "smoke":
        try:
            place, sha = locate("mixlaws"), data_sha256("mixlaws")
        except MissingData as error:
            return unanswered(PAPER, error)
        found = slopes(place)
        off = [abs(found[key][i] - k) for key, ks in PRINTED.items() for i, k in enumerate(ks)]
        within = sum(difference <= 5e-4 for difference in off)
        out = [
            measured("slope", found["70M", "Github"][2], n=5, data_sha256=sha),
            measured("slopes", max(off), n=len(off), data_sha256=sha, note=f"{within} of {len(off)} within 5e-4"),
            measured("critical", critical(place), n=4, data_sha256=sha),
        ]
    return [*out, *planted(rng)]


def slopes(place: Path) -> dict[tuple[str, str], list[float]]:
    """k of each size and domain at steps 10,000, 20,000 and 30,000."""
    from macaronic.mix.compat import mixing_line

    rows = list(csv.DictReader((place / "two_domains.csv").open(encoding="utf-8")))
    out: dict[tuple[str, str], list[float]] = {}
    for size, domain in PRINTED:
        mine = [row for row in rows if row["size"] == size and row["domain"] == domain]
        share = 0 if domain == "Github" else 1
        out[size, domain] = []
        for step in ("10000", "20000", "30000"):
            points = [(float(r["ratio"].split("-")[share]), float(r["loss"])) for r in mine if r["step"] == step]
            p, losses = np.array(points).T
            out[size, domain].append(mixing_line(p, losses).k)
    return out


def critical(place: Path) -> float:
    """The share of general text at which the law gives the loss of the untouched model."""
    from macaronic.mix.compat import mixing_line

    weights = json.loads((place / "valid_weight.json").read_text("utf-8"))
    total: dict[str, float] = {}
    for row in csv.DictReader((place / "continual_python.csv").open(encoding="utf-8")):
        if row["domain"] in weights and (row["ratio"] == "original" or row["step"] == "10000"):
            total[row["ratio"]] = total.get(row["ratio"], 0.0) + weights[row["domain"]] * float(row["loss"])
    before = total.pop("original")
    points = [(float(ratio.split("-")[0]), loss) for ratio, loss in total.items()]
    p, losses = np.array([point for point in points if point[0] != LEFT_OUT]).T
    return mixing_line(p, losses).solve(before)


def planted(rng: np.random.Generator) -> list[Check]:
    """A known law without noise, and the errors of a law on few noisy rows, seen and unseen."""
    from macaronic.mix.laws import Law, fit_law
    from macaronic.mix.validate import held_out

    true = Law(2.0, np.array([-2.0, 0.5, 0.2, -0.3]))
    p, fresh = rng.dirichlet(np.ones(4), 40), rng.dirichlet(np.ones(4), 200)
    wanted = true.predict(fresh)
    got = fit_law(p, true.predict(p), ridge=0.0, huber=None).predict(fresh)
    r2 = 1 - float(np.mean((got - wanted) ** 2) / wanted.var())
    noisy = true.predict(p[:20]) + rng.normal(0, 0.02, 20)
    leaky = float(np.abs(fit_law(p[:20], noisy).predict(p[:20]) - noisy).mean())
    honest = float(np.abs(held_out(fit_law, p[:20], noisy, k=5, rng=rng) - noisy).mean())
    return [measured("recovered", r2, n=200), measured("leak", honest - leaky, n=20)]
