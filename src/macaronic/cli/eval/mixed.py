"""`macaronic eval mixed`: plain and mixed versions of a parallel test set or of one's own prompts."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems

Method = Annotated[str, typer.Option("--method", help="Of synth: ratio-token, noun-token, substitute, ec, ...")]
Amount = Annotated[
    list[float] | None,
    typer.Option("--amount", help="How much: share of words, or CMI for target-cmi; again for more."),
]


def mixed(
    items: Annotated[str, typer.Argument(help="Items in two languages or more.")],
    pair: Annotated[list[str], typer.Option("--pair", "-p", help="Main and embedded language: en,hi; again for more.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The prompts (JSONL), for `eval run mixed-versions`.")],
    method: Method = "ratio-token",
    amount: Amount = None,
    both: Annotated[bool, typer.Option("--both/--one-way", help="Each pair the other way round as well.")] = False,
    fields: Annotated[list[str] | None, typer.Option("--field", help="A field that is text; again for more.")] = None,
    labels: Annotated[list[str] | None, typer.Option("--label", help="A class of a classification set; again.")] = None,
    name: Annotated[list[str] | None, typer.Option("--name", help="A field that names an item; again.")] = None,
    choices: Annotated[bool, typer.Option("--choices/--texts-alone", help="Mix the choices as well.")] = False,
    lm_eval: Annotated[
        str | None, typer.Option("--lm-eval", help="Write a task folder for lm-evaluation-harness too.")
    ] = None,
    ask: Annotated[str | None, typer.Option("--ask", help="What stands below the choices.")] = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Make plain and mixed versions of the same items; a model's change between them is what mixing costs.

    [dim]$ macaronic eval mixed belebele.jsonl --pair en,hi --both --amount 0.2 --amount 0.5 --out versions.jsonl
    $ macaronic eval run mixed-versions --prompts versions.jsonl --model openai:gpt-x --out outputs.jsonl[/dim]
    """
    from collections import Counter

    from macaronic.core.errors import UsageError
    from macaronic.core.problems import Problems
    from macaronic.evaluate.generate import write_outputs
    from macaronic.evaluate.lm_eval_folder import GROUP, write_folder
    from macaronic.evaluate.mixed_items import read_items
    from macaronic.evaluate.mixed_versions import CHOOSE, Version, mixed_rows, plain_rows

    directions = _directions(pair, both=both)
    versions = [
        Version(main, other, method, each, seed)  # type: ignore[arg-type]
        for main, other in directions
        for each in amount or (None,)
    ]
    for version in versions:
        version.settings()
    problems = Problems(strict)
    held = read_items(items, problems, fields=fields or (), labels=labels or (), name=name or ())
    note_problems(problems, quiet=quiet)
    told_to = ask or CHOOSE
    rows = [row for main in dict.fromkeys(a for a, _ in directions) for row in plain_rows(held, main, ask=told_to)]
    told: list[dict[str, object]] = []
    for version in versions:
        missed: Counter[str] = Counter()
        made = list(mixed_rows(held, version, with_choices=choices, ask=told_to, missed=missed))
        rows += made
        share = sum(row["mixed_share"] for row in made) / len(made) if made else 0.0
        told.append({"version": version.name, "items": len(made), "mixed_share": round(share, 4), "missed": {**missed}})
        lost = ", ".join(f"{count} {reason}" for reason, count in missed.most_common())
        made_of = f"{len(made):,} items, {share:.1%} of the words in the other language"
        note(f"{version.name}: {made_of}" + (f"; not mixed: {lost}" if lost else ""), quiet=quiet)
    if not any(one["items"] for one in told):
        raise UsageError(f"no item could be mixed.\nAre the items in {' and '.join(pair)}?")
    write_outputs(out, iter(rows))
    if lm_eval:
        names = write_folder(rows, lm_eval)
        note(f"wrote {len(names)} tasks: lm_eval --include_path {lm_eval} --tasks {GROUP} --log_samples", quiet=quiet)
    if json:
        emit({"out": out, "rows": len(rows), "versions": told})
    note(f"wrote {len(rows):,} prompts to {out}", quiet=quiet)


def _directions(pairs: list[str], *, both: bool) -> list[tuple[str, str]]:
    """Each (main, embedded), and the other way round where asked."""
    from macaronic.core.errors import UsageError

    found = []
    for text in pairs:
        tags = options.tags(text) or []
        if len(tags) != 2:
            raise UsageError(f"--pair takes two different languages such as en,hi; got {text!r}.")
        found += [(tags[0], tags[1]), *([(tags[1], tags[0])] if both else [])]
    return list(dict.fromkeys(found))
