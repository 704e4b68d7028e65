"""Pictures of the real annotation page for the docs: `python tools/annotate_screenshots.py`.

A server on a project of sentences of our own, and headless Chromium; needs fonts for all scripts (Debian:
fonts-noto-core fonts-noto-cjk).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from macaronic.annotate import desk
from macaronic.annotate.project import Asked, new
from macaronic.annotate.store import Store

OUT = Path(__file__).parents[1] / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--font-render-hinting=none",
]
HINGLISH = (
    "yaar kal ki meeting cancel ho gayi, so chill 😂",
    "office-on late pahunchi because train hi nahin aayi",
    "kya scene hai bro, weekend pe kahin chalein?",
)
TEXTS = {
    "hindi": (("कल की meeting cancel हो गई, so आराम करो", "मुझे लगता है कि यह plan अच्छा है"), "hi,en"),
    "arabic": (("غدا عندي meeting مع المدير في office الجديد", "شكرا يا صديقي, see you tomorrow"), "ar,en"),
    "chinese": (("我明天有個 meeting 所以不能跟你吃 lunch", "這個 project 的 deadline 是下週五"), "zh-Hant,en"),
}


@contextmanager
def served(folder: Path, texts: tuple[str, ...], languages: str, overlap: int = 1) -> Iterator[tuple[Path, str]]:
    """A project of these texts, and the link into its server."""
    folder.mkdir(parents=True, exist_ok=True)
    source, project = folder / "chats.txt", folder / "chats.annotate"
    source.write_text("".join(f"{text}\n" for text in texts), "utf-8")
    new(project, Asked([str(source)], languages=tuple(languages.split(",")), overlap=overlap, labels="languages,pos"))
    command = [sys.executable, "-m", "macaronic", "annotate", "serve", str(project), "--port", "0", "--no-browser"]
    with subprocess.Popen([*command, "--json", "--who", "asha"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield project, json.loads(server.stdout.readline())["enter"]
        finally:
            server.terminate()


def entered(browser: Browser, link: str, **look: Any) -> Page:
    """The page as somebody sees it who came in."""
    page = browser.new_context(**({"viewport": {"width": 1100, "height": 620}} | look)).new_page()
    page.goto(link)
    page.wait_for_selector("#sentence .word")
    page.wait_for_timeout(400)
    return page


def taken(page: Page, name: str) -> None:
    """Keep the picture."""
    page.screenshot(path=str(OUT / f"annotate-{name}.png"))
    page.context.close()


def pages(browser: Browser, folder: Path) -> None:
    """The page in light and dark, in other scripts, and on a phone."""
    looks: dict[str, dict[str, Any]] = {
        "light": {},
        "dark": {"color_scheme": "dark"},
        "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    }
    for name, look in looks.items():
        with served(folder / name, HINGLISH, "hi,en") as (_, link):
            page = entered(browser, link, **look)
            page.keyboard.press("Enter")
            page.wait_for_timeout(500)
            taken(page, name)
    for name, (texts, languages) in TEXTS.items():
        with served(folder / name, texts, languages) as (_, link):
            taken(entered(browser, link), name)


def compared(browser: Browser, folder: Path) -> None:
    """The overview of a project by two people, and an adjudicator's page."""
    with served(folder / "two", HINGLISH, "hi,en", overlap=2) as (project, link):
        with Store(project, write=True) as store:
            store.add_person("ravi")
            store.add_person("mina")
            store.add_person("asha", "adjudicator")
            for who, label in (("ravi", "en"), ("mina", "ne")):
                while found := desk.next_items(store, who, [], 1)["items"]:
                    item = found[0]
                    start, end = item["tokens"][-2]
                    place = {"layer": "lang", "start": start, "end": end, "new": label}
                    row = {"client": f"{item['number']}", "item": item["number"], "action": "label", "latency": 900}
                    desk.keep(store, who, [row | place])
                    done = {"client": f"d{item['number']}", "item": item["number"], "action": "accept", "latency": 700}
                    desk.keep(store, who, [done])
        page = entered(browser, link)
        page.screenshot(path=str(OUT / "annotate-judge.png"))
        with Store(project, write=True) as store:
            store.add_person("asha", "admin")
        page.goto(link.partition("/enter")[0] + "/admin")
        page.wait_for_timeout(1500)
        page.locator("section", has=page.locator("#agreement")).screenshot(path=str(OUT / "annotate-admin.png"))
        page.context.close()


def main() -> None:
    """Take all pictures."""
    OUT.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        pages(browser, Path(folder))
        compared(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
