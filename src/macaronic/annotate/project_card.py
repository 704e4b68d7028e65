"""A data card of a labelling project: what was labelled, by whom, how, and how far people agree."""

from __future__ import annotations

from collections import Counter

import numpy as np

from macaronic import __version__
from macaronic.annotate.compare import rated
from macaronic.annotate.final import Way, finals
from macaronic.annotate.learning import state
from macaronic.annotate.progress import Progress, progress
from macaronic.annotate.pseudonyms import pseudonyms
from macaronic.annotate.settings import LABELLING
from macaronic.annotate.store import Store
from macaronic.annotate.work import Work, work_of
from macaronic.core.languages import name as language_name
from macaronic.core.result import Result
from macaronic.measure.agreement_results import results
from macaronic.report.card import escaped, markdown_table
from macaronic.report.front_matter import front_matter, size_category

SAMPLES = 500


def project_card(store: Store, *, licence: str = "not stated", seed: int = 0) -> str:
    """The card in Markdown, with the front matter that dataset hubs read; the same for the same project and seed.

    Args:
        store: the project.
        licence: of the labels.
        seed: of the intervals.
    """
    work = work_of(store)
    far = progress(work)
    found = list(finals(work))
    ways = Counter(one.way for one in found)
    undecided = sum(one.undecided for one in found)
    head = front_matter(
        {
            "pretty_name": work.settings.name,
            "license": licence,
            "language": list(work.settings.languages),
            "size_categories": [size_category(far.items)],
        }
    )
    spoken = ", ".join(f"{language_name(tag)} ({tag})" for tag in work.settings.languages) or "not stated"
    parts = [
        f"{head}\n# {escaped(work.settings.name)}",
        f"{far.items:,} texts from {escaped(work.settings.source or 'a source that is not stated')}. "
        f"Languages: {escaped(spoken)}. Licence of the labels: {escaped(licence)}.",
        "## What is labelled\n\n" + _layers(work),
        "## Who labelled\n\n" + _people(work, far),
        "## Agreement\n\n" + _agreement(work, seed),
        "## How the labels came about\n\n" + _ways(ways, undecided, far),
        "## Proposed labels\n\n" + _proposed(store, work),
        "## Guidelines\n\n" + (work.settings.guidelines.strip() or "None were written."),
        f"Made by macaronic {__version__}.",
    ]
    return "\n\n".join(parts) + "\n"


def _layers(work: Work) -> str:
    rows = [
        (layer.name, layer.level, label, layer.about.get(label, ""))
        for layer in work.settings.layers
        for label in layer.labels or ("",)
    ]
    return markdown_table(("layer", "of a", "label", "meaning"), rows)


def _people(work: Work, far: Progress) -> str:
    names = pseudonyms(work.settings, work.people)
    rows = [
        (names[p.name], p.role, p.accepted, p.minutes, _told(p.word_seconds), _share(p.warmup), _share(p.planted))
        for p in far.people
        if p.accepted
    ]
    header = (
        "person",
        "role",
        "accepted",
        "minutes",
        "seconds a word",
        "right in the warm-up",
        "planted left standing",
    )
    table = markdown_table(header, rows, empty="Nobody has accepted anything yet.")
    return f"{far.overlap} people a text; {far.finished:,} texts are finished.\n\n{table}"


def _agreement(work: Work, seed: int) -> str:
    people = work.by_role(*LABELLING)
    rows: list[tuple[object, ...]] = []
    for layer in work.settings.layers:
        table = rated(work, layer, people) if layer.labels and len(people) > 1 else None
        if table is not None and table.sentences:
            rng = np.random.default_rng(seed)
            told = results(table, people, layer=layer.name, rng=rng, samples=SAMPLES)
            rows += [_line(layer.name, one) for one in told if one.level == "all"]
    return markdown_table(
        ("layer", "measure", "value", "95 % interval", "units"),
        rows,
        empty="No text is accepted by two people, so nothing can be said of agreement.",
    )


def _line(layer: str, one: Result) -> tuple[object, ...]:
    span = f"{one.low:.3f} to {one.high:.3f}" if one.low is not None and one.high is not None else "not computed"
    return layer, one.name, _told(one.value), span, one.n


def _ways(ways: Counter[Way], undecided: int, far: Progress) -> str:
    rows = [(way, n) for way, n in ways.most_common()]
    left = (
        f"{undecided:,} labels have no majority and are empty." if undecided else "No label is left without a majority."
    )
    return markdown_table(("way", "texts"), rows, empty="Nothing is accepted yet.") + f"\n\n{left}"


def _proposed(store: Store, work: Work) -> str:
    model = state(store)
    told = ["People saw a proposed language for each word and put right what was wrong; proposals may sway them."]
    if model is not None:
        told.append(f"The project's own tagger learnt from {model['fitted_at']:,} accepted texts.")
    if model is not None and (right := model["accuracy"]):
        told.append(
            f"On texts drawn at random its proposals were right for {right['value']:.1%} of {right['n']:,} words "
            f"({right['low']:.1%} to {right['high']:.1%})."
        )
    if work.planted:
        told.append("Some proposals were wrong on purpose, as the guidelines say; none of these is in the labels.")
    return " ".join(told)


def _told(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"
