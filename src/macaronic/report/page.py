"""One self-contained HTML page: style and data within, nothing fetched, nothing that dates it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from macaronic import __version__
from macaronic.report.markup import Html, attribute, embedded, isolated, join, text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its heading, its HTML, a word to link to it, and an optional sentence above it."""

    title: str
    body: Html
    id: str
    intro: str = ""
    long: bool = False


def page(
    title: str,
    sections: Sequence[Section],
    *,
    kind: str = "report",
    lead: Html | None = None,
    data: Any = None,
) -> str:
    """A page as one HTML file in text.

    Args:
        title: what it is about (escaped here).
        sections: its parts, in order.
        kind: what sort of page it is, above the title.
        lead: HTML below the title: the answer, before the details.
        data: what programs should find in the page (see `markup.embedded`); None leaves it out.

    Returns:
        The whole file; equal input gives equal bytes when it is encoded as UTF-8.

    >>> page("Try", [Section("One", Html("<p>1</p>"), "one")]).splitlines()[1]
    '<html lang="en" dir="ltr">'
    """
    style, script = _asset("style.css"), _asset("sort.js")
    links = join((Html(f'<a href="#{attribute(s.id)}">{text(s.title)}</a>') for s in sections), "\n")
    body = join((_section(s) for s in sections), "\n")
    block = f"\n{embedded(data, name='data')}" if data is not None else ""
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="macaronic {attribute(__version__)}">
<title>{attribute(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
<header>
<p class="kind"><b>macaronic</b> · {text(kind)}</p>
<h1>{isolated(title)}</h1>
{lead or ""}
<nav aria-label="Parts of this page">
{links}
</nav>
</header>
{body}
<footer>Made by macaronic {text(__version__)}. This file holds all it shows; it loads nothing.</footer>
</main>{block}
<script>{script}</script>
</body>
</html>
"""


def _section(section: Section) -> Html:
    intro = f'<p class="intro">{text(section.intro)}</p>\n' if section.intro else ""
    name = attribute(section.id)
    return Html(
        f'<section id="{name}" aria-labelledby="{name}-h"{" class=long" if section.long else ""}>\n'
        f'<h2 id="{name}-h">{text(section.title)}</h2>\n{intro}{section.body}\n</section>'
    )


@lru_cache
def _asset(name: str) -> str:
    return (files("macaronic.report") / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Only the page's own style and its own script may run, and nothing may be loaded."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
