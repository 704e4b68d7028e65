"""`macaronic VERB`: the verbs put together, and what every error becomes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from macaronic import __version__
from macaronic.cli import annotate, build, data, demo, extract, identify, measure, mix, papers, report, synth, train
from macaronic.cli import eval as evaluation

INTERRUPTED = (
    "interrupted; no file is half-written: run the same command again (kept parts of the work are not done again)"
)

app = typer.Typer(
    name="macaronic",
    help="Find, measure, make, mix, train on and evaluate text that mixes languages.",
    no_args_is_help=False,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("identify")(identify.identify)
app.command("measure")(measure.measure)
app.add_typer(synth.app, name="synth")
app.add_typer(mix.app, name="mix")
app.command("build")(build.build)
app.add_typer(train.app, name="train")
app.add_typer(extract.app, name="extract")
app.add_typer(evaluation.app, name="eval")
app.add_typer(annotate.app, name="annotate")
app.add_typer(data.app, name="data")
app.command("papers")(papers.papers)
app.command("reproduce")(papers.reproduce)
app.command("report")(report.report)
app.command("demo")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find, measure, make, mix, train on and evaluate text that mixes languages.

    Without a verb: a two-second tour on bundled text.
    """
    if context.invoked_subcommand is None:
        from macaronic.cli.tour import tour

        tour()


def run() -> None:
    """Run the command line; every error becomes a clear message and an exit code."""
    from macaronic.core.errors import MacaronicError
    from macaronic.core.executor import few_threads

    few_threads()
    try:
        code = app(standalone_mode=False)
        if code == 130:  # what typer makes of Ctrl-C
            _say(INTERRUPTED, 130)
        sys.stdout.flush()
    except MacaronicError as error:
        code = _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        code = _say(INTERRUPTED, 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        code = _say(f"could not read or write{where}: {error.strerror or error}", 5)
    except Exception as error:
        code = _usage(error)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: Exception) -> int:
    """What typer itself refuses: shown as it would, with exit code 2; anything else is a fault of ours."""
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        return int(error.exit_code)
    if type(error).__name__ in ("Abort", "Exit"):
        return int(getattr(error, "exit_code", 130))
    raise error


def _say(message: str, code: int) -> int:
    from macaronic.cli.show import escape_controls

    first, *rest = escape_controls(message).splitlines() or [""]
    print(f"error: {first}", *(f"  {line}" for line in rest), sep="\n", file=sys.stderr)
    return code
