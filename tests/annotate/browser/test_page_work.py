"""The annotation page in a real browser against the real server: keys, touch, judging, and work that is never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from macaronic.annotate import desk
from macaronic.annotate.create import create
from macaronic.annotate.events import Event
from macaronic.annotate.fold import fold, steps
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import layers_of
from macaronic.annotate.settings import Settings
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.store import Store
from macaronic.core.utterance import Utterance

uvicorn = pytest.importorskip("uvicorn", reason="the server needs the extra 'annotate'")
pytest.importorskip("fastapi", reason="the server needs the extra 'annotate'")

from macaronic.annotate.web.accounts import Accounts  # noqa: E402
from macaronic.annotate.web.app import application  # noqa: E402
from macaronic.annotate.web.serve import listen  # noqa: E402
from macaronic.annotate.web.site import Site  # noqa: E402

TEXTS = (
    "yaar kal office-on late",
    "so yaar हिन्दी",
    "أنا رايح al meeting",
    "yaar <img src=x onerror=alert(1)> 👩‍👩‍👧ok",
    "kya scene",
)
READY = "body[data-ready]"


def proposed(number: int, text: str) -> Item:
    """An item whose words are all proposed as English, the second with doubt."""
    words = Utterance.from_words(text.split(" "), id=f"t{number}")
    n = len(words.tokens)
    sure = tuple(0.4 if i == 1 else 0.99 for i in range(n))
    return Item(number, words, proposals={"lang": Proposal(("en",) * n, sure)})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "chat.annotate"
    layers = layers_of("languages,pos,ner,norm,translation", ["en", "hi"])
    create(path, Settings("chat", layers, overlap=2), [proposed(n, text) for n, text in enumerate(TEXTS, 1)])
    with Store(path, write=True) as store:
        for who, role in (("asha", "annotator"), ("ravi", "annotator"), ("judge", "adjudicator")):
            store.add_person(who, role)
    return path


@contextmanager
def serving(project: Path, who: str = "asha") -> Iterator[str]:
    """The real server in a thread; gives the address that lets one person in."""
    with Accounts(project) as accounts:
        token = accounts.link("enter", "annotator", who)
    listening = listen("127.0.0.1", 0)
    app = application(Site(project, learns=False))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/enter#{token}"
    finally:
        server.should_exit = True
        running.join()


@pytest.fixture
def opened(project: Path, browser: Any) -> Iterator[Any]:
    """The page of asha; a script error on it fails the test."""
    with serving(project) as address:
        context = browser.new_context(viewport={"width": 1100, "height": 720}, locale="en")
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector(READY)
        yield page
        context.close()
        assert errors == []


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def codes(page: Any) -> list[str]:
    """The codes below the words."""
    return list(page.eval_on_selector_all(".word .code", "nodes => nodes.map(node => node.textContent)"))


def cursor(page: Any) -> int:
    return int(page.eval_on_selector(".word.cursor", "node => Number(node.dataset.i)"))


def wait_until(page: Any, script: str, *arg: str) -> None:
    """Ask until a script says yes; the page's own policy forbids Playwright to do this inside it."""
    for _ in range(200):
        if page.evaluate(script, *arg):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {script}")


def wait_saved(page: Any) -> None:
    wait_until(page, "Object.keys(localStorage).every((key) => !key.startsWith('macaronic.out.'))")


