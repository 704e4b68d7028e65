"""YAML front matter for cards: every scalar is written as JSON, which YAML reads as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | None | Sequence[str] | Sequence[Mapping[str, str]]

_SIZES = (
    (10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"), (10**9, "100M<n<1B"), (10**10, "1B<n<10B"), (10**11, "10B<n<100B"), (10**12, "100B<n<1T"),
)  # fmt: skip


def front_matter(fields: Mapping[str, Value]) -> str:
    """A block between two lines of three dashes.

    Args:
        fields: names in the order to write them; a sequence becomes a list, one item a line.

    >>> print(front_matter({"license": "cc-by-4.0", "language": ["en", "no"], "pretty_name": "a: b"}))
    ---
    license: "cc-by-4.0"
    language:
    - "en"
    - "no"
    pretty_name: "a: b"
    ---
    """
    lines = ["---"]
    for name, value in fields.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            lines.append(f"{name}:" if value else f"{name}: []")
            lines.extend(f"- {_item(item)}" for item in value)
        else:
            lines.append(f"{name}: {_scalar(value)}")
    return "\n".join([*lines, "---"])


def _item(item: str | Mapping[str, str]) -> str:
    if isinstance(item, str):
        return _scalar(item)
    return "\n  ".join(f"{name}: {_scalar(value)}" for name, value in item.items())


def _scalar(value: str | int | float | bool | None) -> str:
    """JSON with everything beyond ASCII escaped; a character beyond 16 bits gets YAML's own eight-digit escape."""
    if not isinstance(value, str):
        return json.dumps(value)
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return '"' + "".join(_escaped(c) for c in whole) + '"'


def _escaped(char: str) -> str:
    if ord(char) > 0xFFFF:
        return f"\\U{ord(char):08x}"
    if char == "\x7f":  # JSON lets it stand, YAML does not
        return "\\u007f"
    return json.dumps(char)[1:-1]


def size_category(rows: int) -> str:
    """The size class of a data set, as dataset hubs name it.

    >>> size_category(999), size_category(48_213)
    ('n<1K', '10K<n<100K')
    """
    return next((name for limit, name in _SIZES if rows < limit), "n>1T")
