"""`macaronic annotate serve`: the page to label on, for one person or many."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.annotate.web.serve import Serving

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 takes any that is free.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")]
Learn = Annotated[bool, typer.Option("--learn/--no-learn", help="Fit the project's own tagger while people work.")]
Lm = Annotated[
    str | None,
    typer.Option("--lm", help="Suggests translations and spellings: openai:MODEL, local:FOLDER, scripted:FILE."),
]
Who = Annotated[str | None, typer.Option("--who", help="The name of who is let in by the link; your login's else.")]


def serve(
    project: given.Project,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Port = 8765,
    tls: Annotated[
        tuple[str, str] | None, typer.Option("--tls", metavar="CERT KEY", help="Certificate and key files (PEM).")
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let other machines in without TLS: passwords can be read on the way.")
    ] = False,
    public: Annotated[
        str, typer.Option("--public-url", help="The address that people see, when a proxy stands in front.")
    ] = "",
    proxy: Annotated[
        bool, typer.Option("--trust-proxy", help="Believe a proxy on this machine where requests come from.")
    ] = False,
    learn: Learn = True,
    lm: Lm = None,
    who: Who = None,
    browser: Browser = True,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Serve the page, until Ctrl-C. Only this machine reaches it unless you say otherwise.

    [dim]$ macaronic annotate serve chat.annotate
    $ macaronic annotate serve chat.annotate --host 0.0.0.0 --tls cert.pem key.pem[/dim]
    """
    from macaronic.annotate.web.serve import Serving
    from macaronic.lm.named import lm_named

    if insecure and not tls:
        note("warning: without TLS everybody on the way can read passwords and labels.", quiet=quiet)
    model = lm_named(lm) if lm else None
    run(Serving(project, host, port, tls, insecure, public, proxy, learn, model, who), browser, json, quiet)


def run(asked: Serving, browser: bool, json: bool, quiet: bool) -> None:
    """Serve, and tell where."""
    from macaronic.annotate.web.serve import serve as serving

    def tell(url: str, enter: str) -> None:
        if json:
            emit({"url": url, "enter": enter})
            sys.stdout.flush()
            return
        print(f"serving {asked.project} at {url}", flush=True)
        if enter:
            print(f"come in (once, within a day): {enter}", flush=True)
        note("stop with Ctrl-C; everything that the page calls saved is on the disk", quiet=quiet)
        if browser and sys.stdout.isatty():
            opened(enter or url)

    serving(asked, tell)


def opened(url: str) -> None:
    """Open an address in the browser, a moment later, when the server answers."""
    import threading
    import webbrowser

    timer = threading.Timer(0.7, webbrowser.open, (url,))
    timer.daemon = True
    timer.start()
