"""Adding up a run: in parts as in one piece, and the same page for the same run."""

import json

from macaronic.report.synth_report import render
from macaronic.synth.make import Settings
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.synth.summary import SHOWN, Summary, counted, signed


def outcomes(count: int = 60) -> list[Outcome]:
    found = []
    for i in range(count):
        if i % 5 == 4:
            found.append(Outcome(str(i), reason="unaligned", detail="no links"))
            continue
        langs = ("es",) * (1 + i % 3) + ("en",)
        words = tuple(f"w{j}" for j in range(len(langs)))
        one = Mixed(words, langs, langs, tuple(range(len(langs))), str(i), "ec")
        found.append(Outcome(str(i), (one,), notes=("2 unaligned words",) if i % 7 == 0 else ()))
    return found


def test_parts_add_up_to_the_whole() -> None:
    whole, first, second = Summary(30), Summary(30), Summary(30)
    for i, outcome in enumerate(outcomes()):
        whole.add(outcome)
        (first if i < 25 else second).add(outcome)
    parts = Summary(30)
    for part in (first, second):
        parts.merge(Summary.from_dict(json.loads(json.dumps(part.asdict()))))
    left, right = parts.asdict(), whole.asdict()
    assert [round(x, 9) for x in left.pop("sums")] == [round(x, 9) for x in right.pop("sums")]
    assert left == right


def test_what_is_told() -> None:
    summary = Summary(30)
    assert list(counted(outcomes(), summary)) == outcomes()
    assert (summary.rows, summary.sentences) == (60, 48)
    assert len(summary.samples) == SHOWN
    assert summary.lines()[:2] == ["48 of 60 rows gave 48 sentences", "12 rows: unaligned"]
    assert "asked 30" in summary.lines()[-1]


def test_the_page_says_it_all() -> None:
    summary = Summary(30)
    for outcome in outcomes():
        summary.add(outcome)
    report = summary.report(Settings("ec", ("es", "en"), target_cmi=30), title="Try", command="macaronic synth ec")
    page = render(report)
    assert page == render(report)
    for part in ("unaligned", "Reached minus asked", "some unaligned words", "macaronic synth ec", "method:ec"):
        assert part in page


def test_nothing_made_is_said() -> None:
    page = render(Summary().report(Settings("ec", ("es", "en")), title="Nothing"))
    assert "No sentence was made." in page
    assert "target_cmi" not in signed(Settings("ec", ("es", "en")))
