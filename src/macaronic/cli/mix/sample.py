"""`macaronic mix sample`: exactly as much of each source as a mixture says, written to files to train on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from macaronic.cli import options
from macaronic.cli.mix import shelf
from macaronic.cli.show import emit, note, progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macaronic.mix.schedule import Phase
    from macaronic.mix.shards import Shard
    from macaronic.mix.stream import Achieved, Stream
    from macaronic.mix.whole import Whole
    from macaronic.mix.written import Output

Unit = Literal["tokens", "words", "bytes", "documents"]
Until = Literal["first_exhausted", "all_exhausted"]
Format = Literal["shards", "jsonl", "parquet", "text"]


@dataclass(frozen=True)
class Wish:
    """What is wanted of the sources."""

    mixture: str | None
    phases: str | None
    budget: int | None
    until: Until | None
    unit: Unit | None
    length: int | None
    max_epochs: int
    seed: int


@dataclass(frozen=True)
class Taken:
    """What will be written, and what of the wish cannot be met."""

    items: Stream | Whole
    asked: tuple[Phase, ...]
    unmet: list[str]
    whole: bool


def sample(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=]FILES...", help="Shards or texts; a source a NAME, else a source a language."),
    ] = None,
    mixture: Annotated[
        str | None, typer.Option("--mixture", "-m", help="A mixture.json, or hi=0.4,en=0.6; by size when left out.")
    ] = None,
    budget: Annotated[int | None, typer.Option("--budget", min=1, help="How much in all, in the unit.")] = None,
    unit: Annotated[Unit | None, typer.Option("--unit", help="What shares and budget count.")] = None,
    tokenizer: Annotated[str | None, typer.Option("--tokenizer", help="A tokenizer.json; rows become ids.")] = None,
    length: Annotated[int | None, typer.Option("--length", min=1, help="Cut sequences of so many tokens.")] = None,
    until: Annotated[Until | None, typer.Option("--until", help="The end, instead of a budget.")] = None,
    phases: Annotated[
        str | None, typer.Option("--phases", help="A TOML file of phases, instead of one mixture.")
    ] = None,
    max_epochs: Annotated[int, typer.Option("--max-epochs", min=1, help="How often a source may be repeated.")] = 4,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder of the files.")] = "sample",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = "shards",
    shard_mb: Annotated[int, typer.Option("--shard-mb", min=1, help="About how large a file is.")] = 128,
    languages: options.Languages = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Take exactly what a mixture says: a budget to the unit, or sequences for a trainer; and say what came out.

    Kill it and run it again: finished files stay, and the bytes at the end are the same.

    [dim]$ macaronic mix sample hi=hindi.txt en=english.txt --mixture hi=0.4,en=0.6 --budget 100000 --format jsonl
    $ macaronic mix sample package:django --mixture choice/mixture.json --budget 2000000 --tokenizer tokenizer.json \
      --length 512[/dim]
    """
    from macaronic.build.lock import locked
    from macaronic.core.files import sha256

    wish = Wish(mixture, phases, budget, until, unit, length, max_epochs, seed)
    _check(wish, tokenizer)
    folder = Path(out)
    with locked(folder, "sample"):
        tags = options.tags(languages)
        where = shelf.Shelf(folder / ".work" / "sources", tokenizer, tuple(tags) if tags else None, quiet)
        shards, content = shelf.shards(where, sources or [])
        taken = _taken(wish, shards)
        output = _output(taken, shards, folder, form, shard_mb, sha256(f"{content} {wish}"))
        with progress("writing", quiet=quiet) as advance:
            told = _write(output, taken, wish, lambda done, total: advance(done, total, f"{done}/{total} files"))
    _tell(folder, taken, told, json=json, quiet=quiet)
    if not taken.whole:
        raise typer.Exit(1)


