"""S027: BLEnD: everyday knowledge of sixteen cultures, as short answers weighed by people's votes.

What works here: SEM-B and SEM-W with the authors' rules of skipping, their letter matching and ours at borders of
words, and the parsing of multiple choice. The gap between cultures needs models.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S027",
    slug="blend",
    title="BLEnD: A Benchmark for LLMs on Everyday Knowledge in Diverse Cultures and Languages",
    kind="benchmark",
    url="https://github.com/nlee0212/BLEnD",
    uses=("evaluate.benchmarks.blend.score", "evaluate.benchmarks.blend.questions", "evaluate.lemmas.lemmatiser"),
    claims=(
        Claim("skips", "planted questions are skipped exactly by the authors' three rules", "mechanism", at_least=1.0),
        Claim(
            "votes",
            "an answerer that gives a group with a planted share of the votes gets that SEM-W (1 - largest difference)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "borders",
            "share of answers inside a longer word that count for the authors' rule and not for ours",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "gold",
            "SEM-B of people's most frequent answers, 500 Indonesian questions",
            "number",
            reported=1.0,
            where="follows from the definition",
        ),
        Claim(
            "gap",
            "up to 57.34 points between cultures for GPT-4, short answers",
            "needs",
            where="abstract",
            needs="models and the 16 regions: macaronic eval score blend ANSWERS.jsonl --examples data/annotations",
        ),
    ),
    data=("eval-blend",),
    cost={"smoke": "a second", "small": "seconds, eval-blend", "full": "the same as small"},
    tasks=("question-answering",),
    languages=("en", "zh", "id", "ko", "es"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant questions and answers; score people's own answers (not at scale `smoke`)."""
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate

    out = [skips(), votes(rng), borders(rng)]
    if scale == "smoke":
        return out
    try:
        place, sha = locate("eval-blend"), data_sha256("eval-blend")
    except MissingData as error:
        return unanswered(PAPER, error)
    path = place / "Indonesia_data.json"
    if not path.is_file():
        return [*out, Check("gold", None, note="Indonesia_data.json is not beside the questions")]
    value, n = gold(path)
    return [*out, measured("gold", value, n=n, data_sha256=sha)]


def question(groups: list[tuple[str, int]], silent: int = 0, unsure: int = 0) -> dict[str, object]:
    """A question as the release stores it."""
    held = [{"answers": [answer], "en_answers": [], "count": count} for answer, count in groups]
    return {"annotations": held, "idks": {"idk": unsure, "no-answer": silent, "not-applicable": 0}}


def answered(
    held: Mapping[str, object], answers: Mapping[str, str], *, compat: bool = False
) -> dict[str, tuple[float, float]]:
    """SEM-B and SEM-W of each question that counts."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.blend import score

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Made_data.json").write_text(json.dumps(held), "utf-8")
        outputs = Path(folder) / "outputs.jsonl"
        rows = [{"id": name, "country": "Made", "response": text} for name, text in answers.items()]
        outputs.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        judged = score(Asked(str(outputs), folder, compat=compat, samples=0)).judged
    kept = [one for one in judged if one.values["sem_b"] is not None]
    return {one.id.split("/")[1]: (float(one.values["sem_b"] or 0), float(one.values["sem_w"] or 0)) for one in kept}


def skips() -> Check:
    """Every number of silent and unsure people; 1 where the same questions count."""
    held = {f"{s}-{u}": question([("tea", 1)], s, u) for s in range(5) for u in range(7)} | {"none": question([])}
    kept = set(answered(held, dict.fromkeys(held, "tea")))
    return measured("skips", float(kept == {f"{s}-{u}" for s in range(3) for u in range(5)}), n=len(held))


def votes(rng: np.random.Generator) -> Check:
    """Answers of groups with known votes."""
    held, answers, wanted = {}, {}, {}
    for i in range(60):
        counts = sorted(rng.integers(1, 9, 3).tolist(), reverse=True)
        held[str(i)] = question([(f"word{i}{c}", n) for c, n in zip("abc", counts)])
        chosen = int(rng.integers(4))
        answers[str(i)] = f"I would say word{i}{'abc'[chosen]}." if chosen < 3 else "something else"
        wanted[str(i)] = counts[chosen] / counts[0] if chosen < 3 else 0.0
    got = answered(held, answers)
    return measured("votes", 1 - max(abs(got[name][1] - value) for name, value in wanted.items()), n=len(wanted))


def borders(rng: np.random.Generator) -> Check:
    """Answers inside longer words."""
    names = ["".join(rng.choice(list("aeioutrsnl"), 4)) for _ in range(40)]
    held = {str(i): question([(name, 3)]) for i, name in enumerate(names)}
    answers = {str(i): f"x{name}x" for i, name in enumerate(names)}
    theirs, ours = answered(held, answers, compat=True), answered(held, answers)
    return measured("borders", float(np.mean([theirs[k][0] == 1.0 and ours[k][0] == 0.0 for k in held])), n=len(held))


def gold(path: Path) -> tuple[float, int]:
    """SEM-B of the most frequent answers of people."""
    from macaronic.evaluate.benchmarks.blend import questions

    held = json.loads(path.read_text("utf-8"))
    best = {name: max(q.groups, key=lambda g: g.votes) for name, q in questions(held).items() if q.groups}
    got = answered(held, {name: (group.answers or group.english or ("",))[0] for name, group in best.items()})
    return float(np.mean([b for b, _ in got.values()])), len(got)
