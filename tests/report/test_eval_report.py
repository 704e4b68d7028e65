"""The evaluation page: a signature once, maps of languages, whatever an output holds kept in its place."""

import re

from macaronic.core.result import Result
from macaronic.report.build_report import Sample
from macaronic.report.eval_report import EvalReport, render


def result(name: str, level: str, signature: str = "made|v:0", value: float | None = 0.5) -> Result:
    return Result(name, level, value, 0.4, 0.6, 9, "fraction", signature)


def body(report: EvalReport) -> str:
    return re.sub(r"<script.*?</script>", "", render(report), flags=re.S)


def test_one_signature_stands_once_and_several_by_number() -> None:
    levels = ("ar", "hi", "all")
    one = body(EvalReport("T", "t", tuple(result("acc", level) for level in levels), {"acc": "↑"}))
    assert one.count("made|v:0") == 1
    assert "<ol" not in one
    both = tuple(result("acc", level, told) for told in ("authors|v:0", "ours|v:0") for level in levels)
    two = body(EvalReport("T", "t", both, {"acc": "↑"}))
    assert (two.count("authors|v:0"), two.count("ours|v:0")) == (1, 1)
    assert two.index("<ol") < two.index("authors|v:0") < two.index("ours|v:0")


def test_a_map_needs_more_than_one_language() -> None:
    few = body(EvalReport("T", "t", (result("acc", "all"),), {}))
    assert "class=heat" not in few.replace('"', "")
    many = body(EvalReport("T", "t", tuple(result("acc", f"task/l{i}") for i in range(40)), {}))
    assert "Languages: task" in many
    assert all(f">l{i}</text>" in many for i in range(40))


def test_what_an_output_holds_cannot_leave_its_place() -> None:
    bad = '<img src=x onerror="alert(1)">'
    sample = Sample(bad, ((0, len(bad)),), ("ar",), bad, bad)
    page = render(EvalReport(bad, bad, (result(bad, bad),), {}, (sample,), (bad,), (bad,), ((bad, bad),)))
    assert "<img" not in page
