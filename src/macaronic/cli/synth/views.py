"""`macaronic synth views`: clean, mixed, romanised and noisy lines in parallel; `noise`: typing errors in any text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from macaronic.cli import options
from macaronic.cli.show import note, note_reading, progress
from macaronic.cli.synth import given
from macaronic.cli.synth.methods import Ratio, peeked, tell

if TYPE_CHECKING:
    from macaronic.core.parallel import Parallel
    from macaronic.synth.mixed import Outcome
    from macaronic.text.noise import Kind

Method = Annotated[
    Literal["ec", "fhc", "mlf", "substitute", "noun-token", "ratio-token", "target-cmi"],
    typer.Option("--method", help="How the mixed view is made."),
]
Rate = Annotated[float, typer.Option("--rate", min=0, max=1, help="Share of words with a typing error.")]
Kinds = Annotated[
    str | None,
    typer.Option(
        "--kinds", help="Kinds of errors: swap,neighbour,drop,insert,repeat,vowel,shuffle; six when left out."
    ),
]
Layout = Annotated[Literal["qwerty", "qwertz", "azerty"], typer.Option("--layout", help="The keyboard.")]


def views(
    pairs: given.Pairs = None,
    parallel: given.ParallelOption = None,
    out: Annotated[
        str, typer.Option("--out", "-o", help="A prefix (PREFIX.hi, PREFIX.hicm, ...), or one .jsonl file.")
    ] = "views",
    method: Method = "substitute",
    align: given.Align = None,
    align_order: given.AlignOrder = "second-first",
    pair: given.Pair = None,
    target_cmi: given.TargetCmi = None,
    ratio: Ratio = None,
    spelling: Annotated[
        Literal["usual", "sampled"], typer.Option("--spelling", help="One romanised spelling a word, or drawn ones.")
    ] = "usual",
    rate: Rate = 0.4,
    kinds: Kinds = None,
    layout: Layout = "qwerty",
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    seed: options.Seed = 1,
    quiet: options.Quiet = False,
) -> None:
    """Write clean, mixed, romanised and noisy views of the same sentences, line by line in parallel.

    A row that cannot be mixed gives no line in any view, and is counted.

    [dim]$ macaronic synth views pairs.tsv --pair hi,en --out train
    $ macaronic synth views pairs.tsv --pair hi,en --method ec --spelling sampled --out train.jsonl[/dim]
    """
    from collections import Counter

    from macaronic.synth.make import Settings, aligned, blocks, made
    from macaronic.synth.mixed import Outcome
    from macaronic.synth.rows import Given
    from macaronic.synth.views import every, write_jsonl, write_lines

    reading = given.reading(
        pairs, parallel, pair=pair, align=align, order=align_order, encoding=encoding, strict=strict
    )
    tags, rows = peeked(reading)
    settings = Settings(method, tags, target_cmi=target_cmi, ratio=ratio, seed=seed)
    missed: Counter[str] = Counter()

    def mixed() -> Iterator[tuple[Parallel, Outcome]]:
        for block in blocks(rows):
            for one in aligned(block, tags):
                row = one if isinstance(one, Outcome) else one.row
                if isinstance(row, Outcome):
                    missed[str(row.reason)] += 1
                elif isinstance(one, Given):
                    yield row, made(one, settings)

    found = every(
        mixed(), seed=seed, missed=missed, main=tags[0], spelling=spelling, rate=rate,
        kinds=_kinds(kinds), layout=layout,
    )  # fmt: skip
    with progress("writing views", quiet=quiet):
        files = {out: write_jsonl(out, found)} if out.endswith(".jsonl") else write_lines(out, found)
    told = [f"{name}: {lines:,} lines" for name, lines in files.items()]
    told += [f"{count:,} rows: {reason}" for reason, count in missed.most_common()]
    tell(reading, told or ["no row could be mixed; nothing was written"], quiet=quiet)


def noise(
    file: Annotated[str, typer.Argument(help="Any text, or - for standard input.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The noisy file (.jsonl, .txt, .conllu, ...).")],
    rate: Rate = 0.2,
    kinds: Kinds = None,
    one_kind: Annotated[
        bool, typer.Option("--one-kind/--mixed-kinds", help="One kind of error a row, or one drawn a word.")
    ] = False,
    layout: Layout = "qwerty",
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    seed: options.Seed = 1,
    quiet: options.Quiet = False,
) -> None:
    """Put typing errors into text; addresses, mentions, numbers and code stay as they are.

    [dim]$ macaronic synth noise clean.txt --rate 0.2 --kinds swap,drop --out noisy.jsonl[/dim]
    """
    from macaronic.text import formats
    from macaronic.text.noise_batch import noisy_batch

    corpus = formats.read(file, format=format, text_key=text_key, encoding=encoding, strict=strict)
    chosen = _kinds(kinds)
    typed = corpus.map(
        lambda batch: noisy_batch(batch, rate=rate, seed=seed, kinds=chosen, one_kind=one_kind, layout=layout)
    )
    with progress("typing", quiet=quiet):
        formats.write(typed, out)
    note(f"wrote {out}", quiet=quiet)
    note_reading(corpus, quiet=quiet)


def _kinds(named: str | None) -> tuple[Kind, ...]:
    """The kinds of an option; the usual six when it is left out (unknown ones are refused where they are used)."""
    from macaronic.text.noise import KINDS

    return cast("tuple[Kind, ...]", tuple(part.strip() for part in named.split(","))) if named else KINDS
