"""The template for re-enacted dialogue: people listen to both sides of a pair and say whether they match.

An item holds the words of both sides, a line each. `meta.media` lists the sounds (label, path, start, end) and
`meta.sides` says which words are whose; paths go from the folder that the project's settings call `media`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from macaronic.annotate.final import final
from macaronic.annotate.imported import Imported
from macaronic.annotate.items import Item
from macaronic.annotate.layers import Layer, layers_of
from macaronic.annotate.pair_manifest import Pair, outliers, speaker_split
from macaronic.annotate.sound_files import below
from macaronic.annotate.work import Work
from macaronic.core.errors import UsageError
from macaronic.core.files import write_text
from macaronic.core.utterance import Utterance
from macaronic.text.words import tokenise

TEMPLATE = "re-enactment"
MATCH = {
    "close": "Both say the same and feel the same. Example: “so happy for you!” and “¡qué alegría!”, both said warmly.",
    "other-meaning": "The words say something else. Example: “see you at nine” and “nos vemos mañana”.",
    "other-feeling": "The words match, the voice does not: one is glad, the other bored. Example: a flat “qué bien”.",
    "unusable": "One side cannot be judged. Example: noise over the voice, another speaker, an empty stretch.",
}
QUALITY = {
    "good": "Clear sound, the whole utterance and nothing else.",
    "noisy": "You understand it, but there is noise, or somebody speaks over it.",
    "cut": "The stretch begins too late or ends too early: a word is torn.",
    "long": "The stretch holds more than the utterance.",
}
SAID = ("match", "quality", "transcription", "comment")
"""The columns that an export adds, one for each layer."""


def layers() -> tuple[Layer, ...]:
    """What people say of a pair.

    >>> [layer.name for layer in layers()]
    ['match', 'quality', 'transcription', 'comment']
    """
    heard = {"": "What is really said, where the words above are wrong. Example: “a: so it goes”."}
    comment = layers_of("norm", ["en"])[-1]
    return (
        Layer(name="match", level="sentence", labels=tuple(MATCH), about=MATCH),
        Layer(name="quality", level="sentence", labels=tuple(QUALITY), about=QUALITY),
        Layer(name="transcription", level="sentence", about=heard),
        comment,
    )


def rows(pairs: Sequence[Pair]) -> Iterator[Imported]:
    """The pairs as texts for a project, each with the half of a proposed split that its speaker is in.

    Args:
        pairs: of a manifest, checked.
    """
    split, far = speaker_split(pairs), {pair.id for pair in outliers(pairs)}
    for pair in pairs:
        extra: dict[str, Any] = {"split": split[pair.sides[0].speaker]}
        if pair.id in far:
            extra["outlier"] = f"side b is {pair.ratio:.2f} times as long as side a"
        yield Imported(_utterance(pair, extra))


def notes(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """What a person should know of a manifest: pairs with odd durations, and the proposed split."""
    split = speaker_split(pairs)
    test = [who for who, half in split.items() if half == "test"]
    held = sum(pair.sides[0].speaker in test for pair in pairs)
    odd = [f"line {pair.line}: pair {pair.id}: side b is {pair.ratio:.2f} times side a" for pair in outliers(pairs)]
    tested = f"{held} pairs of {len(test)} speakers for testing"
    trained = f"{len(pairs) - held} of {len(split) - len(test)} for training"
    return (*odd, f"proposed split: {tested}, {trained}; no speaker is in both")


def _utterance(pair: Pair, extra: dict[str, Any]) -> Utterance:
    texts = [" ".join(side.text.split()) for side in pair.sides]
    text, second = "\n".join(texts), len(texts[0]) + 1
    places = ((0, len(texts[0])), (second, second + len(texts[1])))
    media, sides = [], []
    for name, side, (start, end) in zip("ab", pair.sides, places):
        first = "original" if name == pair.original else "re-enacted"
        media.append({"label": f"{side.lang} ({first})", "path": side.audio, "start": side.start, "end": side.end})
        sides.append({"lang": side.lang, "speaker": side.speaker, "start": start, "end": end})
    tokens = tuple(tokenise(text))
    return Utterance(text, pair.id, tokens, meta={"media": media, "sides": sides, "pair": dict(pair.row), **extra})


def media_root(project: str | Path, media: str) -> Path:
    """The folder of a project's sound files.

    Args:
        project: the project file.
        media: of its settings: a path from the project file's folder, or an absolute one.

    Raises:
        UsageError: the project has no sound files.
    """
    if not media:
        raise UsageError(f"{project} has no sound files; a project of --template {TEMPLATE} has")
    return (Path(project).resolve().parent / media).resolve()


def sound(item: Item, number: int, root: str | Path) -> Path:
    """The sound file of an item.

    Args:
        item: of a project.
        number: which of its `meta.media`, from 0.
        root: `media_root` of the project.

    Raises:
        UsageError: the item has no such sound, or its name leads out of the folder.
    """
    held = item.utterance.meta.get("media")
    named = held[number] if isinstance(held, list) and 0 <= number < len(held) else None
    if not isinstance(named, dict):
        raise UsageError(f"item {item.number} has no sound number {number}")
    return below(root, str(named.get("path", "")))


def export(work: Work, path: str | Path) -> int:
    """Write the pairs that people have accepted as a manifest again, with what they said in columns behind.

    Args:
        work: of a project of this template.
        path: the table; `.tsv` has tabs. Its sound files are those of the first manifest, so it belongs beside it.

    Returns:
        How many pairs.

    Raises:
        UsageError: the project is of another kind, or nothing is accepted yet.
        InputError: it cannot be written.
    """
    found = [row for number in work.items if (row := _row(work, number)) is not None]
    if not found:
        raise UsageError(f"no pair of --template {TEMPLATE} is accepted yet, so there is nothing to export.")
    columns = list(dict.fromkeys(key for row in found for key in row))
    written = io.StringIO()
    table = csv.DictWriter(
        written, columns, delimiter="\t" if Path(path).suffix == ".tsv" else ",", restval="", lineterminator="\n"
    )
    table.writeheader()
    table.writerows(found)
    write_text(path, written.getvalue())
    return len(found)


def _row(work: Work, number: int) -> dict[str, str] | None:
    """The manifest's columns of an item and what was said of it; None when nobody has accepted it."""
    pair = work.items[number].utterance.meta.get("pair")
    answer = final(work, number) if isinstance(pair, dict) else None
    if answer is None or not isinstance(pair, dict):
        return None
    return {**pair, **{name: answer.utterance.labels.get(name, "") for name in SAID}, "way": answer.way}
