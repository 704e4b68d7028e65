"""The words of the pages: every language has the same ones, with the same places, and the pages use all of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import pytest

import macaronic.annotate
from macaronic.annotate.settings import ROLES

WEB = Path(macaronic.annotate.__file__).parent / "web"
STATIC = WEB / "static"
LANGUAGES = ("en", "ar", "hi", "es")
PARTS = ("", "admin.", "enter.", "guide.")
SCRIPTS = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}
PAGES = {path.name: path.read_text("utf-8") for path in (*STATIC.glob("*.html"), WEB / "pages.py")}
PLACE = re.compile(r"\{(\w+)\}")
KEY = re.compile(r"""["'`]((?:[a-z]+|\$\{[^}]*\})(?:\.(?:[a-z_-]+|\$\{[^}]*\}))*)["'`]""")


def strings(part: str, language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / "strings" / f"{part}{language}.json").read_text("utf-8"))
    return found


EVERY = {key for part in PARTS for key in strings(part, "en")}


def named(text: str) -> set[str]:
    """Every string in a script that is a key, or a pattern of one."""
    return {key for key in KEY.findall(text) if re.search("[a-z]", re.sub(r"\$\{[^}]*\}", "", key))}


def pattern(named: str) -> re.Pattern[str]:
    """A key with `${...}` in it as a pattern."""
    return re.compile(r"[^.]+".join(re.escape(piece) for piece in re.split(r"\$\{[^}]*\}", named)))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_language_says_the_same(part: str, language: str) -> None:
    english, other = strings(part, "en"), strings(part, language)
    assert list(other) == list(english)
    for key, text in other.items():
        assert text.strip(), key
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(english[key])), key
    same = [key for key, text in other.items() if text == english[key] and len(text) > 20]
    assert same == []


@pytest.mark.parametrize(("language", "script"), [("ar", "\u0600-\u06ff"), ("hi", "\u0900-\u097f")])
def test_languages_are_written_in_their_script(language: str, script: str) -> None:
    keys = {key: text for part in PARTS for key, text in strings(part, language).items() if ".key" not in key}
    plain = [key for key, text in keys.items() if not re.search(f"[{script}]", text) and not key.startswith("layer.")]
    assert plain == []


def test_every_string_is_used() -> None:
    said = set().union(*map(named, SCRIPTS.values()))
    said |= {key for page in PAGES.values() for key in re.findall(r'data-t="([^"{]+)"', page)}
    said |= {f"guide.{kind}" for kind in re.findall(r'kind="(\w+)"', PAGES["pages.py"])}
    said |= {f"{part}language" for part in PARTS if part}  # what languages.js asks for
    patterns = [pattern(one) for one in said if "${" in one]
    left = [key for key in sorted(EVERY - said) if not any(one.fullmatch(key) for one in patterns)]
    assert left == []


def test_every_string_that_is_asked_for_is_there() -> None:
    asked = defaultdict(set)
    for name, text in SCRIPTS.items():
        for key in re.findall(r"""\bt\(\s*["']([^"']+)["']""", text):
            asked[key].add(name)
    for name, text in PAGES.items():
        for key in re.findall(r'data-t="([^"{]+)"', text):
            asked[key].add(name)
    assert {key: names for key, names in asked.items() if key not in EVERY} == {}
    assert {f"{part}role.{role}" for part in ("admin.", "enter.") for role in ROLES} <= EVERY


class _Marked(HTMLParser):
    """The text of each element with `data-t`."""

    def __init__(self) -> None:
        super().__init__()
        self.key: str | None = None
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.key = dict(attrs).get("data-t")

    def handle_data(self, data: str) -> None:
        if self.key is not None:
            self.found[self.key] = data
            self.key = None


def test_pages_that_the_server_writes_say_in_english_what_the_strings_say() -> None:
    from macaronic.annotate.layers import Layer
    from macaronic.annotate.settings import Settings
    from macaronic.annotate.web.pages import guidelines, shown_card

    marked = _Marked()
    marked.feed(guidelines(Settings("p", (Layer(name="norm"),))) + shown_card("p", "---\n---\nText"))
    english = strings("guide.", "en")
    assert len(marked.found) >= 5
    assert marked.found == {key: english[key] for key in marked.found}
