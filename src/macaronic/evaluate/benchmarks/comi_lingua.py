"""COMI-LINGUA: labels of whole Hindi-English sentences by three people, such as the matrix language.

Its token tasks (lid, pos, ner) and translation have the form of `codemixbench` and are scored there. Gold labels are
those of the majority; where all differ the row has none and is told. The authors' files (`Sentences`, `Annotated by:
Annotator N`) are read as they are, with a column of answers beside. How far the people agree (Fleiss' kappa) stands
beside the scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.labels import label_results, plain_label, said_label
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored
from macaronic.measure.agreement import fleiss_kappa

BENCHMARK = Benchmark(
    name="comi-lingua",
    title="COMI-LINGUA: matrix language and other labels of Hindi-English text",
    task="name the matrix language (or another label) of a mixed sentence",
    metrics=(
        Metric("macro_f1", "mean F1 of the labels: most sentences have the same one"),
        Metric("accuracy", "sentences with the right label"),
        Metric("weighted_f1", "F1 of the labels, each counting as often as it occurs"),
        Metric("fleiss_kappa", "agreement of the people beyond chance"),
    ),
    form="CSV or JSONL: columns that begin with `Annotated by`, or gold; and response (or prediction); id",
    languages="hi hi-Latn en",
    papers=("S020",),
    source="https://huggingface.co/datasets/LingoIITGN/COMI-LINGUA",
    licence="CC BY 4.0 (its licence file says CC BY-SA 4.0)",
)
MEASURES = ("macro_f1", "accuracy", "weighted_f1")


def score(asked: Asked) -> Scored:
    """Score labels of sentences against people's.

    Raises:
        FormatError: no row has labels and a response.
    """
    problems = Problems(asked.strict)
    read = [(line, {"id": i, **row}) for i, (line, row) in enumerate(read_rows(asked.outputs, problems))]
    named = [(line, {"response": row.get("prediction"), **row}) for line, row in read]
    rows = list(required(iter(named), ("id", "response"), asked.outputs, problems, answer="response"))
    gold: list[str] = []
    replies: list[tuple[int, str, str]] = []
    votes = [people for _, row in rows if (people := labels_of(row))]
    for line, row in rows:
        wanted = majority(labels_of(row)) if labels_of(row) else plain_label(row["gold"]) if row.get("gold") else None
        if wanted is None:
            problems.add(asked.outputs, line, "no label of a majority", kind="not scored")
            continue
        gold.append(wanted)
        replies.append((line, str(row["id"]), str(row["response"])))
    if not gold:
        raise FormatError("expected labels (gold, or `Annotated by` columns) and a response", asked.outputs)
    known = sorted(set(gold))
    answers = [said_label(reply, known) for *_, reply in replies]
    for answer, (line, _, reply) in zip(answers, replies):
        if answer is None and reply.strip():
            what = f"{reply[:40]!r} is no label; it counts as wrong"
            problems.add(asked.outputs, line, what, kind="unparsed answer")
    told = signature(BENCHMARK.name, {"labels": "+".join(known), "bs": asked.samples})
    pairs = ([[g] for g in gold], [[a] for a in answers])
    results = label_results(
        *pairs, level="all", signature=told, samples=asked.samples, seed=asked.seed, unit="sentences", measures=MEASURES
    )
    kappa = fleiss_kappa(votes)
    if kappa is not None:
        results.append(Result("fleiss_kappa", "all", kappa, None, None, len(votes), "sentences", told))
    judged = tuple(
        Judged(name, {"accuracy": float(a == g)}, g, note=a or "unparsed", text=reply)
        for (_, name, reply), a, g in zip(replies, answers, gold)
    )
    return Scored(BENCHMARK.name, judged, tuple(results), {"signature": told}, problems)


def labels_of(row: Row) -> list[str]:
    """What each person said of a row, in the order of the columns.

    >>> labels_of({"Sentences": "x", "Annotated by: Annotator 1": "hi", "Annotated by: Annotator 2": "EN"})
    ['hi', 'en']
    """
    return [plain_label(v) for k, v in row.items() if str(k).lower().startswith("annotat") and v not in (None, "")]


def majority(labels: Sequence[str]) -> str | None:
    """The label that most people gave; None where the first two are equally frequent.

    >>> majority(["hi", "hi", "en"]), majority(["hi", "en"])
    ('hi', None)
    """
    common = Counter(labels).most_common(2)
    if not common or (len(common) > 1 and common[0][1] == common[1][1]):
        return None
    return common[0][0]


def _labels_given(row: Row) -> list[str]:
    """What people said of a row, or its gold label."""
    return labels_of(row) or ([plain_label(row["gold"])] if row.get("gold") else [])


QUESTION = "Which label fits the sentence? For a language: the one that gives it its grammar."
PROMPTS = Form(build=asking.choose(QUESTION, ["Sentences", "Sentence", "text"], _labels_given))
