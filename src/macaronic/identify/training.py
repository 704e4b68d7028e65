"""From a file of tagged sentences, or raw text alone, to a saved tagger and a report on how good it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from macaronic.core.corpus import Card, Corpus
from macaronic.core.errors import FormatError, UsageError
from macaronic.core.languages import parse
from macaronic.core.problems import Problems
from macaronic.core.protocols import Tagger
from macaronic.core.result import Result
from macaronic.identify import crf, model_folder, mono, shipped
from macaronic.identify.cross_validation import Curve, Judge, answers
from macaronic.identify.evaluation import Assessment
from macaronic.identify.tagged_data import Reading, Source, TaggedSet

CURVE = (0.125, 0.25, 0.5, 1.0)
"""Shares of the training data at which the learning curve is measured."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What was trained, and how good it is.

    Args:
        folder: where the tagger lies.
        kind: `crf`, `mono` or `sentence`.
        labels: the tag set.
        evaluated: on what: `test`, `folds`, `held-out`, `spliced` or `nothing`.
        assessment: scores with intervals and the confusion matrix; None when nothing was evaluated.
        curve: (training sentences, accuracy, macro F1) with growing shares of the data.
        training: sentences, words and fingerprint of the data.
        problems: what could not be read.
        notes: what a person should know, one sentence each.
    """

    folder: str
    kind: str
    labels: tuple[str, ...]
    evaluated: str
    assessment: Assessment | None
    curve: Curve
    training: Mapping[str, Any]
    problems: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """All scores; empty when nothing was evaluated."""
        return self.assessment.results if self.assessment else ()

    def asdict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        judged = self.assessment
        return {
            "folder": self.folder,
            "kind": self.kind,
            "labels": list(self.labels),
            "evaluated": self.evaluated,
            "results": [result.asdict() for result in self.results],
            "confusion": {"labels": list(judged.names), "counts": judged.matrix.tolist()} if judged else None,
            "curve": [{"sentences": n, "accuracy": a, "macro_f1": f} for n, a, f in self.curve],
            "training": dict(self.training),
            "problems": dict(self.problems),
            "notes": list(self.notes),
        }


def train(
    source: Source | Sequence[Source] | None = None,
    *,
    out: str | os.PathLike[str],
    test: Source | None = None,
    fold_count: int = 0,
    group: str | None = None,
    layer: str | None = None,
    label_map: Mapping[str, str] | str | None = None,
    mono_texts: Mapping[str, Source] | None = None,
    format: str | None = None,
    features: crf.Features | None = None,
    beside_shipped: bool = True,
    curve: Sequence[float] = CURVE,
    samples: int = 1000,
    strict: bool = False,
    licence: str = "",
    seed: int = 1,
) -> TrainingReport:
    """Train a tagger, judge it, and save it.

    Give either tagged sentences (`source`: a CRF over any tag set) or raw text of each language (`mono_texts`). The
    saved tagger has learnt from everything in `source`; scores come from `test`, or from cross-validation when
    `fold_count` is given, or else from a fifth of the data that a second tagger did not see.

    Args:
        source: tagged sentences, in any format that `formats.read` knows.
        out: the folder for the tagger.
        test: tagged sentences to judge on.
        fold_count: folds of the cross-validation, 2 or more; 0 for none.
        group: the sentence label or meta field that must not be split between folds, such as `author`.
        layer: the token layer to learn; found when left out (`lang`, or the only one).
        label_map: raw label -> tag or special label, or the name of a label scheme.
        mono_texts: language -> raw text, instead of `source`.
        format: of the files; guessed when left out.
        features: what the CRF sees of a word.
        beside_shipped: whether the tagger also sees what the shipped model says of a word, for languages that it knows.
        curve: shares of the data for the learning curve; empty for none.
        samples: bootstrap resamples for the intervals.
        strict: stop at the first row that cannot be read.
        licence: of the data, kept in the tagger's card.
        seed: of the folds and resamples.

    Returns:
        The report.

    Raises:
        UsageError: both or neither of `source` and `mono_texts`, or a setting that cannot be meant.
        MissingData: no labelled words in `source` or `test`.
        InputError: a file cannot be read or written.

    >>> import tempfile
    >>> from macaronic.core.utterance import Utterance
    >>> rows = [Utterance.from_words(w.split(), layers={"lang": t.split()}) for w, t in
    ...         [("ja tamam", "de tr"), ("aber ama", "de tr"), ("und ve", "de tr")] * 4]
    >>> report = train(Corpus.from_utterances(rows), out=tempfile.mkdtemp(), samples=0)
    >>> report.kind, report.labels, load(report.folder).tag([["und", "ama"]])[0].labels
    ('crf', ('de', 'tr'), ['de', 'tr'])
    """
    if (source is None) == (mono_texts is None):
        raise UsageError("expected either tagged sentences (FILE) or raw text (--mono xx=raw.txt, twice or more)")
    if fold_count == 1 or fold_count < 0 or (fold_count and test is not None):
        raise UsageError(
            f"expected --test FILE or --folds 2 or more; got {fold_count} folds{' and a test file' if test else ''}"
        )
    rng = np.random.default_rng(seed)
    reading = Reading(format, label_map, layer, group, strict)
    judge = Judge(rng, samples, {"seed": seed})
    if mono_texts is not None:
        return _train_mono(mono_texts, out, test, reading, judge, licence, beside_shipped)
    corpora = [reading.corpus(one) for one in listed(source)]
    data = reading.tagged_set(corpora)
    card = Card(", ".join(filter(None, (name_of(one) for one in listed(source)))), licence)
    extra = shipped.evidence(label for line in data.gold for label in line) if beside_shipped else None
    tagger = crf.fit(data.words, data.gold, features=features, extra=extra, card=card)

    def learner(part: TaggedSet) -> Tagger:
        return crf.fit(part.words, part.gold, features=features, extra=extra)

    if test is not None:
        tests = [reading.corpus(test)]
        corpora += tests
        judged, points = judge.on(learner, data, reading.tagged_set(tests), curve, tagger)
        evaluated = "test"
    else:
        judged, points = judge.across(learner, data, fold_count, curve, bool(group))
        evaluated = "folds" if fold_count else "held-out"
    tagger.save(out)
    notes = reading.notes(data) + _few(judged)
    return TrainingReport(
        str(out), "crf", tagger.labels, evaluated, judged, points, tagger.training, problems_of(corpora), notes
    )


def load(folder: str | os.PathLike[str]) -> Tagger:
    """The word tagger that `train` saved, of whichever kind.

    Raises:
        InputError: there is no model there.
        FormatError: it is damaged, or no word tagger.
    """
    kind = model_folder.read(str(folder)).kind
    if kind == "crf":
        return crf.load(str(folder))
    if kind == "mono":
        return mono.load(str(folder))
    raise FormatError(f"expected a word tagger (kind crf or mono); got a model of kind {kind!r}", str(folder))


def _train_mono(
    texts: Mapping[str, Source],
    out: str | os.PathLike[str],
    test: Source | None,
    reading: Reading,
    judge: Judge,
    licence: str,
    beside_shipped: bool,
) -> TrainingReport:
    corpora = {parse(tag): reading.corpus(source) for tag, source in texts.items()}
    if len(corpora) < 2:
        raise UsageError(f"expected raw text of at least two languages; got {', '.join(texts) or 'none'}")
    lines = {tag: [u.text for u in corpus if u.text.strip()] for tag, corpus in corpora.items()}
    card = Card(", ".join(name_of(source) for source in texts.values()), licence, tuple(lines))
    tagger = mono.fit(lines, beside_shipped=beside_shipped, card=card)
    notes: tuple[str, ...] = ()
    if test is not None:
        held = reading.tagged_set([reading.corpus(test)])
        judged = judge.score(held.gold, answers(tagger, held.words), {"eval": "test"})
        evaluated = "test"
    elif min(map(len, lines.values())) < 10:
        judged, evaluated = None, "nothing"
        notes = ("fewer than 10 lines of a language: nothing could be held out to judge on",)
    else:
        kept = {tag: [line for at, line in enumerate(rows) if at % 5] for tag, rows in lines.items()}
        words, gold = mono.spliced({tag: rows[::5] for tag, rows in lines.items()}, rng=judge.rng)
        judged = judge.score(gold, answers(mono.fit(kept, beside_shipped=beside_shipped), words), {"eval": "spliced"})
        evaluated = "spliced"
        notes = ("judged on held-out lines spliced together, not on real mixed text",)
    tagger.save(out)
    problems = problems_of(corpora.values())
    return TrainingReport(str(out), "mono", tagger.labels, evaluated, judged, (), tagger.training, problems, notes)


def listed(source: Source | Sequence[Source] | None) -> list[Source]:
    """One or more sources as a list."""
    if source is None:
        return []
    return [source] if isinstance(source, str | os.PathLike | Corpus) else list(source)


def name_of(source: Source) -> str:
    """What a card calls a source."""
    return source.card.source if isinstance(source, Corpus) else Path(source).name


def problems_of(corpora: Iterable[Corpus]) -> dict[str, Any]:
    """What could not be read in any of the corpora, for JSON."""
    total = Problems()
    for corpus in corpora:
        total.merge(corpus.problems)
    return total.asdict()


def _few(judged: Assessment) -> tuple[str, ...]:
    rare = [name for name, n in zip(judged.names, judged.matrix.sum(1).tolist(), strict=True) if 0 < n < 30]
    return (f"fewer than 30 words to judge on: {', '.join(rare)}",) if rare else ()
