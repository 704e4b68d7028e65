"""The page as a browser shows it: what is visible, and that nothing leaves the screen."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess

import pytest

from macaronic.report.html import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)")

# Runs inside the page: what a reader can see, in numbers.
_PROBE = """
const seen = (e) => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; };
const left = (w) => [...document.querySelectorAll(".samples .w bdi")].find((e) => e.textContent === w)
  .getBoundingClientRect().left;
const sorted = document.querySelector("#languages table");
sorted.tHead.rows[0].cells[1].querySelector("button").click();
document.title = JSON.stringify({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  tiles: document.querySelector(".tiles").getBoundingClientRect().bottom,
  words: [...document.querySelectorAll(".samples .w")].filter(seen).length,
  bars: [...document.querySelectorAll("#languages svg.bars > g > rect")].filter(seen).length,
  heat: [...document.querySelectorAll("svg.heat g")].filter(seen).length,
  letters: [...document.querySelectorAll(".samples li:first-child .t")].map((e) => e.textContent),
  arabic: [left("غدا"), left("نلتقي"), left("في")],
  first: sorted.tBodies[0].rows[0].cells[0].textContent.trim(),
  alerts: window.hurt ?? 0,
  ground: getComputedStyle(document.body).backgroundColor,
  hues: new Set([...document.querySelectorAll(".samples .w:not(.none) bdi")]
    .map((e) => getComputedStyle(e).borderBottomColor)).size,
});
"""


def _browse(*arguments: str) -> str:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode()


def _probe(page, tmp_path, width, *flags):
    """Open the page in a frame of a width that the window itself could not have, with a probe at its end."""
    digest = base64.b64encode(hashlib.sha256(_PROBE.encode()).digest()).decode()
    probed = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    probed = probed.replace("</body>", f"<script>{_PROBE}</script></body>")
    (tmp_path / "page.html").write_text(probed, encoding="utf-8")
    frame = (
        f'<!doctype html><iframe id="f" src="page.html" width="{width}" height="900" style="border:0"></iframe>'
        '<pre id="out"></pre><script>f.onload = () => { out.textContent = f.contentDocument.title; };</script>'
    )
    (tmp_path / "frame.html").write_text(frame, encoding="utf-8")
    shown = _browse(
        "--allow-file-access-from-files", "--window-size=1400,1000", "--virtual-time-budget=5000", *flags, "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    )  # fmt: skip
    found = re.search(r'<pre id="out">(.*?)</pre>', shown, re.DOTALL)
    assert found
    return json.loads(html.unescape(found[1]))


@pytest.fixture(scope="module")
def page(example):
    return render(example)


@pytest.mark.parametrize(("width", "fold"), [(1200, 700), (360, 900)])
def test_it_fits_the_screen_and_answers_on_the_first_one(page, tmp_path, example, width, fold):
    seen = _probe(page, tmp_path, width)
    assert seen["wide"] <= 0
    assert seen["tiles"] < fold
    assert seen["words"] == sum(len(s.tokens) for s in example.samples)
    assert seen["bars"] == 20
    assert seen["heat"] == len(example.switches.names) ** 2
    assert seen["letters"][:4] == ["HI-Latn", "HI-Latn", "HI-Latn", "EN"]
    assert seen["hues"] >= 8


def test_arabic_runs_from_right_to_left(page, tmp_path):
    one, two, three = _probe(page, tmp_path, 1200)["arabic"]
    assert one > two > three


def test_hostile_samples_run_nothing_and_sorting_works(page, tmp_path, example):
    seen = _probe(page.replace("alert(1)", "hurt=1"), tmp_path, 1200)
    assert seen["alerts"] == 0
    assert seen["first"].startswith(min(example.languages, key=lambda s: s.achieved).name)


def test_dark_is_dark(page, tmp_path):
    ground = _probe(page, tmp_path, 1200, "--blink-settings=preferredColorScheme=0")["ground"]
    assert max(int(v) for v in re.findall(r"\d+", ground)[:3]) < 40


def test_a_picture_is_drawn(page, tmp_path):
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    picture = tmp_path / "page.png"
    _browse("--window-size=1200,900", f"--screenshot={picture}", (tmp_path / "page.html").as_uri())
    data = picture.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(data) > 20_000