def wait_for(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something holds here."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def log_of(project: Path, who: str = "asha") -> list[Event]:
    with Store(project) as store:
        return list(store.events(who))


def sheet_of(project: Path, number: int, who: str = "asha") -> Sheet:
    with Store(project) as store:
        return fold(store.events(who, number), {number: store.item(number)})[who, number]


def first(page: Any) -> int:
    """The number of the item on the screen, by its text."""
    return 1 + TEXTS.index(shown_text(page))


def shown_text(page: Any) -> str:
    text: str = page.evaluate("[...document.querySelectorAll('#sentence .form')].map(n => n.textContent).join(' ')")
    return text


def goto(page: Any, text: str) -> None:
    """Accept until a sentence is on the screen."""
    for _ in TEXTS:
        if shown_text(page) == text:
            return
        press(page, "Enter")
        page.wait_for_timeout(50)
    assert shown_text(page) == text


def test_a_first_sentence_by_keys(opened: Any, project: Path) -> None:
    number = first(opened)
    assert cursor(opened) == 1
    press(opened, "2", "a", "3", "Enter")
    wait_saved(opened)
    sheet = sheet_of(project, number)
    assert sheet.token_labels("lang")[:2] == ("hi-Latn", "hi")
    assert sheet.state == "accepted"
    assert {event.source for event in log_of(project) if event.action != "open"} == {"key"}
    assert all(event.latency is not None for event in log_of(project) if event.action == "label")


def test_the_footer_names_the_keys_of_a_first_sentence(opened: Any, project: Path) -> None:
    number = first(opened)
    footer = (
        "nodes => Object.fromEntries(nodes.map(n => [n.lastChild.textContent, n.querySelector('kbd').textContent]))"
    )
    keys = opened.eval_on_selector_all("#labels button, #actions button", footer)
    told = opened.inner_text("#mode")
    assert all(word in told for word in ("Letter", "Digit", "Enter: accept"))
    assert keys["Accept"] == "⏎"
    word = opened.inner_text("#w0 .hint")
    press(opened, word, keys["hi"], "Enter")
    wait_saved(opened)
    sheet = sheet_of(project, number)
    assert (sheet.token_labels("lang")[0], sheet.state) == ("hi", "accepted")


def test_paint_undo_redo_and_split(opened: Any, project: Path) -> None:
    goto(opened, TEXTS[0])
    press(opened, "a", "Shift+2")
    assert codes(opened) == ["HI"] * 4
    press(opened, "u")
    assert codes(opened) == ["EN"] * 4
    press(opened, "Shift+U")
    assert codes(opened) == ["HI"] * 4
    press(opened, "d", "-", "h", "1", "3")
    wait_saved(opened)
    sheet = sheet_of(project, 1)
    assert (9, 15) in sheet.tokens
    assert sheet.token_labels("lang")[2:4] == ("en", "hi-Latn")


@pytest.mark.parametrize("told", [500, 1])
def test_undo_goes_back_over_sentences_after_a_reload(
    opened: Any, project: Path, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "UNDO_SHOWN", told)  # with 1 the page has to ask for older steps
    before = shown_text(opened)
    press(opened, "a", "2", "Enter", "Enter")
    wait_saved(opened)
    opened.reload()
    opened.wait_for_selector(READY)
    for left in (2, 1, 0):
        press(opened, "u")
        wait_for(lambda left=left: len(steps(log_of(project))[0]) == left)
    shown = "text => [...document.querySelectorAll('#sentence .form')].map(n => n.textContent).join(' ') === text"
    wait_until(opened, shown, before)
    wait_until(opened, "[...document.querySelectorAll('.word .code')].every((node) => node.textContent === 'EN')")
    wait_saved(opened)
    done = [sheet.state for sheet in (sheet_of(project, n) for n in {e.item for e in log_of(project)})]
    assert set(done) == {"open"}


def test_layers_spans_texts_and_comments(opened: Any, project: Path) -> None:
    goto(opened, TEXTS[0])
    press(opened, "m", "2", "p", "a", "0", "a", "n", "a", "Shift+S", "1", "r", "s")
    opened.keyboard.type("cal")
    press(opened, "Enter", "Escape", "/")
    opened.keyboard.type("a joke?")
    press(opened, "Enter")
    wait_saved(opened)
    sheet = sheet_of(project, 1)
    assert sheet.sentence["matrix"] == "hi"
    assert sheet.sentence["comment"] == "a joke?"
    assert sheet.token_labels("pos")[0] == "PART"
    assert sheet.token_labels("norm")[1] in ("cal", "kalcal")
    assert sheet.spans == {("ner", 0, 8): "PER"}


def test_a_label_for_all_places_is_one_step(opened: Any, project: Path) -> None:
    goto(opened, TEXTS[0])
    press(opened, "a", "3", "Shift+A")
    opened.wait_for_selector("dialog[open] .places li")
    assert opened.locator(".places li").count() >= 1
    press(opened, "Enter")
    wait_saved(opened)
    rules = [event for event in log_of(project) if event.action == "rule"]
    assert [(event.old, event.new) for event in rules] == [("yaar", "hi-Latn")]
    changed = {e.item for e in log_of(project) if e.action == "label" and e.step == rules[0].step}
    assert changed
    assert 1 not in changed
    press(opened, "u")
    wait_saved(opened)
    undone = {event.item for event in log_of(project) if event.action == "undo"}
    assert undone == changed | {1}


def test_arrows_follow_the_eye_in_right_to_left(opened: Any) -> None:
    goto(opened, TEXTS[2])
    assert opened.get_attribute("#sentence", "dir") == "rtl"
    press(opened, "a", "ArrowLeft")
    assert cursor(opened) == 1
    press(opened, "ArrowLeft")
    assert cursor(opened) == 3
    press(opened, "ArrowLeft")
    assert cursor(opened) == 2


def test_text_is_never_markup(opened: Any) -> None:
    goto(opened, TEXTS[3])
    assert opened.locator("#sentence img").count() == 0
    press(opened, "g", "-")
    assert opened.locator(".cut").count() == 2


def test_work_survives_a_cut_network_and_a_closed_tab(opened: Any, project: Path) -> None:
    number = first(opened)
    context = opened.context
    context.set_offline(True)
    press(opened, "a", "2", "Enter", "s", "3")
    opened.wait_for_selector(".saved.is-offline")
    address = opened.url
    opened.close()
    assert not [event for event in log_of(project) if event.action == "label"]
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    again.wait_for_selector(READY)
    wait_saved(again)
    assert sheet_of(project, number).state == "accepted"
    labels = [event.new for event in log_of(project) if event.action == "label"]
    assert labels == ["hi", "hi-Latn"]


def test_two_tabs_lose_and_double_nothing(opened: Any, project: Path) -> None:
    other = opened.context.new_page()
    other.goto(opened.url)
    other.wait_for_selector(READY)
    for page in (opened, other, opened, other):
        press(page, "a", "2")
    wait_saved(opened)
    labels = [event for event in log_of(project) if event.action == "label"]
    assert len(labels) == len({event.client for event in labels}) == 4


def test_a_refused_event_is_shown_and_kept(opened: Any) -> None:
    opened.route("**/api/events", lambda route: route.fulfill(status=422, json={"error": "no such thing", "index": 0}))
    press(opened, "a", "2")
    opened.wait_for_selector(".trouble")
    assert "no such thing" in opened.inner_text(".trouble")
    assert (
        opened.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('macaronic.refused.')).length") == 1
    )


