"""What admins and viewers see: how far a project is, who works on it, how far they agree, and files to take away."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from macaronic.annotate.compare import confused, disagreements, rated
from macaronic.annotate.export import Choice, export
from macaronic.annotate.progress import progress
from macaronic.annotate.settings import LABELLING, check_name
from macaronic.annotate.web import asked
from macaronic.annotate.web.site import Site
from macaronic.annotate.work import Work, work_of
from macaronic.core.errors import UnknownName, UsageError

DAY = 86_400_000
ENDINGS = {
    "jsonl": "jsonl", "json": "json", "conllu": "conllu", "conll": "conll", "lince": "lince", "inline": "txt",
    "parquet": "parquet", "arrow": "arrow", "label-studio": "json",
}  # fmt: skip
"""Format of an export -> the ending of its file."""


def admin(site: Site) -> APIRouter:
    """The routes below `/api/admin`."""
    router = APIRouter(prefix="/api/admin")
    router.include_router(_people(site))

    def work(request: Request) -> Work:
        site.overseer(request)
        return work_of(site.store)

    @router.get("/progress")
    def how_far(request: Request) -> dict[str, Any]:
        found = progress(work(request)).asdict()
        layers = [layer.name for layer in site.store.settings.layers if layer.labels]
        return found | {"layers": layers, "days": _days(site), "me": site.overseer(request)}

    @router.get("/agreement")
    def agreement(request: Request, layer: str = "", samples: int = 200) -> dict[str, Any]:
        from macaronic.measure.agreement_results import confusions, results

        if not 0 <= samples <= 2000:
            raise UsageError("samples goes from 0 to 2000.")
        found, chosen = work(request), site.store.settings.layer_named(layer)
        people = found.by_role(*LABELLING)
        nothing = {"layer": chosen.name, "people": people, "results": [], "confused": [], "disagreements": 0}
        if len(people) < 2:
            return nothing | {"confusion": {}}
        table = rated(found, chosen, people)
        told = results(table, people, layer=chosen.name, rng=np.random.default_rng(0), samples=samples)
        pairs = list(disagreements(found, chosen, people))
        return nothing | {
            "results": [one.asdict() for one in told],
            "confused": confused(pairs)[:200],
            "confusion": confusions(table, people),
            "disagreements": len(pairs),
        }

    @router.get("/disagreements")
    def differ(
        request: Request,
        layer: str = "",
        label: Annotated[list[str], Query()] = [],  # noqa: B006  fastapi copies it
        who: str = "",
        open: bool = False,
        after: int = 0,
        count: int = 50,
    ) -> dict[str, Any]:
        found, chosen = work(request), site.store.settings.layer_named(layer)
        people = found.by_role(*LABELLING)
        differing = disagreements(found, chosen, people, open_only=open)
        every = [one for one in differing if set(label) <= set(one.labels.values()) and (not who or who in one.labels)]
        part = every[max(0, after) : max(0, after) + min(max(1, count), 200)]
        texts = {one.item: found.items[one.item].utterance.text for one in part}
        return {"total": len(every), "rows": [one.asdict() | {"sentence": texts[one.item]} for one in part]}

    @router.get("/export")
    def download(
        request: Request,
        format: str = "jsonl",
        each: bool = False,
        unfinished: bool = False,
        pseudonymous: bool = False,
        who: str | None = None,
    ) -> Response:
        found = work(request)
        if format not in ENDINGS:
            raise UnknownName("format", format, ENDINGS)
        name = f"{_plain(site.store.settings.name)}.{ENDINGS[format]}"
        folder = tempfile.TemporaryDirectory()
        path = Path(folder.name) / name
        export(found, str(path), Choice(format, who, each, unfinished, False, pseudonymous))
        return FileResponse(
            path, filename=name, media_type="application/octet-stream", background=BackgroundTask(folder.cleanup)
        )

    @router.post("/refit")
    def refit(request: Request) -> dict[str, Any]:
        site.overseer(request, change=True)
        return {"started": site.fitting.start(site.project)}

    return router


def _people(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/people")
    def everybody(request: Request) -> dict[str, Any]:
        site.overseer(request)
        known = site.accounts.names()
        rows = [
            {"name": name, "role": role, "account": name in known, "active": known.get(name, True)}
            for name, role in site.store.people().items()
        ]
        return {"people": rows, "invitations": [asdict(link) for link in site.accounts.links() if link.kind == "join"]}

    @router.post("/invite")
    def invite(given: asked.Invite, request: Request) -> dict[str, Any]:
        site.overseer(request, change=True)
        if given.name is not None:
            check_name(given.name)
            if given.name in site.accounts.names():
                raise UsageError(f"{given.name!r} has an account already.")
        url = f"{site.address(request)}/join#{site.accounts.link('join', given.role, given.name)}"
        return {"url": url, "qr": drawn(url), "role": given.role, "name": given.name}

    @router.post("/revoke")
    def revoke(given: asked.Revoke, request: Request) -> dict[str, Any]:
        site.overseer(request, change=True)
        return {"revoked": site.accounts.revoke(given.id)}

    @router.post("/person")
    def change(given: asked.Change, request: Request) -> dict[str, Any]:
        who = site.overseer(request, change=True)
        site.store.role(given.name)
        if given.name == who:
            raise UsageError("ask another admin to change your own part.")
        if given.role is not None:
            site.store.add_person(given.name, given.role)
            site.accounts.end_all(given.name)
        if given.active is not None:
            site.accounts.allow(given.name, given.active)
        return {}

    return router


def _days(site: Site) -> list[tuple[int, int]]:
    """How often a sentence was accepted on each day (UTC): (its begin in milliseconds, how often), last year's days."""
    times = site.store.ask("SELECT time FROM events WHERE action = 'accept' AND source != 'import'")
    counts = Counter(time // DAY for (time,) in times)
    days = range(min(counts), max(counts) + 1) if counts else ()
    return [(day * DAY, counts[day]) for day in days][-366:]


def drawn(url: str) -> str:
    """A QR code as an SVG picture in a data address."""
    import segno

    return str(segno.make(url, error="m").svg_data_uri(scale=5, border=3, dark="#111", light="#fff"))


def _plain(name: str) -> str:
    """A file name that is only that."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:80] or "project"
