"""Charts of points are well-formed, in scale, and survive odd input."""

import xml.etree.ElementTree as ET

import pytest

from macaronic.report.dots import Cloud, Dot, dot_chart, scatter_chart

_SVG = "{http://www.w3.org/2000/svg}"


def test_dots_stand_where_their_values_are() -> None:
    dots = [Dot("a<b>", 1.0, 0.5, 2.0, mark=1.0), Dot("b", 2.0), Dot("c", 0.0)]
    tree = ET.fromstring(dot_chart(dots, title="t", x_label="x"))
    at = [float(c.get("cx").rstrip("%")) for c in tree.iter(f"{_SVG}circle")]
    assert at[1] - at[2] == pytest.approx(2 * (at[0] - at[2]), abs=0.01)
    mark = next(m for m in tree.iter(f"{_SVG}line") if m.get("class") == "target")
    assert float(mark.get("x1").rstrip("%")) == pytest.approx(at[0], abs=0.01)
    assert len([m for m in tree.iter(f"{_SVG}line") if m.get("class") == "whisker"]) == 1


@pytest.mark.parametrize("dots", [[], [Dot("a", 0.0)], [Dot("a", 1e-9, 0.0, 3.0), Dot("b", 5.0)]])
def test_logarithmic_axes(dots: list[Dot]) -> None:
    tree = ET.fromstring(dot_chart(dots, title="t", x_label="x", log=True))
    for circle in tree.iter(f"{_SVG}circle"):
        assert 20 <= float(circle.get("cx").rstrip("%")) <= 84


def test_a_scatter_has_the_diagonal_and_no_nan() -> None:
    chart = scatter_chart(
        [Cloud("law", ((1.0, 1.1), (2.0, 2.0))), Cloud("<b>", ((float("nan"), 1.0),))],
        title="t",
        x_label="x",
        y_label="y",
    )
    tree = ET.fromstring(f"<div>{chart}</div>")
    assert len([c for c in tree.iter(f"{_SVG}circle") if c.get("class") == "s0 faint"]) == 2
    assert "nan" not in chart
    assert any(m.get("class") == "diagonal" for m in tree.iter(f"{_SVG}line"))
    ET.fromstring(f"<div>{scatter_chart([], title='t', x_label='x', y_label='y')}</div>")
