"""Data and model cards in Markdown with front matter that dataset hubs read.

Every heading is always there. What was not measured says so: a reader must be able to tell a zero from a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from macaronic import __version__
from macaronic.core import languages
from macaronic.core.result import Result
from macaronic.report import numerals as say
from macaronic.report.build_report import BuildReport, Histogram, Sample, Share, SourceRow, SynthRow
from macaronic.report.controls import visible
from macaronic.report.front_matter import Value, front_matter, size_category
from macaronic.report.sections import largest

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&!$])")
_UNSTATED = ("", "unknown", "not stated", "none")
_HUB = (
    "apache-2.0", "mit", "bsd", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0",
    "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "lgpl", "lgpl-2.1",
    "lgpl-3.0", "agpl-3.0", "mpl-2.0", "odc-by", "odbl", "unlicense", "isc", "wtfpl", "pddl", "afl-3.0",
    "artistic-2.0", "bsl-1.0", "epl-2.0", "eupl-1.1", "ms-pl", "ncsa", "osl-3.0", "postgresql", "zlib",
    "cdla-permissive-2.0",
)  # fmt: skip


def escaped(text: object) -> str:
    """Text as it may stand in a Markdown paragraph or table cell without meaning anything.

    >>> escaped("a|b <i>*")
    'a\\\\|b \\\\<i\\\\>\\\\*'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(visible(str(text)).split()))


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str = say.MISSING) -> str:
    """A Markdown table; without rows, what `empty` says.

    >>> print(markdown_table(["tag", "words"], [("hi", 3)]))
    | tag | words |
    | --- | --- |
    | hi | 3 |
    """
    body = [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]
    if not body:
        return empty
    return "\n".join([f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}", *body])


@dataclass(frozen=True, slots=True)
class DataNotes:
    """What a data card says that cannot be measured. Empty fields are shown as not stated.

    Args:
        tasks: what it is for, in the hub's words (`text-generation`, `token-classification`).
        tags: further words to find it by.
        derived_from: hub ids of data sets that it is made of; empty means it is original.
        label_map: (label in the source, label here) pairs.
        annotation: who labelled the words, how, and how far they agree.
        gaps: what is known to be missing or wrong.
        citation: how to cite it.
    """

    tasks: tuple[str, ...] = ("text-generation",)
    tags: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    label_map: tuple[tuple[str, str], ...] = ()
    annotation: str = ""
    gaps: tuple[str, ...] = ()
    citation: str = ""


def data_card(report: BuildReport, notes: DataNotes | None = None) -> str:
    """The card of a data set that a build wrote.

    Args:
        report: what was measured.
        notes: what people know about it.

    Returns:
        Markdown with YAML front matter.

    >>> card = data_card(BuildReport("tiny", rows=12))
    >>> "size_categories:" in card, "## Languages" in card, "not measured" in card
    (True, True, True)
    """
    notes = notes or DataNotes()
    parts = [
        front_matter(_data_fields(report, notes)),
        f"# {escaped(report.title)}",
        _size(report),
        "## Languages\n\n" + _share_table("Language", report.languages, report.unit),
        "## Scripts\n\n" + _share_table("Script", report.scripts, report.unit),
        "## Measures\n\n" + results_table(report.results),
        "## How mixed the sentences are\n\n" + _bins(report.cmi),
        "## Which language follows which\n\n" + _switches(report),
        "## Labels\n\n"
        + markdown_table(["Label in the source", "Label here"], notes.label_map, empty="no label was mapped"),
        "## Annotation\n\n" + (escaped(notes.annotation) or "not stated; word languages come from the program"),
        "## Sources and licences\n\n" + _sources(report.sources),
        *(["## Mixed text that was made\n\n" + _synth(report.synth)] if report.synth else []),
        "## Samples\n\n" + _samples(report.samples[:10]),
        "## Known gaps\n\n" + _gaps(report, notes),
        "## How it was made\n\n" + _made(report),
        "## How to cite\n\n" + (escaped(notes.citation) or "not stated"),
    ]
    return "\n\n".join(parts) + "\n"


def _data_fields(report: BuildReport, notes: DataNotes) -> dict[str, Value]:
    tags = sorted({s.name for s in report.languages if languages.is_language(s.name)})
    codes = sorted({tag.partition("-")[0] for tag in tags})
    return {
        "pretty_name": report.title,
        "language": codes,
        "language_bcp47": tags,
        "license": _licences(s.licence for s in report.sources),
        "size_categories": [size_category(report.rows)] if report.rows is not None else [],
        "task_categories": list(notes.tasks),
        "source_datasets": list(notes.derived_from) or ["original"],
        "multilinguality": ["multilingual" if len(codes) > 1 else "monolingual"] if codes else [],
        "tags": sorted({"code-switching", "macaronic", *notes.tags}),
    }


def _licences(licences: Iterable[str]) -> list[str]:
    """Licence names as hubs write them: `unknown` where a source states none, `other` where the hub has no name."""
    found = {name.strip().lower() for name in licences}
    return sorted({"unknown" if name in _UNSTATED else name if name in _HUB else "other" for name in found}) or [
        "unknown"
    ]


def _size(report: BuildReport) -> str:
    asked = f" of {report.budget:,} asked" if report.budget is not None else ""
    return f"{say.count(report.rows)} rows, {say.count(report.size)} {escaped(report.unit)}{asked}."


def _share_table(kind: str, shares: Sequence[Share], unit: str) -> str:
    rows = [
        (
            f"{s.name} ({languages.name(s.name)})" if kind == "Language" else s.name,
            say.percent(s.achieved),
            "as found" if s.asked is None else say.percent(s.asked),
            say.count(s.taken),
            say.count(s.available),
            say.number(s.epochs),
            s.cap or "none",
        )
        for s in largest(shares)
    ]
    written, available = f"Written ({escaped(unit)})", f"Available ({escaped(unit)})"
    return markdown_table([kind, "Achieved", "Asked", written, available, "Epochs", "Cap that binds"], rows)


def results_table(results: Sequence[Result]) -> str:
    """Measured numbers with their intervals and signatures, for any card.

    >>> print(results_table([Result("f1", "macro", 0.91, None, None, 20, "words", "f1|v:1")]).splitlines()[2])
    | f1 | macro | 0.91 | not measured | 20 | words | f1\\|v:1 |
    """
    rows = [
        (
            r.name,
            r.level,
            "not defined" if r.value is None else say.number(r.value),
            say.MISSING if r.low is None or r.high is None else f"{say.number(r.low)} to {say.number(r.high)}",
            f"{r.n:,}",
            r.unit,
            r.signature,
        )
        for r in results
    ]
    return markdown_table(["Measure", "Level", "Value", "Interval", "n", "Unit", "Signature"], rows)


def _bins(cmi: Histogram | None) -> str:
    if cmi is None or not cmi.total:
        return f"Code-mixing index: {say.MISSING}."
    most = max(cmi.counts)
    rows = [
        (f"{say.number(a)} to {say.number(b)}", f"{n:,}", say.percent(n / cmi.total), "█" * round(20 * n / most))
        for a, b, n in zip(cmi.edges, cmi.edges[1:], cmi.counts, strict=False)
    ]
    return markdown_table(["Code-mixing index", "Sentences", "Share", ""], rows)


def _switches(report: BuildReport) -> str:
    if report.switches is None:
        return f"Switches: {say.MISSING}."
    pairs = report.switches.pairs()
    left = f"\n\n{say.plural(len(pairs) - 20, 'rarer pair')} left out here." if len(pairs) > 20 else ""
    rows = [(a, b, f"{n:,}") for a, b, n in pairs[:20]]
    return markdown_table(["From", "To", "Switches"], rows, empty="no word follows a word of another language") + left


def _sources(sources: Sequence[SourceRow]) -> str:
    rows = [
        (s.name, s.licence or "not stated", say.count(s.rows), say.count(s.words), f"{s.bad_rows:,}") for s in sources
    ]
    return markdown_table(["Source", "Licence", "Rows", "Words", "Bad rows"], rows, empty="not stated")


def _synth(synth: Sequence[SynthRow]) -> str:
    rows = [
        (
            s.name,
            s.method,
            s.pair,
            f"{s.made:,} of {s.rows:,}",
            f"{s.sentences:,}",
            say.number(s.asked_cmi) if s.asked_cmi is not None else "none",
            say.number(s.mean_cmi),
            s.reasons or "no row",
        )
        for s in synth
    ]
    header = ["Name", "Method", "Languages", "Rows that gave some", "Sentences", "CMI asked", "CMI reached", "Nothing"]
    return markdown_table(header, rows)


def _samples(samples: Sequence[Sample]) -> str:
    rows = []
    for sample in samples:
        tagged = " ".join(f"{word}/{label or '?'}" for word, label in zip(sample.words, sample.langs, strict=True))
        rows.append((sample.text, tagged, sample.source))
    return markdown_table(["Text", "Words and their languages", "Source"], rows, empty="none kept")


def _gaps(report: BuildReport, notes: DataNotes) -> str:
    lines = [f"- {escaped(gap)}" for gap in notes.gaps]
    for notice in report.notices:
        times = f" ({notice.count:,})" if notice.count else ""
        lines.append(f"- **{escaped(notice.kind)}**{times}: {escaped(notice.message)}")
    if report.problem_count:
        lines.append(f"- **malformed lines** ({report.problem_count:,}): skipped and counted")
    return "\n".join(lines) or "none found by the program; none stated"


def _made(report: BuildReport) -> str:
    settings = markdown_table(["Setting", "Value"], report.settings, empty="settings not stated")
    command = fenced(report.command) if report.command else "command not stated"
    return (
        f"{settings}\n\n{command}\n\nSignature: {escaped(report.signature) or 'not stated'}. macaronic {__version__}."
    )


def fenced(text: str) -> str:
    """Text as a code block, behind a fence that it cannot close.

    >>> print(fenced("a```b"))
    ````
    a```b
    ````
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{visible(text)}\n{fence}"


@dataclass(frozen=True, slots=True)
class ModelNotes:
    """What a model card says. Empty fields are shown as not stated.

    Args:
        name: the model's name.
        summary: what it is, in a line or two.
        load: code that loads and runs it.
        tags: languages it knows.
        licence: of the model file.
        task: in the hub's words.
        data: (training set, licence, size) rows.
        limits: what it was not tested on or does badly.
        intended: what it is for.
    """

    name: str
    summary: str = ""
    load: str = ""
    tags: tuple[str, ...] = ()
    licence: str = ""
    task: str = "token-classification"
    data: tuple[tuple[str, str, str], ...] = ()
    limits: tuple[str, ...] = ()
    intended: str = ""


def model_card(notes: ModelNotes, results: Sequence[Result] = (), *, by_label: Sequence[Result] = ()) -> str:
    """The card of a model.

    Args:
        notes: what is known about it.
        results: its overall figures.
        by_label: figures a language or label, with `level` naming it.

    Returns:
        Markdown with YAML front matter.

    >>> "## Limits" in model_card(ModelNotes("rw-fr tagger", tags=("rw", "fr")))
    True
    """
    fields: dict[str, Value] = {
        "language": sorted({tag.partition("-")[0] for tag in notes.tags}),
        "language_bcp47": sorted(notes.tags),
        "license": _licences([notes.licence])[0],
        "pipeline_tag": notes.task,
        "library_name": "macaronic",
        "tags": ["code-switching", "language-identification", "macaronic"],
    }
    parts = [
        front_matter(fields),
        f"# {escaped(notes.name)}",
        escaped(notes.summary) or "Summary: not stated.",
        "## Use it\n\n" + (fenced(notes.load) if notes.load else "not stated"),
        "## Intended use\n\n" + (escaped(notes.intended) or "not stated"),
        "## Results\n\n" + results_table(results),
        "## Results by label\n\n" + results_table(by_label),
        "## Training data\n\n" + markdown_table(["Data", "Licence", "Size"], notes.data, empty="not stated"),
        "## Limits\n\n" + ("\n".join(f"- {escaped(limit)}" for limit in notes.limits) or "not stated"),
        "## Cost\n\n" + say.MISSING,
        f"Made by macaronic {__version__}.",
    ]
    return "\n\n".join(parts) + "\n"
