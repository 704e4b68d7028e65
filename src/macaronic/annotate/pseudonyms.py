"""Names for people in what leaves the project: always the same in one project, and nothing to be guessed from."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from macaronic.annotate.settings import Settings


def pseudonyms(settings: Settings, people: Iterable[str]) -> Mapping[str, str]:
    """A pseudonym for each person, made with the project's secret.

    Free text that people wrote (comments, translations) is not looked at.

    >>> from macaronic.annotate.layers import Layer
    >>> pseudonyms(Settings("p", (Layer(name="lang"),), secret="00"), ["asha"])
    {'asha': 'p-59e866'}
    """
    key = settings.secret.encode()
    found: dict[str, str] = {}
    for name in people:
        mark = hmac.new(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        length = next(n for n in range(6, len(mark) + 1) if f"p-{mark[:n]}" not in found.values())
        found[name] = f"p-{mark[:length]}"
    return found