def _check(wish: Wish, tokenizer: str | None) -> None:
    from macaronic.core.errors import InputError, UsageError

    if wish.phases and (wish.mixture or wish.budget or wish.until or wish.length):
        raise UsageError("the phases say mixture, budget, end and length; leave --mixture, --budget, ... out.")
    if not wish.phases and (wish.budget is None) == (wish.until is None):
        raise UsageError("expected --budget N or --until first_exhausted|all_exhausted; give one of them.")
    if tokenizer and not Path(tokenizer).is_file():
        raise InputError(f"cannot read the tokenizer {tokenizer}: no such file.")
    if wish.length and wish.unit == "documents":
        raise UsageError("sequences cut documents up, so they are not counted in documents; use --unit tokens.")


def _taken(wish: Wish, shards: Mapping[str, Sequence[Shard]]) -> Taken:
    """The items that come nearest to the wish: sequences and phases as a stream, one mixture of documents exactly."""
    from macaronic.mix.stream import Stream
    from macaronic.mix.whole import Whole
    from macaronic.mix.within_epochs import within_epochs

    asked = _phases(wish, shards)
    phases, unmet, whole = within_epochs(shards, asked, wish.max_epochs)
    one = phases[0]
    if len(phases) > 1 or one.length is not None or wish.phases:
        return Taken(Stream(shards, phases, seed=wish.seed), asked, unmet, whole)
    weighed = {name: own for name, own in shards.items() if one.mixture.weights.get(name)}
    drawn = Whole(weighed, one.mixture, one.budget or 1, max_epochs=wish.max_epochs, seed=wish.seed)
    short = (one.budget or 1) - round(sum(a.units for a in drawn.achieved()))
    if short:
        unmet.append(f"documents are taken whole: {short:,} {one.mixture.unit} could not be filled exactly")
    return Taken(drawn, asked, unmet, whole)


def _phases(wish: Wish, shards: Mapping[str, Sequence[Shard]]) -> tuple[Phase, ...]:
    from macaronic.core.mixture import Mixture
    from macaronic.mix import phase_file
    from macaronic.mix.schedule import Phase

    text = any(shard.is_text for own in shards.values() for shard in own)
    usual = "words" if text else "tokens"
    if wish.phases:
        return phase_file.read(wish.phases, unit=wish.unit or usual)
    weights, said = _weights(wish.mixture, shards)
    unit = wish.unit or (said if said and not (text and said == "tokens") else usual)
    _check_unit(unit, text)
    if not weights:
        weights = {n: float(sum(int(s.units(unit).sum()) for s in own)) for n, own in shards.items()}
    Mixture(weights, unit).aligned(shards)
    return (Phase("all", Mixture(weights, unit), wish.budget, wish.until or "budget", wish.length),)


def _check_unit(unit: str, text: bool) -> None:
    from macaronic.core.errors import UsageError

    if unit == "tokens" and text:
        raise UsageError("--unit tokens needs --tokenizer tokenizer.json for texts; or count words.")


def _weights(mixture: str | None, shards: Mapping[str, Sequence[Shard]]) -> tuple[dict[str, float], str | None]:
    """The weights that were asked for, and the unit that their file says."""
    from macaronic.core.errors import UsageError
    from macaronic.mix import mixture_file

    if mixture is None:
        return {}, None
    if "=" not in mixture or Path(mixture).exists():
        kept = mixture_file.read(mixture)
        return dict(kept.weights), kept.unit
    found: dict[str, float] = {}
    for pair in mixture.split(","):
        name, _, number = pair.strip().rpartition("=")
        try:
            found[name] = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
        except ValueError:
            name = ""
        if not name:
            raise UsageError(f"expected --mixture NAME=WEIGHT,NAME=WEIGHT or a file; got {pair!r} in {mixture!r}")
    return found, None


