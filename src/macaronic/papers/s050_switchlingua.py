"""S050: SwitchLingua's LinguaMaster: agents that write mixed text, judge it from four sides, refine it or let it go.

What works here: the whole graph over any language model, with the amount of mixing and the constraints judged by code.
Checked with a scripted model, which says what the graph does and nothing about how good a real model's text is. SAER,
the paper's error rate for speech recognition, is a part of evaluation and not of this card yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S050",
    slug="switchlingua",
    title="SwitchLingua: The First Large-Scale Multilingual and Multi-Ethnic Code-Switching Dataset",
    kind="system",
    url="https://arxiv.org/abs/2506.00087",
    uses=(
        "synth.agents.linguamaster.generate",
        "synth.agents.scenario.grid",
        "synth.agents.judges.weighted",
        "synth.agents.judges.ratio",
        "synth.agents.constraints.free_morphemes",
        "lm.kept.Kept",
    ),
    claims=(
        Claim(
            "example",
            "the judges of the authors' example (9, 8.5, 7, 9; the 7 counted by code) give their 8.475 (1 if so)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "decides",
            "share of scenarios that are accepted, refined once or rejected as the weights and the limit of 8 say",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "refines",
            "share of accepted rewritings that are what the refiner wrote (the authors' code loses its answer)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "nothing-lost",
            "with a third of the answers broken, share of scenarios that give a sentence or the right reason",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "data-set",
            "420,000 texts in 12 languages, rated by people",
            "needs",
            where="abstract",
            needs="a paid language model and raters; for the texts, with OPENAI_API_KEY set, in Python: run(generate("
            "grid().sample(1000, rng), lm_named('openai:MODEL', keep='answers.jsonl'), languages=('hi', 'en'), "
            "tag=tagged_by(tagger_named(), ('hi', 'en'))))",
        ),
        Claim(
            "speech",
            "recognisers do badly on the recordings, and SAER says so better than word error rate",
            "needs",
            where="abstract",
            needs="https://huggingface.co/datasets/Shelton1013/SwitchLingua_audio and a GPU; SAER is not part of "
            "macaronic yet",
        ),
    ),
    cost={"smoke": "seconds, scripted", "small": "seconds, scripted", "full": "seconds, scripted"},
    tasks=("generation",),
)
SPANISH = ["el", "perro", "come", "pan", "en", "la", "casa", "blanca"]
ENGLISH = ["and", "then", "the", "dog", "was", "sleeping", "all", "day"]
JUDGES = {"Judge its grammar": 0, "bilingual speaker would": 1, "fits the person": 2}
BROKEN = {
    "empty answer": "",
    "refusal": "I'm sorry, but I can't help with that.",
    "malformed answer": '{"text": "el perro and',
    "wrong language": '{"text": "el perro come pan"}',
}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Run scenarios with a scripted model whose scores are known, and work out apart what had to happen.

    Args:
        scale: how many scenarios.
        rng: scenarios, texts, scores, and which answers are broken.
    """
    from macaronic.lm.scripted import Scripted
    from macaronic.synth.agents.linguamaster import generate, run
    from macaronic.synth.agents.scenario import Scenario

    count = {"smoke": 60, "small": 600, "full": 3000}[scale]
    sizes = rng.integers(1, 12, (count, 2, 2))
    scores = rng.integers(5, 11, (count, 2, 3)).astype(float)
    asked = rng.choice([30, 50, 70], count)
    broken = rng.choice([*[""] * 8, *BROKEN], count)
    sizes[0, 0], scores[0, 0], asked[0], broken[0] = (7, 13), (9, 8.5, 9), 50, ""
    texts = [[" ".join(words(sizes[i, k], rng)) + f" {i} {k}" for k in (0, 1)] for i in range(count)]

    def model(faults: Sequence[str]) -> Scripted:
        def say(messages: Sequence[Mapping[str, str]]) -> str:
            told = messages[-1]["content"]
            judge = next((place for part, place in JUDGES.items() if part in told), None)
            if judge is not None:
                i, k = map(int, told.split("Text:\n")[1].split("\n")[0].split()[-2:])
                return f'{{"score": {scores[i, k, judge]}, "problems": []}}'
            i = int(told.split("case: ")[1].split()[0])
            return BROKEN.get(faults[i], f'{{"text": "{texts[i][int("Rewrite it" in told)]}"}}')

        return Scripted(say)

    def labels(said: Sequence[str]) -> list[str]:
        return ["es" if word in SPANISH else "en" if word in ENGLISH else "other" for word in said]

    scenes = [Scenario(i, {"share": int(asked[i]), "case": i}) for i in range(count)]
    usual, faulty = (
        list(run(generate(scenes, model(faults), languages=("es", "en"), tag=labels)))
        for faults in ([""] * count, list(broken))
    )

    share, wanted = sizes[:, :, 1] / sizes.sum(axis=2), asked[:, None] / 100
    ratio = 10 * (1 - np.abs(share - wanted) / np.maximum(wanted, 1 - wanted))
    total = np.round(scores @ [0.30, 0.25, 0.25] + 0.20 * ratio, 9)
    tries = np.where(total[:, 0] >= 8, 0, np.where(total[:, 1] >= 8, 1, -1))
    told = [outcome.sentences[0].meta["refined"] if outcome.sentences else -1 for outcome in usual]
    rewritten = [outcome.sentences[0].text == texts[i][1] for i, outcome in enumerate(usual) if told[i] == 1]
    right = [str(made.reason) == fault if fault else made == was for was, made, fault in zip(usual, faulty, broken)]
    kinds = f"{told.count(0)} accepted, {told.count(1)} refined, {told.count(-1)} rejected"
    return [
        measured(
            "example", usual[0].sentences[0].meta["score"] == 8.475, n=1, note="scripted judges; ratio 13 of 20 words"
        ),
        measured("decides", np.mean(np.array(told) == tries), n=count, note=kinds),
        measured("refines", np.mean(rewritten), n=len(rewritten)),
        measured("nothing-lost", np.mean(right), n=count, note=f"{int(np.sum(broken != ''))} answers broken"),
    ]


def words(sizes: Sequence[int], rng: np.random.Generator) -> list[str]:
    """Words without meaning: so many Spanish ones, then so many English ones."""
    return [str(word) for known, size in zip((SPANISH, ENGLISH), sizes) for word in rng.choice(known, size)]
