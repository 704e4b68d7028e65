"""Mixed versions of a parallel test set, or of one's own prompts, and what mixing changes, item by item.

Every version is made of the same items: plain in the main language, and with a part of its words in another one, by
any method of `synth`. Main and embedded language may change places, so that both directions are compared.

Source: S003 (noun-token and ratio-token versions, both directions, change to the plain set); S006 (tasks of mixed
text in many languages).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.paired import holm
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.evaluate.compare import ALL, Change, compare
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.mixed_items import Item
from macaronic.measure.cmi import cmi
from macaronic.synth.make import STEERED, Method, Settings, make
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.text.words import tokenise

PLAIN = "plain"
CHOOSE = "Answer with the letter of the right choice alone."
MARKS = "ABCDEFGHIJ"
WITH_RATIO = ("ratio-token", "substitute")


@dataclass(frozen=True, slots=True)
class Version:
    """How items are mixed.

    Args:
        main: the language that the items are in.
        embedded: the one that words are put in of.
        method: of `synth.make.METHODS`.
        amount: how much: the share of words for ratio-token and substitute (0 to 1), the embedded share for lattices,
            the Code-Mixing Index for target-cmi (0 to 100); None for methods that have no dial.
        seed: of what is random.

    >>> Version("en", "hi", "ratio-token", 0.2).name
    'en+hi/ratio-token/0.2'
    """

    main: str
    embedded: str
    method: Method = "ratio-token"
    amount: float | None = None
    seed: int = 1

    @property
    def name(self) -> str:
        """Languages, method and amount."""
        amount = "" if self.amount is None else f"/{self.amount:g}"
        return f"{self.main}+{self.embedded}/{self.method}{amount}"

    def settings(self) -> Settings:
        """What `synth` is told.

        Raises:
            UsageError: the method has no such dial, or the amount is out of range.
        """
        pair = (self.main, self.embedded)
        if self.amount is None:
            return Settings(self.method, pair, seed=self.seed)
        if self.method in WITH_RATIO:
            return Settings(self.method, pair, ratio=self.amount, seed=self.seed)
        if self.method == "target-cmi":
            return Settings(self.method, pair, target_cmi=self.amount, tolerance=None, seed=self.seed)
        if self.method in STEERED:
            return Settings(self.method, pair, embedded_share=self.amount, tolerance=None, seed=self.seed)
        raise UsageError(f"{self.method} has no amount; leave it out, or take {', '.join(WITH_RATIO)}, target-cmi, ec.")


def plain_rows(items: Sequence[Item], main: str, *, ask: str = CHOOSE) -> Iterator[dict[str, Any]]:
    """The items as they are, one row each; those without this language are left out.

    >>> item = Item("1", {"en": {"prompt": "How are you?"}, "es": {"prompt": "¿Cómo estás?"}})
    >>> [(row["id"], row["prompt"], row["allowed"]) for row in plain_rows([item], "en")]
    [('1|en/plain', 'How are you?', ['en'])]
    """
    for item in items:
        if main in item.texts:
            row = _row(item, main, f"{main}/{PLAIN}", item.texts[main], item.choices.get(main, ()), ask)
            yield {**row, "allowed": [main], "mixed_share": 0.0, "cmi": 0.0}


def mixed_rows(
    items: Sequence[Item],
    version: Version,
    *,
    with_choices: bool = False,
    ask: str = CHOOSE,
    missed: Counter[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The items with words of the other language put in; all texts of an item are mixed, its choices where asked.

    Args:
        items: in both languages.
        version: languages, method and amount.
        with_choices: whether choices are mixed too; labels of a classification set never are.
        ask: what stands below the choices.
        missed: counts items that give no row, by reason. An item whose fields cannot all be mixed is mixed where it
            can be; `mixed_share` and `cmi` say what was reached.
    """
    settings = version.settings()
    both = [item for item in items if version.main in item.texts and version.embedded in item.texts]
    places, rows = [], []
    for i, item in enumerate(both):
        for name, row in _parallels(item, version, with_choices):
            places.append((i, name))
            rows.append(row)
    made: list[dict[str, Mixed]] = [{} for _ in both]
    why: list[str] = ["no text in both languages"] * len(both)
    for (i, name), outcome in zip(places, make(rows, settings), strict=True):
        if outcome.sentences and outcome.sentences[0].is_mixed:
            made[i][name] = outcome.sentences[0]
        else:
            why[i] = _reason(outcome)
    for item, mixed, reason in zip(both, made, why):
        if mixed:
            yield _mixed_row(item, version, mixed, ask)
        elif missed is not None:
            missed[reason] += 1
    if missed is not None and len(both) < len(items):
        missed["not in both languages"] += len(items) - len(both)


def _reason(outcome: Outcome) -> str:
    return str(outcome.reason or "no word of the other language came in")


def _parallels(item: Item, version: Version, with_choices: bool) -> Iterator[tuple[str, Parallel]]:
    """Each text of an item, and each choice, as a parallel row; sentences are left together, so links may cross."""
    ours, theirs = item.texts[version.main], item.texts[version.embedded]
    pairs = {name: (text, theirs[name]) for name, text in ours.items() if name in theirs}
    choices = item.choices.get(version.main, ()), item.choices.get(version.embedded, ())
    if with_choices and len(choices[0]) == len(choices[1]) and choices[0] != choices[1]:
        pairs |= {f"choice {k}": pair for k, pair in enumerate(zip(*choices))}
    for name, (text, other) in pairs.items():
        sides = {version.main: _cut(text), version.embedded: _cut(other)}
        yield name, Parallel(f"{item.id}/{name}", sides)