def _output(
    taken: Taken, shards: Mapping[str, Sequence[Shard]], out: Path, form: Format, shard_mb: int, content: str
) -> Output:
    from macaronic.mix.written import Output

    every = [shard for own in shards.values() for shard in own]
    held, items = sum(len(s.items) * s.items.dtype.itemsize for s in every), sum(s.documents for s in every)
    width = max(s.items.dtype.itemsize for s in every)
    phases = [p for p in taken.asked if p.length]
    each = max((p.length or 0) * width for p in phases) if phases else held / max(items, 1)
    files = max(1, -(-int(len(taken.items) * each) // (shard_mb << 20)))
    return Output(taken.items, out, form, files, every[0].is_text, width > 2, content)


def _write(output: Output, taken: Taken, wish: Wish, say: Any) -> dict[str, Any]:
    """Write the files, and last the mixture that they hold: when it is there, all is."""
    from json import dumps, loads

    from macaronic import __version__
    from macaronic.core.files import write_text
    from macaronic.mix import written

    place = output.out / "mixture.json"
    try:
        earlier = [str(file["name"]) for file in loads(place.read_text("utf-8"))["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        earlier = []
    files = written.write(output, say=say)
    rows = taken.items.achieved()
    told = {
        "mixture": dict(taken.asked[0].mixture.weights),
        "unit": taken.asked[0].mixture.unit,
        "achieved": [_row(row, rows, taken.asked) for row in rows],
        "items": len(taken.items),
        "unmet": taken.unmet,
        "max_epochs": wish.max_epochs,
        "seed": wish.seed,
        "format": output.format,
        "files": files,
        "content": output.content,
        "version": __version__,
    }
    told |= {} if len(taken.asked) == 1 else {"phases": [_phase(p) for p in taken.asked]}
    write_text(place, dumps(told, ensure_ascii=False, indent=1) + "\n")
    written.remove_others(output, files, earlier)
    return told


def _phase(phase: Phase) -> dict[str, Any]:
    told = {"name": phase.name, "mixture": dict(phase.mixture.weights), "unit": phase.mixture.unit}
    return {**told, "budget": phase.budget, "until": phase.until, "length": phase.length}


def _row(row: Achieved, rows: Sequence[Achieved], asked: Sequence[Phase]) -> dict[str, Any]:
    """What one source gave to one phase; its error is in sequences, or in units where documents come whole."""
    phase = next((p for p in asked if p.name == row.phase), asked[0])
    same = [other for other in rows if other.phase == row.phase]
    wanted = phase.mixture.weights.get(row.source, 0.0)
    count, total = (
        (row.units, sum(o.units for o in same)) if phase.length is None else (row.items, sum(o.items for o in same))
    )
    return {
        "phase": row.phase,
        "source": row.source,
        "asked": wanted,
        "share": row.share,
        row.unit: round(row.units) if phase.length is None or row.unit == "tokens" else row.units,
        "items": row.items,
        "epochs": row.epochs,
        "error": round(count - wanted * total, 6),
    }


def _tell(folder: Path, taken: Taken, told: dict[str, Any], *, json: bool, quiet: bool) -> None:
    from macaronic.report.table import write_table

    if json:
        emit({"out": str(folder), **told})
    else:
        unit, sequences = told["unit"], taken.asked[0].length is not None
        off = "off by (sequences)" if sequences else f"off by ({unit})"
        header = ("source", "asked", "achieved", unit, "sequences" if sequences else "documents", "epochs", off)
        many = len(taken.asked) > 1
        rows = [
            (
                *((a["phase"],) if many else ()),
                a["source"],
                a["asked"],
                a["share"],
                _counted(a),
                a["items"],
                a["epochs"],
                a["error"],
            )
            for a in told["achieved"]
        ]
        write_table((*(("phase",) if many else ()), *header), rows, file=sys.stdout)
        print(f"{told['items']:,} items in {len(told['files'])} files: {folder / 'data'}")
        print(f"mixture {folder / 'mixture.json'}")
    for line in taken.unmet:
        note(f"not met: {line}", quiet=quiet and taken.whole)


def _counted(row: Mapping[str, Any]) -> float:
    found = next(float(row[unit]) for unit in ("tokens", "words", "bytes", "documents") if unit in row)
    return int(found) if found == int(found) else found
