"""`macaronic synth prompts`: translated prompts in which a chosen degree of the words is English again."""

from __future__ import annotations

import json as json_module
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note_problems
from macaronic.cli.synth import given
from macaronic.cli.synth.methods import peeked, tell


def prompts(
    pairs: given.Pairs = None,
    parallel: given.ParallelOption = None,
    pair: given.Pair = None,
    cmd: Annotated[float, typer.Option("--cmd", min=0, max=1, help="The degree: 0.6 is light, 0.9 heavy.")] = 0.6,
    frequency: Annotated[
        str | None, typer.Option("--frequency", help="A TSV of words and counts in text that people write.")
    ] = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="A JSON-lines file instead of stdout.")] = None,
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Mix prompts to a degree; code in fences, inline code, keys and examples come out byte for byte.

    The input holds each prompt in two languages, such as JSON lines {"es": ..., "en": ...}. Words that are more usual
    in English than in translation switch first, so a higher degree holds all that a lower one switched.

    [dim]$ macaronic synth prompts prompts.jsonl --pair es,en --cmd 0.6 --frequency counts.tsv[/dim]
    """
    from collections import Counter

    from macaronic.core.files import write_text
    from macaronic.core.problems import Problems
    from macaronic.synth.cmd import candidates, mix, read_frequencies
    from macaronic.synth.make import aligned
    from macaronic.synth.mixed import Outcome

    reading = given.reading(pairs, parallel, pair=pair, encoding=encoding, strict=strict)
    tags, rows = peeked(reading)
    problems = Problems(strict)
    counts = read_frequencies(frequency, problems=problems) if frequency else {}
    reasons: Counter[str] = Counter()
    lines = []
    for one in aligned(list(rows), tags):
        row = one if isinstance(one, Outcome) else one.row
        if isinstance(row, Outcome):
            reasons[str(row.reason)] += 1
            continue
        done = mix(row.text(tags[0]), candidates(row, main=tags[0]), cmd=cmd, frequency=counts)
        told = {"id": row.group, "text": done.text, "switched": list(done.switched), "switchable": done.switchable}
        lines.append({**told, "cmd": cmd, "spans": [list(span) for span in done.spans]})
    if out is None:
        for line in lines:
            emit(line)
    else:
        write_text(out, "".join(json_module.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    note_problems(problems, quiet=quiet)
    told_rows = [f"{len(lines):,} prompts mixed"]
    tell(reading, told_rows + [f"{n:,} rows: {reason}" for reason, n in reasons.most_common()], quiet=quiet)
