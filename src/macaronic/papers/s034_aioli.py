"""S034: Aioli: online mixing methods in one frame, which differ in a matrix; Aioli learns that matrix while training.

What works here: the frame, four methods' matrices, the closed form for two groups, and Aioli as a state with a step.
Checked on the laws that the authors fitted for two groups and in made-up worlds whose true matrix and best mixture
are known. The paper's language models need GPUs.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S034",
    slug="aioli",
    title="Aioli: A Unified Optimization Framework for Language Model Data Mixing",
    kind="method",
    url="https://arxiv.org/abs/2411.05735",
    uses=(
        "mix.online.lmo.update",
        "mix.online.lmo.two_groups",
        "mix.online.aioli.step",
        "mix.online.loop.run",
        "mix.online.callback.callback",
    ),
    claims=(
        Claim(
            "closed-form",
            "share of the authors' five fitted pairs of static laws whose numeric optimum is the closed form (to 1e-4)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "learns-matrix",
            "share of entries of the learnt matrix within 5% of the truth, where losses fall by it without noise",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "moves",
            "share of made-up matrices where the mixture goes to the domain with the largest column sum",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "fidelity",
            "the learnt matrix is more like the true one than what DoReMi assumes (difference of similarity, "
            "in made-up log-linear worlds)",
            "direction",
            at_least=0.01,
        ),
        Claim(
            "beats-even",
            "Aioli's mean loss is below that of even shares, its probes counted (fall of regret, in made-up "
            "log-linear worlds)",
            "direction",
            at_least=0.01,
        ),
        Claim(
            "language-models",
            "lower test perplexity than even shares on 6 of 6 data sets, 0.27 on average",
            "needs",
            reported=0.27,
            where="abstract",
            needs="GPUs and SlimPajama; the training of https://github.com/HazyResearch/aioli with "
            "macaronic.mix.online.callback.callback in its Trainer",
        ),
    ),
    cost={"smoke": "seconds, 50 worlds", "small": "10 seconds, 200 worlds", "full": "a minute, 1,000 worlds"},
    tasks=("language-modelling",),
)

LAWS = (
    ((-2.9997802, -0.6192375), (-2.6461701, -0.1286404)),
    ((-2.102668, -0.5395821), (-2.1942837, -0.1382158)),
    ((-1.9991317, -0.7447135), (-2.4619229, -0.0838283)),
    ((-3.277833, -0.7228332), (-2.9389794, -0.0690435)),
    ((-3.1353207, -0.6532829), (-2.5370851, -0.1191026)),
)
"""(k, b) of arXiv and Stack Exchange for five seeds: analysis/law_results of the authors' repository, Apache-2.0."""
WORLDS, BUDGET, NOISE = {"smoke": 50, "small": 200, "full": 1000}, 8.0, 0.001


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Solve the authors' laws, learn known matrices, and train in made-up worlds.

    Args:
        scale: how many worlds.
        rng: worlds, noise, the order of probes, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.mix.online.lmo import two_groups

    shares = np.linspace(0, 1, 200001)
    closed = [two_groups(first, second) for first, second in LAWS]
    numeric = [
        shares[np.argmin(np.exp(k1 * shares + b1) + np.exp(k2 * (1 - shares) + b2))] for (k1, b1), (k2, b2) in LAWS
    ]
    same = np.abs(np.array(closed) - numeric) < 1e-4

    count = WORLDS[scale]
    learnt = [learn(rng) for _ in range(count)]
    trained = np.array([train(rng) for _ in range(count)])
    gains, likeness = trained[:, 0], trained[:, 1]
    found = "p(arXiv) " + " ".join(f"{p:.4f}" for p in closed)
    won = f"better in {int((gains > 0).sum())} of {count} worlds; noise {NOISE} on every loss"
    return [
        measured("closed-form", same.mean(), n=len(LAWS), note=found),
        measured("learns-matrix", np.mean([near for near, _ in learnt]), n=12 * count),
        measured("moves", np.mean([moved for _, moved in learnt]), n=count),
        measured("fidelity", likeness.mean(), interval(likeness, rng=rng), n=count, note=f"noise {NOISE}"),
        measured("beats-even", gains.mean(), interval(gains, rng=rng), n=count, note=won),
    ]


def learn(rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    """Where every stretch lowers the losses by truth @ shares: which entries are learnt, if shares go right."""
    from macaronic.mix.online import aioli

    truth, names, rows = rng.uniform(0, 1, (4, 3)), ["a", "b", "c"], ["w", "x", "y", "z"]
    state = aioli.start(names, targets=rows, settings=aioli.Settings(rounds=1, rate=2.0))
    losses = np.full(4, 1e3)
    while state.moves < 30:
        losses = losses - truth @ state.mixture.aligned(names)
        state = aioli.step(state, dict(zip(rows, losses.tolist(), strict=True)), rng=rng)
    near = np.abs(state.matrix / (truth / truth.sum()) - 1) < 0.05
    return near, bool(state.weights.argmax() == truth.sum(axis=0).argmax())


def train(rng: np.random.Generator) -> tuple[float, float]:
    """In a made-up world: the fall of the mean loss against even shares, and what the matrix gains in fidelity."""
    from macaronic.mix.online import aioli
    from macaronic.mix.online.lmo import doremi_matrix, similarity
    from macaronic.mix.online.worlds import Reader, log_linear

    world, read = log_linear(rng), 0.0
    reader = Reader(world, NOISE, rng)
    state = aioli.start(world.domains, settings=aioli.Settings(rounds=1, rate=0.5, probe_steps=4, train_steps=12))
    learnt, true, assumed = np.zeros((3, 3, 3))
    while read < BUDGET:
        amount, moves = 0.02 * state.segment, state.moves
        state = aioli.step(state, reader.read(state.mixture, amount), rng=rng)
        read += amount
        if state.moves > moves:
            learnt, true = learnt + state.matrix, true + world.matrix(reader.amounts)
            assumed = assumed + doremi_matrix(world.losses(reader.amounts) - world.floor)
    gain = world.losses(np.full(3, reader.amounts.sum() / 3)).mean() - world.losses(reader.amounts).mean()
    return float(gain), similarity(learnt, true) - similarity(assumed, true)
