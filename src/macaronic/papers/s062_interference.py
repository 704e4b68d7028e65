"""S062: interference in multilingual translation: who loses by training together, by model size and temperature.

What works here: the score, and the sweep of temperatures over any function that trains. Checked by training small
letter models of four languages together, with tables of fixed size in which the languages collide, on bundled
sentences. The paper trains translation models, which need GPUs.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S062",
    slug="interference",
    title="Causes and Cures for Interference in Multilingual Translation",
    kind="analysis",
    url="https://aclanthology.org/2023.acl-long.883",
    uses=("mix.interference.interference", "mix.interference.sweep", "mix.interference.choose"),
    claims=(
        Claim(
            "sign",
            "share of given losses where the score has the sign of (alone - together) and its relative size",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "helps-low",
            "a temperature of 5 instead of 1 raises the score of the language with the least text (letter models)",
            "direction",
            at_least=0.005,
        ),
        Claim("costs-high", "it lowers the score of the one with the most text (fall)", "direction", at_least=0.005),
        Claim(
            "size",
            "the mean score over the languages is higher in a table of 1,000,000 entries than in one of 10,000 "
            "(difference at temperature 1, letter models)",
            "direction",
            at_least=0.005,
        ),
        Claim(
            "translation",
            "interference is large only in models that are very small for their data; below a billion parameters "
            "already it mostly turns to synergy, and tuning the temperature balances the rest",
            "needs",
            where="abstract",
            needs="GPUs and the parallel corpora of the paper; pass the training as `train` of "
            "macaronic.mix.interference.sweep",
        ),
    ),
    cost={"smoke": "seconds, 4 splits", "small": "10 seconds, 12 splits", "full": "30 seconds, 40 splits"},
    tasks=("translation", "language-modelling"),
    languages=("en", "fr", "de", "id"),
)
SENTENCES, ORDER, PRIOR = {"en": 56, "fr": 28, "de": 14, "id": 7}, 2, 1.0
SPLITS, TABLES = {"smoke": 4, "small": 12, "full": 40}, (10_000, 100_000, 1_000_000)
Grams = dict[str, tuple[np.ndarray, np.ndarray]]


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Score given losses, then train letter models together on random splits of the bundled sentences.

    Args:
        scale: how many splits.
        rng: losses, splits, bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.mix.interference import interference

    alone, together = rng.uniform(1, 5, (2, 200))
    names = [str(i) for i in range(200)]
    scores = interference(dict(zip(names, alone, strict=True)), dict(zip(names, together, strict=True)))
    right = np.isclose([scores[name] for name in names], 1 - together / alone, rtol=1e-9, atol=1e-11)

    rows = np.array([one_split(rng) for _ in range(SPLITS[scale])])
    low, high, size, best = rows.T
    note = f"texts of {', '.join(f'{t} {k}' for t, k in SENTENCES.items())} sentences"
    taus = f"best mean over the languages at temperature {np.median(best):g} (median of splits, table of {TABLES[1]:,})"
    tiny = "tables so small that nothing is learnt show no interference either; they are not in the claim"
    return [
        measured("sign", right.mean(), n=200),
        measured("helps-low", low.mean(), interval(low, rng=rng), n=len(low), note=note),
        measured("costs-high", high.mean(), interval(high, rng=rng), n=len(high), note=taus),
        measured("size", size.mean(), interval(size, rng=rng), n=len(size), note=tiny),
    ]


def one_split(rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Rise for the low language, fall for the high one, gain by size, best temperature."""
    from macaronic.core.mixture import Mixture
    from macaronic.mix.interference import choose, sweep

    train, test, letters = split(rng)
    sizes = {tag: float(len(letter)) for tag, (_, letter) in train.items()}
    whole = sum(sizes.values())
    swept = {}
    for table in TABLES:
        alone = {tag: losses({tag: train[tag]}, {tag: 1.0}, test, letters, table)[tag] for tag in sizes}

        def trained(mixture: Mixture, table: int = table) -> dict[str, float]:
            weights = {tag: mixture.weights[tag] * whole / sizes[tag] for tag in sizes}
            return losses(train, weights, test, letters, table)

        swept[table] = sweep(sizes, alone, trained, taus=(1, 2, 3, 4, 5) if table == TABLES[1] else (1,))
    first, last = swept[TABLES[1]][0].scores, swept[TABLES[1]][-1].scores
    gain = swept[TABLES[2]][0].mean - swept[TABLES[0]][0].mean
    return last["id"] - first["id"], first["en"] - last["en"], gain, choose(swept[TABLES[1]]).tau


def split(rng: np.random.Generator) -> tuple[Grams, Grams, int]:
    """Contexts and letters of the training and test sentences of each language, and how many letters there are."""
    from macaronic.bundled import parallel

    rows = parallel()
    rows = [rows[i] for i in rng.permutation(len(rows))]
    letters = sorted({letter for row in rows for tag in SENTENCES for letter in row[tag].lower()} | {"\n"})
    number = {letter: i for i, letter in enumerate(letters)}
    most = max(SENTENCES.values())

    def grams(tag: str, part: list[dict[str, str]]) -> tuple[np.ndarray, np.ndarray]:
        texts = ["\n" * ORDER + row[tag].lower() + "\n" for row in part]
        codes = [np.array([number[letter] for letter in text]) for text in texts]
        contexts = [sum(c[k : len(c) - ORDER + k] * 1009**k for k in range(ORDER)) for c in codes]
        return np.concatenate(contexts), np.concatenate([c[ORDER:] for c in codes])

    train = {tag: grams(tag, rows[:count]) for tag, count in SENTENCES.items()}
    return train, {tag: grams(tag, rows[most:]) for tag in SENTENCES}, len(letters)


def losses(train: Grams, weights: dict[str, float], test: Grams, letters: int, table: int) -> dict[str, float]:
    """Mean loss of the test letters, in nats, under counts that share one table of hashed (context, letter) pairs."""
    counts, base = np.zeros(table), np.full(letters, 0.1)
    for tag, (context, letter) in train.items():
        counts += weights[tag] * np.bincount(slots(context, letter, table), minlength=table)
        base += weights[tag] * np.bincount(letter, minlength=letters)
    found = {}
    for tag, (context, letter) in test.items():
        score = counts[slots(context[:, None], np.arange(letters)[None, :], table)] + PRIOR * base / base.sum()
        found[tag] = float(-np.log(score[np.arange(len(letter)), letter] / score.sum(axis=1)).mean())
    return found


def slots(context: np.ndarray, letter: np.ndarray, table: int) -> np.ndarray:
    """Places in the table, by a multiplicative hash."""
    mixed = (context * 1_000_003 + letter + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    place: np.ndarray = ((mixed >> np.uint64(20)) % np.uint64(table)).astype(np.int64)
    return place
