"""Coming in, guidelines, data card and overview in a real browser: what people do there, what texts must not do."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from macaronic.annotate import desk
from macaronic.annotate.create import create
from macaronic.annotate.items import Item
from macaronic.annotate.layers import Layer, layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.core.utterance import Utterance

pytest.importorskip("fastapi", reason="the server needs the extra 'annotate'")
uvicorn = pytest.importorskip("uvicorn", reason="the server needs the extra 'annotate'")

from macaronic.annotate.web.accounts import Accounts  # noqa: E402
from macaronic.annotate.web.app import application  # noqa: E402
from macaronic.annotate.web.site import Site, cookie_of  # noqa: E402

SECRET = "long enough"
READY = "body[data-ready]"
HURT = '<img src=x onerror="window.hurt=1"><script>window.hurt=2</script>'
TEXTS = ("👩‍👩‍👧 yaar kal late", "so chill hai", "kya scene hai", f"yaar {HURT}")


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macaronic.annotate.web.accounts._COST", 1 << 8)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which every text that a person can write tries to run something."""
    path = tmp_path / "chat.annotate"
    odd = Layer(name="mood", level="sentence", labels=("good", HURT), about={"good": HURT, HURT: "a label"})
    layers = (*layers_of("languages,norm", ["en", "hi"]), odd)
    told = f"# How\n\n{HURT} [bad](javascript:window.hurt=3) [good](https://example.org) ![pixel](https://example.org/p.png)"
    settings = Settings(f"chat {HURT}", layers, overlap=2, guidelines=told, source=HURT)
    items = [
        Item(
            n, Utterance.from_words(text.split(" "), layers={"lang": ["en"] * len(text.split(" "))}, id=f"t{n} {HURT}")
        )
        for n, text in enumerate(TEXTS, 1)
    ]
    create(path, settings, items)
    with Store(path, write=True) as store, Accounts(path) as accounts:
        for name, role in (
            ("mina", "admin"),
            ("guest", "viewer"),
            ("asha", "annotator"),
            (f"ravi {HURT}", "annotator"),
        ):
            store.add_person(name, role)
            accounts.set_password(name, SECRET)
        for name, label in (("asha", "hi-Latn"), (f"ravi {HURT}", "hi")):
            work(store, name, label)
    return path


def work(store: Store, who: str, label: str) -> None:
    """Somebody labels the second word of everything, says something hostile, and accepts."""
    while found := desk.next_items(store, who, [], 1)["items"]:
        number, (start, end) = found[0]["number"], found[0]["tokens"][1]
        row = {"client": f"{number}a", "item": number, "action": "label", "layer": "lang"}
        rows = [row | {"start": start, "end": end, "old": "en", "new": label}]
        rows.append({"client": f"{number}b", "item": number, "action": "sentence", "layer": "mood", "new": HURT})
        rows.append({"client": f"{number}c", "item": number, "action": "label", "layer": "norm"})
        rows[-1] |= {"start": start, "end": end, "new": HURT}
        desk.keep(store, who, [*rows, {"client": f"{number}d", "item": number, "action": "accept"}])


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """The server, in this process."""
    site = Site(project, learns=False, local=False)
    server = uvicorn.Server(uvicorn.Config(application(site), port=0, log_level="critical"))
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started and running.is_alive():
        running.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        running.join(20)


@pytest.fixture
def come(address: str, browser: Any, project: Path) -> Iterator[Callable[..., Any]]:
    """`come("mina")` is the page of somebody logged in; what a page complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def coming(name: str = "", **options: Any) -> Any:
        context = browser.new_context(base_url=address, locale="en", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.on(
            "request",
            lambda asked: complaints.append(asked.url) if not asked.url.startswith((address, "data:")) else None,
        )
        if name:
            context.add_cookies([session(project, name) | {"url": address}])
        return page

    yield coming
    for context in contexts:
        context.close()
    assert complaints == []


def session(project: Path, name: str) -> dict[str, str]:
    """The cookie of somebody who has logged in."""
    with Accounts(project) as accounts:
        return {"name": cookie_of(project), "value": accounts.begin(name)}


def overview(page: Any) -> Any:
    page.goto("/admin")
    page.wait_for_selector(READY)
    return page


def rows(page: Any, table: str) -> list[list[str]]:
    """The cells of a table's body as text."""
    script = "found => found.map(row => [...row.cells].map(cell => cell.textContent))"
    found: list[list[str]] = page.eval_on_selector_all(f"#{table} tbody tr", script)
    return found


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait for something that only this side can tell."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it never came true")


