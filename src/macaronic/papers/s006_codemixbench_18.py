"""S006: CodeMixBench over 18 languages: its mixed text by word substitution, and scoring its eight tasks.

What works here: as many words as bring the Code-Mixing Index nearest to a target, with the origin of every word, and a
place where a language model may rewrite the result (the paper's is GPT-4), on text that our own aligner links; scores
of its tasks by the authors' rules and ours, on planted answers.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S006",
    slug="codemixbench-18",
    title="CodeMixBench: Evaluating Code-Mixing Capabilities of LLMs Across 18 Languages",
    kind="benchmark",
    url="https://arxiv.org/abs/2507.18791",
    uses=("synth.target.target_cmi", "synth.substitute.substitute", "evaluate.benchmarks.codemixbench.score"),
    claims=(
        Claim(
            "near-target",
            "5 less the mean distance of the reached from the asked index in points, over sentences whose greatest "
            "index is not below the asked one (10, 25 and 40)",
            "direction",
            at_least=0.0,
        ),
        Claim("reachable", "share of sentences that come within 5 points of an index of 25", "direction", at_least=0.5),
        Claim(
            "origins",
            "share of words that stand in the side, and at the place of it, that the sentence names",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "kept-origins",
            "a rewriting that only adds words keeps the label of every word of the sentence (share of those words)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "scores",
            "share of accuracies, by sentence and over all tokens, as counted apart",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "broken", "share of tags that come back out of broken lists of tokens and tags", "mechanism", at_least=1.0
        ),
        Claim(
            "models",
            "language models do worse on mixed text of eight tasks, most of all across language families",
            "needs",
            where="abstract",
            needs="language models and the hub data CodeMixBench/CodeMixBench: macaronic eval score codemixbench "
            "OUTPUTS.jsonl --compat",
        ),
    ),
    data=("parallel-ntrex",),
    cost={"smoke": "seconds", "small": "15 seconds, parallel-ntrex (200 texts)", "full": "the same as small"},
    tasks=("generation", "measurement", "lid"),
    languages=("en", "hi", "es", "zh", "ar", "de", "fr"),
)
PAIRS = {"hi": "hin", "es": "spa", "de": "deu"}
TARGETS = (10.0, 25.0, 40.0)
FORMS = ('[["{}", "{}"], ', "[('{}', '{}'), ", '[{{"{}": "{}"}}, ', '[{{"token": "{}", "tag": "{}"}}, ', "\n{}: {}\n")


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Mix three languages with English towards targets (bundled text, or `parallel-ntrex`); score planted answers."""
    from macaronic.bundled import parallel
    from macaronic.core.bootstrap import interval
    from macaronic.core.errors import MissingData
    from macaronic.core.parallel import Parallel
    from macaronic.core.utterance import Utterance
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.measure.cmi import cmi
    from macaronic.synth.align import align
    from macaronic.synth.target import target_cmi
    from macaronic.text.words import words

    sha = ""
    if scale == "smoke":
        texts = {tag: [words(row[tag]) for row in parallel()] for tag in ("en", *PAIRS)}
    else:
        try:
            place, sha = locate("parallel-ntrex"), data_sha256("parallel-ntrex")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = [json.loads(line) for line in (place / "ntrex200.jsonl").read_text("utf-8").splitlines()]
        known = {line["lang"]: line["sentences"] for line in lines}
        texts = {tag: [words(s) for s in known[code]] for tag, code in {"en": "eng-US", **PAIRS}.items()}

    away, near, right, kept = [], [], [], []
    for tag in PAIRS:
        both = list(zip(texts[tag], texts["en"], strict=True))
        for i, found in enumerate(align(both, source=tag, target="en")):
            sides = {tag: Utterance.from_words(both[i][0]), "en": Utterance.from_words(both[i][1])}
            row = Parallel(str(i), sides, {(tag, "en"): found.links})
            near.append(bool(target_cmi(row, target=25, tolerance=5.0, rng=rng).sentences))
            most = [cmi(one.langs) for one in target_cmi(row, target=100, tolerance=None, rng=rng).sentences]
            for target in TARGETS:
                outcome = target_cmi(row, target=target, tolerance=None, rng=rng)
                for one in outcome.sentences:
                    away += [abs(cmi(one.langs) - target)] if max(most, default=0.0) >= target else []
                    places = zip(one.words, one.sides, one.index, strict=True)
                    right += [sides[side].words[at] == word for word, side, at in places]
            again = target_cmi(row, target=25, rewrite=lambda mixed: f"zzz {' '.join(mixed.words)} zzz", rng=rng)
            kept += [one.langs.count("unk") == 2 for one in again.sentences]

    note = f"{len(near)} pairs of {', '.join(PAIRS)} with English"
    distance = interval(5.0 - np.array(away), rng=rng)
    share = interval(np.array(near, dtype=float), rng=rng)
    return [
        measured("near-target", 5.0 - np.mean(away), distance, n=len(away), data_sha256=sha, note=note),
        measured("reachable", np.mean(near), share, n=len(near), data_sha256=sha, note=note),
        measured("origins", np.mean(right), n=len(right), data_sha256=sha, note=note),
        measured("kept-origins", np.mean(kept), n=len(kept), data_sha256=sha, note=note),
        *scores(rng),
    ]


def scores(rng: np.random.Generator) -> list[Check]:
    """Tags of sentences of several lengths, more of them wrong in short ones, in lists without an end."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.codemixbench import score
    from macaronic.evaluate.token_tasks import pairs

    rows, right, back = [], [], []
    for i, n in enumerate(rng.integers(2, 20, 120)):
        tokens, gold = [f"w{j}" for j in range(n)], [str(tag) for tag in rng.choice(["hi", "en", "other"], n)]
        tags = [tag if rng.random() > 1 / n else "ne" for tag in gold]
        opening, each = FORMS[i % len(FORMS)][0], FORMS[i % len(FORMS)][1:]
        reply = opening + "".join(each.format(*pair) for pair in zip(tokens, tags))
        back += [pair in pairs(reply) for pair in zip(tokens, tags)]
        right.append([a == b for a, b in zip(gold, tags)])
        rows.append({"id": i, "task": "lid", "pair": "", "gold": gold, "tokens": tokens, "response": reply})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        told = [score(Asked(str(path), compat=authors, samples=0)).results[0] for authors in (True, False)]
    apart = [float(np.mean([np.mean(one) for one in right])), float(np.mean([ok for one in right for ok in one]))]
    note = f"by sentence {apart[0]:.3f}, over all tokens {apart[1]:.3f}"
    equal = np.mean([abs((r.value or 0.0) - value) < 1e-9 for r, value in zip(told, apart)])
    return [measured("scores", equal, n=2, note=note), measured("broken", np.mean(back), n=len(back))]
