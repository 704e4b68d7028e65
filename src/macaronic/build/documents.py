"""What people and programs read about a build: `mixture.json`, the data card and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.build.plan import Plan
from macaronic.build.recipe import Recipe, Synth
from macaronic.core import languages
from macaronic.core.files import fingerprint, write_text
from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.measure.survey import CMI_EDGES, Survey
from macaronic.report.build_report import (
    BuildReport,
    Histogram,
    Notice,
    Sample,
    Share,
    SourceRow,
    SwitchPairs,
    SynthRow,
)
from macaronic.report.card import DataNotes, data_card
from macaronic.report.html import render
from macaronic.synth.summary import Summary

MIXTURE, CARD, REPORT = "mixture.json", "README.md", "report.html"
_LITTLE = 1000
_PAIRS = 12

Sources = Mapping[str, dict[str, Any]]


def read_mixture(out: Path) -> dict[str, Any] | None:
    """The `mixture.json` of an earlier build, or None."""
    try:
        told: dict[str, Any] = json.loads((out / MIXTURE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told


def complete(out: Path, mixture: Mapping[str, Any]) -> bool:
    """Whether every file that a mixture names is there as it was written."""
    return all(
        (out / "data" / f["name"]).is_file() and fingerprint(out / "data" / f["name"]) == f["sha256"]
        for f in mixture["files"]
    ) and all((out / name).is_file() for name in (CARD, REPORT))


def write(
    out: Path,
    recipe: Recipe,
    plan: Plan,
    drawn: Survey,
    samples: Sequence[Sample],
    sources: Sources,
    problems: Problems,
    *,
    files: Sequence[Mapping[str, Any]],
    key: str,
    command: str,
) -> dict[str, Any]:
    """Write card, report and, last, `mixture.json`: when it is there, the build is whole."""
    mixture = mixture_of(recipe, plan, sources, problems, files, key)
    report = report_of(recipe, plan, drawn, samples, sources, problems, command)
    write_text(out / CARD, data_card(report, DataNotes(gaps=_gaps(sources))))
    write_text(out / REPORT, render(report))
    write_text(out / MIXTURE, json.dumps(mixture, ensure_ascii=False, indent=1) + "\n")
    return mixture


def mixture_of(
    recipe: Recipe, plan: Plan, sources: Sources, problems: Problems, files: Sequence[Mapping[str, Any]], key: str
) -> dict[str, Any]:
    """What was asked, what came out, and what could not be met."""
    total = max(plan.achieved, 1)
    return {
        "unit": plan.unit,
        "method": recipe.mix.method,
        "by": recipe.mix.by,
        "budget": plan.budget,
        "reachable": plan.reachable,
        "achieved": plan.achieved,
        "buckets": [
            {
                "name": b.name,
                "asked": b.asked,
                "achieved": b.achieved / total,
                f"{plan.unit}": b.achieved,
                "available": b.available,
                "documents": b.documents,
                "epochs": b.epochs,
                "cap_binds": b.bound,
            }
            for b in plan.buckets
        ],
        "unmet": plan.unmet,
        **({"evidence": plan.evidence.asdict()} if plan.evidence else {}),
        "folded_into_rest": dict(sorted(plan.folded.items())),
        "sources": {name: _told(s) for name, s in sources.items()},
        "duplicates": plan.duplicates,
        "bad_rows": problems.count,
        "files": list(files),
        "recipe": recipe.model_dump(
            mode="json", by_alias=True, exclude={"run": {"out", "engine", "workers", "memory"}}
        ),
        "signature": build_signature(recipe),
        "plan": key,
        "version": __version__,
    }


def _told(source: Mapping[str, Any]) -> dict[str, Any]:
    """What was read of a source as JSON values; of made text also how the making went."""
    told = {**source, "problems": source["problems"].asdict()}
    if "synth" in source:
        made: Summary = source["synth"]
        told["synth"] = {
            "rows": made.rows,
            "made": made.reasons["made"],
            "sentences": made.sentences,
            "none": {reason: n for reason, n in sorted(made.reasons.items()) if reason != "made"},
            "asked_cmi": made.asked_cmi,
            "mean_cmi": made.mean_cmi,
            "mean_off": made.mean_off,
        }
    return told


def build_signature(recipe: Recipe) -> str:
    """How a build's numbers were made."""
    settings: dict[str, str | int | float | bool] = {
        "by": "+".join(recipe.mix.by),
        "method": recipe.mix.method,
        "unit": recipe.unit,
        "dedup": recipe.filter.dedup,
        "seed": recipe.run.seed,
    }
    if recipe.mix.method == "temperature":
        settings["tau"] = recipe.mix.temperature
    return signature("build", settings)


def report_of(
    recipe: Recipe,
    plan: Plan,
    drawn: Survey,
    samples: Sequence[Sample],
    sources: Sources,
    problems: Problems,
    command: str,
) -> BuildReport:
    """The build in the form that the page and the card read."""
    return BuildReport(
        title=Path(recipe.run.out).name or "corpus",
        unit=plan.unit,
        rows=drawn.rows,
        size=plan.achieved,
        budget=plan.budget,
        settings=_settings(recipe),
        signature=build_signature(recipe),
        results=drawn.results,
        languages=shares(drawn.words, _asked(plan, recipe, "language")),
        scripts=shares(drawn.letters, _asked(plan, recipe, "script"), counted=False),
        buckets=_bucket_shares(plan),
        evidence=plan.evidence.page if plan.evidence else None,
        cmi=Histogram(CMI_EDGES, drawn.cmi) if drawn.cmi else None,
        switches=switch_pairs(drawn),
        samples=tuple(samples),
        notices=tuple(_notices(plan, drawn, sources, problems)),
        problems=tuple(problems.first),
        problem_count=problems.count,
        sources=tuple(
            SourceRow(name, s["licence"], s["kept"], s["words"], s["problems"].count) for name, s in sources.items()
        ),
        synth=tuple(_made(synth, sources[synth.name]["synth"]) for synth in recipe.synth),
        command=command,
    )