def test_texts_run_nothing_on_any_page(come: Callable[..., Any]) -> None:
    page = come("mina")
    for path in ("/admin", "/guidelines", "/card", "/"):
        page.goto(path)
        if path in ("/", "/admin"):
            page.wait_for_selector(READY)
        assert "window.hurt" in page.content(), path
        assert page.evaluate("window.hurt") is None, path
        assert page.locator("img[src=x], script:not([src]), a[href^='javascript']").count() == 0, path


def test_what_comes_back_in_an_error_is_text(come: Callable[..., Any]) -> None:
    page = overview(come("mina"))
    page.fill("#invitee", f"ravi {HURT}"[:100])
    page.click("#invite button")
    page.wait_for_selector("#error:not(:empty)")
    assert "<img" in page.inner_text("#error")
    assert page.evaluate("window.hurt") is None


def test_guidelines_show_what_was_written_and_every_label(come: Callable[..., Any]) -> None:
    page = come("asha")
    page.goto("/guidelines")
    assert page.locator("section h1").inner_text() == "How"
    links = page.eval_on_selector_all("section a", "found => found.map(a => a.href)")
    assert links == ["https://example.org/", "https://example.org/p.png"]
    assert page.locator("main img").count() == 0
    assert HURT in page.inner_text("main")
    assert page.locator("h2", has_text="mood").count() == 1
    assert page.goto("/admin").status == 403
    assert page.goto("/card").status == 403


def test_an_invitation_makes_an_account_in_another_browser(come: Callable[..., Any], project: Path) -> None:
    admin = overview(come("mina"))
    admin.select_option("#role", "adjudicator")
    admin.click("#invite button")
    admin.wait_for_selector("#invited img")
    assert admin.eval_on_selector("#invited img", "code => code.complete && code.naturalWidth") > 50
    link = admin.inner_text("#invited code")
    assert len(rows(admin, "invitations")) == 1
    page = come()
    page.goto(link)
    page.wait_for_selector("#form:not([hidden])")
    assert "#" not in page.url
    assert page.inner_text("#told") == "You are invited as adjudicator."
    page.fill("#name", "judge")
    page.fill("#password", SECRET)
    page.fill("#again", "another one")
    page.click("#go")
    assert page.inner_text("#error") == "The two passwords differ."
    page.select_option("#language", "es")
    until(page, lambda: page.inner_text("#told") == "Le invitan como árbitro.")
    page.fill("#again", SECRET)
    page.click("#go")
    page.wait_for_url("**/")
    with Store(project) as store:
        assert store.people()["judge"] == "adjudicator"
    page.goto(link)
    until(page, lambda: "enlace ya se usó" in page.inner_text("#told"))
    assert page.is_hidden("#form")


def test_an_invitation_taken_back_is_worth_nothing(come: Callable[..., Any]) -> None:
    admin = overview(come("mina"))
    admin.click("#invite button")
    admin.wait_for_selector("#invited img")
    admin.click("#invitations button")
    until(admin, lambda: rows(admin, "invitations") == [])
    page = come()
    page.goto(admin.inner_text("#invited code"))
    until(page, lambda: "used already" in page.inner_text("#told"))


def test_an_admin_changes_roles_and_shuts_people_out(come: Callable[..., Any], project: Path) -> None:
    admin, asha = overview(come("mina")), come("asha")
    row = admin.locator("#people tbody tr", has_text="asha")
    row.locator("button").click()
    until(admin, lambda: row.locator("td").nth(2).inner_text() == "no")
    asha.goto("/")
    assert asha.url.endswith("/login")
    row.locator("button").click()
    until(admin, lambda: row.locator("td").nth(2).inner_text() == "yes")
    row.locator("select").select_option("viewer")
    until(admin, lambda: role(project, "asha") == "viewer")


def role(project: Path, name: str) -> str:
    with Store(project) as store:
        return store.people()[name]


def test_a_viewer_sees_all_and_changes_nothing(come: Callable[..., Any]) -> None:
    page = overview(come("guest"))
    assert len(rows(page, "people")) == 4
    assert len(rows(page, "progress")) == 4
    assert page.is_hidden("#invite")
    assert page.is_hidden("#refit")
    assert page.locator("#people button, #people select, #invitations button").count() == 0


