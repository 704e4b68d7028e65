"""`macaronic synth METHOD`: mixed sentences out of parallel ones, by each method, and all of them side by side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.show import escape_controls, note, note_problems, progress
from macaronic.cli.synth import given
from macaronic.cli.synth.deliver import deliver

if TYPE_CHECKING:
    from macaronic.core.result import Result
    from macaronic.synth.like import Matcher
    from macaronic.synth.make import Method, Settings
    from macaronic.synth.mixed import Outcome
    from macaronic.synth.rows import Given, Reading

Constraint = Annotated[
    Literal["ec", "fhc", "mlf"],
    typer.Option("--constraint", "-c", help="Equivalence (ec), functional head (fhc) or matrix language frame (mlf)."),
]
SwitchFraction = Annotated[
    float | None, typer.Option("--switch-fraction", min=0, max=1, help="Wished share of neighbours that switch.")
]
EmbeddedShare = Annotated[
    float | None, typer.Option("--embedded-share", min=0, max=1, help="Wished share of words not in the main language.")
]
Dictionary = Annotated[
    str | None,
    typer.Option("--dictionary", help="A TSV (word, translation), `cldr` or `freedict`, used beside the alignment."),
]
Pos = Annotated[
    str | None,
    typer.Option("--pos", help="Classes (UPOS) of the words to replace, such as NOUN,ADJ; nouns if left out."),
]
Like = Annotated[
    str | None,
    typer.Option("--like", help="Real mixed text, or a saved profile of it, whose mixing is to be matched."),
]
Ratio = Annotated[float | None, typer.Option("--ratio", min=0, max=1, help="Share of the words that are replaced.")]


def lattice(
    pairs: given.Pairs = None,
    parallel: given.ParallelOption = None,
    constraint: Constraint = "ec",
    align: given.Align = None,
    align_order: given.AlignOrder = "second-first",
    parse: given.Parse = None,
    words: given.WordsOption = "auto",
    pair: given.Pair = None,
    n: given.Count = 1,
    target_cmi: given.TargetCmi = None,
    switch_fraction: SwitchFraction = None,
    embedded_share: EmbeddedShare = None,
    tolerance: given.Tolerance = 10.0,
    count: Annotated[
        bool, typer.Option("--count", help="Count all sentences that obey; list all of them if -n is no less.")
    ] = False,
    monolingual: Annotated[
        bool, typer.Option("--monolingual", help="Sentences in one language alone may come out as well.")
    ] = False,
    matrix: Annotated[
        str | None, typer.Option("--matrix", help="The matrix language of mlf; each in turn when left out.")
    ] = None,
    like: Like = None,
    romanise: given.Romanise = False,
    noise: given.Noise = 0.0,
    rows: given.Rows = None,
    text: given.Text = False,
    out: given.Out = None,
    report: given.Report = None,
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Sample sentences that obey a linguistic constraint, from alignments alone or with trees.

    [dim]$ macaronic synth lattice pairs.tsv --pair hi,en --target-cmi 25 -n 3 --out mixed.jsonl
    $ macaronic synth lattice --constraint mlf --parallel pairs.tsv --align links.txt --parse trees.txt --json[/dim]
    """
    reading = given.reading(
        pairs, parallel, pair=pair, align=align, order=align_order, parse=parse, words=words, encoding=encoding,
        strict=strict,
    )  # fmt: skip
    _run(
        reading, constraint, n=n, target_cmi=target_cmi, switch_fraction=switch_fraction, embedded_share=embedded_share,
        tolerance=tolerance, count=count, monolingual=monolingual, matrix=matrix, like=like, romanise=romanise,
        noise=noise, seed=seed, rows=rows, text=text, json=json, out=out, report=report, quiet=quiet,
    )  # fmt: skip


