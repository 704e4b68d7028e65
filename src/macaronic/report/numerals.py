"""Numbers as a report writes them: grouped, rounded to what a reader can use, and said when they are missing."""

from __future__ import annotations

import math

MISSING = "not measured"


def count(value: float | None) -> str:
    """A whole number with its thousands set apart.

    >>> count(1234567), count(None)
    ('1,234,567', 'not measured')
    """
    return MISSING if _absent(value) else f"{value:,.0f}"


def compact(value: float) -> str:
    """A number in at most five characters, for an axis or a narrow cell.

    >>> [compact(v) for v in (0, 7, 999, 1204, 48_300, 999_960, 2_500_000)]
    ['0', '7', '999', '1.2k', '48k', '1M', '2.5M']
    """
    if not math.isfinite(value):
        return "-"
    for size, suffix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            scaled = value / size
            return f"{scaled:.1f}".removesuffix(".0") + suffix if abs(scaled) < 10 else f"{scaled:.0f}{suffix}"
    return f"{value:.3g}"


def percent(share: float | None) -> str:
    """A share (0 to 1) in per cent, with the decimals that its size deserves.

    >>> [percent(s) for s in (0, 0.00004, 0.0312, 0.5, 1, None)]
    ['0%', '<0.01%', '3.12%', '50.0%', '100%', 'not measured']
    """
    if share is None or not math.isfinite(share):
        return MISSING
    if share == 0 or share == 1:
        return f"{share:.0%}"
    if 0 < share < 0.0001:
        return "<0.01%"
    return f"{share:.2%}" if abs(share) < 0.1 else f"{share:.1%}"


def number(value: float | None) -> str:
    """A measured value in four significant digits.

    >>> [number(v) for v in (44.44444, 0.13489412, -0.0, 12345.678, None, float("nan"))]
    ['44.44', '0.1349', '0', '12,346', 'not measured', 'not measured']
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def plural(value: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "source"), plural(2, "source"), plural(0, "entry", "entries")
    ('1 source', '2 sources', '0 entries')
    """
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def finite(value: float | None) -> float | None:
    """The value, or None where it is NaN or infinite.

    >>> finite(0.5), finite(float("nan"))
    (0.5, None)
    """
    return None if _absent(value) else value


def _absent(value: float | None) -> bool:
    return value is None or not math.isfinite(value)
