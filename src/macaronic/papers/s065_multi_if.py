"""S065: Multi-IF: instructions over three turns in eight languages.

What works here: the checkers, strict and loose, the mean of four scores for each turn, rows that end early as the
authors have them. That models get worse turn by turn needs models.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S065",
    slug="multi-if",
    title="Multi-IF: Benchmarking LLMs on Multi-Turn and Multilingual Instructions Following",
    kind="benchmark",
    url="https://huggingface.co/datasets/facebook/Multi-IF",
    uses=("evaluate.benchmarks.multi_if.score", "evaluate.instructions.check.check", "evaluate.instructed.judged_of"),
    claims=(
        Claim(
            "by-hand",
            "largest difference of the four scores and their mean from those computed by hand, three planted turns",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "loose",
            "a wrong first line, or asterisks, break an instruction strictly and not loosely (share of cases)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "turns",
            "an answerer that forgets each instruction with a planted chance scores lower turn by turn (least step)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "models",
            "o1-preview falls from 0.877 in the first turn to 0.707 in the third; other languages lie below English",
            "needs",
            where="abstract",
            needs="models and the hub data facebook/Multi-IF: macaronic eval score multi-if OUTPUTS.jsonl",
        ),
    ),
    cost={"smoke": "a second, made up", "small": "seconds, made up", "full": "seconds, made up"},
    tasks=("generation",),
    languages=("en", "es", "fr", "hi", "it", "pt", "ru", "zh"),
)
RULES: tuple[tuple[str, dict[str, object]], ...] = (
    ("punctuation:no_comma", {}),
    ("keywords:existence", {"keywords": ["blue"]}),
    ("length_constraints:number_words", {"num_words": 5, "relation": "at least"}),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant conversations and score them."""
    count = {"smoke": 60, "small": 300, "full": 1000}[scale]
    fell = forgetful(count, rng)
    return [by_hand(), loose(), measured("turns", float(min(np.diff(fell) * -1)), n=3 * count)]


def scored(rows: list[dict[str, object]]) -> dict[tuple[str, str], float]:
    """Scores of conversations by name and turn."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.multi_if import score

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        results = score(Asked(str(path), samples=0)).results
    return {(r.name, r.level): float(r.value or 0.0) for r in results}


def conversation(key: int, responses: list[str]) -> dict[str, object]:
    """Three turns; each adds a rule to those before."""
    row: dict[str, object] = {"key": key, "language": "English", "responses": responses}
    for turn in (1, 2, 3):
        row[f"turn_{turn}_prompt"] = json.dumps({"role": "user", "content": "Go on."})
        row[f"turn_{turn}_instruction_id_list"] = [name for name, _ in RULES[:turn]]
        row[f"turn_{turn}_kwargs"] = [json.dumps(arguments) for _, arguments in RULES[:turn]]
    return row


def by_hand() -> Check:
    """Two conversations whose scores are counted by hand; 1 where all agree."""
    rows = [
        conversation(1, ["fine", "blue sky", "a blue sky and sea"]),
        conversation(2, ["so, no", "red", "Well, yes:\nblue and long enough too"]),
    ]
    got = scored(rows)
    wanted = {
        ("prompt_strict", "turn 1"): 0.5,
        ("prompt_strict", "turn 2"): 0.5,
        ("instruction_strict", "turn 2"): 3 / 4,
        ("prompt_strict", "turn 3"): 0.5,
        ("prompt_loose", "turn 3"): 1.0,
        ("instruction_strict", "turn 3"): 5 / 6,
        ("instruction_loose", "turn 3"): 1.0,
        ("overall", "turn 3"): (0.5 + 1.0 + 5 / 6 + 1.0) / 4,
    }
    gap = max(abs(got[key] - value) for key, value in wanted.items())
    return measured("by-hand", float(gap < 1e-9), n=len(wanted), note=f"largest difference {gap:.1e}")


def loose() -> Check:
    """What the loose form forgives."""
    from macaronic.evaluate.instructions.check import check
    from macaronic.evaluate.instructions.context import Context

    cases = ("Sure, here:\nblue", "blue\nHope that helps, bye")
    verdicts = [check(text, ["punctuation:no_comma"], [{}], Context())[0] for text in cases]
    return measured("loose", float(np.mean([v.strict is False and v.loose is True for v in verdicts])), n=len(cases))


def forgetful(count: int, rng: np.random.Generator) -> list[float]:
    """Mean of the four scores of each turn when every rule is forgotten with chance 0.2."""
    rows = []
    for key in range(count):
        keeps = rng.random((3, 3)) > 0.2
        texts = []
        for turn in range(3):
            comma = "" if keeps[turn, 0] else ","
            colour = "blue" if keeps[turn, 1] or turn < 1 else "red"
            more = " and a long way to go" if keeps[turn, 2] or turn < 2 else ""
            texts.append(f"sky{comma} {colour}{more}")
        rows.append(conversation(key, texts))
    got = scored(rows)
    return [got["overall", f"turn {turn}"] for turn in (1, 2, 3)]
