"""`macaronic synth compare`: how far made text is from real text; `profile`: what `--like` needs to know of it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_reading
from macaronic.cli.synth import given

Map = Annotated[str | None, typer.Option("--map", help="What word labels mean: lang1=en,lang2=es.")]


def compare(
    made: Annotated[str, typer.Argument(help="One corpus, such as what `synth` wrote.")],
    real: Annotated[str, typer.Argument(help="The other one, such as text that people wrote.")],
    pair: given.Pair = None,
    map: Map = None,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Resamples for the intervals.")] = 1000,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Print how far two corpora are apart in CMI, switching, SyMCoM, classes of switched words and length.

    0 is the same distribution. Text without word languages is identified first.

    [dim]$ macaronic synth compare mixed.jsonl tweets.conllu --pair hi,en[/dim]
    """
    import numpy as np

    from macaronic.core.errors import UsageError
    from macaronic.report.table import write_table
    from macaronic.synth.compare import compare as compared
    from macaronic.text import formats

    tags = options.tags(pair)
    if tags is not None and len(tags) != 2:
        raise UsageError(f"--pair takes two languages; got {', '.join(tags)}.")
    two = (tags[0], tags[1]) if tags else None
    labels = options.mapping(map)
    both = [
        formats.read(place, format=format, text_key=text_key, encoding=encoding, label_map=labels)
        for place in (made, real)
    ]
    found = compared(both[0], both[1], pair=two, rng=np.random.default_rng(seed), samples=samples)
    if json:
        emit({"distances": [r.asdict() for r in found]})
    else:
        rows = [(r.name, r.level, r.value, r.low, r.high, r.n, r.signature) for r in found]
        write_table(("distance", "kind", "value", "low", "high", "n", "signature"), rows, file=sys.stdout)
    for corpus in both:
        note_reading(corpus, quiet=quiet)


def profile(
    real: Annotated[str, typer.Argument(help="Mixed text, best with word languages.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The profile, a JSON file.")],
    pair: given.Pair = None,
    map: Map = None,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    quiet: options.Quiet = False,
) -> None:
    """Measure real mixed text once, so that `--like` can aim at it without the text itself.

    [dim]$ macaronic synth profile tweets.conllu --out tweets.json
    $ macaronic synth lattice pairs.tsv --like tweets.json[/dim]
    """
    from macaronic.core.errors import UsageError
    from macaronic.synth.profile import profile as measured
    from macaronic.text import formats

    tags = options.tags(pair)
    if tags is not None and len(tags) != 2:
        raise UsageError(f"--pair takes two languages; got {', '.join(tags)}.")
    corpus = formats.read(real, format=format, text_key=text_key, encoding=encoding, label_map=options.mapping(map))
    found = measured(corpus, pair=(tags[0], tags[1]) if tags else None)
    found.save(out)
    note(f"{found.rows:,} rows of {' and '.join(found.pair)} measured; the profile is {out}", quiet=quiet)
    note_reading(corpus, quiet=quiet)
