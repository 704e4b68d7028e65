"""S104: encoders for the languages of Finland, pretrained in phases: many short sequences, longer ones, better data.

What works here: the schedule of mixtures, with the phases and token shares of the authors' model card (350 : 40 : 10
of 400, six stages of growing length in the middle; the lengths of the stages and the mixtures are ours), scaled down,
over made-up tokens that each occur once, so that every claim can be counted. Training the encoders needs GPUs.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

if TYPE_CHECKING:
    from macaronic.mix.stream import Batch

PAPER = Paper(
    id="S104",
    slug="finnish-modernbert",
    title="Pretraining Finnish ModernBERTs",
    kind="model",
    url="https://arxiv.org/abs/2511.09213",
    uses=("mix.schedule.Phase", "mix.stream.Stream", "mix.shards.write_tokens", "mix.torch_dataset.torch_dataset"),
    claims=(
        Claim(
            "budgets", "share of phases that hold the tokens asked for, to a whole sequence", "mechanism", at_least=1.0
        ),
        Claim("shares", "share of (phase, source) less than a sequence from what was asked", "mechanism", at_least=1.0),
        Claim("resume", "share of random positions that a fresh stream goes on from alike", "mechanism", at_least=1.0),
        Claim("parts", "share of sequences that 4 machines of 2 workers read once together", "mechanism", at_least=1.0),
        Claim(
            "fresh",
            "share of sources of which no token of the short phases (first and last) comes more often than in epochs",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "models",
            "the encoders are competitive with multilingual ones, and better than monolingual ones on contexts of "
            "more than 512 tokens",
            "needs",
            where="abstract",
            needs="GPUs, and the corpora of https://huggingface.co/TurkuNLP/finnish-modernbert-base; its batches: "
            "macaronic.mix.torch_dataset; pretraining encoders is not part of macaronic yet",
        ),
        Claim(
            "final-data",
            "which data the last phase uses changes the results on tasks",
            "needs",
            where="abstract and section on annealing",
            needs="as `models`, with one run for each mixture of the last phase",
        ),
    ),
    cost={"smoke": "seconds", "small": "10 seconds", "full": "30 seconds"},
    tasks=("language-modelling", "corpus"),
    languages=("fi", "sv", "en", "se", "la"),
)

HELD = {"fi": 0.3, "sv": 0.12, "en": 0.35, "code": 0.15, "se": 0.02, "la": 0.06}
"""Made-up sizes of the sources, as parts of all tokens."""
SHORT, LONG = 16, (24, 32, 64, 96, 128, 250)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Lay out the three phases over tokens that each occur once, and count what comes out.

    Args:
        scale: how many tokens: `smoke` 0.4, `small` 2 and `full` 8 million.
        rng: positions to go on from, and the stream's seed.
    """
    from macaronic.core.mixture import Mixture
    from macaronic.mix.schedule import Phase
    from macaronic.mix.shards import write_tokens
    from macaronic.mix.static import temperature
    from macaronic.mix.stream import Stream

    unit = {"smoke": 1000, "small": 5000, "full": 20_000}[scale]
    sizes = {name: int(part * 400 * unit) for name, part in HELD.items()}
    first = dict(zip(sizes, np.cumsum([0, *sizes.values()]).tolist()))
    broad, better = temperature(sizes, 1.5, unit="tokens"), Mixture({"fi": 6, "sv": 2, "en": 2, "la": 0}, "tokens")
    stages = [Phase(f"long-{n}", broad, 40 * unit // 6, length=n) for n in LONG]
    phases = [
        Phase("stable", broad, 350 * unit, length=SHORT),
        *stages,
        Phase("anneal", better, 10 * unit, length=SHORT),
    ]
    seed = int(rng.integers(1 << 31))
    with tempfile.TemporaryDirectory() as folder:
        for name, size in sizes.items():
            documents = np.array_split(first[name] + np.arange(size), 50)
            write_tokens(Path(folder, name), documents, vocabulary=400 * unit)
        files = {name: [Path(folder, name)] for name in sizes}
        stream = Stream(files, phases, seed=seed)
        order, tokens, taken = [], Counter[str](), Counter[tuple[str, str]]()
        short: dict[str, Counter[int]] = {name: Counter() for name in sizes}
        for batch in stream.batches(64):
            rows = np.asarray(batch.rows)
            order += _marks(batch)
            tokens[batch.phase] += rows.size
            owners = [stream.names[i] for i in batch.sources.tolist()]
            taken.update((batch.phase, owner) for owner in owners)
            if rows.shape[1] == SHORT and not batch.phase.startswith("long"):
                for owner, row in zip(owners, rows.tolist()):
                    short[owner].update(row)
        budgets = [0 <= (p.budget or 0) - tokens[p.name] < (p.length or 0) for p in phases]
        asked = {
            (p.name, n): p.mixture.weights.get(n, 0) * (p.budget or 0) / (p.length or 1) for p in phases for n in sizes
        }
        shares = [abs(taken[key] - wanted) < 1 for key, wanted in asked.items()]
        places = rng.integers(1, len(stream), 20).tolist()
        resumed = []
        for place in places:
            again = Stream(files, phases, seed=seed)
            rest = again.batches(50, position=again.resumed(stream.state(place)))
            found = [one for _, batch in zip(range(4), rest) for one in _marks(batch)]
            resumed.append(found == order[place : place + len(found)])
        parts = Counter(
            one
            for rank in range(4)
            for worker in range(2)
            for batch in stream.batches(8, rank=rank, ranks=4, worker=worker, workers=2)
            for one in _marks(batch)
        )
    named = Counter(order)
    sequences = {name: sizes[name] // SHORT for name in sizes}
    drawn = {name: taken["stable", name] + taken["anneal", name] for name in sizes}
    fresh = [max(short[name].values()) <= -(-drawn[name] // sequences[name]) for name in sizes]
    note = "made-up tokens"
    return [
        measured("budgets", np.mean(budgets), n=len(budgets), note=note),
        measured("shares", np.mean(shares), n=len(shares), note=note),
        measured("resume", np.mean(resumed), n=len(resumed), note=note),
        measured("parts", sum((parts & named).values()) / max(parts.total(), named.total()), n=len(stream), note=note),
        measured("fresh", np.mean(fresh), n=len(fresh), note=note),
    ]


def _marks(batch: Batch) -> list[tuple[str, int]]:
    """What tells each sequence from all others of its phase: its first token."""
    return [(batch.phase, int(row[0])) for row in batch.rows]
