"""S088: Marco-Bench-MIF: instructions that can be checked, in 30 languages, localised or machine-translated.

What works here: a checker for each of the 25 kinds of instructions in any script, strict and loose, and a list of the
defects of the released files. The comparison of languages and of localised with translated prompts needs models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S088",
    slug="marco-mif",
    title="Marco-Bench-MIF: On Multilingual Instruction-Following Capability of Large Language Models",
    kind="benchmark",
    url="https://github.com/AIDC-AI/Marco-Bench-MIF",
    uses=("evaluate.benchmarks.marco_mif.score", "evaluate.instructions.check.check", "evaluate.defects.defects"),
    claims=(
        Claim(
            "rows",
            "rows of the eleven files here that can be read (541 in each, 540 in the localised Chinese one)",
            "number",
            reported=5950.0,
            where="the released files, as the data set's README counts them",
        ),
        Claim(
            "defects",
            "of the defects that are known of these files, so many are named",
            "number",
            reported=3.0,
            where="the data set's README",
        ),
        Claim(
            "kinds",
            "kinds of instructions in the released files that have a checker",
            "number",
            reported=25.0,
            where="the data set's README",
        ),
        Claim(
            "flips",
            "share of planted breaks (a comma, a missing sentence, another language, ...) that turn a followed "
            "instruction into a broken one, in six languages",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "gap",
            "models follow 25 to 35 points less in languages of few resources; translated prompts underestimate",
            "needs",
            where="abstract",
            needs="models and the 35 files: macaronic eval score marco-mif OUTPUTS.jsonl --examples sw.jsonl",
        ),
    ),
    data=("eval-marco-mif",),
    cost={"smoke": "a second", "small": "5 seconds, eval-marco-mif", "full": "the same as small"},
    tasks=("generation",),
    languages=("ar", "de", "en", "es", "ja", "yo", "zh"),
)
KNOWN: set[tuple[str, object]] = {("zh_local", 15), ("es_local", "2380"), ("es_mt", "1127")}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Read the released files (not at scale `smoke`), and break followed instructions."""
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate

    if scale == "smoke":
        return [flips()]
    try:
        place, sha = locate("eval-marco-mif"), data_sha256("eval-marco-mif")
    except MissingData as error:
        return unanswered(PAPER, error)
    rows, named, kinds = files(place)
    return [
        measured("rows", rows, n=rows, data_sha256=sha),
        measured("defects", len(named & KNOWN), n=rows, data_sha256=sha),
        measured("kinds", kinds, n=rows, data_sha256=sha),
        flips(),
    ]


def files(place: Path) -> tuple[int, set[tuple[str, object]], int]:
    """Rows, defects as (file, line or key), and kinds of instructions with a checker."""
    from macaronic.core.problems import Problems
    from macaronic.evaluate.benchmark import find
    from macaronic.evaluate.defects import defects
    from macaronic.evaluate.instructions.check import CHECKERS
    from macaronic.evaluate.rows import read_rows

    total, kinds = 0, set()
    named: set[tuple[str, object]] = set()
    for path in sorted(place.glob("*.jsonl.gz")):
        found, rows = defects(find("marco-mif"), str(path))
        total += rows
        name = path.name.removesuffix(".jsonl.gz")
        named |= {(name, d.line if d.kind == "unreadable" else d.key) for d in found if d.kind != "bad instruction"}
        kinds |= {kind for _, row in read_rows(str(path), Problems()) for kind in row["instruction_id_list"]}
    return total, named, len(kinds & set(CHECKERS))


def flips() -> Check:
    """Followed and broken answers out of bundled sentences."""
    from macaronic import bundled
    from macaronic.evaluate.instructions.check import follows
    from macaronic.evaluate.instructions.context import Context
    from macaronic.evaluate.lid import lid_named

    context = Context("", lambda text: lid_named().labels([text])[0][0])
    one, two = bundled.parallel()[0], bundled.parallel()[1]
    done = []
    for tag in ("en", "hi", "ar", "ru", "zh", "el"):
        a, b, word = one[tag], two[tag], one[tag].split()[0].strip(".。।")
        other = one["en" if tag != "en" else "ru"]
        cases: list[tuple[str, dict[str, Any], str, str]] = [
            ("punctuation:no_comma", {}, word, f"{word}، {word}"),
            ("length_constraints:number_sentences", {"num_sentences": 2}, f"{a} {b}", a),
            ("length_constraints:number_words", {"num_words": 40, "relation": "less than"}, a, f"{a} {b} " * 20),
            ("language:response_language", {"language": tag}, f"{a} {b}", f"{other} {other}"),
            ("keywords:existence", {"keywords": [word]}, a, "7"),
            ("startend:end_checker", {"end_phrase": b}, f"{a} {b}", f"{b} {a}"),
            ("detectable_format:title", {}, f"<<{word}>> {a}", a),
        ]
        for name, arguments, good, bad in cases:
            done.append(
                follows(name, good, arguments, context) is True and follows(name, bad, arguments, context) is False
            )
    return measured("flips", float(np.mean(done)), n=len(done))
