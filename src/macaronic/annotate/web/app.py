"""The application: pages, sessions, and the desk of the one who asks."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from macaronic.annotate import desk, learning
from macaronic.annotate.desk import NotYours
from macaronic.annotate.reenactment import media_root, sound
from macaronic.annotate.settings import check_name
from macaronic.annotate.web import asked
from macaronic.annotate.web.accounts import SESSION_SECONDS, Refused, TooMany
from macaronic.annotate.web.admin import admin
from macaronic.annotate.web.guard import LOCAL, App, Guard
from macaronic.annotate.web.pages import guidelines, shown_card
from macaronic.annotate.web.site import Site
from macaronic.core.errors import FormatError, InputError, MacaronicError, UnknownName, UsageError

STATIC = Path(__file__).parent / "static"
Number = Annotated[int, InPath(ge=0, lt=1 << 53)]


def application(site: Site, hosts: frozenset[str] | None = LOCAL) -> App:
    """What a server runs.

    Args:
        site: the project and its settings.
        hosts: names under which it may be asked; any when None.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        site.fitting.stop()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.include_router(pages(site))
    app.include_router(entrance(site))
    app.include_router(work(site))
    app.include_router(admin(site))
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount("/strings", StaticFiles(directory=STATIC / "strings"))
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    _explain_errors(app)
    return Guard(app, hosts)


def pages(site: Site) -> APIRouter:
    """The pages themselves."""
    router = APIRouter()

    @router.get("/")
    def page(request: Request) -> Response:
        return (
            RedirectResponse("/admin", 303) if site.role(request) == "viewer" else FileResponse(STATIC / "index.html")
        )

    @router.get("/admin")
    def overview(request: Request) -> Response:
        site.overseer(request)
        return FileResponse(STATIC / "admin.html")

    @router.get("/login")
    @router.get("/join")
    @router.get("/enter")
    def enter(request: Request) -> Response:
        return FileResponse(STATIC / "enter.html")

    @router.get("/guidelines")
    def guide(request: Request) -> Response:
        site.session(request)
        return Response(guidelines(site.store.settings), media_type="text/html; charset=utf-8")

    @router.get("/card")
    def card(request: Request, format: str = "html") -> Response:
        from macaronic.annotate.project_card import project_card

        site.overseer(request)
        made = project_card(site.store)
        if format == "md":
            return Response(made, media_type="text/markdown; charset=utf-8")
        return Response(shown_card(site.store.settings.name, made), media_type="text/html; charset=utf-8")

    return router


def entrance(site: Site) -> APIRouter:
    """How people come in: by a password, an invitation, or the link that the terminal shows."""
    router = APIRouter(prefix="/api")

    def welcomed(request: Request, token: str, name: str) -> Response:
        answer = JSONResponse(
            {
                "csrf": site.accounts.session(token).csrf,
                "person": name,
                "needs_password": not site.local and name not in site.accounts.names(),
            }
        )
        answer.set_cookie(
            site.cookie, token, SESSION_SECONDS, httponly=True, samesite="strict", secure=site.is_https(request)
        )
        return answer

    @router.post("/login")
    def login(given: asked.Login, request: Request) -> Response:
        address = request.client.host if request.client else ""
        token = site.accounts.login(given.name, given.password, address)
        if given.name not in site.store.people():
            raise Refused("wrong name or password.")
        return welcomed(request, token, given.name)

    @router.post("/enter")
    def enter(given: asked.Token, request: Request) -> Response:
        found = site.accounts.use(given.token, "enter")
        return welcomed(request, site.accounts.begin(str(found.name)), str(found.name))

    @router.post("/invitation")
    def invitation(given: asked.Token) -> dict[str, Any]:
        found = site.accounts.peek(given.token, "join")
        return {"role": found.role, "name": found.name, "project": site.store.settings.name}

    @router.post("/join")
    def join(given: asked.Join, request: Request) -> Response:
        link = site.accounts.peek(given.token, "join")
        if link.name is None and given.name is not None:
            check_name(given.name.strip())
            if given.name.strip() in site.store.people():
                raise UsageError(f"the name {given.name.strip()!r} is taken; choose another one.")
        name, role = site.accounts.join(given.token, given.name, given.password)
        if site.store.people().get(name) != role:
            site.store.add_person(name, role)
        return welcomed(request, site.accounts.begin(name), name)

    @router.post("/password")
    def password(given: asked.Password, request: Request) -> dict[str, Any]:
        who = site.writer(request).name
        site.accounts.set_password(who, given.password, but=request.cookies.get(site.cookie))
        return {}

    @router.post("/logout")
    def logout(request: Request) -> Response:
        site.writer(request)
        site.accounts.end(request.cookies.get(site.cookie, ""))
        answer = JSONResponse({})
        answer.delete_cookie(site.cookie)
        return answer

    return router


