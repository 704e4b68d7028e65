"""The whole build: prepare every shard, plan, move the drawn rows, and write what people read.

Finished steps are kept under `.work` in the output folder, each whole or not at all, so a build that was killed at
any moment goes on where it stopped, and ends in the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from macaronic.build import documents, synthesis
from macaronic.build import judge as judging
from macaronic.build.buckets import Part, View, open_facts, views
from macaronic.build.content import fingerprints
from macaronic.build.drawn import corpus, samples
from macaronic.build.lock import locked
from macaronic.build.plan import Plan, describe, make_plan
from macaronic.build.prepare import Prepare, Settings, prepare
from macaronic.build.recipe import Recipe, Synth
from macaronic.build.shuffle import Gather, Scatter, gather, scatter
from macaronic.core.errors import InputError, MissingData, PartialResult, UsageError
from macaronic.core.executor import executor
from macaronic.core.files import fingerprint, sha256
from macaronic.core.memory import size
from macaronic.core.problems import Problems
from macaronic.core.protocols import Executor
from macaronic.identify import tagger as taggers
from macaronic.measure.survey import survey
from macaronic.mix.sample import copies
from macaronic.synth.summary import Summary
from macaronic.text import formats
from macaronic.text.formats.plan import Shard

SHARD_BYTES = 32 << 20
_ENDING = {"parquet": ".parquet", "arrow": ".arrow", "jsonl": ".jsonl", "text": ".txt"}

Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Prepared:
    """All shards of a recipe after the slow part, with what was read of each source."""

    parts: tuple[Part, ...]
    sources: dict[str, dict[str, Any]]
    problems: Problems


@dataclass(frozen=True)
class Built:
    """What a build made."""

    out: Path
    plan: Plan
    mixture: dict[str, Any]
    reused: bool


def silent(stage: str, done: int, total: int) -> None:
    """Shows no progress."""


def jobs(
    recipe: Recipe, folder: Path, *, allow_code: bool = False, sample: float | None = None
) -> list[tuple[str, int, Prepare]]:
    """Every shard of every source that must be prepared: source name, repeat limit, job.

    Raises:
        InputError: a path that matches nothing.
        UsageError: a keep function without --allow-code.
    """
    rule, rule_sha = recipe.filter.keep, ""
    if rule:
        if not allow_code:
            raise UsageError(f"filter.keep = {rule!r} runs your code.\nAllow that with --allow-code.")
        file = folder / rule.rpartition(":")[0]
        rule_sha = fingerprint(file)
    tokenizer = str(folder / recipe.run.tokenizer) if recipe.run.tokenizer else None
    labels = tuple(key.removeprefix("label:") for key in recipe.mix.by if key.startswith("label:"))
    model = fingerprint(taggers.SHIPPED)
    common = Settings(
        language=None,
        languages=None,
        filter=recipe.filter.model_copy(update={"dedup": "none"}),
        folder=str(folder),
        rule_sha256=rule_sha,
        tokenizer=tokenizer,
        tokenizer_sha256=fingerprint(tokenizer) if tokenizer else "",
        tagger="",
        labels=labels,
        sample=sample,
    )
    work = work_folder(recipe, folder) / "prepared"
    found = []
    for source in recipe.source:
        if source.name in recipe.consumed:
            continue
        settings = replace(
            common,
            language=source.language,
            languages=tuple(source.languages) if source.languages else None,
            tagger="" if source.language else model,
        )
        shards = formats.shards(
            [synthesis.place(path, folder) for path in source.paths],
            format=source.format,
            text_key=source.text_key,
            encoding=source.encoding,
            label_map=source.label_map,
            shard_bytes=SHARD_BYTES,
        )
        found += [
            (source.name, source.cap_epochs, Prepare(_named(shard, folder), content, settings, work))
            for shard, content in zip(shards, fingerprints(shards), strict=True)
        ]
    for synth in recipe.synth:
        for making, content in synthesis.makings(recipe, synth, folder):
            making = replace(making, shards=tuple(_named(shard, folder) for shard in making.shards))
            made = Shard("", "synth", name=synth.name)
            found.append((synth.name, synth.cap_epochs, Prepare(made, content, common, work, making)))
    return found


def _named(shard: Shard, folder: Path) -> Shard:
    """The shard with its file named as the recipe's folder sees it, so that outputs do not depend on where that is."""
    place = Path(shard.place)
    return replace(shard, shown=str(place.relative_to(folder))) if place.is_relative_to(folder) else shard


