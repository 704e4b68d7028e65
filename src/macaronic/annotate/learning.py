"""A tagger of the project's own, fitted anew as people accept: `python -m macaronic.annotate.learning PROJECT`.

It learns from what was accepted, proposes labels for what is still to come, and puts first what it is least sure of and
has seen least of. One item in ten comes by chance instead, so that its accuracy there is that on the whole. Words that
it is sure of are shown like all others.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from macaronic.annotate.final import finals
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import LANGUAGE, MATRIX, Layer
from macaronic.annotate.learning_queue import Unsure, queue
from macaronic.annotate.learning_store import accepted, keep_fit, remember, remembered
from macaronic.annotate.planted import ROW
from macaronic.annotate.store import Store
from macaronic.annotate.work import Work, work_of
from macaronic.core.languages import is_language
from macaronic.core.protocols import Tagged, Tagger
from macaronic.core.result import Result
from macaronic.core.utterance import Labels, Utterance

EVERY = 25
"""It is fitted again when so many more sentences are accepted."""

FOLDS, RESAMPLES = 5, 400
Share = dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Fit:
    """What one fit was like.

    Args:
        fitted_at: how many sentences were accepted.
        layers: layer -> cross-validated share of right labels, the same of what was proposed before, number of words.
        used: the layers whose labels are proposed by it; where it is no better than what was there it is not used.
    """

    fitted_at: int
    layers: Mapping[str, tuple[float, float, int]]
    used: tuple[str, ...]


def by_chance(number: int) -> bool:
    """Whether an item is of the random tenth.

    >>> 80 < sum(map(by_chance, range(1000))) < 120
    True
    """
    return zlib.crc32(f"chance {number}".encode()) % 10 == 0


def due(store: Store) -> bool:
    """Whether enough was accepted since it was last tried, and there is what fits it."""
    return find_spec("pycrfsuite") is not None and accepted(store) - (remembered(store, "tried") or 0) >= EVERY


def state(store: Store) -> dict[str, Any] | None:
    """What people may know of the tagger: how much it learnt from, and how right it is; None before the first fit."""
    fit = remembered(store, "fit")
    if fit is None:
        return None
    layers = fit["layers"].get(LANGUAGE) or next(iter(fit["layers"].values()), None)
    return {
        "accepted": accepted(store),
        "accuracy": remembered(store, "held_out"),
        "cross": {"value": layers[0], "n": layers[2]} if layers else None,
        "fitted_at": fit["fitted_at"],
        "fitting": False,
    }


def refit(store: Store) -> Fit | None:
    """Fit the tagger to all that is accepted, and propose its labels for the items to come.

    Args:
        store: open for writing.

    Returns:
        What came of it; None when too little is accepted to learn anything.
    """
    tried = accepted(store)
    work = work_of(store)
    taught = [found.utterance for found in finals(work)]
    shown = _shown(store)
    made: dict[str, tuple[Tagger, float, float, int]] = {}
    for layer in work.settings.layers:
        if layer.level == "token" and layer.labels and len(taught) >= EVERY:
            known = _learn(layer, taught, work, shown)
            if known is not None:
                made[layer.name] = known
    if not made:
        remember(store, "tried", tried)
        return None
    used = {name: one[0] for name, one in made.items() if one[1] >= one[2]}
    fit = Fit(len(taught), {name: one[1:] for name, one in made.items()}, tuple(used))
    coming = [item for item in work.items.values() if item.kind == "work" and not _finished(work, item)]
    proposals, doubts = _proposed(coming, used, work.settings.by_name)
    since = remembered(store, "since")
    held = None if since is None else held_out(work, shown, since)
    kept = {"fit": asdict(fit), "held_out": held, "tried": tried}
    keep_fit(store, proposals, queue(doubts, by_chance), kept)
    return fit


def held_out(work: Work, shown: Mapping[tuple[str, int], tuple[int, Mapping[str, Any]]], first: int) -> Share | None:
    """How right the proposals were on the random tenth: as shown before anybody looked, against what was accepted.

    Args:
        work: of the project.
        shown: (person, item) -> number of the event by which it was opened, and what was shown.
        first: only what was opened after this event. Items with planted labels are left out.

    Returns:
        `value` in [0, 1], a 95 % interval `low` to `high` by resampling sentences, `n` words; None without any.
    """
    pairs = []
    for (who, number), (event, labels) in shown.items():
        sheet = work.sheets.get((who, number))
        if event <= first or not by_chance(number) or sheet is None or sheet.state != "accepted":
            continue
        if _plain(work.items[number]):
            pairs.append(
                _right(sheet.item, labels.get(LANGUAGE), dict(zip(sheet.tokens, sheet.token_labels(LANGUAGE))))
            )
    counts = np.array([pair for pair in pairs if pair[1]], dtype=float).reshape(-1, 2)
    if not len(counts):
        return None
    rng = np.random.default_rng(0)
    drawn = counts[rng.integers(len(counts), size=(RESAMPLES, len(counts)))].sum(1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    right, total = counts.sum(0)
    return {"value": round(right / total, 4), "low": round(low, 4), "high": round(high, 4), "n": int(total)}


def _finished(work: Work, item: Item) -> bool:
    return len(work.done(item.number)) >= work.settings.overlap


def _plain(item: Item) -> bool:
    return item.kind == "work" and ROW not in item.proposals


def _shown(store: Store) -> dict[tuple[str, int], tuple[int, dict[str, Any]]]:
    """What each person was shown of each item, and the number of that event."""
    log = (event for event in store.events() if event.action == "open" and event.source != "import")
    return {(event.who, event.item): (event.number, json.loads(event.new or "{}")) for event in log}


def _right(item: Item, proposed: Sequence[str | None] | None, given: Mapping[tuple[int, int], str | None]) -> Any:
    """(how many proposed labels are right, of how many words)."""
    said = [(label, given.get(place)) for place, label in zip(item.utterance.tokens, proposed or ())]
    known = [(label, gold) for label, gold in said if gold is not None]
    return sum(label == gold for label, gold in known), len(known)


def _learn(
    layer: Layer,
    taught: Sequence[Utterance],
    work: Work,
    shown: Mapping[tuple[str, int], tuple[int, Mapping[str, Any]]],
) -> tuple[Tagger, float, float, int] | None:
    """A tagger of a layer, its cross-validated accuracy, that of what was proposed before, and the words of both."""
    lines = [(list(one.words), list(one.layers.get(layer.name, ()))) for one in taught]
    words = [words for words, labels in lines if any(labels)]
    gold = [labels for _, labels in lines if any(labels)]
    if len(gold) < EVERY or len({label for line in gold for label in line if label is not None}) < 2:
        return None
    cross = _across(words, gold)
    counts = [
        _right(work.items[number], labels.get(layer.name), dict(zip(sheet.tokens, sheet.token_labels(layer.name))))
        for (who, number), (_, labels) in shown.items()
        if (sheet := work.sheets.get((who, number))) and sheet.state == "accepted" and _plain(work.items[number])
    ]
    had = sum(n for _, n in counts)
    before = sum(n for n, _ in counts) / had if had else 0.0
    return fitted(words, gold), cross.value or 0.0, before, cross.n


def _across(words: list[list[str]], gold: list[list[str | None]]) -> Result:
    """Accuracy over folds: each sentence is labelled by a tagger that learnt from the others."""
    from macaronic.identify.cross_validation import Judge
    from macaronic.identify.tagged_data import TaggedSet

    data = TaggedSet(words, gold, list(range(len(gold))), "")
    judge = Judge(np.random.default_rng(0), 0, {})
    judged, _ = judge.across(lambda part: fitted(part.words, part.gold), data, FOLDS, (), False)
    return next(one for one in judged.results if one.name == "accuracy")


def fitted(words: Sequence[Sequence[str]], gold: Sequence[Sequence[str | None]]) -> Tagger:
    """A tagger of one layer, which also sees what the shipped model knows of the words where it knows the languages.

    Args:
        words: of each sentence.
        gold: a label or None for each.

    Raises:
        MissingExtra: python-crfsuite is not installed.
        UsageError: there is only one label.
    """
    from macaronic.identify import crf, shipped

    return crf.fit(words, gold, extra=shipped.evidence(label for line in gold for label in line))


def _proposed(
    coming: Sequence[Item], taggers: Mapping[str, Tagger], layers: Mapping[str, Layer]
) -> tuple[list[tuple[int, str, Proposal]], list[Unsure]]:
    """New labels of the items to come, and how unsure each word of them is."""
    words = [list(item.utterance.words) for item in coming]
    proposals: list[tuple[int, str, Proposal]] = []
    found: dict[str, list[Tagged]] = {name: tagger.tag(words) for name, tagger in taggers.items()}
    for name, answers in found.items():
        allowed = set(layers[name].labels)
        for item, answer in zip(coming, answers):
            labels: Labels = tuple(label if label in allowed else None for label in answer.labels)
            sure = tuple(round(float(s), 3) for s in answer.confidence)
            proposals.append((item.number, name, Proposal(labels, sure)))
            if name == LANGUAGE and MATRIX in layers and (matrix := _matrix(labels, layers[MATRIX])):
                proposals.append((item.number, MATRIX, Proposal((matrix,))))
    lead = found.get(LANGUAGE) or next(iter(found.values()), None)
    sure_of = [answer.confidence for answer in lead] if lead else [_old(item) for item in coming]
    doubts = [
        Unsure(item.number, tuple(w), tuple(1 - s for s in sure)) for item, w, sure in zip(coming, words, sure_of)
    ]
    return proposals, doubts


def _old(item: Item) -> Sequence[float]:
    proposal = item.proposals.get(LANGUAGE)
    return proposal.confidence if proposal else ()


def _matrix(labels: Iterable[str | None], layer: Layer) -> str | None:
    """The language of most words."""
    spoken = Counter(label for label in labels if label is not None and is_language(label) and layer.allows(label))
    return spoken.most_common(1)[0][0] if spoken else None


def main() -> None:
    """Fit the tagger of the project that is named."""
    with Store(sys.argv[1], write=True) as store:
        fit = refit(store)
    if fit is None:
        print("too little is accepted to learn from")
    else:
        for name, (cross, before, n) in fit.layers.items():
            use = "used" if name in fit.used else "not used: no better than what was proposed"
            print(f"{name}: {cross:.4f} cross-validated, {before:.4f} proposed before, {n:,} words; {use}")


if __name__ == "__main__":
    main()
