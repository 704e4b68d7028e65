"""Sentiment, offence and hate in mixed text: SentMix-3L, OffMix-3L and the like, and mixed rows beside unmixed ones.

Rows hold a text, its gold label and a model's answer. The weighted F1 is that of the two papers; every figure also
stands apart for rows that mix languages and rows that do not, by the shipped word tagger.
"""

from __future__ import annotations

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.labels import label_results, said_label
from macaronic.evaluate.mixing import degrees
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import read_rows, required
from macaronic.evaluate.scored import Scored

BENCHMARK = Benchmark(
    name="mixed-affect",
    title="Sentiment and offence in mixed text (SentMix-3L, OffMix-3L)",
    task="say whether a mixed text is positive, negative or neutral; offensive or not",
    metrics=(
        Metric("weighted_f1", "F1 of the labels, each counting as often as it occurs"),
        Metric("macro_f1", "mean F1 of the labels"),
        Metric("accuracy", "rows with the right label"),
    ),
    form="CSV or JSONL: id, text, label, response (or prediction); set may tell several data sets apart",
    languages="bn hi en and their romanised forms; any",
    papers=("S007", "S009", "S021"),
    source="https://github.com/LanguageTechnologyLab/SentMix-3L and https://huggingface.co/datasets/md-nishat-008/OffMix-3L",
    licence="OffMix-3L: CC BY-ND 4.0; SentMix-3L: see the source",
)
PROMPTS = Form(
    build=asking.choose("Which label fits the text?", ["text"], lambda row: [row["label"]] if row.get("label") else [])
)
MEASURES = ("weighted_f1", "macro_f1", "accuracy")


def score(asked: Asked) -> Scored:
    """Score labels of mixed texts.

    Raises:
        FormatError: no row has id, text, label and response.
    """
    problems = Problems(asked.strict)
    found = ((line, {"response": row.get("prediction"), **row}) for line, row in read_rows(asked.outputs, problems))
    fields, key = ("id", "text", "label", "response"), ("set", "id")
    numbered = [*required(found, fields, asked.outputs, problems, key=key, answer="response")]
    rows = [row for _, row in numbered]
    known = sorted({str(row["label"]) for row in rows})
    answers = [said_label(str(row["response"]), known) for row in rows]
    for (line, row), answer in zip(numbered, answers):
        if answer is None and str(row["response"]).strip():
            said = f"{str(row['response'])[:40]!r} is none of the labels; it counts as wrong"
            problems.add(asked.outputs, line, said, kind="unparsed answer")
    mixed = [degree > 0 for degree in degrees([str(row["text"]) for row in rows])]
    told = signature(BENCHMARK.name, {"labels": len(known), "bs": asked.samples})
    sets = [str(row.get("set") or "all") for row in rows]
    results = []
    for name in dict.fromkeys(sets):
        for part, keep in (("", (True, False)), ("/mixed", (True,)), ("/unmixed", (False,))):
            own = [i for i in range(len(rows)) if sets[i] == name and mixed[i] in keep]
            if own:
                results += label_results(
                    [[str(rows[i]["label"])] for i in own], [[answers[i]] for i in own], level=f"{name}{part}",
                    signature=told, samples=asked.samples, seed=asked.seed, unit="rows", measures=MEASURES,
                )  # fmt: skip
    judged = tuple(
        Judged(
            f"{name}/{row['id']}",
            {"accuracy": float(answer == str(row["label"]))},
            "mixed" if is_mixed else "unmixed",
            name,
            answer or "unparsed",
            str(row["text"]),
        )
        for row, answer, is_mixed, name in zip(rows, answers, mixed, sets)
    )
    return Scored(BENCHMARK.name, judged, tuple(results), {"signature": told}, problems)