def work_folder(recipe: Recipe, folder: Path) -> Path:
    """Where finished steps are kept."""
    return folder / recipe.run.out / ".work"


def _engine(recipe: Recipe, kept: Path | None = None) -> Executor:
    run = recipe.run
    return executor(run.engine, workers=run.workers, kept=kept, memory=size(run.memory) if run.memory else None)


def prepare_all(
    recipe: Recipe, folder: Path, todo: Sequence[tuple[str, int, Prepare]], *, strict: bool = False, say: Say = silent
) -> Prepared:
    """Prepare every shard, and add up what was read."""
    run = _engine(recipe)
    problems = Problems()
    sources: dict[str, dict[str, Any]] = {
        s.name: {
            "licence": recipe.licence_of(s),
            "read": 0,
            "kept": 0,
            "words": 0,
            "gone": {},
            "notes": [],
            "problems": Problems(),
            **({"synth": Summary(s.target_cmi)} if isinstance(s, Synth) else {}),
        }
        for s in recipe.origins
        if s.name not in recipe.consumed
    }
    parts, first = [], 0
    say("reading and identifying", 0, len(todo))
    for (name, limit, job), summary in zip(todo, run.map(prepare, [job for _, _, job in todo])):
        own = sources[name]
        for key in ("read", "kept", "words"):
            own[key] += summary[key]
        for reason, count in summary["gone"].items():
            own["gone"][reason] = own["gone"].get(reason, 0) + count
        if "synth" in summary:
            own["synth"].merge(Summary.from_dict(summary["synth"]))
        own["notes"] += [text for text in summary["notes"] if text not in own["notes"]]
        bad = Problems.from_dict(summary["problems"])
        own["problems"].merge(bad)
        problems.merge(bad)
        if strict and bad.count:
            raise InputError(f"{bad.count} bad rows, and --strict was asked for. The first: {bad.first[0]}")
        parts.append(Part(job.rows, job.facts, name, limit, first, summary["kept"]))
        first += summary["kept"]
        say("reading and identifying", len(parts), len(todo))
    return Prepared(tuple(parts), sources, problems)


def _check_made(recipe: Recipe, prepared: Prepared) -> None:
    for synth in recipe.synth:
        if not prepared.sources[synth.name]["synth"].rows:
            raise MissingData(
                f"synth {synth.name!r}: {', '.join(synth.sources)} gave no parallel rows; "
                f"expected the same sentences in {' and '.join(synth.pair)}."
            )


