"""Options of what goes in and what comes out, the same under every method of synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from macaronic.synth.lexicon import Lexicon
    from macaronic.synth.rows import Reading

Order = Literal["second-first", "first-second"]
Words = Literal["auto", "spaces", "tokens"]

Pairs = Annotated[
    str | None,
    typer.Argument(help="Parallel sentences: columns parted by tabs, TMX, JSON lines, ...; or - for standard input."),
]
ParallelOption = Annotated[str | None, typer.Option("--parallel", help="The same, as an option.")]
Pair = Annotated[
    str | None,
    typer.Option("--pair", "-p", help="The languages, the main one first: hi,en. Found when left out."),
]
Align = Annotated[str | None, typer.Option("--align", help="Pharaoh links (i-j) of each line; found when left out.")]
AlignOrder = Annotated[
    Order,
    typer.Option("--align-order", help="second-first: i counts words of the second column, j of the first."),
]
Parse = Annotated[str | None, typer.Option("--parse", help="PTB bracket trees of one of the columns, line by line.")]
WordsOption = Annotated[Words, typer.Option("--words", help="How sentences are cut: at spaces, into tokens, or auto.")]
Count = Annotated[int, typer.Option("-n", min=1, help="Different sentences a row, as far as there are so many.")]
TargetCmi = Annotated[
    float | None, typer.Option("--target-cmi", min=0, max=100, help="The wished Code-Mixing Index, in percent.")
]
Tolerance = Annotated[
    float, typer.Option("--tolerance", min=0, help="How many CMI points beside the target still count as reached.")
]
Romanise = Annotated[bool, typer.Option("--romanise", help="Write words of other scripts in Latin letters.")]
Noise = Annotated[float, typer.Option("--noise", min=0, max=1, help="Share of words that get a typing error.")]
Out = Annotated[
    str | None, typer.Option("--out", "-o", help="Write a tagged file (.jsonl, .conllu, .conll, .parquet, ...).")
]
Text = Annotated[bool, typer.Option("--text", help="Print the sentences alone, one a line.")]
Rows = Annotated[int | None, typer.Option("--rows", min=1, help="Mix the first so many rows; all serve the alignment.")]
Report = Annotated[str | None, typer.Option("--report", help="Write a page: asked and reached, reasons, samples.")]


def reading(
    pairs: str | None,
    parallel: str | None,
    *,
    pair: str | None,
    align: str | None = None,
    order: Order = "second-first",
    parse: str | None = None,
    words: Words = "auto",
    encoding: str | None = None,
    strict: bool = False,
) -> Reading:
    """The rows that the options name.

    Raises:
        UsageError: no file, or two; fewer than two languages.
    """
    from macaronic.cli.options import tags
    from macaronic.core.errors import UsageError
    from macaronic.core.problems import Problems
    from macaronic.synth.rows import Reading

    if (pairs is None) == (parallel is None):
        raise UsageError("name one file of parallel sentences.\nTry: macaronic synth lattice pairs.tsv --pair es,en")
    place = pairs or parallel or ""
    named = tags(pair)
    if named is not None and len(named) < 2:
        raise UsageError(f"--pair takes two different languages or more, such as hi,en; got {pair!r}.")
    return Reading(
        place,
        named,
        links=align,
        order=order,
        parses=parse,
        words=words,
        encoding=encoding,
        problems=Problems(strict),
    )


def lexicon(name: str | None, pair: tuple[str, str]) -> Lexicon | None:
    """The dictionary of an option: a TSV file, `cldr` or `freedict`.

    Raises:
        MissingData: CLDR or FreeDict is not installed.
        InputError: no such file.
    """
    from macaronic.cli.show import note, note_problems
    from macaronic.core.problems import Problems
    from macaronic.synth.lexicon import read_cldr, read_freedict, read_tsv

    if name is None:
        return None
    if name == "cldr":
        return read_cldr(pair)
    if name == "freedict":
        return read_freedict(pair)
    problems = Problems()
    found = read_tsv(name, pair, problems=problems)
    note_problems(problems)
    if not found.entries:
        note(f"note: {name} has no entries")
    return found
