"""Laws fitted to the loss tables of Data Mixing Laws (data set `mixlaws`), and to losses made up from known laws."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from macaronic.mix.ladder import Ladder, ladder

Floats = NDArray[np.float64]
PRINTED = {
    ("70M", "Github"): ((-2.4381, -0.5978), (-1.5473, -0.6506), (-1.6405, -0.6819)),
    ("70M", "Pile-CC"): ((-2.9041, -0.5333), (-2.2959, -0.5862), (-2.5189, -0.6257)),
    ("160M", "Github"): ((-3.6654, -0.1843), (-1.6850, -0.7528), (-1.6139, -0.7760)),
    ("160M", "Pile-CC"): ((-0.1236, 1.3070), (-2.4178, -0.5877), (-2.7239, -0.6131)),
}  # (k, b) at steps 10,000, 20,000 and 30,000, in the authors' notebook for two domains
SIZES = {"70M": 18.9e6, "160M": 85.1e6, "305M": 201.5e6, "410M": 302.3e6}  # parameters without the embedding
GROUPS = {
    "academic": [
        "ArXiv",
        "FreeLaw",
        "NIH_ExPorter",
        "PhilPapers",
        "PubMed_Abstracts",
        "PubMed_Central",
        "USPTO_Backgrounds",
    ],
    "prose": ["Books3", "BookCorpus2", "PG19"],
    "dialogue": ["Enron_Emails", "EuroParl", "HackerNews", "OpenSubtitles", "Ubuntu_IRC", "YoutubeSubtitles"],
    "symbolic": ["DM_Mathematics", "Github"],
    "internet": ["OpenWebText2", "Pile-CC", "StackExchange", "Wikipedia_en"],
}  # our reading of the groups' names
SINGLE = {name: [name] for name in ("Github", "Books3", "Pile-CC")}


def weights(place: Path, groups: dict[str, list[str]]) -> Floats:
    """How much each group of validation sets counts, summing to 1.

    Args:
        place: the folder of the data set `mixlaws`.
        groups: group -> names of validation sets.
    """
    told = json.loads((place / "valid_weight.json").read_text("utf-8"))
    whole = np.array([sum(told[name] for name in names) for names in groups.values()])
    return np.asarray(whole / whole.sum(), dtype=np.float64)


def looks(place: Path, table: str, groups: dict[str, list[str]]) -> Ladder:
    """The losses of groups of validation sets, of all sizes and steps; runs above 900 are not part of the paper.

    Args:
        place: the folder of the data set `mixlaws`.
        table: name of a CSV file in it.
        groups: group -> names of validation sets, whose losses are averaged with the paper's weights.
    """
    told = json.loads((place / "valid_weight.json").read_text("utf-8"))
    seen: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in csv.DictReader((place / table).open(encoding="utf-8")):
        if int(row["run"]) <= 900:
            seen.setdefault((row["size"], row["ratio"], row["step"]), {}).setdefault(row["domain"], float(row["loss"]))
    wanted = {name for names in groups.values() for name in names}
    seen = {key: own for key, own in seen.items() if own.keys() >= wanted}
    shares = np.array([[float(part) for part in ratio.split("-")] for _, ratio, _ in seen])
    losses = [
        [sum(told[n] * own[n] for n in names) / sum(told[n] for n in names) for names in groups.values()]
        for own in seen.values()
    ]
    sizes, steps = (np.array(column, dtype=np.float64) for column in zip(*((SIZES[s], step) for s, _, step in seen)))
    names = [f"share {i}" for i in range(shares.shape[1])]
    return ladder(sizes, steps, shares / shares.sum(axis=1, keepdims=True), np.array(losses), names, list(groups))


def at(rungs: Ladder, size: str, step: float) -> tuple[Floats, Floats]:
    """Mixtures (n, m) and losses (n, k) of one size at one step."""
    mine = rungs.rows((rungs.sizes == SIZES[size]) & (rungs.amounts == step))
    return mine.mixtures[mine.which], mine.losses


@dataclass(frozen=True, slots=True)
class Pair:
    """The law of one share, beside the printed pair.

    Args:
        name: size, domain and step.
        k: slope.
        b: shift.
        printed: (k, b) in the authors' notebook.
        excess: how much higher Huber's loss is at the printed pair than at ours, relative.
        warning: of the fit; empty when it is sound.
    """

    name: str
    k: float
    b: float
    printed: tuple[float, float]
    excess: float
    warning: str


def pairs(place: Path) -> list[Pair]:
    """The 12 laws of two domains.

    Args:
        place: the folder of the data set `mixlaws`.
    """
    rows = list(csv.DictReader((place / "two_domains.csv").open(encoding="utf-8")))
    out = []
    for (size, domain), printed in PRINTED.items():
        for step, pair in zip(("10000", "20000", "30000"), printed, strict=True):
            wanted = {"size": size, "domain": domain, "step": step}
            mine = [row for row in rows if wanted.items() <= row.items()]
            share = 0 if domain == "Github" else 1
            p, losses = np.array([(float(row["ratio"].split("-")[share]), float(row["loss"])) for row in mine]).T
            out.append(_pair(f"{size} {domain} at step {step}", p, losses, pair))
    return out


def _pair(name: str, p: Floats, losses: Floats, printed: tuple[float, float]) -> Pair:
    from scipy.special import huber

    from macaronic.mix.compat import mixing_line

    found = mixing_line(p, losses)
    costs = [float(huber(0.02, found.c + np.exp(k * p + b) - losses).sum()) for k, b in (printed, (found.k, found.b))]
    return Pair(name, found.k, found.b, printed, costs[0] / costs[1] - 1, found.warning)


def judged(rungs: Ladder, matters: Floats, *, last: float, wanted: float = 30_000) -> dict[str, float]:
    """Nested laws of runs up to a step, judged on the 410M models at the step wanted, and what comes for free.

    Args:
        rungs: from `looks`.
        matters: how much each group counts, shape (k,).
        last: the last step that the laws may see; models of 410M they never see.
        wanted: the step foretold.

    Returns:
        mean absolute errors of the weighted loss: of the laws (`error`) and of the 305M models' last loss (`last`);
        rank correlations over the mixtures; the share of the group losses inside the intervals; how many mixtures.
    """
    from macaronic.mix.nested import foretell
    from macaronic.mix.validate import score

    known = rungs.rows((rungs.sizes < SIZES["410M"]) & (rungs.amounts <= last))
    found = foretell(known, size=SIZES["410M"], amount=wanted, rng=np.random.default_rng(1))
    place = {int(name): i for i, name in enumerate(found.runs.ids)}
    tables = {}
    for size, step in (("410M", wanted), ("305M", last), ("70M", last)):
        mine = rungs.rows((rungs.sizes == SIZES[size]) & (rungs.amounts == step))
        tables[size] = dict(zip(mine.which.tolist(), mine.losses, strict=True))
    shared = sorted(set(place).intersection(*tables.values()))
    true, large, small = (np.array([tables[size][i] for i in shared]) for size in ("410M", "305M", "70M"))
    rows = [place[i] for i in shared]
    told = found.runs.losses[rows]
    inside = (found.low[rows] <= true) & (true <= found.high[rows])
    return {
        "error": float(np.abs((told - true) @ matters).mean()),
        "last": float(np.abs((large - true) @ matters).mean()),
        "rank": score(told @ matters, true @ matters).spearman,
        "rank 305M": score(large @ matters, true @ matters).spearman,
        "rank 70M": score(small @ matters, true @ matters).spearman,
        "inside": float(inside.mean()),
        "n": len(shared),
    }


def critical(place: Path) -> float:
    """The share of general text at which the law gives the loss of the untouched model; the nearest run is left out."""
    from macaronic.mix.compat import mixing_line

    weights = json.loads((place / "valid_weight.json").read_text("utf-8"))
    total: dict[str, float] = {}
    for row in csv.DictReader((place / "continual_python.csv").open(encoding="utf-8")):
        if row["domain"] in weights and (row["ratio"] == "original" or row["step"] == "10000"):
            total[row["ratio"]] = total.get(row["ratio"], 0.0) + weights[row["domain"]] * float(row["loss"])
    before = total.pop("original")
    points = [(float(ratio.split("-")[0]), loss) for ratio, loss in total.items()]
    p, losses = np.array([point for point in points if point[0] != 0.28515625]).T
    return mixing_line(p, losses).solve(before)


def law_error(p: Floats, losses: Floats, matters: Floats, seen: NDArray[np.intp], judged: NDArray[np.intp]) -> float:
    """Mean absolute error of the weighted loss on the rows judged, of laws fitted to the rows seen."""
    from macaronic.mix.laws import fit_law

    told = np.column_stack([fit_law(p[seen], own[seen]).predict(p[judged]) for own in losses.T])
    return float(np.abs((told - losses[judged]) @ matters).mean())


def within_and_without(place: Path, rng: np.random.Generator, *, draws: int = 30) -> tuple[Floats, Floats]:
    """Errors of the laws of five domains (70M, step 30,000) on 6 of the 26 ratios, in the fit and left out of it.

    Args:
        place: the folder of the data set `mixlaws`.
        rng: which six.
        draws: how often six are drawn.
    """
    p, losses = at(looks(place, "five_domains.csv", GROUPS), "70M", 30_000)
    matters, whole = weights(place, GROUPS), np.arange(len(p))
    sixes = [rng.permutation(len(p))[:6] for _ in range(draws)]
    inside = [law_error(p, losses, matters, whole, six) for six in sixes]
    outside = [law_error(p, losses, matters, np.setdiff1d(whole, six), six) for six in sixes]
    return np.array(inside), np.array(outside)


def three_domains(place: Path) -> tuple[float, float]:
    """The same of three domains (160M, step 30,000, 6 ratios): errors in the fit, and of each ratio left out."""
    p, losses = at(looks(place, "three_domains.csv", SINGLE), "160M", 30_000)
    matters, whole = weights(place, SINGLE), np.arange(len(p))
    outside = [law_error(p, losses, matters, np.setdiff1d(whole, [i]), np.array([i])) for i in whole]
    return law_error(p, losses, matters, whole, whole), float(np.mean(outside))


def planted(rng: np.random.Generator) -> tuple[float, float]:
    """R2 of a known law without noise, and the honest minus the leaky error of a law on few noisy rows."""
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
    return r2, honest - leaky


def planted_ladder(rng: np.random.Generator) -> tuple[float, float]:
    """Laws of tokens and sizes with noise of 0.1 percent, foretold at 16 times the size and 10 times the text.

    Returns:
        R2 over the mixtures, and the mean absolute error of the last value measured minus that of the laws.
    """
    from macaronic.mix.nested import foretell

    p = rng.dirichlet(np.ones(3), 16)
    floor, height = 1.5 + p @ np.array([0.1, 0.5, 0.8]), 0.8 + p @ np.array([0.4, 0.1, 0.2])

    def true(size: Floats, tokens: Floats, which: NDArray[np.intp]) -> Floats:
        fall = (size / 1e7) ** -0.3
        return np.asarray(floor[which] + height[which] * fall + (tokens / 1e9) ** -0.4, dtype=np.float64)

    grid = np.array([(n, d, i) for n in (1e7, 3e7, 1e8, 3e8) for d in (1e9, 2e9, 4e9, 8e9) for i in range(len(p))])
    sizes, tokens, which = grid[:, 0], grid[:, 1], grid[:, 2].astype(np.intp)
    losses = true(sizes, tokens, which) * (1 + rng.normal(0, 1e-3, len(grid)))
    rungs = ladder(sizes, tokens, p[which], losses[:, None], list("abc"), ["loss"])
    got = foretell(rungs, size=16 * 3e8, amount=8e10, samples=0).runs.losses[:, 0]
    wanted = true(np.full(len(p), 16 * 3e8), np.full(len(p), 8e10), np.arange(len(p)))
    r2 = 1 - float(np.mean((got - wanted) ** 2) / wanted.var())
    last = losses[(sizes == sizes.max()) & (tokens == tokens.max())]
    return r2, float(np.abs(last - wanted).mean() - np.abs(got - wanted).mean())
