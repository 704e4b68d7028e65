"""The page of a mixture: everything that is known is said, nothing else, and names cannot break it."""

from dataclasses import replace

from macaronic.report.mix_report import Fitted, MixReport, Share, Tried, render

FULL = MixReport(
    "How much?",
    (Share("hi<b>", 0.7, 0.6, 0.8, natural=0.4, cap=0.9, epochs=2.5), Share("en", 0.3)),
    summary="Better.",
    tried=(Tried("chosen", 2.0, seeds=3), Tried("uniform", 2.5, 0.5, 0.4, 0.6, 3)),
    fitted=(Fitted("hi", "law", 0.99, 0.01), Fitted("en", "law", None)),
    curves=(("hi", ((0.1, 2.0), (0.2, 1.9))),),
    notes=("a note",),
    settings=(("seed", "1"),),
    command="macaronic mix choose",
)


def test_all_parts_are_there_and_names_are_escaped() -> None:
    page = render(FULL)
    assert "hi&lt;b&gt;" in page
    assert "<b>" not in page.split("<main>")[1].replace("<b>macaronic</b>", "")
    for said in ("60.0% to 80.0%", "0.4 to 0.6", "not measured", "not defined", "a note", "macaronic mix choose"):
        assert said in page
    assert page == render(FULL)


def test_empty_parts_are_left_out() -> None:
    page = render(MixReport("How much?", (Share("hi", 1.0),)))
    assert "What it is worth" not in page
    assert "At most" not in page


def test_foretold_runs_and_intervals_are_drawn() -> None:
    page = render(replace(FULL, truth=(("hi<b>", ((2.0, 2.1), (2.2, 2.2))),)))
    assert "Foretold and measured" in page
    assert page.count("faint") >= 3
    assert 'class="whisker"' in page
    assert "hi<b>" not in page.split("<main>")[1].split("<script")[0]
