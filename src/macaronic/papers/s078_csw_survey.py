"""S078: the survey of code-switched NLP, as a map that can be searched.

What works here: tasks, data sets, benchmarks, models and tools for mixed text as data (`landscape.toml`), found by
task, language and kind beside the cards: `macaronic papers --task lid --language hi`. A program cannot check how the
survey reads its literature; the sizes that its abstract names are bars that our map is held to.
"""

from __future__ import annotations

import itertools

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S078",
    slug="csw-survey",
    title="Beyond Monolingual Assumptions: A Survey of Code-Switched NLP in the Era of Large Language Models",
    kind="survey",
    url="https://arxiv.org/abs/2510.07037",
    uses=("papers.landscape.search", "papers.landscape.tasks", "papers.gallery.search"),
    claims=(
        Claim(
            "tasks",
            "the map serves at least as many tasks as the survey's abstract counts",
            "mechanism",
            reported=12,
            where="abstract, version 1",
            at_least=12,
        ),
        Claim(
            "datasets",
            "the map holds at least as many data sets and benchmarks as the survey's abstract counts",
            "mechanism",
            reported=30,
            where="abstract, version 1 (30+)",
            at_least=30,
        ),
        Claim(
            "search",
            "share of all (task, language, kind) questions that are answered with exactly the entries that carry them",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "documented",
            "share of entries that say what they are, their licence (or that it is not known) and where they stand",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "languages",
            "the map names as many languages as the survey's abstract counts",
            "needs",
            reported=80,
            where="abstract, version 1 (80+)",
            needs="the languages of the 18- and 12-language sets, which their own pages list: "
            "https://huggingface.co/datasets/CodeMixBench/CodeMixBench and Shelton1013/SwitchLingua_text",
        ),
    ),
    cost={"smoke": "under a second", "small": "the same", "full": "the same"},
    tasks=("lid", "pos", "ner", "sentiment", "translation", "generation", "asr", "question-answering"),
    languages=("hi-Latn", "hi", "en", "es", "bn", "ta", "ar", "zh", "id", "tr", "de", "fr"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Hold the map to the survey's sizes, and its search to a second way of finding the same entries.

    Args:
        scale: makes no difference.
        rng: not used: nothing here is random.
    """
    from macaronic.papers import landscape

    entries = list(landscape.resources().values())
    served = {task for entry in entries for task in entry.tasks}
    sets = [entry for entry in entries if entry.kind in ("dataset", "benchmark")]
    tags = {tag for entry in entries for tag in entry.languages}
    languages = sorted({tag.partition("-")[0] for tag in tags})

    asked = list(itertools.product([None, *landscape.tasks()], [None, *languages], [None, "dataset", "model", "tool"]))
    right = 0
    for task, language, kind in asked:
        answer = {entry.id for entry in landscape.search(task, language, kind)}
        by_task = {e.id for e in entries if task in (None, *e.tasks)}
        by_language = {e.id for e in entries if language in (None, *(t.partition("-")[0] for t in e.languages))}
        by_kind = {e.id for e in entries if kind in (None, e.kind)}
        right += answer == by_task & by_language & by_kind

    whole = [e for e in entries if e.about and e.licence and e.tasks and e.url.startswith("https://")]
    return [
        measured("tasks", len(served), n=len(served)),
        measured("datasets", len(sets), n=len(sets)),
        measured("search", right / len(asked), n=len(asked)),
        measured("documented", len(whole) / len(entries), n=len(entries)),
        measured("languages", len(languages), n=len(languages), note="what the map names so far"),
    ]
