"""`macaronic papers` and `macaronic reproduce`: the cards, what they claim, and whether it holds here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.papers.landscape import Resource, Task
    from macaronic.papers.paper import Paper
    from macaronic.papers.status import Entry

_CLAIM_HEADER = ("claim", "kind", "reported", "ours", "low", "high", "n", "scale", "status", "text")


def papers(
    name: Annotated[str | None, typer.Argument(help="A paper's id or short name; all of them when left out.")] = None,
    task: Annotated[str | None, typer.Option("--task", help="Only what serves this task, such as lid.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="Only what is about this language.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind, such as method, dataset, model.")] = None,
    json: options.Json = False,
) -> None:
    """List the papers with what holds here; with a task, language or kind also the map of data, models and tools.

    [dim]$ macaronic papers
    $ macaronic papers S024
    $ macaronic papers --task lid --language hi[/dim]
    """
    from macaronic.papers import gallery, status

    if name is not None:
        paper, _ = gallery.find(name)
        entries = status.stored(paper)
        if json:
            emit([_card(paper, entries)])
        else:
            _print_card(paper, entries)
        return
    cards, tasks, resources = _found(task, language, kind)
    with_results = [(paper, status.stored(paper)) for paper in cards]
    if json:
        emit(
            [_card(paper, e) for paper, e in with_results] + [_entry(x) for x in tasks] + [_entry(x) for x in resources]
        )
    elif tasks:
        _table(("id", "name", "about", "scored by"), [(t.id, t.name, t.about, t.measures) for t in tasks])
    elif task or language or kind:
        _print_search(with_results, resources)
    else:
        _print_papers(with_results)


def reproduce(
    name: Annotated[str, typer.Argument(help="A paper's id or short name.")],
    scale: Annotated[
        str, typer.Option("--scale", help="smoke (seconds, no data needed), small (the data sets), full.")
    ] = "smoke",
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check a paper's claims, print each with its verdict, and keep the results.

    Ends with 1 when a claim does not hold, with 3 when a claim could not be checked for want of data.

    [dim]$ macaronic reproduce maltese
    $ macaronic reproduce S024 --scale small[/dim]
    """
    import numpy as np

    from macaronic.papers import gallery, status
    from macaronic.papers.paper import SCALES

    paper, run = gallery.find(name)
    chosen = next((known for known in SCALES if known == _known("scale", scale, SCALES)), SCALES[0])
    new = status.as_entries(paper, run(chosen, np.random.default_rng(seed)), scale=chosen, seed=seed)
    if json:
        emit(
            {
                "id": paper.id,
                "slug": paper.slug,
                "scale": chosen,
                "seed": seed,
                "claims": _claims(paper, new),
                "results": new,
            }
        )
    else:
        _print_claims(paper, new, f"{paper.id} {paper.slug} at scale {chosen}")
        for said in dict.fromkeys(entry["note"] for entry in new if entry["note"]):
            note(f"{', '.join(e['claim'] for e in new if e['note'] == said)}: {said}", quiet=quiet)
    _keep(paper, new, quiet)
    verdicts = [status.claim_status(claim, new) for claim in paper.claims]
    if "contradicted" in verdicts:
        raise typer.Exit(1)
    if "not run" in verdicts:
        raise typer.Exit(3)


def _known(what: str, asked: str, known: Sequence[str]) -> str:
    from macaronic.papers.match import among

    return among(what, asked, known) or ""


def _keep(paper: Paper, new: Sequence[Entry], quiet: bool) -> None:
    from macaronic.core.errors import InputError
    from macaronic.papers import status

    if all(entry["value"] is None for entry in new):
        return
    try:
        note(f"kept in {status.store(paper, new)}", quiet=quiet)
    except InputError:
        folder = status.place(paper).parent
        note(f"the results are not kept: {folder} cannot be written (MACARONIC_RESULTS names another folder)")


def _found(task: str | None, language: str | None, kind: str | None) -> tuple[list[Paper], list[Task], list[Resource]]:
    """The cards, tasks and map entries that a search means; without any condition all cards and nothing else."""
    from macaronic.papers import gallery, landscape
    from macaronic.papers.match import among
    from macaronic.papers.paper import Kind

    task = among("task", task, landscape.tasks())
    kind = among("kind", kind, ("task", *get_args(Kind)))
    tasks = [t for t in landscape.tasks().values() if kind == "task" and task in (None, t.id)]
    resources = landscape.search(task, language, kind) if task or language or kind else []
    return gallery.search(task, language, kind), tasks, resources