def test_guessing_makes_one_wait(come: Callable[..., Any]) -> None:
    page = come()
    page.goto("/login")
    for _ in range(5):
        page.fill("#name", "asha")
        page.fill("#password", "not the one")
        page.click("#go")
        until(page, lambda: page.inner_text("#error") == "Wrong name or password." and page.is_enabled("#go"))
        page.evaluate("document.getElementById('error').textContent = ''")
    page.click("#go")
    until(page, lambda: re.fullmatch(r"Too many tries\. Wait \d+ seconds\.", page.inner_text("#error")) is not None)
    assert page.is_disabled("#go")
    until(page, lambda: page.is_enabled("#go"))


def test_agreement_and_disagreements(come: Callable[..., Any]) -> None:
    page = overview(come("mina"))
    assert "4 of 4 sentences are finished" in page.inner_text("#told")
    assert rows(page, "agreement")[0][:2] == ["Krippendorff’s alpha", "all labels"]
    assert {row[0] for row in rows(page, "pairs")} == {"Share alike", "Cohen’s kappa"}
    table = {row[0]: row[1:] for row in rows(page, "confusion")}
    head = page.eval_on_selector_all("#confusion thead th", "cells => cells.map(cell => cell.textContent)")[1:]
    assert table["hi-Latn"][head.index("hi")] == "4"
    heat = "cells => cells.map(cell => cell.style.getPropertyValue('--share'))"
    assert max(map(float, page.eval_on_selector_all("#confusion td.n", heat))) == 1
    assert page.locator("#disagreements tbody tr").count() == 4
    assert page.locator("#disagreements mark").first.inner_text() == "yaar"
    page.select_option("#between", '["hi","hi-Latn"]')
    until(page, lambda: page.inner_text("#found").startswith("4 places"))
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.rowIndex") == 2
    page.select_option("#layer", "mood")
    until(page, lambda: page.locator("#disagreements tbody tr").count() == 0)


def test_the_export_is_what_was_chosen(come: Callable[..., Any]) -> None:
    page = overview(come("guest"))
    page.select_option("#format", "conllu")
    page.select_option("#each", "true")
    page.select_option("#names", "true")
    with page.expect_download() as waiting:
        page.click("#download")
    name, text = waiting.value.suggested_filename, Path(waiting.value.path()).read_text("utf-8")
    assert re.fullmatch(r"chat_[\w-]*\.conllu", name)
    assert text.count("# annotator = ") == 8
    assert "asha" not in text


def test_the_pages_speak_arabic_on_a_phone(come: Callable[..., Any]) -> None:
    page = come("mina", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    overview(page)
    page.select_option("#language", "ar")
    until(page, lambda: page.inner_text("#h-people") == "الأشخاص")
    for path in ("/admin", "/guidelines", "/card", "/login"):
        page.goto(path)
        until(page, lambda: page.evaluate("document.documentElement.dir") == "rtl")
        if path == "/admin":
            page.wait_for_selector(READY)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_link_of_the_terminal_asks_for_a_password_once(come: Callable[..., Any], project: Path) -> None:
    with Store(project, write=True) as store, Accounts(project) as accounts:
        store.add_person("devi", "admin")
        token = accounts.link("enter", "admin", "devi", 600)
    page = come()
    page.goto(f"/enter#{token}")
    page.wait_for_selector("#form:not([hidden])")
    assert page.inner_text("#title") == "Welcome, devi"
    page.fill("#password", SECRET)
    page.fill("#again", SECRET)
    page.click("#go")
    page.wait_for_url("**/")
    page.wait_for_selector(READY)
    page.context.clear_cookies()
    page.goto("/login")
    page.fill("#name", "devi")
    page.fill("#password", SECRET)
    page.click("#go")
    page.wait_for_url("**/")


def test_days_of_work_are_drawn_and_a_person_can_be_chosen(come: Callable[..., Any]) -> None:
    page = come("guest")
    days = [[0, 3], [86_400_000, 0], [172_800_000, 6]]

    def longer(route: Any) -> None:
        route.fulfill(json=route.fetch().json() | {"days": days})

    page.route("**/api/admin/progress", longer)
    overview(page)
    heights = page.eval_on_selector_all("#days rect", "bars => bars.map(bar => Number(bar.getAttribute('height')))")
    assert heights == [20, 0, 40]
    page.select_option("#who", "asha")
    until(page, lambda: page.inner_text("#found").startswith("4 places"))
    del days[1:]
    page.reload()
    page.wait_for_selector(READY)
    assert page.is_hidden("#days"), "one day is no course of things"
