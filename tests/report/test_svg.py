"""Charts are well-formed, scaled right, and survive the odd input."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from macaronic.report.svg import Bar, Line, bar_chart, heat_matrix, histogram, line_chart, ribbon, ticks

_SVG = "{http://www.w3.org/2000/svg}"
_FINITE = st.floats(-1e9, 1e9)


def _tree(svg):
    return ET.fromstring(svg)


@given(_FINITE, _FINITE)
def test_ticks_cover_the_range_and_are_few(a, b):
    low, high = min(a, b), max(a, b)
    assume(high == low or high - low > 1e-6 * max(abs(low), abs(high), 1e-3))
    found = ticks(low, high)
    slack = 1e-6 * max(1.0, high - low)
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    assert 2 <= len(found) <= 8


def test_bars_are_as_long_as_their_shares():
    tree = _tree(bar_chart([Bar("hi", 0.4, 0.2), Bar("en", 0.2), Bar("ta", None)], title="t"))
    widths = [float(r.get("width").rstrip("%")) for r in tree.iter(f"{_SVG}rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.01)
    assert len(widths) == 2
    marks = [m for m in tree.iter(f"{_SVG}line") if m.get("class") == "target"]
    assert float(marks[0].get("x1").rstrip("%")) == pytest.approx(30 + widths[1], abs=0.01)
    assert "not measured" in "".join(tree.itertext())


def test_a_ribbon_adds_up():
    tree = _tree(ribbon([("hi", 0.5), ("en", 0.3), ("other", 0.2)], {}, title="t"))
    assert sum(float(r.get("width").rstrip("%")) for r in tree.iter(f"{_SVG}rect")) == pytest.approx(100)


def test_histogram_heights_are_in_proportion():
    tree = _tree(histogram([0, 10, 20], [10, 5], title="t", x_label="x"))
    one, two = (float(r.get("height")) for r in tree.iter(f"{_SVG}rect"))
    assert one == pytest.approx(2 * two, abs=0.2)


@pytest.mark.parametrize("counts", [[0], [5], [0, 0, 0], [1, 0], [100, 1, 1]])
def test_histograms_of_little(counts):
    _tree(histogram(list(range(len(counts) + 1)), counts, title="t", x_label="x"))


def test_a_matrix_names_both_languages_in_every_cell():
    tree = _tree(heat_matrix(["a", "<b>"], [[0, 3], [1, 0]], title="t", rows="from", columns="to"))
    titles = [t.text for t in tree.iter(f"{_SVG}title")]
    assert "a to <b>: 3" in titles
    assert "<b> to a: 1" in titles


def test_an_empty_matrix_is_a_chart():
    _tree(heat_matrix([], [], title="t", rows="from", columns="to"))
    _tree(heat_matrix(["a"], [[0]], title="t", rows="from", columns="to"))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line("a", ())],
        [Line("a", ((1.0, 1.0),))],
        [Line("a", ((0.0, 0.0), (10.0, 1.0)), ((0.0, 0.1), (0.9, 1.0))), Line("<b>", ((0.0, 1.0), (5.0, 0.5)))],
    ],
)
def test_line_charts(lines):
    shown = line_chart(lines, title="t", x_label="steps", y_label="loss")
    _tree(f"<div>{shown}</div>")
    assert shown.count("<polyline") == len(lines)
    assert not re.search(r"nan|inf", shown.replace("information", ""))


def test_hostile_labels_are_escaped():
    shown = bar_chart([Bar('<x y="z">\x00', 1.0, 1.0, '"&')], title="<t>", desc="<d>")
    _tree(shown)
    assert "<x" not in shown
