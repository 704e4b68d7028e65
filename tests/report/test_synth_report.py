"""The page of a run of synthesis: whole, safe, and without holes where nothing was measured."""

import json
import re

from tests.report.test_html import _Balance

from macaronic.core.result import Result
from macaronic.report.build_report import Histogram, Sample
from macaronic.report.synth_report import SynthReport, render

FULL = SynthReport(
    title="Hinglish <made>",
    rows=10,
    made=8,
    sentences=9,
    words=70,
    asked_cmi=30.0,
    mean_cmi=28.5,
    mean_off=4.25,
    reached=Histogram((0.0, 25.0, 50.0), (4, 5)),
    off=Histogram((-52.5, -2.5, 2.5, 52.5), (3, 4, 2)),
    reasons=(("unaligned", 1), ("target unreachable", 1)),
    details=("row 7: unaligned </pre>",),
    notes=(("2 unaligned words", 3),),
    samples=(Sample("la white casa", ((0, 2), (3, 8), (9, 13)), ("es", "en", "es"), note="7, CMI 33"),),
    distances=(Result("cmi", "wasserstein", 2.5, 2.0, 3.0, 9, "CMI points", "cmi|bs:1000"),),
    settings=(("method", "ec"),),
    signature="synth|method:ec",
    command="macaronic synth ec",
)


def test_a_page_is_balanced_and_says_everything() -> None:
    page = render(FULL)
    reader = _Balance()
    reader.feed(page)
    assert not reader.open
    shown = re.sub("[\u2066-\u2069]", "", " ".join(reader.text))
    for part in ("Reached minus asked", "unaligned", "2 unaligned words", "Beside real text", "4.2", "la", "ec"):
        assert part in shown
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert data["reasons"] == [["unaligned", 1], ["target unreachable", 1]]


def test_an_empty_run_has_a_page_too() -> None:
    page = render(SynthReport("Nothing"))
    assert page.count("No sentence was made.") == 2
    assert "Beside real text" not in page
    assert "not measured" in page