def _cut(text: str) -> Utterance:
    return Utterance(text, tokens=tuple(tokenise(text)))


def _mixed_row(item: Item, version: Version, mixed: Mapping[str, Mixed], ask: str) -> dict[str, Any]:
    main, embedded = version.main, version.embedded
    texts = {name: mixed[name].text if name in mixed else text for name, text in item.texts[main].items()}
    choices = [
        mixed[f"choice {k}"].text if f"choice {k}" in mixed else text
        for k, text in enumerate(item.choices.get(main, ()))
    ]
    row = _row(item, main, version.name, texts, choices, ask)
    langs = [label for one in mixed.values() for label in one.langs]
    counts = Counter(label for label in langs if label != "other")
    share = 1 - counts[main] / counts.total() if counts else 0.0
    told = {"embedded": embedded, "method": version.method, "amount": version.amount}
    return {**row, **told, "allowed": [main, embedded], "mixed_share": round(share, 4), "cmi": round(cmi(langs), 2)}


def _row(
    item: Item, main: str, version: str, texts: Mapping[str, str], choices: Sequence[str], ask: str
) -> dict[str, Any]:
    lines = [*texts.values(), *(f"{mark}. {text}" for mark, text in zip(MARKS, choices)), *([ask] if choices else [])]
    row = {"id": f"{item.id}|{version}", "item": item.id, "language": main, "version": version}
    return {**row, "prompt": "\n".join(lines), "choices": list(choices), "answer": item.answer}


def changes(judged: Sequence[Judged], *, samples: int = 1000, seed: int = 0) -> list[tuple[str, Change]]:
    """What mixing changes: each version against the plain items, then versions of one language, direction and amount.

    Where several versions of an item fall together, in one language or two, their mean stands for the item, so that
    what is resampled stays independent.

    Args:
        judged: ids `item|version`, groups the versions; items that a version lacks are left out of its comparison.
        samples: bootstrap resamples.
        seed: of these, and of the sign flips.

    Returns:
        (kind, change) with the kinds `version`, `main`, `embedded`, `amount` and `all`; a change's `language` is the
        level. p-values are corrected over the levels of a kind (Holm); kinds with one level alone are left out.

    >>> plain = [Judged(f"{i}|en/plain", {"accuracy": 1.0}, "en", "en/plain") for i in range(40)]
    >>> worse = [Judged(f"{i}|en+hi/x/0.2", {"accuracy": i % 2}, "en", "en+hi/x/0.2") for i in range(40)]
    >>> [(kind, one.language, one.change) for kind, one in changes([*plain, *worse])]
    [('version', 'en+hi/x/0.2', -0.5)]
    """
    versions: dict[str, dict[str, Judged]] = {}
    for one in judged:
        versions.setdefault(one.group, {})[one.id.rpartition("|")[0]] = one
    pairs = {}
    for name, held in versions.items():
        base = versions.get(f"{_parts(name)['main']}/{PLAIN}", {})
        shared = {key: one for key, one in held.items() if key in base}
        if not name.endswith(f"/{PLAIN}") and shared:
            pairs[name] = ([_as(base[key], key) for key in shared], [_as(one, key) for key, one in shared.items()])
    kinds: dict[str, dict[str, list[str]]] = {"version": {name: [name] for name in pairs}}
    for kind in ("main", "embedded", "amount", ALL):
        levels: dict[str, list[str]] = {}
        for name in pairs:
            levels.setdefault(_parts(name)[kind], []).append(name)
        if len(levels) > 1 or (kind == ALL and len(pairs) > 1):
            kinds[kind] = levels
    return [(kind, one) for kind, levels in kinds.items() for one in _compared(levels, pairs, samples, seed)]


def _parts(name: str) -> dict[str, str]:
    """Main and embedded language and amount in a version's name.

    >>> _parts("en+hi/ratio-token/0.2")["embedded"], _parts("en/plain")["main"]
    ('hi', 'en')
    """
    direction, _, how = name.partition("/")
    main, _, embedded = direction.partition("+")
    return {"main": main, "embedded": embedded, "amount": how, ALL: ALL}


def _as(one: Judged, item: str) -> Judged:
    """The answer under the item's name, the same for all versions and languages."""
    return replace(one, id=item, language="")


def _compared(
    levels: Mapping[str, Sequence[str]],
    pairs: Mapping[str, tuple[list[Judged], list[Judged]]],
    samples: int,
    seed: int,
) -> list[Change]:
    """The change of each level, each metric corrected over the levels."""
    found: list[Change] = []
    for level, names in levels.items():
        rng = np.random.default_rng(seed)
        base, new = [pairs[name][0] for name in names], [pairs[name][1] for name in names]
        found += [replace(one, language=level) for one in compare(base, new, samples=samples, rng=rng)]
    for metric in {one.metric for one in found}:
        places = [i for i, one in enumerate(found) if one.metric == metric]
        for i, adjusted in zip(places, holm([found[i].p for i in places])):
            found[i] = replace(found[i], adjusted=adjusted)
    return found
