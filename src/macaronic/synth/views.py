"""Views of a parallel row, line by line: clean, mixed, mixed in Latin letters, the same with typing errors.

The views of Hindi-English are named as in HINMIX: `hi`, `hicm` (mixed), `hicmrom` (romanised), `noisyhicmrom` (with
typing errors), `hirom`, and `en`. Words stay one to one from `hicm` to `noisyhicmrom` and from `hi` to `hirom`, with
their layers. A row that cannot be mixed gives no line in any view, so that all files have the same lines.

Source: S019.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from macaronic.core import languages
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.files import atomic_write
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.mixed import Mixed, Outcome, word_label
from macaronic.text.keyboard import Layout
from macaronic.text.noise import KINDS, Kind, moved, noisy, row_rng
from macaronic.text.romanise import romanise, variants
from macaronic.text.words import tokenise

Spelling = Literal["usual", "sampled"]
SPELLINGS: tuple[Spelling, ...] = ("usual", "sampled")
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Views:
    """One sentence in all its views.

    Args:
        group: the row that it is made of.
        method: how it was mixed.
        texts: view name -> utterance with the layers `lang` and, where words come of a mixture, `source`; the noisy
            view also has `clean`, each word as it was before the error.
        meta: settings and what was reached.
    """

    group: str
    method: str
    texts: Mapping[str, Utterance]
    meta: Mapping[str, Any]


def names(tags: Sequence[str], main: str) -> tuple[str, ...]:
    """The names of the views of a row, in order; those in Latin letters only where a language is written otherwise.

    >>> names(["hi", "en"], "hi")
    ('hi', 'hicm', 'hicmrom', 'noisyhicmrom', 'hirom', 'en')
    >>> names(["en", "es"], "es"), names(["en", "hi"], "en")
    (('es', 'escm', 'noisyescm', 'en'), ('en', 'encm', 'encmrom', 'noisyencmrom', 'hi', 'hirom'))
    """
    sides = [main, *(tag for tag in tags if tag != main)]
    rom = "rom" if any(_foreign(tag) for tag in sides) else ""
    mixed = [f"{main}cm", *([f"{main}cmrom"] if rom else []), f"noisy{main}cm{rom}"]
    latin = {tag: [f"{tag}rom"] if _foreign(tag) else [] for tag in sides}
    return (main, *mixed, *latin[main], *(name for tag in sides[1:] for name in (tag, *latin[tag])))


def views(
    row: Parallel,
    mixed: Mixed,
    *,
    rng: np.random.Generator,
    main: str | None = None,
    spelling: Spelling = "usual",
    rate: float = 0.4,
    kinds: Sequence[Kind] = KINDS,
    layout: Layout = "qwerty",
) -> Views:
    """All views of one mixed sentence.

    Args:
        row: the parallel row.
        mixed: a mixture of it.
        rng: spellings and typing errors.
        main: the side that gives the views their names; the mixture's `meta.matrix`, or the first side.
        spelling: `usual` writes each word as it is mostly romanised; `sampled` draws one of its informal spellings by
            weight, the same one for all its occurrences in the sentence.
        rate: share of words with a typing error, in [0, 1].
        kinds: kinds of typing errors; one kind a sentence.
        layout: the keyboard.

    Raises:
        UsageError: `main` is not a side of the row.
        UnknownName: the spelling is not known.

    >>> row = Parallel("7", {"hi": Utterance("यह घर है"), "en": Utterance("this is a house")})
    >>> mixed = Mixed(("यह", "house", "है"), ("hi", "en", "hi"), ("hi", "en", "hi"), (0, 3, 2), "7", "ec")
    >>> made = views(row, mixed, rng=np.random.default_rng(2), kinds=["swap"], rate=1)
    >>> [f"{name}: {u.text}" for name, u in made.texts.items()][1:4]
    ['hicm: यह house है', 'hicmrom: ye house hai', 'noisyhicmrom: ye huose hai']
    >>> made.texts["hicmrom"].langs
    ('hi-Latn', 'en', 'hi-Latn')
    """
    if spelling not in SPELLINGS:
        raise UnknownName("spelling", spelling, SPELLINGS)
    first = main or str(mixed.meta.get("matrix") or row.tags[0])
    if first not in row.texts:
        raise UsageError(f"the main language is a side of the row ({', '.join(row.tags)}); got {first!r}")
    spelled: dict[tuple[str, str], str] = {}
    texts: dict[str, Utterance] = {}
    for name in names(row.tags, first):
        if name in row.texts:
            texts[name] = _side(row.texts[name], name)
        elif name == f"{first}cm":
            texts[name] = mixed.utterance()
        elif name == f"noisy{first}cm" or name == f"noisy{first}cmrom":
            typed = _typed(texts[name.removeprefix("noisy")], rate=rate, rng=rng, kinds=kinds, layout=layout)
            texts[name] = typed
        else:
            texts[name] = latin(texts[name.removesuffix("rom")], spelling=spelling, rng=rng, spelled=spelled)
    named = {name: replace(u, id=f"{mixed.group or row.group}/{name}") for name, u in texts.items()}
    told = {**mixed.meta, "spelling": spelling, "rate": rate}
    return Views(mixed.group or row.group, mixed.method, named, told)


def every(
    made: Iterable[tuple[Parallel, Outcome]],
    *,
    seed: int,
    missed: Counter[str] | None = None,
    main: str | None = None,
    spelling: Spelling = "usual",
    rate: float = 0.4,
    kinds: Sequence[Kind] = KINDS,
    layout: Layout = "qwerty",
) -> Iterator[Views]:
    """The views of many rows; a row's spellings and errors follow from `seed` and its name, whatever its place.

    Args:
        made: rows with what a method of synthesis gave for each.
        seed: of the whole run.
        missed: counts the rows that give no line, by reason.
        main: see `views`, as for the rest.
        spelling: usual or sampled.
        rate: share of words with a typing error.
        kinds: kinds of typing errors.
        layout: the keyboard.

    >>> row = Parallel("7", {"hi": Utterance("यह"), "en": Utterance("this")})
    >>> missed = Counter()
    >>> list(every([(row, Outcome("7", reason="unaligned"))], seed=1, missed=missed)), missed
    ([], Counter({'unaligned': 1}))
    """
    for row, outcome in made:
        if missed is not None and not outcome.sentences:
            missed[str(outcome.reason)] += 1
        for number, mixed in enumerate(outcome.sentences):
            rng = row_rng(seed, row.group, str(number))
            yield views(row, mixed, rng=rng, main=main, spelling=spelling, rate=rate, kinds=kinds, layout=layout)


def latin(
    utterance: Utterance,
    *,
    spelling: Spelling = "usual",
    rng: np.random.Generator | None = None,
    spelled: dict[tuple[str, str], str] | None = None,
) -> Utterance:
    """An utterance in Latin letters, word by word; its `lang` layer says so (`hi` becomes `hi-Latn`).

    Args:
        utterance: with tokens and a `lang` layer.
        spelling: see `views`.
        rng: needed for sampled spellings.
        spelled: (word, tag) -> spelling, to use again and to add to.

    >>> latin(Utterance.from_words(["यह", "house"], layers={"lang": ["hi", "en"]})).text
    'ye house'
    """
    known = {} if spelled is None else spelled
    words, labels = [], []
    for word, label in zip(utterance.words, utterance.langs):
        tag = label if languages.is_language(label) else None
        new = known.get((word, tag or ""))
        if new is None:
            new = known[word, tag or ""] = _spelled(word, tag, rng if spelling == "sampled" else None)
        words.append(new)
        labels.append(languages.in_latin(tag) if tag and _foreign(tag) else label)
    return _reworded(utterance, words).with_layer("lang", labels)


def write_lines(prefix: str | os.PathLike[str], made: Iterable[Views]) -> dict[str, int]:
    """One file a view, `PREFIX.hi`, `PREFIX.hicm`..., all with the same number of lines.

    Line ends inside a text become spaces. Each file appears when all lines are written, or not at all.

    Returns:
        file -> lines.

    Raises:
        UsageError: rows whose views have different names: other languages, or another main one.
    """
    paths: list[str] = []
    count = 0
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for row in made:
            if not files:
                for name in row.texts:
                    paths.append(f"{os.fspath(prefix)}.{name}")
                    files[name] = stack.enter_context(atomic_write(paths[-1], "w"))
            if list(files) != list(row.texts):
                raise UsageError(
                    f"row {row.group} has the views {', '.join(row.texts)}; the rows before have {', '.join(files)}"
                )
            for name, utterance in row.texts.items():
                files[name].write(" ".join(utterance.text.splitlines()) + "\n")
            count += 1
    return dict.fromkeys(paths, count)


def write_jsonl(path: str | os.PathLike[str], made: Iterable[Views], *, layers: bool = True) -> int:
    """One JSON object a row: `method`, `i` (the row's name), a text a view; how many rows.

    Args:
        path: the file.
        made: rows.
        layers: also `layers`: for each view its words (`form`) and a label a word for each layer.
    """
    count = 0
    with atomic_write(path, "w") as file:
        for row in made:
            told: dict[str, Any] = {"method": row.method, "i": row.group}
            told |= {name: utterance.text for name, utterance in row.texts.items()}
            if layers:
                told["layers"] = {name: {"form": u.words, **u.layers} for name, u in row.texts.items()}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
            count += 1
    return count


def _side(utterance: Utterance, tag: str) -> Utterance:
    """A side with tokens and a language for each word."""
    if not utterance.tokens:
        utterance = replace(utterance, tokens=tuple(tokenise(utterance.text)), layers={})
    if "lang" in utterance.layers:
        return utterance
    return utterance.with_layer("lang", [word_label(word, tag) for word in utterance.words])


def _typed(
    utterance: Utterance, *, rate: float, rng: np.random.Generator, kinds: Sequence[Kind], layout: Layout
) -> Utterance:
    text, slips = noisy(utterance.text, rate=rate, rng=rng, kinds=kinds, layout=layout, tokens=utterance.tokens)
    flat = moved([offset for span in utterance.tokens for offset in span], slips).tolist()
    tokens = tuple(zip(flat[::2], flat[1::2]))
    meta = {**utterance.meta, **({"noise": slips[0].kind} if slips else {})}
    layers = {**utterance.layers, "clean": utterance.words}
    return replace(utterance, text=text, tokens=tokens, meta=meta, layers=layers, spans=(), relations=())


def _reworded(utterance: Utterance, words: Sequence[str]) -> Utterance:
    """The utterance with other words in the same places; what stands between them stays."""
    parts, tokens, at, length = [], [], 0, 0
    for (start, end), word in zip(utterance.tokens, words):
        gap = utterance.text[at:start]
        length += len(gap)
        tokens.append((length, length + len(word)))
        length += len(word)
        parts += [gap, word]
        at = end
    text = "".join([*parts, utterance.text[at:]])
    return replace(utterance, text=text, tokens=tuple(tokens), spans=(), relations=())


def _spelled(word: str, tag: str | None, rng: np.random.Generator | None) -> str:
    """One word in Latin letters; as it is where nothing or a blank would come of it."""
    if word.isascii():
        return word
    if rng is None or tag is None or not _foreign(tag):
        new = romanise(word, tag)
    else:
        choices = variants(word, tag, _CANDIDATES)
        at = int(rng.choice(len(choices), p=[weight for _, weight in choices])) if len(choices) > 1 else 0
        new = choices[at][0]
    return new if new and not any(map(str.isspace, new)) else word


def _foreign(tag: str) -> bool:
    return languages.script(tag) != "Latn"
