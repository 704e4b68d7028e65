"""`macaronic synth gec`: learner sentences that mix languages, with their corrections; `gec-score`: F0.5 of edits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note
from macaronic.cli.synth import given


def gec(
    file: Annotated[str, typer.Argument(metavar="LEARNER.m2", help="Learner sentences with edits, in the M2 format.")],
    other: Annotated[str, typer.Option("--other", help="The language to mix in.")],
    dictionary: Annotated[str, typer.Option("--dictionary", help="A TSV (word, translation), `cldr` or `freedict`.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The mixed M2 file.")],
    method: Annotated[
        Literal["ratio-token", "cont-token", "rand-phrase", "ratio-phrase", "overlap-phrase", "noun-token"],
        typer.Option("--method", help="Which words of the corrected sentence are translated."),
    ] = "noun-token",
    learnt: Annotated[str, typer.Option("--learnt", help="The language that is learnt.")] = "en",
    ratio: Annotated[float, typer.Option("--ratio", min=0, max=1, help="Share of words for the ratio methods.")] = 0.2,
    seed: options.Seed = 1,
    quiet: options.Quiet = False,
) -> None:
    """Translate chosen words of corrected learner sentences and put back every error that they do not touch.

    [dim]$ macaronic synth gec learner.m2 --other zh --dictionary en-zh.tsv --method noun-token --out mixed.m2[/dim]
    """
    from collections import Counter

    from macaronic.core.errors import UsageError
    from macaronic.core.languages import parse
    from macaronic.synth.gec import m2
    from macaronic.synth.gec.apply import mix
    from macaronic.synth.gec.render import by_lexicon
    from macaronic.synth.make import row_rng
    from macaronic.synth.mixed import Outcome

    first, second = parse(learnt), parse(other)
    if first == second:
        raise UsageError(f"mixing needs two different languages; both are {first}.")
    lexicon = given.lexicon(dictionary, (first, second))
    if lexicon is None:
        return
    render = by_lexicon(lexicon)
    reasons: Counter[str] = Counter()
    dropped = 0

    def switched() -> Iterator[m2.Sentence]:
        nonlocal dropped
        for number, sentence in enumerate(m2.read(file), 1):
            name = f"{file}:{number}"
            made = mix(sentence, method=method, render=render, other=second, learnt=first, ratio=ratio, group=name,
                       rng=row_rng(seed, name))  # fmt: skip
            if isinstance(made, Outcome):
                reasons[str(made.reason)] += 1
            else:
                dropped += len(made.dropped)
                yield made.m2

    count = m2.write(out, switched())
    note(f"{count:,} sentences mixed, {dropped:,} edits dropped with the words that they were about")
    for reason, rows in reasons.most_common():
        note(f"{rows:,} sentences: {reason}")


def gec_score(
    hypothesis: Annotated[str, typer.Argument(metavar="SYSTEM.m2", help="A system's edits.")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE.m2", help="The annotators' edits.")],
    beta: Annotated[float, typer.Option("--beta", min=0, help="Weight of recall against precision.")] = 0.5,
    seed: options.Seed = 1,
    json: options.Json = False,
) -> None:
    """Print precision, recall and F of a system's edits, with intervals.

    [dim]$ macaronic synth gec-score system.m2 reference.m2[/dim]
    """
    import numpy as np

    from macaronic.report.table import write_table
    from macaronic.synth.gec import m2
    from macaronic.synth.gec.score import score

    found = score(list(m2.read(hypothesis)), list(m2.read(reference)), beta=beta, rng=np.random.default_rng(seed))
    if json:
        emit({"results": [r.asdict() for r in found]})
        return
    rows = [(r.name, r.value, r.low, r.high, r.n, r.signature) for r in found]
    write_table(("measure", "value", "low", "high", "n", "signature"), rows, file=sys.stdout)