def test_a_phone_labels_by_touch(project: Path, browser: Any) -> None:
    with serving(project) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, locale="en"
        )
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(READY)
        number = first(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        small = "nodes => nodes.map(n => n.getBoundingClientRect()).filter(r => r.width < 44 || r.height < 44).length"
        assert page.eval_on_selector_all("button, .word", small) == 0
        page.tap(".word >> nth=0")
        page.tap(".label >> nth=1")
        page.tap(".do.accept")
        wait_saved(page)
        context.close()
    assert sheet_of(project, number).token_labels("lang")[0] == "hi"
    assert {event.source for event in log_of(project) if event.action != "open"} == {"touch"}


def labelled(store: Store, who: str, label: str) -> None:
    """Somebody's work on the first item: one label and accepted."""
    store.take(who, set())
    number = next(event.item for event in store.events(who))
    start, end = store.item(number).utterance.tokens[0]
    store.append(
        [
            Event(who, number, "label", f"{who}1", "lang", start, end, "en", label),
            Event(who, number, "accept", f"{who}2"),
        ]
    )


def test_a_judge_sees_both_and_takes_one_over(project: Path, browser: Any) -> None:
    with Store(project, write=True) as store:
        labelled(store, "asha", "hi")
        labelled(store, "ravi", "hi-Latn")
        numbers = {event.item for event in store.events("asha")} & {event.item for event in store.events("ravi")}
    assert len(numbers) == 1, "both were given the same item"
    with Accounts(project) as accounts:
        token = accounts.link("enter", "adjudicator", "judge", 600)
    with serving(project, "mina") as address:
        page = browser.new_context(locale="en").new_page()
        page.goto(f"{address.split('#')[0]}#{token}")
        page.wait_for_selector(READY)
        rows = page.eval_on_selector_all("#w0 .other", "nodes => nodes.map(n => n.textContent)")
        assert sorted(row.split(" ")[-1] for row in rows) == ["HI", "HI·L"]
        assert cursor(page) == 0, "the word on which they differ"
        press(page, ",", "2", "Enter")
        wait_saved(page)
        page.context.close()
    sheet = sheet_of(project, numbers.pop(), "judge")
    assert sheet.token_labels("lang")[0] in ("hi", "hi-Latn")
    assert sheet.state == "accepted"


def test_logged_out_in_the_middle_keeps_the_work(opened: Any, project: Path) -> None:
    context = opened.context
    cookies = context.cookies()
    context.clear_cookies()
    press(opened, "a", "2")
    opened.wait_for_selector(".trouble a[href='/login']")
    assert not [event for event in log_of(project) if event.action == "label"]
    context.add_cookies(cookies)
    opened.evaluate("dispatchEvent(new Event('focus'))")
    wait_saved(opened)
    opened.wait_for_selector(".trouble", state="detached")
    assert [event.new for event in log_of(project) if event.action == "label"] == ["hi"]


def test_a_text_is_kept_when_the_person_clicks_elsewhere(opened: Any, project: Path) -> None:
    number = first(opened)
    press(opened, "/")
    opened.keyboard.type("odd")
    opened.click(".do.accept")
    wait_saved(opened)
    sheet = sheet_of(project, number)
    assert (sheet.sentence["comment"], sheet.state) == ("odd", "accepted")


def test_a_drag_with_the_mouse_paints(opened: Any, project: Path) -> None:
    goto(opened, TEXTS[0])
    places = [opened.locator(".word").nth(i).bounding_box() for i in (1, 3)]
    (x, y), (to_x, to_y) = [(box["x"] + 8, box["y"] + 30) for box in places]
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(to_x, to_y, steps=6)
    opened.mouse.up()
    opened.click(".label >> nth=3")
    assert codes(opened) == ["EN", "NE", "NE", "NE"]
    wait_saved(opened)
    assert {event.source for event in log_of(project) if event.action == "label"} == {"pointer"}


def test_long_sentences_have_hints_of_two_letters(tmp_path: Path, browser: Any) -> None:
    path = tmp_path / "long.annotate"
    create(path, Settings("long", layers_of("languages", ["en", "hi"])), [proposed(1, " ".join(["yaar"] * 45))])
    with Store(path, write=True) as store:
        store.add_person("asha")
    with serving(path) as address:
        page = browser.new_context(locale="en").new_page()
        page.goto(address)
        page.wait_for_selector(READY)
        keys = page.eval_on_selector_all(".word .hint", "nodes => nodes.map(node => node.textContent)")
        assert len(set(keys)) == 45
        assert len(keys[1]) == 1, "the least sure word has one letter"
        press(page, *keys[44], "2")
        assert codes(page)[44] == "HI"
        page.context.close()


def test_every_button_has_a_name(opened: Any) -> None:
    nameless = "nodes => nodes.filter(n => !(n.getAttribute('aria-label') || n.textContent.trim())).length"
    assert opened.eval_on_selector_all("button, a, select, [role=option], textarea", nameless) == 0
