"""What is tried against the server and refused: other people's work, other roles, forged and broken requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")

from fastapi.testclient import TestClient

from macaronic.annotate.create import create
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.web.accounts import Accounts
from macaronic.annotate.web.app import application
from macaronic.annotate.web.guard import LARGEST
from macaronic.annotate.web.site import Site
from macaronic.core.utterance import Utterance

SCRIPT = "<script>alert(1)</script>"
SECRET = "long enough"
JSON = {"content-type": "application/json"}
GET_OVERSEERS = ("progress", "agreement", "disagreements", "people", "export?unfinished=true")


class Person:
    """Somebody's browser: a client that keeps the cookie, and the page's token."""

    def __init__(self, client: TestClient, name: str = "") -> None:
        self.client = client
        self.csrf = ""
        if name:
            self.csrf = client.post("/api/login", json={"name": name, "password": SECRET}).json()["csrf"]

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        given = {"x-csrf-token": self.csrf, **JSON, **{key.replace("_", "-"): value for key, value in headers.items()}}
        content = raw if raw is not None else json.dumps({} if body is None else body).encode()
        return self.client.post(path, content=content, headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def takes(self) -> int:
        """The number of the next item."""
        number: int = self.post("/api/next", {"count": 1}).json()["items"][0]["number"]
        return number


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macaronic.annotate.web.accounts._COST", 1 << 8)


@pytest.fixture
def site(project: Path) -> Site:
    """The project with an admin and a viewer; all have a password."""
    with Store(project, write=True) as store, Accounts(project) as accounts:
        store.add_person("mina", "admin")
        store.add_person("guest", "viewer")
        for name in store.people():
            accounts.set_password(name, SECRET)
    return Site(project, learns=False)


@pytest.fixture
def person(site: Site) -> Callable[..., Person]:
    """`person("asha")` logs in; `person()` is a stranger."""
    app = application(site)

    def come(name: str = "") -> Person:
        return Person(TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False), name)

    return come


def row(item: int, action: str = "accept", **more: Any) -> dict[str, Any]:
    return {"client": f"c{item}{action}{len(more)}", "item": item, "action": action, **more}


def log(site: Site) -> list[str]:
    with Store(site.project) as store:
        return [f"{event.who} {event.action} {event.item}" for event in store.events()]


def test_a_stranger_gets_nothing_but_the_way_in(person: Callable[..., Person], site: Site) -> None:
    stranger = person()
    for path in ("/api/project", "/api/item/1", "/api/media/1/0", *(f"/api/admin/{name}" for name in GET_OVERSEERS)):
        assert stranger.get(path).status_code == 401, path
    for path in ("/api/next", "/api/events", "/api/occurrences", "/api/logout", "/api/password", "/api/admin/refit"):
        body = {"events": [row(1)], "layer": "lang", "word": "so", "password": SECRET}
        assert stranger.post(path, body).status_code in (401, 422), path
    for path in ("/", "/admin", "/guidelines"):
        assert stranger.get(path).headers["location"] == "/login"
    assert stranger.get("/docs").status_code == stranger.get("/openapi.json").status_code == 404
    assert log(site) == []


def test_other_peoples_items_and_steps(person: Callable[..., Person], site: Site) -> None:
    asha, ravi = person("asha"), person("ravi")
    number = asha.takes()
    label = row(number, "label", layer="lang", start=0, end=4, new="ne", step="hers")
    assert asha.post("/api/events", {"events": [label]}).status_code == 200
    before = log(site)
    assert ravi.get(f"/api/item/{number}").status_code == 403
    assert ravi.post("/api/events", {"events": [row(number)]}).status_code == 403
    ravi.takes()
    assert ravi.post("/api/events", {"events": [row(number, "undo", new="hers")]}).status_code == 403
    assert ravi.get(f"/api/item/{number}").json()["events"] == []
    places = ravi.post("/api/occurrences", {"layer": "lang", "word": "yaar"}).json()["places"]
    assert {place["label"] for place in places} == {"en"}
    assert ravi.post("/api/events", {"events": [{**row(number), "who": "asha"}]}).status_code == 422
    assert [line for line in log(site) if "open" not in line] == [line for line in before if "open" not in line]


def test_roles_are_the_sessions_never_the_requests(person: Callable[..., Person], site: Site) -> None:
    for name in ("asha", "judge", "guest"):
        one = person(name)
        for what in ("invite", "person", "refit", "revoke"):
            body = {"name": name, "role": "admin", "id": "x"} if what in ("invite", "person") else {"id": "x"}
            assert one.post(f"/api/admin/{what}", body).status_code in (403, 422), (name, what)
        seen = {one.get(f"/api/admin/{what}").status_code for what in GET_OVERSEERS}
        assert seen == ({200} if name == "guest" else {403})
    guest = person("guest")
    assert guest.post("/api/next", {"count": 1}).status_code == 403
    assert guest.post("/api/events", {"events": [row(1)]}).status_code == 403
    assert person("mina").post("/api/admin/person", {"name": "mina", "role": "viewer"}).status_code == 422
    assert site.store.people()["guest"] == "viewer"


def test_another_role_ends_sessions_and_links_of_before(person: Callable[..., Person], site: Site) -> None:
    mina, asha = person("mina"), person("asha")
    old = site.accounts.link("join", "admin", "asha")
    assert mina.post("/api/admin/person", {"name": "asha", "role": "viewer"}).status_code == 200
    assert asha.get("/api/project").status_code == 401
    assert person().post("/api/join", {"token": old, "password": SECRET}).status_code == 401
    assert site.store.people()["asha"] == "viewer"


@pytest.mark.parametrize(
    "headers",
    [
        {"x_csrf_token": ""},
        {"x_csrf_token": "wrong"},
        {"x_csrf_token": "é"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_forged_requests(person: Callable[..., Person], site: Site, headers: dict[str, str]) -> None:
    asha = person("asha")
    number = asha.takes()
    before = log(site)
    sent = {key: value.encode() for key, value in headers.items()}
    assert asha.post("/api/events", {"events": [row(number)]}, **sent).status_code == 403  # type: ignore[arg-type]
    assert log(site) == before


def test_the_token_of_somebody_else_and_a_form(person: Callable[..., Person], site: Site) -> None:
    asha, ravi = person("asha"), person("ravi")
    number = asha.takes()
    before = log(site)
    assert asha.post("/api/events", {"events": [row(number)]}, x_csrf_token=ravi.csrf).status_code == 403
    form = "application/x-www-form-urlencoded"
    assert asha.post("/api/events", {"events": [row(number)]}, content_type=form).status_code == 400
    assert asha.post("/api/events", {"events": [row(number)]}, content_type="text/plain").status_code == 400
    assert (
        person().post("/api/login", {"name": "asha", "password": SECRET}, origin="http://evil.example").status_code
        == 403
    )
    assert log(site) == before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "", "localhost.evil.example:8765"])
def test_a_name_that_was_made_to_point_here(person: Callable[..., Person], host: str) -> None:
    assert person("asha").get("/api/project", host=host).status_code == 400


def test_no_session_is_taken_from_outside(person: Callable[..., Person]) -> None:
    stranger = person()
    name = next(iter(person("ravi").client.cookies))
    stranger.client.cookies.set(name, "chosen-by-somebody-else")
    answer = stranger.post("/api/login", {"name": "asha", "password": SECRET})
    cookie = answer.headers["set-cookie"]
    assert "chosen" not in cookie
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert name not in answer.text


def test_logged_out_is_out(person: Callable[..., Person]) -> None:
    asha = person("asha")
    name, token = next(iter(asha.client.cookies.items()))
    assert asha.post("/api/logout").status_code == 200
    asha.client.cookies.set(name, token)
    assert asha.get("/api/project").status_code == 401


def test_guessing(person: Callable[..., Person]) -> None:
    stranger = person()
    tries = [stranger.post("/api/login", {"name": "asha", "password": f"guess {n}"}) for n in range(7)]
    assert [answer.status_code for answer in tries] == [401] * 5 + [429] * 2
    assert int(tries[-1].headers["retry-after"]) >= 1
    assert stranger.post("/api/login", {"name": "asha", "password": SECRET}).status_code == 429


def test_an_invitation_works_once(person: Callable[..., Person], site: Site) -> None:
    made = person("mina").post("/api/admin/invite", {"role": "annotator"}).json()
    address, _, token = made["url"].partition("#")
    assert address == "http://127.0.0.1:8765/join"
    assert made["qr"].startswith("data:image/svg+xml")
    body = {"token": token, "password": SECRET}
    assert person().post("/api/join", {**body, "name": "asha"}).status_code == 422
    assert person().post("/api/join", {**body, "name": "line\nbreak"}).status_code == 422
    assert person().post("/api/join", {**body, "name": "Devi", "role": "admin"}).status_code == 422
    assert person().post("/api/join", {**body, "name": "Devi"}).status_code == 200
    assert person().post("/api/join", {**body, "name": "Uma"}).status_code == 401
    assert site.store.people()["Devi"] == "annotator"
    assert "Uma" not in site.store.people()


@pytest.mark.parametrize("name", ["a~b", "line\nbreak", " ", "x" * 101, "\u202eahsa"])
def test_a_name_that_no_project_holds_leaves_nothing_behind(
    person: Callable[..., Person], site: Site, name: str
) -> None:
    token = site.accounts.link("join", "annotator")
    before = site.accounts.names()
    body = {"token": token, "password": SECRET}
    assert person().post("/api/join", {**body, "name": name}).status_code == 422
    assert site.accounts.names() == before
    assert person().post("/api/join", {**body, "name": "Devi"}).status_code == 200
    assert person("mina").post("/api/admin/invite", {"name": name}).status_code == 422
    assert site.accounts.links() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"events"',
        b"[" * 400_000,
        b'{"events":' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"events":[{"client":"c","item":1' + b"0" * 5000 + b',"action":"accept"}]}',
    ],
)
def test_what_is_no_json_or_not_the_right_one(person: Callable[..., Person], raw: bytes) -> None:
    answer = person("asha").post("/api/events", raw=raw)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "fields",
    [
        '"item": NaN',
        '"item": Infinity',
        '"item": 1e400',
        '"item": 99999999999999999999',
        '"item": -1',
        '"item": true',
        '"item": "1"',
        '"latency": 9007199254740993',
        '"start": -1, "end": 2',
        '"start": 0, "end": 4294967296',
        '"layer": "lang\' OR 1=1 --"',
        '"new": "\\ud800"',
        '"new": "\'); DROP TABLE events; --"',
        '"client": ""',
        '"client": {"a": 1}',
        '"who": "ravi"',
        '"time": 0',
        '"action": "open"',
        '"__proto__": "x"',
    ],
)
def test_events_that_nobody_can_mean(person: Callable[..., Person], site: Site, fields: str) -> None:
    asha = person("asha")
    number = asha.takes()
    before = log(site)
    good = f'"client": "c", "item": {number}, "action": "label", "layer": "lang", "start": 0, "end": 4, "new": "ne"'
    fine = json.dumps(row(number, "sentence", layer="comment", new="kept with it or not at all"))
    answer = asha.post("/api/events", raw=f'{{"events": [{fine}, {{{good}, {fields}}}]}}'.encode())
    assert answer.status_code in (403, 422), answer.text
    assert log(site) == before


@pytest.mark.parametrize(
    "path", ["/api/item/99999999999999999999999", "/api/item/-1", "/api/item/x", "/api/media/1/1e9"]
)
def test_numbers_in_paths(person: Callable[..., Person], path: str) -> None:
    assert person("asha").get(path).status_code in (404, 422)


@pytest.mark.parametrize("text", ["'; DROP TABLE people; --", "x' OR '1'='1", '"', "%", "\\", SCRIPT])
def test_sql_in_every_text(person: Callable[..., Person], site: Site, text: str) -> None:
    mina = person("mina")
    people = site.store.people()
    for query in (
        f"agreement?layer={text}",
        f"disagreements?layer={text}",
        f"export?who={text}",
        f"export?format={text}",
    ):
        assert mina.get(f"/api/admin/{query}").status_code in (200, 422), query
    for path, body in (
        ("/api/occurrences", {"layer": "lang", "word": text}),
        ("/api/admin/revoke", {"id": text}),
        ("/api/admin/person", {"name": text, "role": "admin"}),
        ("/api/login", {"name": text, "password": text}),
        ("/api/enter", {"token": text}),
    ):
        assert mina.post(path, body).status_code in (200, 401, 422), path
    number = mina.takes()
    comment = row(number, "sentence", layer="comment", new=text)
    assert mina.post("/api/events", {"events": [comment]}).status_code == 200
    assert mina.get(f"/api/item/{number}").json()["events"][0]["new"] == text
    assert site.store.people() == people


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fapp.py",
        "/static//etc/passwd",
        "/strings/..%2f..%2fapp.py",
        "/api/admin/export?format=../../x",
        "/api/admin/export?format=jsonl&out=/tmp/x",
    ],
)
def test_paths_that_lead_out(person: Callable[..., Person], path: str) -> None:
    answer = person("mina").get(path)
    assert answer.status_code in (200, 404, 422)
    assert b"import" not in answer.content
    assert b"root:" not in answer.content
    assert answer.status_code != 200 or 'filename="chat.jsonl"' in answer.headers["content-disposition"]


def test_more_than_a_request_may_hold(person: Callable[..., Person]) -> None:
    asha = person("asha")

    def stream() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(1 << 16)

    head = {"x-csrf-token": asha.csrf, **JSON}
    assert asha.client.post("/api/events", content=stream(), headers=head).status_code == 413
    assert asha.post("/api/events", raw=b" " * (LARGEST + 1)).status_code == 413
    assert asha.post("/api/events", raw=b"{}", content_length="9" * 30).status_code == 413
    assert asha.get("/api/project").status_code == 200


def test_every_answer_forbids_what_is_not_ours(person: Callable[..., Person]) -> None:
    asha = person("asha")
    for path in ("/", "/login", "/api/project", "/static/api.js", "/api/nothing", "/guidelines", "/api/admin/people"):
        head = asha.get(path).headers
        assert head["content-security-policy"].startswith("default-src 'none'; script-src 'self';"), path
        assert "unsafe" not in head["content-security-policy"]
        assert head["x-content-type-options"] == "nosniff"
        assert head["cache-control"] == ("no-store" if path.startswith("/api/") else "no-cache")
        assert "server" not in head


def test_scripts_in_texts_labels_names_and_guidelines_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "chat.annotate"
    layers = layers_of("languages", ["en"])
    told = f"# {SCRIPT}\n\n[x](javascript:alert(1)) ![p](http://evil.example/p.png) <img src=x onerror=alert(1)>"
    item = Item(1, Utterance.from_words([SCRIPT, "ok"], layers={"lang": ["en", "en"]}, id='"><img src=x>'))
    create(path, Settings(f'{SCRIPT}"\r\nx: y', layers, guidelines=told), [item])
    with Store(path, write=True) as store, Accounts(path) as accounts:
        store.add_person("mina", "admin")
        accounts.set_password("mina", SECRET)
    mina = Person(TestClient(application(Site(path, learns=False)), base_url="http://127.0.0.1"), "mina")
    page = mina.get("/guidelines").text
    assert re.findall("<script[^>]*>", page) == ['<script type="module" src="/static/guide.js">']
    assert "<img" not in page
    assert 'href="javascript' not in page
    answer = mina.post("/api/next", {"count": 1})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["items"][0]["text"].startswith(SCRIPT)
    sent = mina.get("/api/admin/export?unfinished=true")
    assert sent.status_code == 200
    assert "\n" not in sent.headers["content-disposition"]
    assert "<" not in sent.headers["content-disposition"]
    assert sent.headers["content-type"] == "application/octet-stream"


def test_sounds_only_from_the_projects_own_folder(tmp_path: Path) -> None:
    path = tmp_path / "in" / "chat.annotate"
    path.parent.mkdir()
    (tmp_path / "secret.wav").write_bytes(b"not yours")
    (path.parent / "a.wav").write_bytes(b"RIFF0123456789")
    (path.parent / "link.wav").symlink_to(tmp_path / "secret.wav")
    names = ["a.wav", "../secret.wav", str(tmp_path / "secret.wav"), "link.wav", "none.wav", "a.wav\0"]
    media = [{"label": "a", "path": name} for name in names]
    text = Utterance.from_words(["ok"], layers={"lang": ["en"]}, id="t", meta={"media": media})
    create(path, Settings("chat", layers_of("languages", ["en"]), media="."), [Item(1, text)])
    with Store(path, write=True) as store, Accounts(path) as accounts:
        store.add_person("asha")
        accounts.set_password("asha", SECRET)
    app = application(Site(path, learns=False))
    asha = Person(TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False), "asha")
    assert asha.get("/api/media/1/0").status_code == 403
    asha.takes()
    got = [asha.get(f"/api/media/1/{place}") for place in range(len(names) + 1)]
    assert [answer.status_code for answer in got] == [200, *[404] * len(names)]
    part = asha.get("/api/media/1/0", range="bytes=0-3")
    assert (part.status_code, part.content) == (206, b"RIFF")