def _claims(paper: Paper, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    from macaronic.papers import status

    return [{**asdict(claim), "status": status.claim_status(claim, entries)} for claim in paper.claims]


def _card(paper: Paper, entries: Sequence[Entry]) -> dict[str, Any]:
    """A paper as `papers --json` prints it."""
    from macaronic.papers import status

    return {
        "id": paper.id,
        "slug": paper.slug,
        "kind": paper.kind,
        "status": status.paper_status(paper, entries),
        "claims": _claims(paper, entries),
        "results": list(entries),
        "title": paper.title,
        "url": paper.url,
        "uses": paper.uses,
        "data": paper.data,
        "tasks": paper.tasks,
        "languages": paper.languages,
    }


def _entry(entry: Task | Resource) -> dict[str, Any]:
    """A map entry with the keys that a card has, so that a program can read both."""
    about = asdict(entry)
    kind = about.pop("kind", "task")
    return {
        "id": about.pop("id"),
        "slug": entry.id,
        "kind": kind,
        "status": "listed",
        "claims": [],
        "results": [],
        **about,
    }


def _table(header: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    from macaronic.report.table import write_table

    write_table(header, rows, file=sys.stdout, title=title)


def _print_papers(with_results: Sequence[tuple[Paper, Sequence[Entry]]]) -> None:
    from macaronic.papers import status

    rows = [
        (p.id, p.slug, p.kind, status.paper_status(p, entries), _tally(p, entries), p.title)
        for p, entries in with_results
    ]
    _table(("id", "slug", "kind", "status", "claims", "title"), rows)


def _tally(paper: Paper, entries: Sequence[Entry]) -> str:
    """How many claims have which status, such as `2 direction, 1 needs`."""
    from collections import Counter

    from macaronic.papers import status

    counts = Counter(status.claim_status(claim, entries) for claim in paper.claims)
    return ", ".join(f"{n} {name}" for name, n in counts.items())


def _print_search(with_results: Sequence[tuple[Paper, Sequence[Entry]]], resources: Sequence[Resource]) -> None:
    from macaronic.papers import status

    rows: list[tuple[object, ...]] = [
        (p.id, f"paper: {p.kind}", p.title, " ".join(p.tasks), " ".join(p.languages), status.paper_status(p, e), p.url)
        for p, e in with_results
    ]
    for entry in resources:
        tasks, languages = " ".join(entry.tasks), " ".join(entry.languages)
        said = f"{entry.name}: {entry.about}"
        rows.append((entry.id, entry.kind, said, tasks, languages, entry.licence, entry.url))
    _table(("id", "kind", "what", "tasks", "languages", "status or licence", "url"), rows)
    if not rows:
        note("nothing on the map fits; macaronic papers --kind task lists the tasks")


def _print_card(paper: Paper, entries: Sequence[Entry]) -> None:
    from macaronic.papers import status

    facts = {
        "paper": f"{paper.id} {paper.slug}: {paper.title}",
        "kind": paper.kind,
        "status": status.paper_status(paper, entries),
        "url": paper.url,
        "uses": " ".join(f"macaronic.{name}" for name in paper.uses),
        "data": " ".join(paper.data) or "none from elsewhere",
        "cost": "; ".join(f"{scale}: {cost}" for scale, cost in paper.cost.items()),
    }
    for key, value in facts.items():
        print(f"{key}\t{value}" if not sys.stdout.isatty() else f"{key:7}{value}")
    print()
    _print_claims(paper, entries)
    for claim in paper.claims:
        if claim.needs:
            print(f"\n{claim.id} needs: {claim.needs}")


def _print_claims(paper: Paper, entries: Sequence[Entry], title: str = "") -> None:
    """Each claim with its figures; a terminal gets the claims' texts as lines below the table."""
    from macaronic.papers import status

    rows = []
    for claim in paper.claims:
        e = status.deciding(claim, entries) or {}
        ours = [_rounded(e.get(key)) for key in ("value", "low", "high")]
        state = status.claim_status(claim, entries)
        rows.append((claim.id, claim.kind, claim.reported, *ours, e.get("n"), e.get("scale"), state, claim.text))
    if not sys.stdout.isatty():
        _table(_CLAIM_HEADER, rows)
        return
    _table(_CLAIM_HEADER[:-1], [row[:-1] for row in rows], title)
    for claim in paper.claims:
        print(f"{claim.id}: {claim.text}")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
