"""From a file of labelled texts to a saved sentence identifier and a report on how good it is."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from macaronic.core.corpus import Card, Corpus
from macaronic.core.errors import MissingData, UnknownName, UsageError
from macaronic.core.utterance import Utterance
from macaronic.identify import sentence_lid
from macaronic.identify.evaluation import Assessment, assess, folds
from macaronic.identify.sentence_lid import SentenceModel
from macaronic.identify.tagged_data import Reading, Source
from macaronic.identify.training import TrainingReport, listed, name_of, problems_of

LABELS = ("lang", "language", "label")
"""Sentence labels that may hold the language, in the order in which they are looked for."""


def train(
    source: Source | Sequence[Source],
    *,
    out: str | os.PathLike[str],
    test: Source | None = None,
    fold_count: int = 0,
    group: str | None = None,
    label: str | None = None,
    format: str | None = None,
    samples: int = 1000,
    strict: bool = False,
    licence: str = "",
    seed: int = 1,
) -> TrainingReport:
    """Train a sentence identifier, judge it, and save it.

    It has learnt from everything in `source`; scores come from `test`, from cross-validation when `fold_count` is
    given, or else from a fifth of the texts that a second identifier did not see. Equal texts stay together.

    Args:
        source: texts with a label each (TSV, CSV, JSONL, ...).
        out: the folder for the model.
        test: labelled texts to judge on.
        fold_count: folds of the cross-validation, 2 or more; 0 for none.
        group: the sentence label or meta field that must not be split between folds.
        label: the sentence label or meta field to learn; one of `LABELS` when left out.
        format: of the files; guessed when left out.
        samples: bootstrap resamples for the intervals.
        strict: stop at the first row that cannot be read.
        licence: of the data, kept in the model's card.
        seed: of the folds and resamples.

    Returns:
        The report; the unit of its results is `texts`.

    Raises:
        UsageError: both folds and a test file, or fewer than two labels.
        MissingData: no labelled texts.

    >>> import tempfile
    >>> rows = [Utterance(text, labels={"lang": lang}) for n in "abcde" for text, lang in
    ...         [(f"ek do teen {n}", "hi-Latn"), (f"one two three {n}", "en")]]
    >>> train(Corpus.from_utterances(rows), out=tempfile.mkdtemp(), samples=0).assessment.value("accuracy")
    1.0
    """
    if fold_count == 1 or fold_count < 0 or (fold_count and test is not None):
        raise UsageError(
            f"expected a test file or 2 folds or more; got {fold_count} folds{' and a test file' if test else ''}"
        )
    rng = np.random.default_rng(seed)
    reading = Reading(format, group=group, strict=strict)
    corpora = [reading.corpus(one) for one in listed(source)]
    texts, langs, groups = _labelled(corpora, label, reading)
    card = Card(", ".join(filter(None, map(name_of, listed(source)))), licence, tuple(sorted(set(langs))))
    model = sentence_lid.fit(texts, langs, card=card)
    if test is not None:
        extra = [reading.corpus(test)]
        corpora += extra
        held, gold, _ = _labelled(extra, label, reading)
        answers, how = _answers(model, held), "test"
    else:
        part = folds(groups, fold_count or 5, rng=rng)
        used = sorted(set(part.tolist()))[: fold_count or 1]
        how = f"folds-{fold_count}" if fold_count else "held-out"
        gold, answers = [], []
        for number in used:
            seen, unseen = np.flatnonzero(part != number), np.flatnonzero(part == number)
            learnt = sentence_lid.fit([texts[at] for at in seen], [langs[at] for at in seen])
            gold += [langs[at] for at in unseen]
            answers += _answers(learnt, [texts[at] for at in unseen])
    judged = _assessed(gold, answers, how, rng, samples, seed)
    model.save(out)
    problems = problems_of(corpora)
    return TrainingReport(
        str(out), "sentence", model.labels, "folds" if fold_count else how, judged, (),
        model.training, problems,
    )  # fmt: skip


def _labelled(
    corpora: Sequence[Corpus], label: str | None, reading: Reading
) -> tuple[list[str], list[str], list[Hashable]]:
    rows = [u for corpus in corpora for u in corpus if u.text.strip()]
    name = label or next((name for name in LABELS if any(name in u.labels for u in rows)), "")
    found = [(u, _value(u, name)) for u in rows]
    kept = [(u, value) for u, value in found if value]
    if label and rows and not kept:
        raise UnknownName("sentence label", label, {k for u in rows for k in (*u.labels, *u.meta)})
    if not kept:
        raise MissingData(
            f"expected texts with a language each ({', '.join(LABELS)}); got {len(rows)} texts without.\n"
            'Give a column `lang`, as in {"text": "ek do teen", "lang": "hi-Latn"}, or name the column'
        )
    groups = [u.text if reading.group is None else reading.group_of(u) for u, _ in kept]
    return [u.text for u, _ in kept], [value for _, value in kept], groups


def _value(utterance: Utterance, name: str) -> str:
    return str(utterance.labels.get(name) or utterance.meta.get(name) or "")


def _answers(model: SentenceModel, texts: Sequence[str]) -> list[str | None]:
    return [label for label, _ in model.identify(texts)]


def _assessed(
    gold: Sequence[str], answers: Sequence[str | None], how: str, rng: np.random.Generator, samples: int, seed: int
) -> Assessment:
    settings: dict[str, str | int] = {"eval": how, "seed": seed}
    judged = assess([[one] for one in gold], [[one] for one in answers], rng=rng, samples=samples, settings=settings)
    return replace(judged, results=tuple(replace(result, unit="texts") for result in judged.results))
