"""S072: language confusion: whether a model answers in the wanted language, line by line and word by word.

What works here: the authors' figures on their released outputs, with the same identifier and splitters of words, and
our own rules beside. At smoke scale answers in bundled languages are planted wrong and found again.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S072",
    slug="language-confusion",
    title="Understanding and Mitigating Language Confusion in LLMs",
    kind="benchmark",
    url="https://github.com/for-ai/language-confusion",
    uses=("evaluate.benchmarks.language_confusion.score", "evaluate.lid.lid_named", "evaluate.compare.compare"),
    claims=(
        Claim(
            "cells",
            "largest difference of LPR, WPR and line accuracy from the authors' rules, five models, every task, source "
            "and language",
            "number",
            reported=0.0,
            where="figures of the authors' rules with lid.176.ftz, stored with the data set eval-language-confusion",
            tolerance=1e-6,
        ),
        Claim(
            "llama-3-monolingual",
            "LPR of Llama-3-70B-Instruct, monolingual (the paper's identifier is lid.176.bin, here lid.176.ftz)",
            "number",
            reported=0.460,
            where="table of averages in the paper, as the data set's README gives it",
            tolerance=0.005,
        ),
        Claim(
            "llama-3-crosslingual",
            "LPR of Llama-3-70B-Instruct, crosslingual (the same)",
            "number",
            reported=0.303,
            where="table of averages in the paper, as the data set's README gives it",
            tolerance=0.005,
        ),
        Claim(
            "planted",
            "share of outputs, half of them planted in a wrong language, that our identifier and rules judge rightly",
            "mechanism",
            at_least=0.9,
        ),
        Claim(
            "bin",
            "the averages of all ten models with the paper's own identifier",
            "needs",
            where="table of averages in the paper",
            needs="lid.176.bin and the other five models' outputs: "
            "macaronic eval score language-confusion OUTPUTS.csv --compat --lid lid.176.bin",
        ),
    ),
    data=("eval-language-confusion",),
    cost={"smoke": "a second", "small": "10 seconds, eval-language-confusion", "full": "the same as small"},
    tasks=("sentence-lid", "generation"),
    languages=("ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pt", "ru", "tr", "vi", "zh"),
)
MODELS = ("command-r-plus", "command-r", "gpt-3.5-turbo", "llama-3-instruct", "mistral-8x7b")


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Score the released outputs by the authors' rules (not at scale `smoke`), and planted ones by ours."""
    from macaronic.core.errors import MissingData, MissingExtra
    from macaronic.curate.datasets import data_sha256, locate

    if scale == "smoke":
        return [planted(rng)]
    try:
        place, sha = locate("eval-language-confusion"), data_sha256("eval-language-confusion")
        gaps, averages = released(place)
    except (MissingData, MissingExtra) as error:
        return unanswered(PAPER, error)
    return [
        measured("cells", max(gaps), n=len(gaps), data_sha256=sha),
        measured("llama-3-monolingual", averages["monolingual"]["lpr"], n=2400, data_sha256=sha),
        measured("llama-3-crosslingual", averages["crosslingual"]["lpr"], n=4186, data_sha256=sha),
        planted(rng),
    ]


def released(place: Path) -> tuple[list[float], dict[str, dict[str, float]]]:
    """Differences from the stored figures, and the averages of Llama 3."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.language_confusion import score
    from macaronic.evaluate.confusion_words import WORDS

    wanted = json.loads((place / "scores_author_code_lid176ftz.json").read_text("utf-8"))
    gaps, averages = [], {}
    for model in MODELS:
        outputs, words = place / "outputs" / f"{model}.csv.gz", str(place / WORDS)
        body = score(Asked(str(outputs), words, compat=True, lid="lid.176.ftz", samples=0)).body
        for row in body["rows"]:
            told = wanted[f"{model}|{row['task']}|{row['source']}|{row['language']}"]
            gaps += [abs(row[name] - value) for name, value in told.items()]
        if model == "llama-3-instruct":
            averages = body["averages"]
    return gaps, averages


def planted(rng: np.random.Generator) -> Check:
    """Bundled sentences as outputs; every second one in another of the languages."""
    from macaronic import bundled
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.language_confusion import score

    tags = ("ar", "de", "es", "fr", "hi", "id", "it", "ko", "pt", "ru", "tr", "vi")
    rows, wrong = [], []
    for i, sentence in enumerate(bundled.parallel()):
        wanted = tags[i % len(tags)]
        said = str(rng.choice([t for t in tags if t != wanted])) if i % 2 else wanted
        rows.append({"id": i, "completion": sentence[said], "task": "monolingual", "source": "own", "language": wanted})
        wrong.append(said != wanted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        found = score(Asked(str(path), samples=0)).judged
    right = [(one.values["lpr"] == 0.0) == is_wrong for one, is_wrong in zip(found, wrong)]
    return measured("planted", float(np.mean(right)), n=len(right))
