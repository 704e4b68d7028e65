"""S001: MMM and OIELLM: a line for a text's label and what is in it, and whether the two levels help each other.

8B models are out of reach: the ablation is measured on small taggers trained here on made-up records, whatever it
shows; at smoke scale on planted readers, which shows the procedure and nothing about models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

if TYPE_CHECKING:
    from macaronic.extract.record import Record

PAPER = Paper(
    id="S001",
    slug="mmm",
    title="MMM: Multilingual Mutual Reinforcement Effect Mix Datasets & Test with Open-domain Information Extraction "
    "Large Language Models",
    kind="system",
    url="https://arxiv.org/abs/2407.10953",
    uses=(
        *("extract.codecs.oiellm.Oiellm", "extract.families.build"),
        "extract.fit.fit",
        "extract.grammar.grammar",
        "extract.ablate.ablate",
        "extract.verbaliser.verbaliser",
    ),
    claims=(
        Claim(
            "round-trip",
            "share of records that come back unchanged from the escaped line, and from the released one read by labels",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "form",
            "share of answers of an untrained model that are records, held to the grammar",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "words-help",
            "change of TL when the right words are told behind the text, lower end (made-up unseen records)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "label-helps",
            "change of WL when the right text label is told behind the text, lower end (the same)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "oiellm",
            "OIELLM-8B on Japanese SCNM: TL 84.73, WL 88.53, ALL 61.93; 16 of 21 sets gain in the ablation",
            "needs",
            where="second-hand notes on the paper's results",
            needs="a GPU: macaronic extract predict TEST.jsonl --model local:ganchengguang/OIELLM-8B-Instruction "
            "--codec oiellm --dialect compat --out a.jsonl; macaronic extract score TEST.jsonl a.jsonl",
        ),
    ),
    data=("eval-ner-wikipedia-ja",),
    cost={"smoke": "10 seconds", "small": "3 CPU minutes", "full": "10 CPU minutes"},
    tasks=("ner",),
)
STEPS = {"small": 400, "full": 1200}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Write and read lines, hold an untrained model to the grammar, train the four models of the ablation.

    Args:
        scale: `smoke` uses made-up records and planted readers alone.
        rng: the made-up records and the intervals.
    """
    from macaronic.core.errors import MissingData, MissingExtra
    from macaronic.extract.ablate import ablate
    from macaronic.extract.codecs.oiellm import Oiellm
    from macaronic.extract.fit import Fitting, trained
    from macaronic.extract.made import made, names_of
    from macaronic.extract.record import Schema

    count = {"smoke": 60, "small": 3000, "full": 6000}[scale]
    try:
        lines, sha = _lines(scale, rng)
        train = made(count, rng=rng)
        test = made(max(60, count // 10), rng=rng, unseen=True, known=names_of(train))
        model: Any = trained(train[:60], Fitting(kind="generate", size="0.3m", steps=1, batch=8))
        answers = replace(model, most=40).answers(test[:6], constrain=True)
        found = ablate(train, test, lambda some: _taught(some, scale), rng=rng)
    except (MissingData, MissingExtra) as error:
        return unanswered(PAPER, error)
    schema, right = Schema.of(lines), 0
    for record in lines:
        for codec in (Oiellm(), Oiellm("compat")):
            back = codec.decode(codec.encode(record), record.text, task=record.task, schema=schema).record
            pairs = [[(s.label, s.text) for s in one.spans] for one in (back or record, record)]
            right += back is not None and back.text_label == record.text_label and pairs[0] == pairs[1]
    checks = [
        measured("round-trip", right / (2 * len(lines)), n=len(lines), data_sha256=sha, note="two dialects each"),
        measured("form", np.mean([a.decoded.record is not None for a in answers]), n=6, note="after one step"),
    ]
    how = "planted readers" if scale == "smoke" else f"{STEPS[scale]} steps, made-up records"
    for claim, metric in (("words-help", "TL"), ("label-helps", "WL")):
        e = next(effect for effect in found if (effect.metric, effect.level) == (metric, "all"))
        low = e.change if e.low is None else e.low
        said = f"{e.alone:.3f} alone, {e.told:.3f} told, change {e.change:+.3f}; {how}"
        checks.append(measured(claim, low, n=e.n, note=said))
    return checks


def _lines(scale: Scale, rng: np.random.Generator) -> tuple[list[Record], str]:
    """Made-up records with delimiters planted in their names, or the Japanese sentences."""
    from macaronic.core.problems import Problems
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.extract.made import made
    from macaronic.extract.record import Span, read

    if scale != "smoke":
        name = PAPER.data[0]
        rows = read(locate(name) / "ner.jsonl", problems=Problems())
        return [replace(record, language="ja") for record in rows], data_sha256(name)
    plain = made(120, rng=rng)
    spans = [tuple(Span(s.label, f"{s.text[:1]}:;/{s.text}") for s in record.spans) for record in plain]
    return [replace(r, text=" ".join(["x", *(s.text for s in some)]), spans=some) for r, some in zip(plain, spans)], ""


def _taught(records: Sequence[Record], scale: Scale) -> Any:
    """A tagger trained on records; at smoke scale a reader that knows a label only where something is told."""
    from macaronic.extract.ablate import BREAK
    from macaronic.extract.codecs.codec import Decoded
    from macaronic.extract.extractor import Answer
    from macaronic.extract.fit import Fitting, trained

    if scale != "smoke":
        return trained(records, Fitting(size="1m", steps=STEPS[scale]))

    def answer(record: Record) -> Answer:
        told = BREAK in record.text
        spans = record.spans if told else record.spans[:1]
        return Answer(Decoded(replace(record, text_label=record.text_label if told else "?", spans=spans)))

    return SimpleNamespace(answers=lambda some, constrain: [answer(record) for record in some])
