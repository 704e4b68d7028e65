"""The tagger that learns while people work: how right it is and how many keys are left, by sentences accepted:
`python benchmarks/annotate_learning.py [--out FILE]`.

Sentences are accepted with their gold labels from a train split, in the order of the file and in the order of the
queue; the dev split is never accepted. Keys are those of `annotate.actions_needed.keys` on the dev split: a plan that a
person can follow. Sets are found through MACARONIC_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.annotate.actions_needed import clicks, keys
from macaronic.annotate.learning import by_chance, fitted
from macaronic.annotate.learning_queue import Unsure, queue
from macaronic.core.protocols import Tagger
from macaronic.core.utterance import Utterance
from macaronic.identify import tagger
from macaronic.text import formats

SETS = {
    "Turkish-German (SAGT dev)": ("codemix-tr-de-sagt/qtd_sagt-ud-{}.conllu", ("tr", "de")),
    "Arabizi-French (NArabizi dev)": ("codemix-arabizi/qaf_arabizi-ud-{}.conllu", ("arq-Latn", "fr")),
}
COUNTS = (0, 25, 50, 100)


def read(path: Path) -> list[Utterance]:
    """Sentences with words."""
    return [one for one in formats.read(str(path)).utterances() if one.tokens]


def judged(found: Tagger, dev: Sequence[Utterance], languages: Sequence[str] | None) -> dict[str, Any]:
    """How right a tagger is, and what is left to do."""
    answers = found.tag([list(one.words) for one in dev], languages)
    labels = sorted(
        {label for row in (*(one.langs for one in dev), *(x.labels for x in answers)) for label in row if label}
    )
    words = [(a == g, s) for one, x in zip(dev, answers) for a, g, s in zip(x.labels, one.langs, x.confidence) if g]
    doubtful = sorted(words, key=lambda pair: pair[1])[: len(words) // 5]
    wrong = sum(not right for right, _ in words)
    per = [keys(x.labels, _wanted(one, x.labels), x.confidence, labels) for one, x in zip(dev, answers)]
    mouse = [clicks(x.labels, _wanted(one, x.labels), labels) for one, x in zip(dev, answers)]
    return {
        "accuracy": round(sum(right for right, _ in words) / len(words), 4),
        "words": len(words),
        "sentences": len(dev),
        "keys_a_sentence": round(sum(per) / len(per), 3),
        "clicks_a_sentence": round(sum(mouse) / len(mouse), 3),
        "errors_in_least_sure_fifth": round(sum(not right for right, _ in doubtful) / max(1, wrong), 3),
    }


def _wanted(one: Utterance, shown: Sequence[str | None]) -> list[str | None]:
    return [gold or label for gold, label in zip(one.langs, shown)]


def in_queue_order(train: Sequence[Utterance], count: int, languages: Sequence[str]) -> list[int]:
    """The first sentences that the queue brings, refitted every 25."""
    taken: list[int] = list(range(25))
    while len(taken) < count:
        found = fitted([list(train[i].words) for i in taken], [list(train[i].langs) for i in taken])
        left = [i for i in range(len(train)) if i not in set(taken)]
        answers = found.tag([list(train[i].words) for i in left])
        doubts = [Unsure(i, tuple(train[i].words), tuple(1 - s for s in x.confidence)) for i, x in zip(left, answers)]
        taken += [number for number, _, _ in queue(doubts, by_chance)][:25]
    return taken[:count]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(Path(__file__).parent / "results" / "annotate_learning.json"))
    out = Path(parser.parse_args().out)
    data = Path(os.environ.get("MACARONIC_DATA", ""))
    rows = []
    for name, (pattern, languages) in SETS.items():
        train, dev = (read(data / pattern.format(part)) for part in ("train", "dev"))
        for count in COUNTS:
            if not count:
                rows.append({"set": name, "accepted": 0, **judged(tagger.load(), dev, languages)})
                continue
            for order in ("file", "queue") if count > 25 else ("file",):
                chosen = list(range(count)) if order == "file" else in_queue_order(train, count, languages)
                begin = time.process_time()
                found = fitted([list(train[i].words) for i in chosen], [list(train[i].langs) for i in chosen])
                seconds = time.process_time() - begin
                row = {"set": name, "accepted": count, "order": order, "fit_seconds": round(seconds, 2)}
                rows.append({**row, **judged(found, dev, None)})
            print(json.dumps(rows[-1]), flush=True)
    found = {"command": "python benchmarks/annotate_learning.py", "version": __version__, "rows": rows}
    out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