def _run(
    reading: Reading,
    method: Method,
    *,
    rows: int | None,
    text: bool,
    json: bool,
    out: str | None,
    report: str | None,
    quiet: bool,
    n: int = 1,
    target_cmi: float | None = None,
    switch_fraction: float | None = None,
    embedded_share: float | None = None,
    ratio: float | None = None,
    tolerance: float | None = 10.0,
    count: bool = False,
    monolingual: bool = False,
    matrix: str | None = None,
    romanise: bool = False,
    noise: float = 0.0,
    dictionary: str | None = None,
    like: str | None = None,
    pos: tuple[str, ...] = (),
    seed: int = 1,
) -> None:
    """Make sentences of all rows, write them, and tell what became of every row."""
    from itertools import islice

    from macaronic.core.errors import UsageError
    from macaronic.core.files import write_text
    from macaronic.core.languages import parse
    from macaronic.report.synth_report import render
    from macaronic.synth.make import STEERED, Settings, make
    from macaronic.synth.summary import Summary, counted

    columns, given_rows = peeked(reading)
    tags = columns
    if matrix is not None:
        tags = in_front(parse(matrix), tags)
    settings = Settings(
        method, tags, n=n, target_cmi=target_cmi, switch_fraction=switch_fraction, embedded_share=embedded_share,
        ratio=ratio, tolerance=tolerance, count=count, monolingual=monolingual, any_matrix=matrix is None,
        lexicon=given.lexicon(dictionary, (tags[0], tags[1])), pos=pos, romanise=romanise, noise=noise,
        seed=seed,
    )  # fmt: skip
    if like is not None and method in STEERED and settings.targets:
        raise UsageError(f"--like takes its targets from the text; leave out {' and '.join(settings.targets)}.")
    summary = Summary(target_cmi)
    matcher = _matcher(like, settings) if like is not None else None
    outcomes = matcher.choose(given_rows) if matcher else make(given_rows, settings)
    with progress("mixing", quiet=quiet or (sys.stdout.isatty() and out is None)) as advance:

        def watched(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
            for done, outcome in enumerate(outcomes, 1):
                advance(done, text=f"{done:,} rows")
                yield outcome

        deliver(watched(counted(islice(outcomes, rows), summary)), tags=columns, json=json, text=text, out=out)
    if len(tags) > 2 and method not in (*STEERED, "extreme"):
        note(f"note: {method} mixes {tags[0]} and {tags[1]}; {', '.join(tags[2:])} is left aside", quiet=quiet)
    distances = matcher.after if matcher else []
    before = matcher.before if matcher else []
    closer = [f"distance to it in {b.name}: {_shown(b)} -> {_shown(a)}" for b, a in zip(before, distances)]
    tell(reading, [*summary.lines(), *closer], quiet=quiet)
    if report is not None:
        title = f"{' and '.join(tags)}, {method}"
        write_text(report, render(summary.report(settings, title=title, distances=distances, command=_command())))
        note(f"the report is {report}", quiet=quiet)


def _matcher(like: str, settings: Settings) -> Matcher:
    """What chooses sentences that are like the text of a file, or like a profile (.json) of it."""
    from macaronic.synth.like import Matcher
    from macaronic.synth.profile import known

    return Matcher(known(like, (settings.pair[0], settings.pair[1])), settings)


def _shown(result: Result) -> str:
    return "not defined" if result.value is None else f"{result.value:.3f}"


def peeked(rows: Reading) -> tuple[tuple[str, ...], Iterable[Given]]:
    """The languages of the rows, the main one first, and all the rows.

    Raises:
        UsageError: no line holds two sides.
    """
    from itertools import chain

    from macaronic.core.errors import UsageError
    from macaronic.synth.mixed import Outcome

    stream = iter(rows)
    held: list[Given] = []
    for one in stream:
        held.append(one)
        if not isinstance(one.row, Outcome):
            break
    else:
        told = [one.row for one in held if isinstance(one.row, Outcome)]
        why = f"; line 1: {told[0].reason} ({told[0].detail})" if told else ""
        if not rows.pair or len(rows.pair) < 2:
            raise UsageError(
                f"{rows.place}: no line with sentences in two languages{why}.\nName the columns: --pair en,hi"
            )
    first = held[-1].row if held else None
    tags = first.tags if first is not None and not isinstance(first, Outcome) else tuple(rows.pair or ())
    return tags, chain(held, stream)


def in_front(first: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags with one of them first.

    Raises:
        UnknownName: it is not among them.

    >>> in_front("en", ("hi", "en"))
    ('en', 'hi')
    """
    from macaronic.core.errors import UnknownName

    if first not in tags:
        raise UnknownName("side", first, tags)
    return first, *(tag for tag in tags if tag != first)


def tell(rows: Reading, lines: Sequence[str], *, quiet: bool) -> None:
    """What was guessed, what could not be read, and what became of the rows (reasons are told even when quiet)."""
    for text in rows.notes:
        note(f"note: {text}", quiet=quiet)
    note_problems(rows.problems, quiet=quiet)
    for line in lines:
        note(line)


def _command() -> str:
    import shlex

    return shlex.join(["macaronic", *(Path(word).name if word.startswith("/") else word for word in sys.argv[1:])])


def lexical(method: Method, about: str, example: str) -> Callable[..., None]:
    """The command of a method that puts words of the other side, or of a dictionary, into a sentence."""

    def command(
        pairs: given.Pairs = None,
        parallel: given.ParallelOption = None,
        align: given.Align = None,
        align_order: given.AlignOrder = "second-first",
        words: given.WordsOption = "auto",
        pair: given.Pair = None,
        n: given.Count = 1,
        target_cmi: given.TargetCmi = None,
        tolerance: given.Tolerance = 10.0,
        pos: Pos = None,
        ratio: Ratio = None,
        dictionary: Dictionary = None,
        like: Like = None,
        romanise: given.Romanise = False,
        noise: given.Noise = 0.0,
        rows: given.Rows = None,
        text: given.Text = False,
        out: given.Out = None,
        report: given.Report = None,
        encoding: options.Encoding = None,
        strict: options.Strict = False,
        seed: options.Seed = 1,
        json: options.Json = False,
        quiet: options.Quiet = False,
    ) -> None:
        reading = given.reading(
            pairs, parallel, pair=pair, align=align, order=align_order, words=words, encoding=encoding, strict=strict
        )
        _run(
            reading, method, n=n, target_cmi=target_cmi, tolerance=tolerance, ratio=ratio, dictionary=dictionary,
            like=like, romanise=romanise, noise=noise, seed=seed, rows=rows, text=text, json=json,
            pos=tuple(pos.upper().replace(" ", "").split(",")) if pos else (), out=out, report=report, quiet=quiet,
        )  # fmt: skip

    command.__doc__ = f"{about}\n\n[dim]$ macaronic synth {example}[/dim]"
    return command


LEXICAL = {
    "substitute": lexical(
        "substitute",
        "Put the aligned word, or a dictionary's, in the place of a share of the nouns, or of other classes (--pos).",
        "substitute pairs.tsv --pair hi,en --ratio 0.5",
    ),
    "target-cmi": lexical(
        "target-cmi",
        "Replace just so many words that the Code-Mixing Index comes closest to --target-cmi.",
        "target-cmi pairs.tsv --pair hi,en --target-cmi 25",
    ),
    "noun-token": lexical(
        "noun-token", "Replace the nouns, from the parallel sentence.", "noun-token pairs.tsv --pair en,fr"
    ),
    "ratio-token": lexical(
        "ratio-token",
        "Replace a random share of the words, one in five when --ratio is left out.",
        "ratio-token pairs.tsv --pair en,fr --ratio 0.2",
    ),
    "wac": lexical(
        "wac",
        "Replace aligned nouns and adjectives (HinGE's word-aligned method; it writes the rest in Latin letters).",
        "wac pairs.tsv --pair hi,en --romanise",
    ),
    "pac": lexical(
        "pac",
        "Replace the longest aligned key phrases (HinGE's phrase-aligned method; it romanises the rest).",
        "pac pairs.tsv --pair hi,en --romanise",
    ),
}
"""Command name -> command, one a lexical method."""


def methods(
    pairs: given.Pairs = None,
    parallel: given.ParallelOption = None,
    pair: given.Pair = None,
    target_cmi: Annotated[float, typer.Option("--target-cmi", min=0, max=100, help="For the methods that aim.")] = 25.0,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows are shown.")] = 10,
    encoding: options.Encoding = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show what every method makes of the same sentences, side by side.

    All rows serve the alignment; the first ones are shown.

    [dim]$ macaronic synth methods pairs.tsv --pair hi,en --rows 5[/dim]
    """
    from itertools import islice

    from macaronic.cli.show import emit
    from macaronic.report.table import write_table
    from macaronic.synth.make import METHODS, Settings, aligned, made
    from macaronic.synth.mixed import Outcome
    from macaronic.synth.rows import Given

    reading = given.reading(pairs, parallel, pair=pair, encoding=encoding)
    tags, stream = peeked(reading)
    shown = list(islice(aligned(list(stream), tags), rows))
    table: list[tuple[str, str, str, float | None]] = []
    told: list[str] = []
    for one in shown:
        row = one if isinstance(one, Outcome) else one.row
        if isinstance(row, Outcome):
            told.append(f"{row.group}: {row.reason} ({row.detail})")
            continue
        table += [(row.group, tag, escape_controls(row.text(tag)), None) for tag in tags]
        for method in METHODS:
            aimed = target_cmi if method in ("ec", "fhc", "mlf", "target-cmi") else None
            outcome = made(Given(row), Settings(method, tags, target_cmi=aimed, tolerance=None, seed=seed))
            said = outcome.sentences[0] if outcome.sentences else None
            text = said.text if said else f"({outcome.reason})"
            table.append((row.group, method, escape_controls(text), round(said.cmi, 1) if said else None))
    tell(reading, told, quiet=quiet)
    if json:
        for group, name, text, cmi in table:
            emit({"id": group, "method": name, "text": text, "cmi": cmi})
        return
    write_table(("row", "method", "text", "CMI"), table, file=sys.stdout)