def work(site: Site) -> APIRouter:
    """The desk of the one who asks."""
    router = APIRouter(prefix="/api")

    def with_model(found: dict[str, Any]) -> dict[str, Any]:
        return found | {"model": found["model"] and {**found["model"], "fitting": site.fitting.busy}}

    @router.get("/project")
    def project(request: Request) -> dict[str, Any]:
        session = site.session(request)
        found = with_model(desk.project_view(site.store, session.name))
        return found | {"csrf": session.csrf, "llm": _suggested(site)}

    @router.post("/next")
    def next_items(given: asked.Next, request: Request) -> dict[str, Any]:
        return with_model(desk.next_items(site.store, site.writer(request).name, given.have, given.count))

    @router.get("/item/{number}")
    def item(number: Number, request: Request) -> dict[str, Any]:
        return desk.item_view(site.store, site.session(request).name, number)

    @router.post("/events")
    def events(given: asked.Events, request: Request) -> dict[str, Any]:
        kept = desk.keep(site.store, site.writer(request).name, given.events)
        accepts = any(event.get("action") == "accept" for event in given.events)
        if accepts and site.learns and not site.fitting.busy and learning.due(site.store):
            site.fitting.start(site.project)
        return {"kept": kept}

    @router.post("/occurrences")
    def occurrences(given: asked.Word, request: Request) -> dict[str, Any]:
        return desk.occurrences(site.store, site.writer(request).name, given.layer, given.word)

    @router.post("/suggest")
    def suggest(given: asked.Suggest, request: Request) -> dict[str, Any]:
        from macaronic.annotate.suggest import suggestion

        who = site.writer(request).name
        if site.lm is None or given.layer not in _suggested(site):
            raise HTTPException(404, f"no model suggests {given.layer} here.")
        item = desk.given(site.store, who, given.item)
        return {"text": suggestion(item, given.layer, site.store.settings, site.lm)}

    @router.get("/media/{number}/{place}")
    def media(number: Number, place: Number, request: Request) -> Response:
        who = site.session(request).name
        item = desk.given(site.store, who, number)
        try:
            path = sound(item, place, media_root(site.project, site.store.settings.media))
        except UsageError:
            raise HTTPException(404, f"item {number} has no sound number {place}.") from None
        if not path.is_file():
            raise HTTPException(404, "the file of this sound is not there.")
        return FileResponse(path)

    return router


def _suggested(site: Site) -> list[str]:
    free = [layer.name for layer in site.store.settings.layers if layer.name in ("translation", "norm")]
    return free if site.lm is not None else []


def _explain_errors(app: FastAPI) -> None:
    """Every error as one sentence in JSON, with no inner things in it."""

    def answer(status: int, why: str) -> JSONResponse:
        return JSONResponse({"error": why}, status)

    @app.exception_handler(TooMany)
    def too_many(request: Request, error: TooMany) -> JSONResponse:
        found = JSONResponse({"error": str(error), "seconds": error.seconds}, 429)
        found.headers["retry-after"] = str(error.seconds)
        return found

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        if request.url.path.startswith("/api/"):
            return answer(401, str(error))
        return RedirectResponse("/login", 303)

    @app.exception_handler(NotYours)
    def not_yours(request: Request, error: NotYours) -> JSONResponse:
        return answer(403, str(error))

    @app.exception_handler(MacaronicError)
    def other(request: Request, error: MacaronicError) -> JSONResponse:
        known = isinstance(error, (UsageError, FormatError, UnknownName))
        if isinstance(error, InputError):
            return answer(503, "the project cannot be read or written just now; nothing was changed.")
        return answer(422 if known else 500, str(error).replace(str(Path.cwd()), "."))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        return answer(error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])[:100]
        broken = first["type"] in ("json_invalid", "model_attributes_type", "missing") and not place.strip("0123456789")
        return answer(400 if broken else 422, f"{place or 'the request'}: {first['msg']}"[:300])

    @app.exception_handler(RecursionError)
    def deep(request: Request, error: RecursionError) -> JSONResponse:
        return answer(400, "the request is nested too deeply.")

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> JSONResponse:
        logging.getLogger("uvicorn.error").error("%s %s", request.method, request.url.path, exc_info=error)
        return answer(500, "the server has a fault; nothing was changed. Its terminal says more.")
