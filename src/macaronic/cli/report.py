"""`macaronic report`: a page about text that somebody already has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note_reading

if TYPE_CHECKING:
    from macaronic.core.corpus import Corpus
    from macaronic.measure.survey import Survey
    from macaronic.report.build_report import BuildReport, Sample


def report(
    files: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    out: Annotated[str, typer.Option("--out", "-o", help="Where the page goes.")] = "report.html",
    title: Annotated[str | None, typer.Option("--title", help="What the page is about.")] = None,
    map: Annotated[str | None, typer.Option("--map", help="What word labels mean: lang1=en,lang2=es.")] = None,
    languages: options.Languages = None,
    model: options.Model = None,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Write one self-contained page: languages, scripts, how mixed, which language follows which, and samples.

    [dim]$ macaronic report tweets.txt -o tweets.html[/dim]
    """
    from macaronic.cli.measure import tagged_corpus
    from macaronic.core.files import write_text
    from macaronic.measure.survey import survey
    from macaronic.report.html import render

    corpus = tagged_corpus(
        files,
        languages=options.tags(languages),
        model=model,
        format=format,
        text_key=text_key,
        encoding=encoding,
        strict=strict,
        map=map,
        quiet=quiet,
    )
    found = survey(corpus, seed=seed)
    page = _page(title or Path(files[0]).name, found, _samples(corpus, seed), corpus, files)
    write_text(out, render(page))
    if json:
        emit({"out": out, "rows": found.rows, "results": [r.asdict() for r in found.results]})
    else:
        print(f"{found.rows:,} rows; report {out}")
    note_reading(corpus, quiet=quiet)


def _page(title: str, found: Survey, samples: list[Sample], corpus: Corpus, files: list[str]) -> BuildReport:
    from macaronic.build.documents import shares, switch_pairs
    from macaronic.measure.survey import CMI_EDGES
    from macaronic.report.build_report import BuildReport, Histogram, SourceRow

    return BuildReport(
        title=title,
        rows=found.rows,
        size=sum(found.words.values()),
        results=found.results,
        languages=shares(found.words, {}),
        scripts=shares(found.letters, {}, counted=False),
        cmi=Histogram(CMI_EDGES, found.cmi) if found.rows else None,
        switches=switch_pairs(found),
        samples=tuple(samples),
        problems=tuple(corpus.problems.first),
        problem_count=corpus.problems.count,
        sources=(SourceRow(title, corpus.card.licence, found.rows, sum(found.words.values()), corpus.problems.count),),
        command=f"macaronic report {' '.join(files)}",
    )


def _samples(corpus: Corpus, seed: int, most: int = 20) -> list[Sample]:
    """Rows drawn at random with equal chances, in one pass; those with several languages twice as likely as others."""
    import heapq

    import numpy as np

    from macaronic.core.corpus import from_batch
    from macaronic.core.languages import is_language
    from macaronic.report.build_report import Sample

    rng = np.random.default_rng(seed)
    held: list[tuple[float, int, Sample]] = []
    for number, u in enumerate(u for batch in corpus.batches() for u in from_batch(batch)):
        spoken = {tag for tag in u.langs if is_language(tag)}
        if len(u.tokens) < 3 or not spoken:
            continue
        heapq.heappush(held, (rng.random() ** (1 / min(len(spoken), 2)), number, Sample.of(u)))
        if len(held) > most:
            heapq.heappop(held)
    return [sample for _, _, sample in sorted(held, key=lambda entry: -entry[0])]
