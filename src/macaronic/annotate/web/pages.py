"""Pages that are made of the project: the guidelines with every label's definition."""

from __future__ import annotations

from html import escape

from macaronic.annotate.layers import Layer
from macaronic.annotate.settings import Settings

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}: {title}</title>
<link rel="stylesheet" href="/static/pages.css">
<script type="module" src="/static/guide.js"></script>
</head>
<body>
<main>
<nav class="row"><a href="/" data-t="guide.back">Back to the words</a> <select id="language"></select></nav>
<h1><bdi>{name}</bdi>: <span data-t="guide.{kind}">{title}</span></h1>
<section dir="auto">{told}</section>
{layers}
</main>
</body>
</html>
"""


def guidelines(settings: Settings) -> str:
    """The guidelines of a project as a page: what its makers wrote (Markdown, no HTML of theirs), then every label.

    Args:
        settings: of the project.

    >>> from macaronic.annotate.layers import Layer
    >>> page = guidelines(Settings("p", (Layer(name="lang", labels=("en",)),), guidelines="*Look* <script>"))
    >>> "<em>Look</em> &lt;script&gt;" in page
    True
    """
    told = markdown(settings.guidelines) or '<p data-t="guide.nothing">Nothing was written for this project.</p>'
    layers = "\n".join(map(_layer, settings.layers))
    return _PAGE.format(name=escape(settings.name), kind="guidelines", title="Guidelines", told=told, layers=layers)


def shown_card(name: str, card: str) -> str:
    """A data card as a page; its front matter is for machines and left out."""
    body = card.split("---\n", 2)[-1]
    link = '<p><a href="/card?format=md" download="README.md" data-t="guide.markdown">as Markdown</a></p>'
    return _PAGE.format(name=escape(name), kind="card", title="Data card", told=markdown(body), layers=link)


def markdown(text: str) -> str:
    """Markdown as HTML: tags in it are shown, pictures left out, links go to the web only."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = lambda url: url.startswith(("https://", "http://"))  # type: ignore[method-assign]
    return str(reader.render(text))


def _layer(layer: Layer) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(label)}</th><td dir='auto'>{escape(layer.about.get(label, ''))}</td></tr>"
        for label in layer.labels
    )
    told = layer.about.get("")
    text = f"<p dir='auto'>{escape(told)}</p>" if told else '<p data-t="guide.free">Free text.</p>'
    free = "" if layer.labels else text
    table = f"<div class='scroll'><table class='about'><tbody>{rows}</tbody></table></div>" if rows else ""
    return f"<section><h2>{escape(layer.name)}</h2>{free}{table}</section>"
