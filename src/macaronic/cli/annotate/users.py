"""`macaronic annotate users`: who may log in, invitations, roles and passwords."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit

app = typer.Typer(help="Who may log in: ls, invite, role, reset, disable, enable.", no_args_is_help=True)
Role = Annotated[
    Literal["annotator", "adjudicator", "viewer", "admin"], typer.Option("--role", help="What they shall do.")
]
Name = Annotated[str, typer.Argument(help="The person.")]
Url = Annotated[str, typer.Option("--url", help="The address under which people reach the server.")]


@app.command("ls")
def ls(project: given.Project, json: options.Json = False) -> None:
    """Show the people, their roles, and whether they can log in."""
    from macaronic.report.table import write_table

    with given.opened(project) as (store, accounts):
        known = accounts.names()
        rows = [(n, role, "yes" if known.get(n) else "no") for n, role in store.people().items()]
        links = [(link.id, link.role, link.name or "") for link in accounts.links() if link.kind == "join"]
    if json:
        emit({"people": [dict(zip(("name", "role", "login"), row)) for row in rows], "invitations": links})
        return
    write_table(("name", "role", "can log in"), rows, file=sys.stdout)
    if links:
        write_table(("invitation", "role", "name"), links, file=sys.stdout)


@app.command("invite")
def invite(
    project: given.Project,
    name: Annotated[str | None, typer.Argument(help="The person; they choose a name when left out.")] = None,
    role: Role = "annotator",
    url: Url = "http://127.0.0.1:8765",
    json: options.Json = False,
) -> None:
    """Make a one-time link, which holds for a week, with a QR code for a phone."""
    from macaronic.annotate.settings import check_name

    if name is not None:
        check_name(name)
    with given.opened(project) as (_, accounts):
        link = f"{url.rstrip('/')}/join#{accounts.link('join', role, name)}"
    if json:
        emit({"url": link, "role": role, "name": name})
        return
    print(link)
    if sys.stdout.isatty():
        import segno

        segno.make(link, error="m").terminal(compact=True)


@app.command("reset")
def reset(project: given.Project, name: Name, url: Url = "http://127.0.0.1:8765") -> None:
    """End somebody's sessions and print a one-time link by which they choose a new password."""
    with given.opened(project) as (store, accounts):
        role = store.role(name)
        accounts.end_all(name)
        print(f"{url.rstrip('/')}/join#{accounts.link('join', role, name)}")


@app.command("role")
def role(project: given.Project, name: Name, role: Annotated[str, typer.Argument(help="The new role.")]) -> None:
    """Give somebody another role; they have to log in again."""
    with given.opened(project) as (store, accounts):
        store.role(name)
        store.add_person(name, role)
        accounts.end_all(name)
    print(f"{name}: {role}")


@app.command("disable")
def disable(project: given.Project, name: Name) -> None:
    """Let somebody in no more; their work stays."""
    _allow(project, name, False)


@app.command("enable")
def enable(project: given.Project, name: Name) -> None:
    """Let somebody in again."""
    _allow(project, name, True)


def _allow(project: str, name: str, allowed: bool) -> None:
    with given.opened(project) as (store, accounts):
        store.role(name)
        accounts.allow(name, allowed)
    print(f"{name}: {'may log in' if allowed else 'may not log in'}")
