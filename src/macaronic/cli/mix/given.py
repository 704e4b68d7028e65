"""The sources that a person names, as rows of text by source, and what several steps ask for alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli.show import note, note_reading

if TYPE_CHECKING:
    from macaronic.mix.texts import Row, Texts

Unit = Literal["characters", "words"]

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=]FILES...", help="Texts; a source a NAME, or else a source a language."),
]
Targets = Annotated[
    list[str] | None,
    typer.Option("--target", "-t", help="[NAME=]FILES to judge on; a held-out part of every source when left out."),
]
Units = Annotated[Unit, typer.Option("--unit", help="What the models read: characters or words.")]
Order = Annotated[int, typer.Option("--order", min=1, max=12, help="The longest n-gram.")]
HeldOut = Annotated[float, typer.Option("--held-out", help="Share of the texts to judge on.")]
Caps = Annotated[list[str] | None, typer.Option("--cap", help="NAME=SHARE that a source may have at most.")]
Floors = Annotated[list[str] | None, typer.Option("--floor", help="NAME=SHARE that a source must have at least.")]
Report = Annotated[str | None, typer.Option("--report", help="Write an HTML page here.")]


def texts(
    sources: Sequence[str] | None,
    targets: Sequence[str] | None,
    *,
    languages: str | None,
    unit: Unit,
    held_out: float,
    seed: int,
    quiet: bool,
) -> Texts:
    """The sources read, numbered and cut in two.

    Raises:
        UsageError: no sources, fewer than two of them, or rows whose language is not known.
    """
    from macaronic.core.errors import UsageError
    from macaronic.mix.texts import prepare

    if not sources:
        raise UsageError("expected texts: files, folders, package:django, or NAME=FILES for each source")
    rows = _rows(sources, languages, quiet)
    judged = _rows(targets, None, quiet, whole="target") if targets else []
    names = sorted({row[0] for row in rows})
    if len(names) < 2:
        raise UsageError(f"a mixture needs at least two sources; got {', '.join(names) or 'none'}")
    return prepare(rows, targets=judged, held_out=held_out, unit=unit, seed=seed)


def _rows(sources: Sequence[str], languages: str | None, quiet: bool, whole: str = "") -> list[Row]:
    """(source, group, text) of every row."""
    from macaronic.cli.options import tags
    from macaronic.core.errors import UsageError
    from macaronic.text.formats.reading import read

    wanted, found = tags(languages), []
    skipped: Counter[str] = Counter()
    for given in sources:
        name, path = _named(given)
        corpus = read(path)
        for utterance in corpus.utterances():
            language = str(utterance.labels.get("lang") or "")
            if wanted is not None and language and language not in wanted:
                skipped["in other languages"] += 1
                continue
            own = name or whole or language
            if own:
                found.append((own, str(utterance.meta.get("group") or ""), utterance.text))
            else:
                skipped["without a language"] += 1
        note_reading(corpus, quiet=quiet)
    if not found and skipped["without a language"]:
        raise UsageError(
            "no row says its language, so there is nothing to tell the sources apart by.\n"
            "Name each source (hi=hindi.txt en=english.txt), or run macaronic identify first."
        )
    for why, count in skipped.items():
        note(f"note: {count} rows {why} left out", quiet=quiet)
    if wanted and not whole:
        missing = sorted(set(wanted) - {name for name, _, _ in found}) if not any("=" in s for s in sources) else []
        if missing:
            raise UsageError(f"no text in {', '.join(missing)}; check --languages")
    return found


def _named(given: str) -> tuple[str, str]:
    name, equals, path = given.partition("=")
    return (name, path) if equals and name and path and "/" not in name else ("", given)


def shares(pairs: Sequence[str] | None, option: str) -> dict[str, float]:
    """The numbers in `hi=0.4`.

    Raises:
        UsageError: something else, or a share outside 0 to 1.

    >>> shares(["hi=0.4", "en=10%"], "--cap")
    {'hi': 0.4, 'en': 0.1}
    """
    from macaronic.core.errors import UsageError

    found = {}
    for pair in pairs or ():
        name, _, number = pair.rpartition("=")
        try:
            share = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not name or not 0 <= share <= 1:
            raise UsageError(f"expected {option} NAME=SHARE with a share from 0 to 1, such as hi=0.4; got {pair!r}")
        found[name] = share
    return found
