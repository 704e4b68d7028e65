"""`macaronic annotate status`: how far a project is, and how fast people are."""

from __future__ import annotations

import sys

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit


def status(project: given.Project, json: options.Json = False) -> None:
    """Show what is done and by whom.

    [dim]$ macaronic annotate status chat.annotate
    $ macaronic annotate status . --json[/dim]
    """
    from macaronic.annotate.learning import state
    from macaronic.annotate.progress import progress
    from macaronic.annotate.store import Store
    from macaronic.annotate.work import work_of
    from macaronic.report.table import write_table

    with Store(project) as store:
        found = progress(work_of(store))
        model = state(store)
    if json:
        emit(found.asdict() | {"model": model})
        return
    warm = f", {found.warmup} to warm up" if found.warmup else ""
    print(f"{found.name}: {found.items:,} items{warm}, {found.overlap} people each")
    print(f"finished {found.finished:,}, begun {found.begun:,}; {found.events:,} events")
    header = ("name", "role", "opened", "accepted", "skipped", "actions", "minutes", "s/word", "warm-up", "planted")
    rows = [
        (p.name, p.role, p.opened, p.accepted, p.skipped, p.actions, p.minutes, p.word_seconds, p.warmup, p.planted)
        for p in found.people
    ]
    if rows:
        write_table(header, rows, file=sys.stdout)
    if model is not None:
        right = model["accuracy"]
        told = f"right for {right['value']:.1%} of {right['n']:,} words drawn by chance" if right else "not judged yet"
        print(f"tagger: learnt from {model['fitted_at']:,} texts; {told}")
