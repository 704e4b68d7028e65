"""Apertium, a rule-based translator for related languages that is installed as a program of the system."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from macaronic.core.errors import InputError, MissingData

_MARK = re.compile(r"&lt;(/?e\d+)&gt;")
_CUT = re.compile(r'<hr id="(\d+)"\s*/?>')


@dataclass(frozen=True, slots=True)
class Apertium:
    """A translator; the pair is chosen by the languages.

    All texts of a call go through one run of the program. Marks such as `<e1>` pass untouched; words that Apertium does
    not know stay as they are.

    Args:
        model: the name in results.

    >>> Apertium().translate([], "en", "es")
    []
    """

    model: str = "apertium"

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation a text; white space is simplified.

        Raises:
            MissingData: the program or the pair is not installed.
            InputError: the program fails.
        """
        if not texts:
            return []
        pair = mode(source, target)
        parts = [_escaped(text) for text in texts]
        page = "".join(f'<hr id="{number}"/>\n{part}\n' for number, part in enumerate(parts))
        done = subprocess.run(  # noqa: S603 - a list, no shell; the pair is one of its own names
            [_program(), "-u", "-f", "html-noent", pair], input=page, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            raise InputError(f"apertium {pair} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
        _, *cut = _CUT.split(done.stdout)
        found = {int(number): text for number, text in zip(cut[::2], cut[1::2], strict=True)}
        return [" ".join(html.unescape(found.get(number, "")).split()) for number in range(len(parts))]


def mode(source: str, target: str) -> str:
    """Apertium's name of the direction between two languages.

    Raises:
        MissingData: the program or the pair is not installed.
    """
    import langcodes

    ends = [{tag.partition("-")[0], langcodes.Language.get(tag).to_alpha3()} for tag in (source, target)]
    for name in _modes():
        parts = name.split("-")
        if len(parts) == 2 and parts[0] in ends[0] and parts[1] in ends[1]:
            return name
    three = [langcodes.Language.get(tag).to_alpha3() for tag in (source, target)]
    raise MissingData(
        f"Apertium has no {source}-{target} here (installed: {', '.join(_modes()) or 'no pair'}).\n"
        f"Install the pair if there is one: apt-get install apertium-{three[0]}-{three[1]} (or -{three[1]}-{three[0]})"
    )


def _program() -> str:
    found = shutil.which("apertium")
    if found is None:
        raise MissingData("the program apertium is not installed.\nInstall it: apt-get install apertium")
    return found


@cache
def _modes() -> tuple[str, ...]:
    told = [_program(), "-l"]
    listed = subprocess.run(told, capture_output=True, text=True, encoding="utf-8").stdout  # noqa: S603
    return tuple(listed.split())


def _escaped(text: str) -> str:
    """A text as HTML, its marks as tags."""
    return _MARK.sub(r"<\1>", html.escape(" ".join(text.split()), quote=False))
