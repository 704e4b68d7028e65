"""Translations and normal forms proposed by a language model, for people to put right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.core.errors import MacaronicError, UnknownName, UsageError
from macaronic.core.languages import name as language_name
from macaronic.core.protocols import LM

LAYERS = ("translation", "norm")
LONGEST = 512
"""So many tokens an answer has at most."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """How many texts were proposed, had one or are finished, got no usable answer, the first error, and lie open."""

    made: int
    had: int
    failed: int
    first: str = ""
    opened: int = 0


def suggest(
    store: Store,
    layers: tuple[str, ...],
    lm: LM,
    *,
    target: str = "en",
    limit: int | None = None,
    say: Callable[[int, int], None] | None = None,
) -> Suggested:
    """Ask a model for every item that has no proposal yet and that nobody has opened; each answer is kept at once.

    Args:
        store: open for writing.
        layers: of `translation` and `norm`, those that the project has.
        lm: the model.
        target: language of the translations.
        limit: so many calls at most.
        say: is told how far it is.

    Raises:
        UnknownName: a layer that a model cannot propose, or that the project does not have.
    """
    for layer in layers:
        if layer not in LAYERS or layer not in store.settings.by_name:
            raise UnknownName("layer", layer, [name for name in LAYERS if name in store.settings.by_name])
    todo = list(_bare(store, layers))
    seen, finished = (_numbers(store, action) for action in ("open", "accept"))
    opened = sum(item.number in seen - finished for item, _ in todo)
    todo = [(item, layer) for item, layer in todo if item.number not in seen]
    counts = store.count()
    had = (counts["work"] + counts["warmup"]) * len(layers) - len(todo) - opened
    made = failed = 0
    first = ""
    for number, (item, layer) in enumerate(todo[:limit], 1):
        try:
            store.propose([(item.number, layer, _proposal(item, layer, store.settings, lm, target))])
            made += 1
        except MacaronicError as error:
            failed += 1
            first = first or f"item {item.number}, {layer}: {error}"
        if say is not None:
            say(number, len(todo[:limit]))
    return Suggested(made, had, failed, first, opened)


def suggestion(item: Item, layer: str, settings: Settings, lm: LM, *, target: str = "en") -> str:
    """What a model proposes for one item: a translation, or its words in their usual spelling with spaces between.

    Raises:
        UsageError: it gave nothing, or not one form for each word.
    """
    text = item.utterance.text
    spoken = ", ".join(map(language_name, settings.languages))
    if layer == "translation":
        task = f"Translate into {language_name(target)}. Answer with the translation alone."
    else:
        task = "Write each word in its usual spelling, in the same language and script, one a line, a line for each."
        text = "\n".join(item.utterance.words)
    prompt = f"{task}\nThe text mixes {spoken or 'languages'}.\n\n{text}"
    asked = [{"role": "user", "content": prompt}]
    reply = asyncio.run(lm.reply(asked, max_tokens=LONGEST, temperature=0.0, seed=0, stop=()))
    answer = reply.text.strip()
    if not answer or reply.finish == "length":
        raise UsageError("the model gave no whole answer.")
    if layer == "norm" and len(answer.splitlines()) != len(item.utterance.tokens):
        raise UsageError(f"expected {len(item.utterance.tokens)} lines; got {len(answer.splitlines())}.")
    return answer


def _proposal(item: Item, layer: str, settings: Settings, lm: LM, target: str) -> Proposal:
    answer = suggestion(item, layer, settings, lm, target=target)
    return Proposal((answer,) if layer == "translation" else tuple(line.strip() for line in answer.splitlines()))


def _bare(store: Store, layers: tuple[str, ...]) -> Iterator[tuple[Item, str]]:
    for item in store.items():
        for layer in layers if item.kind == "work" else ():
            own = item.utterance.labels.get(layer) or any(item.utterance.layers.get(layer, ()))
            if layer not in item.proposals and not own:
                yield item, layer


def _numbers(store: Store, action: str) -> set[int]:
    """The items to which somebody did something."""
    return {number for (number,) in store.ask("SELECT DISTINCT item FROM events WHERE action = ?", (action,))}
