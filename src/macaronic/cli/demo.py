"""`macaronic demo`: the main job on bundled and packaged text, nothing to prepare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.core.problems import Problems


def demo(
    out: Annotated[str, typer.Option("--out", "-o", help="Where everything goes.")] = "out/demo",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Build a small training set from the bundled text and Django's catalogues, and say where its report lies.

    The recipe is written to the output folder: copy it, and put your own files in.
    """
    from macaronic import bundled
    from macaronic.build import documents, recipe, run
    from macaronic.core.files import write_text

    text = _recipe(
        str(Path(out).resolve()), bundled.parallel_path(), bundled.parallel_path().parent / "mixed", _has_django(quiet)
    )
    place = Path(out) / "demo.toml"
    write_text(place, text)
    with progress("building", quiet=quiet) as advance:
        built = run.build(
            recipe.load(place),
            place.resolve().parent,
            command=f"macaronic build {place.name}",
            say=lambda stage, n, m: advance(n, m, f"{stage} {n}/{m}"),
        )
    mixture = built.mixture
    if json:
        emit({"out": out, **mixture})
        return
    read = sum(source["read"] for source in mixture["sources"].values())
    rows = sum(file["rows"] for file in mixture["files"])
    print(f"Read {read:,} sentences from {len(mixture['sources'])} sources and found a language for every word.")
    tau = mixture["recipe"]["mix"]["temperature"]
    print(f"Balanced {len(mixture['buckets'])} buckets of languages, found in the text, with temperature {tau:g}.")
    print(f"Wrote {rows:,} sentences, {mixture['achieved']:,} words, in {len(mixture['files'])} shards.")
    print(f"Report: {Path(out) / documents.REPORT}")
    print(f"Recipe: {place} (put your own files in, then: macaronic build {place})")
    note_problems(_problems(mixture), quiet=quiet)


def _problems(mixture: dict[str, Any]) -> Problems:
    from macaronic.core.problems import Problems

    problems = Problems()
    for source in mixture["sources"].values():
        problems.merge(Problems.from_dict(source["problems"]))
    return problems


def _has_django(quiet: bool) -> bool:
    from importlib.util import find_spec

    if find_spec("django") is None:
        note(
            "note: without Django only the bundled text is used; pip install 'macaronic[demo]' adds 98 languages",
            quiet=quiet,
        )
        return False
    return True


def _recipe(out: str, parallel: Path, mixed: Path, django: bool) -> str:
    catalogues = """
[[source]]
name = "django"
path = "package:django"          # real sentences, read from the installed package
licence = "BSD-3-Clause"
cap_epochs = 2
"""
    return f"""# What `macaronic demo` builds. Replace the sources with your own files.
[run]
out = {_quoted(out)}
seed = 1

[[source]]
name = "everyday"                # project-written, parallel
path = {_quoted(str(parallel))}
format = "parallel-tsv"
licence = "Apache-2.0"

[[source]]
name = "mixed"                   # project-written, tagged word by word
path = {_quoted(str(mixed))}
format = "conll"
licence = "Apache-2.0"
{catalogues if django else ""}
[mix]
by = ["pair"]                    # buckets are found in the text: hi, es, hi-Latn+en, ...
method = "temperature"
temperature = 3.0

[output]
format = "parquet"
"""


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)
