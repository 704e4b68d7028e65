"""The page of a scored file: what the report room needs, out of what the benchmark gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from macaronic.evaluate.benchmark import Benchmark
    from macaronic.evaluate.judged import Judged
    from macaronic.evaluate.scored import Scored
    from macaronic.report.build_report import Sample

SHOWN = 25
SHORT = 300


def page_of(benchmark: Benchmark, scored: Scored, ours: Scored | None = None) -> str:
    """The page as HTML text; with `ours`, the authors' figures first and then our own."""
    from macaronic.report.eval_report import EvalReport, render

    sources = (
        ("papers", " ".join(benchmark.papers)),
        ("data", benchmark.source),
        ("licence", benchmark.licence),
        ("outputs", f"{len(scored.judged):,}"),
        *(("authors' rules", text) for text in benchmark.compat),
    )
    arrows = {metric.name: metric.arrow for metric in benchmark.metrics}
    results = (*scored.results, *(ours.results if ours else ()))
    worst = tuple(lowest(scored.judged, benchmark))
    return render(
        EvalReport(
            benchmark.title,
            benchmark.task,
            results,
            arrows,
            worst,
            scored.notes,
            tuple(scored.problems.first),
            tuple((name, value) for name, value in sources if value),
        )
    )


def lowest(judged: Sequence[Judged], benchmark: Benchmark) -> list[Sample]:
    """The outputs with the lowest headline scores, a few of each language in turn, with the words' languages."""
    head = benchmark.metrics[0]
    sign = 1 if head.better == "higher" else -1
    held = [(sign * value, one) for one in judged if (value := one.values.get(head.name)) is not None and one.text]
    best = max((value for value, _ in held), default=0.0)
    rank: Counter[str] = Counter()
    placed = []
    for value, one in sorted(held, key=lambda pair: pair[0]):
        rank[one.language] += 1
        placed.append((rank[one.language], value, one))
    placed.sort(key=lambda found: found[:2])
    return _samples([(f"{head.name} {sign * value:.3g}", one) for _, value, one in placed if value < best][:SHOWN])


def _samples(scored: Sequence[tuple[str, Judged]]) -> list[Sample]:
    from macaronic.identify import tagger
    from macaronic.report.build_report import Sample
    from macaronic.text.words import tokenise

    texts = [one.text if len(one.text) <= SHORT else f"{one.text[:SHORT]} …" for _, one in scored]
    tokens = [tuple(tokenise(text)) for text in texts]
    words = [[text[a:b] for a, b in spans] for text, spans in zip(texts, tokens)]
    tagged = tagger.load().tag(words)
    samples = []
    for (told, one), text, spans, tags in zip(scored, texts, tokens, tagged):
        wanted = f"{one.id}, wanted: {one.language or 'any'}"
        note = "; ".join(filter(None, (told, one.note)))
        samples.append(Sample(text, spans, tuple(tags.labels), wanted, note))
    return samples