def build(
    recipe: Recipe,
    folder: Path,
    *,
    command: str = "",
    allow_code: bool = False,
    strict: bool = False,
    only_prepared: bool = False,
    say: Say = silent,
) -> Built:
    """Do all that the recipe says.

    Args:
        recipe: what is wanted.
        folder: what relative paths in it are relative to.
        command: the command that does this again, for the report.
        allow_code: run a person's keep function.
        strict: end at the first bad row.
        only_prepared: prepare nothing; every shard must be there already (after `--shard i/N` runs).
        say: is told stage, steps done, steps in all.

    Raises:
        MacaronicError: what is wrong, and what to do.
    """
    out = folder / recipe.run.out
    with locked(out):
        todo = jobs(recipe, folder, allow_code=allow_code)
        missing = [job for _, _, job in todo if not job.summary.exists()]
        if only_prepared and missing:
            raise PartialResult(
                f"{len(missing)} of {len(todo)} shards are not prepared yet.\n"
                "Run the missing `macaronic build RECIPE --shard i/N` first."
            )
        prepared = prepare_all(recipe, folder, todo, strict=strict, say=say)
        _check_made(recipe, prepared)
        for place in (out, out / "data", out / ".work" / "prepared"):
            _remove_leftovers(place)
        say("planning", 0, 1)
        plan = make_plan(recipe, prepared.parts, judge=_judge(recipe, folder, say))
        told = recipe.model_dump_json(by_alias=True, exclude={"run": {"out", "engine", "workers", "memory"}})
        key = sha256(describe(plan) + told + "".join(p.facts.name for p in prepared.parts) + command)
        known = documents.read_mixture(out)
        if known and known.get("plan") == key and documents.complete(out, known):
            return Built(out, plan, known, True)
        taken = views(recipe, prepared.parts, plan.names, plan.repeated)
        files = move(recipe, plan, taken, out, key, say=say)
        say("measuring", 0, 1)
        mixture = documents.write(
            out,
            recipe,
            plan,
            survey(corpus(plan, taken), seed=recipe.run.seed),
            samples(plan, taken),
            prepared.sources,
            prepared.problems,
            files=files,
            key=key,
            command=command,
        )
        documents.remove_old_shards(out, {f["name"] for f in files}, known)
        shutil.rmtree(_moves(out, key), ignore_errors=True)
        return Built(out, plan, mixture, False)


def _judge(recipe: Recipe, folder: Path, say: Say) -> judging.Judge | None:
    """Who finds the shares, where no rule gives them."""
    if recipe.mix.method not in judging.METHODS:
        return None
    return judging.Judge(recipe, folder, work_folder(recipe, folder) / "evidence", _engine(recipe), say)


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed run had begun to write; finished files have another name."""
    for path in folder.glob(".*.part"):
        path.unlink(missing_ok=True)


def _moves(out: Path, key: str) -> Path:
    return out / ".work" / f"move-{key[:16]}"


def move(
    recipe: Recipe,
    plan: Plan,
    taken: Sequence[View],
    out: Path,
    key: str,
    *,
    say: Say = silent,
) -> list[dict[str, Any]]:
    """Write the output shards; returns name, fingerprint and rows of each."""
    work = _moves(out, key)
    run = _engine(recipe, work / "done")
    buckets = tuple(b.name for b in plan.buckets)
    shards = output_shards(recipe, plan, taken)
    cuts = [Scatter(view, plan.draw, buckets, shards, work / f"{i:06d}.pieces") for i, view in enumerate(taken)]
    for n, _ in enumerate(run.map(scatter, cuts, key=_scatter_key), 1):
        say("dealing out", n, len(cuts))
    ending = _ENDING[recipe.output.format]
    names = [f"train-{i:05d}-of-{shards:05d}{ending}" for i in range(shards)]
    pieces = tuple(cut.to for cut in cuts)
    files = []
    for done in run.map(gather, [Gather(pieces, i, out / "data" / name) for i, name in enumerate(names)]):
        files.append(done)
        say("writing shards", len(files), shards)
    return files


def _scatter_key(job: Scatter) -> str:
    return f"{job.to.name} {job.shards}"


def output_shards(recipe: Recipe, plan: Plan, taken: Sequence[View]) -> int:
    """How many output shards there will be, from the sizes of what was drawn."""
    size = 0
    for view in taken:
        table, count = open_facts(view.part.facts), copies(plan.draw, view.rows())
        text, word = table.column("bytes").to_numpy(), table.column("words").to_numpy()
        size += int(((text.astype("int64") + 16 * word.astype("int64") + 64) * count).sum())
    return max(1, -(-size // (recipe.output.shard_mb << 20)))


def prepare_slice(
    recipe: Recipe, folder: Path, number: int, of: int, *, allow_code: bool = False, say: Say = silent
) -> int:
    """Prepare every `of`-th shard, beginning with the `number`-th (from 1); returns how many."""
    todo = jobs(recipe, folder, allow_code=allow_code)[number - 1 :: of]
    prepare_all(recipe, folder, todo, say=say)
    return len(todo)