def _made(synth: Synth, told: Summary) -> SynthRow:
    none = tuple((reason, n) for reason, n in told.reasons.most_common() if reason != "made")
    rows, made = told.rows, told.reasons["made"]
    pair = f"{synth.pair[1]} in {synth.pair[0]}"
    return SynthRow(
        synth.name, synth.method, pair, rows, made, told.sentences, told.asked_cmi, told.mean_cmi, told.mean_off, none
    )


def _settings(recipe: Recipe) -> tuple[tuple[str, str], ...]:
    told = [("buckets by", ", ".join(recipe.mix.by)), ("method", recipe.mix.method)]
    if recipe.mix.method == "temperature":
        told.append(("temperature", f"{recipe.mix.temperature:g}"))
    for name, limits in (("caps", recipe.mix.caps), ("floors", recipe.mix.floors)):
        told += [(name, ", ".join(f"{bucket} {share:.2%}" for bucket, share in limits.items()))] if limits else []
    told += [("duplicates", "dropped" if recipe.filter.dedup == "exact" else "kept"), ("seed", str(recipe.run.seed))]
    return tuple(told)


def _bucket_shares(plan: Plan) -> tuple[Share, ...]:
    total = max(plan.achieved, 1)
    return tuple(
        Share(
            b.name,
            b.achieved / total,
            b.asked,
            b.available,
            b.achieved,
            b.epochs,
            f"at most {b.capacity:,}" if b.bound or (plan.evidence and b.wanted >= b.capacity > 0) else "",
        )
        for b in plan.buckets
    )


def _asked(plan: Plan, recipe: Recipe, key: str) -> dict[str, float]:
    """What was asked of each language or script, where the recipe's buckets are just that."""
    return {b.name: b.asked for b in plan.buckets} if recipe.mix.by == [key] else {}


def shares(counts: Mapping[str, int], asked: Mapping[str, float], *, counted: bool = True) -> tuple[Share, ...]:
    """Shares of words by language or of letters by script, the largest first.

    Args:
        counts: name -> how many.
        asked: name -> the share that was asked for.
        counted: whether the counts are in words and so may stand beside the shares.

    >>> [(s.name, s.achieved) for s in shares({"hi": 1, "en": 3}, {})]
    [('en', 0.75), ('hi', 0.25)]
    """
    total = max(sum(counts.values()), 1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(name, n / total, asked.get(name), taken=n if counted else None) for name, n in ordered if n)


def switch_pairs(drawn: Survey) -> SwitchPairs | None:
    """The switches between the languages that switch most; None where nothing does."""
    weight: dict[str, int] = {}
    for (a, b), n in drawn.pairs.items():
        weight[a] = weight.get(a, 0) + n
        weight[b] = weight.get(b, 0) + n
    names = sorted(sorted(weight, key=lambda t: (-weight[t], t))[:_PAIRS])
    if not names:
        return None
    return SwitchPairs(tuple(names), tuple(tuple(drawn.pairs.get((a, b), 0) for b in names) for a in names))


def _notices(plan: Plan, drawn: Survey, sources: Sources, problems: Problems) -> list[Notice]:
    told = [Notice("not met", text) for text in plan.unmet]
    if problems.count:
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in problems.by_kind.most_common())
        told.append(Notice("bad rows", f"skipped: {kinds}", problems.count))
    told += [Notice("while reading", f"{name}: {text}") for name, s in sources.items() for text in s["notes"][:5]]
    told += [Notice("empty source", f"{name}: no row was kept") for name, s in sources.items() if not s["kept"]]
    for reason in sorted({r for s in sources.values() for r in s["gone"]}):
        count = sum(s["gone"].get(reason, 0) for s in sources.values())
        if count:
            told.append(Notice("filtered", f"rows that did not pass the filter on {reason}", count))
    if plan.duplicates:
        told.append(Notice("duplicates", "rows whose text came before", plan.duplicates))
    if plan.folded:
        names = ", ".join(sorted(plan.folded, key=lambda n: -plan.folded[n])[:8])
        told.append(Notice("small buckets", f"put together as rest: {names}", len(plan.folded)))
    little = [tag for tag, n in sorted(drawn.words.items()) if 0 < n < _LITTLE and languages.is_language(tag)]
    if little:
        told.append(
            Notice("little text", f"languages with fewer than {_LITTLE:,} words: {', '.join(little[:30])}", len(little))
        )
    return told


def _gaps(sources: Sources) -> tuple[str, ...]:
    unsaid = [name for name, s in sources.items() if not s["licence"]]
    return (f"no licence was stated for: {', '.join(unsaid)}",) if unsaid else ()


def remove_old_shards(out: Path, current: set[str], earlier: Mapping[str, Any] | None) -> None:
    """Remove the shards that an earlier build of ours wrote here and that this one did not."""
    for file in (earlier or {}).get("files", []):
        name = str(file["name"])
        if name not in current and Path(name).name == name:
            (out / "data" / name).unlink(missing_ok=True)
