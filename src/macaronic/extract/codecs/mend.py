"""JSON whose end is missing, closed behind its last whole item."""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_DEEP = 64


def closed(cut: str) -> Any:
    """The value of JSON that breaks off, with what was whole before the break; None where nothing was.

    Args:
        cut: begins with a bracket.

    >>> closed('{"spans": [{"label": "a", "text": "b"}, {"label": "c", "te')
    {'spans': [{'label': 'a', 'text': 'b'}, {'label': 'c'}]}
    >>> closed("{") is None
    True
    """
    keep, stack = _whole(cut)
    if not keep:
        return None
    try:
        return json.loads(cut[:keep] + "".join(_CLOSING[b] for b in reversed(stack)))
    except (ValueError, RecursionError):
        return None


def _whole(cut: str) -> tuple[int, str]:
    """How much of it to keep, and the brackets that are open there."""
    stack: list[str] = []
    keep, still_open = 0, ""
    for token in _TOKEN.finditer(cut):
        mark = token[0]
        if mark in _CLOSING:
            stack.append(mark)
        elif mark in ("}", "]"):
            if not stack or _CLOSING[stack.pop()] != mark:
                break
            keep, still_open = token.end(), "".join(stack)
        elif mark == "," and stack:
            keep, still_open = token.start(), "".join(stack)
        if len(stack) > _DEEP or (keep and not stack):
            break
    return keep, still_open
