"""`macaronic synth translate`: parallel sentences out of text in one language and a language model."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import note, note_reading, progress


def translate(
    file: Annotated[str, typer.Argument(help="Text in one language, or - for standard input.")],
    lm: Annotated[
        str, typer.Option("--lm", help="openai:MODEL (any compatible server), local:FOLDER, scripted:FILE.jsonl.")
    ],
    pair: Annotated[str, typer.Option("--pair", "-p", help="The text's language and the one to translate to: hi,en.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The parallel file, two columns parted by a tab.")],
    keep: Annotated[
        str | None, typer.Option("--keep", help="A file that keeps every answer: nothing is paid twice.")
    ] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Calls at once.")] = 8,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Translate text with a language model, so that it can be mixed with its translation.

    Empty answers, refusals, failed calls and answers in the wrong language are counted and left out.

    [dim]$ macaronic synth translate chats.txt --lm openai:MODEL --pair hi,en --keep answers.jsonl --out pairs.tsv
    $ macaronic synth lattice pairs.tsv --target-cmi 25[/dim]
    """
    from collections import Counter

    from macaronic.core.errors import UsageError
    from macaronic.core.files import atomic_write
    from macaronic.core.parallel import Parallel
    from macaronic.identify import tagger
    from macaronic.lm.named import lm_named
    from macaronic.synth.monolingual import translated
    from macaronic.synth.prompted import Prompted
    from macaronic.text import formats

    tags = options.tags(pair) or []
    if len(tags) != 2:
        raise UsageError(f"--pair takes the text's language and another one, such as hi,en; got {pair!r}.")
    corpus = formats.read(file, format=format, text_key=text_key, encoding=encoding, strict=strict)
    translator = Prompted(lm_named(lm, keep=keep, concurrency=concurrency), concurrency=concurrency)
    known = tagger.load()
    reasons: Counter[str] = Counter()
    with progress("translating", quiet=quiet) as advance, atomic_write(out, "w") as place:
        place.write("\t".join(tags) + "\n")
        pairs = translated(
            corpus, translator, tags[0], tags[1],
            identify=lambda texts: [row["lang"] for row in known.identify_sentence(list(texts), tags)],
        )  # fmt: skip
        for done, row in enumerate(pairs, 1):
            reasons["made" if isinstance(row, Parallel) else str(row.reason)] += 1
            if isinstance(row, Parallel):
                place.write("\t".join(" ".join(row.text(tag).split()) for tag in tags) + "\n")
            advance(done, text=f"{done:,} rows")
    note(f"{reasons.pop('made', 0):,} rows translated; {out}")
    reasons["empty answer"] -= translator.gaps.total()  # the translator knows better why
    for reason, count in (reasons + translator.gaps).most_common():
        note(f"{count:,} rows: {reason}")
    note_reading(corpus, quiet=quiet)
