"""The page holds all it shows, runs nothing but its own script, and its colours can be read."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import numpy as np
import pytest

from macaronic.report.markup import Html, embedded, numeric, table
from macaronic.report.page import Section, page
from macaronic.report.palette import DARK, LIGHT

STYLE = (files("macaronic.report") / "style.css").read_text(encoding="utf-8")


def _variables(block: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", block))
    return {k: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v for k, v in found.items()}


def _themes() -> dict[str, dict[str, str]]:
    light, dark = STYLE.split("@media screen and (prefers-color-scheme:dark)")
    return {"light": _variables(light), "dark": _variables(dark[: dark.index("}}")])}


def _linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, two: str) -> float:
    """WCAG 2.2 contrast ratio."""
    dark, light = sorted(float(_linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, two))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast_aa(theme):
    v = _themes()[theme]
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("page", "card")]
    pairs += [("warn", "card"), ("warn", "warn-bg"), ("ink", "code")]
    pairs += [("qi", f"q{i}") for i in (1, 2, 3)] + [("qj", f"q{i}") for i in (4, 5, 6)]
    assert {p: round(_contrast(v[p[0]], v[p[1]]), 2) for p in pairs if _contrast(v[p[0]], v[p[1]]) < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out_from_the_ground(theme):
    v = _themes()[theme]
    marks = [*(f"h{i}" for i in range(8)), "bar"]
    assert {m: _contrast(v[m], v["card"]) for m in marks if _contrast(v[m], v["card"]) < 3} == {}


def test_the_style_sheet_holds_the_palette():
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        assert tuple(_themes()[theme][f"h{i}"] for i in range(8)) == palette


# Simulation of full deuteranopia and protanopia: Machado, Oliveira and Fernandes 2009, severity 1.0.
_SIGHT = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}  # fmt: skip
_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                 [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_LAB = np.array([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099],
                 [0.0259040371, 0.7827717662, -0.808675766]])  # fmt: skip


@pytest.mark.parametrize("sight", _SIGHT)
@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_hues_stay_apart_for_colour_blind_readers(sight, palette):
    lab = [_LAB @ np.cbrt(_LMS @ np.clip(_SIGHT[sight] @ _linear(c), 0, 1)) for c in palette]
    distances = [100 * np.linalg.norm(a - b) for i, a in enumerate(lab) for b in lab[:i]]
    assert min(distances) >= 10


class _Links(HTMLParser):
    """Every attribute that could load something, and the handlers and styles that the policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "srcset", "data", "action", "style", "xlink:href") or name.startswith("on"):
                self.found.append((tag, name, value or ""))
            if name == "href" and not (value or "").startswith("#"):
                self.found.append((tag, name, value or ""))


def _page() -> str:
    body = table("Numbers", ["Name", "#n"], [["a", numeric("1,000", 1000.0)]])
    return page("A <title> & more", [Section("One", body, "one", "Said first.")], data={"a": float("nan")})


def test_nothing_is_loaded_and_nothing_inline_is_needed():
    links = _Links()
    links.feed(_page())
    assert links.found == []
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_the_policy_names_exactly_the_style_and_the_script_in_the_page():
    shown = _page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', shown)
    style = re.search(r"<style>(.*?)</style>", shown, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", shown, re.DOTALL)
    assert policy
    for directive, block in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(block[1].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]


def test_the_script_stays_short():
    assert len((files("macaronic.report") / "sort.js").read_text().splitlines()) <= 20


def test_the_title_is_escaped_and_missing_numbers_are_null():
    shown = _page()
    assert "<title>A &lt;title&gt; &amp; more</title>" in shown
    assert '<script type="application/json" id="data">{"a":null}</script>' in shown


def test_embedded_data_cannot_end_its_element():
    hostile = {"x": ["</script><script>alert(1)</script>", "<!--", "\u2028", "\ud800"]}
    block = str(embedded(hostile, name="data"))
    assert block.count("<") == 2
    assert json.loads(block[block.index(">") + 1 : block.rindex("<")]) == hostile


def test_a_table_without_rows_says_so():
    assert table("Sources", ["Name"], []) == Html('<p class="empty">Sources: none.</p>')


def test_equal_input_gives_equal_bytes():
    assert _page().encode() == _page().encode()
