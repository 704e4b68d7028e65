"""Label Studio's JSON: tasks with what people and models said of them, in both directions.

Regions (`labels`) of a control whose name holds `lang` or `lid`, or is `pos`, are labels of the words that they cover;
other regions are spans. `choices` and `textarea` are labels of the sentence. Offsets are code points, as newer versions
of Label Studio write them; where a region's own `text` shows that they are UTF-16 units, they are read as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from macaronic.annotate.imported import Imported
from macaronic.annotate.items import Proposal, boundaries
from macaronic.annotate.layers import LANGUAGE, Layer
from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.problems import Problems
from macaronic.core.utterance import Span, Utterance

_WORDS = re.compile(r"lang|lid|^pos$|^norm$", re.I)
Task = Mapping[str, Any]


def is_tasks(value: object) -> bool:
    """Whether a JSON value is what Label Studio exports.

    >>> is_tasks([{"data": {"text": "so"}, "annotations": []}]), is_tasks([{"text": "so"}])
    (True, False)
    """
    first = value[0] if isinstance(value, list) and value else None
    return (
        isinstance(first, dict)
        and isinstance(first.get("data"), dict)
        and not {"annotations", "predictions", "completions"}.isdisjoint(first)
    )


def load(path: str) -> list[Any]:
    """The tasks of a file.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no JSON array of tasks.
    """
    try:
        value = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON in UTF-8: {error}", path) from error
    if not is_tasks(value):
        raise FormatError("expected a JSON array of Label Studio tasks (data, annotations or predictions)", path)
    return list(value)


def read(path: str, problems: Problems, *, text_key: str = "text") -> Iterator[Imported]:
    """The texts of an export, with each person's labels and the newest predictions.

    Args:
        path: of a JSON export.
        problems: where tasks and regions that cannot be read are counted.
        text_key: the field of `data` that holds the text.
    """
    for number, task in enumerate(load(path), 1):
        found = task.get("data") if isinstance(task, dict) else None
        data = found if isinstance(found, dict) else {}
        text = data.get(text_key)
        if not isinstance(text, str) or "\0" in text:
            problems.add(path, 0, f"task {number} has no text under data.{text_key}", kind="no text")
            continue
        yield _imported(
            task, text, {k: v for k, v in data.items() if k != text_key}, f"{path}: task {number}", problems
        )


def _imported(task: Task, text: str, meta: dict[str, Any], where: str, problems: Problems) -> Imported:
    from macaronic.text.words import tokenise

    own = meta.pop("tokens", None)
    tokens = _pairs(own, text) or tuple(tokenise(text))
    name = str(meta.pop("id", None) or task.get("id", ""))
    base = Utterance(text, name, tokens, meta=meta)
    people: dict[str, Utterance] = {}
    for said in task.get("annotations") or task.get("completions") or ():
        if isinstance(said, dict) and not said.get("was_cancelled"):
            cut = _pairs(said.get("tokens"), text) or tokens
            people[_person(said.get("completed_by"))] = _said(base, cut, said, where, problems)
    proposed: dict[str, Proposal] = {}
    for guess in (task.get("predictions") or ())[-1:]:
        made = _said(base, tokens, guess, where, problems, whole=True)
        proposed = {layer: Proposal(labels) for layer, labels in made.layers.items()}
    return Imported(base, proposed, people)


def _pairs(value: Any, text: str) -> tuple[tuple[int, int], ...]:
    try:
        return Utterance(text, "", tuple((int(a), int(b)) for a, b in value)).tokens if value else ()
    except (TypeError, ValueError, FormatError):
        return ()


def _person(value: Any) -> str:
    """Who completed it: a number, or an object with an e-mail address or a number."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    shown = str(value if value is not None else 1)
    plain = "".join(c for c in shown if c.isprintable() and c != "~").strip()[:100]
    return f"person-{plain}" if plain.isdecimal() or not plain else plain


def _said(
    base: Utterance,
    tokens: tuple[tuple[int, int], ...],
    said: Task,
    where: str,
    problems: Problems,
    *,
    whole: bool = False,
) -> Utterance:
    """What one annotation says; words are cut at the edges of regions unless `whole`."""
    regions, spans, labels = [], [], {}
    cuts = boundaries(base.text)
    for result in said.get("result") or ():
        kind = result.get("type") if isinstance(result, dict) else None
        value, name = (result.get("value") or {}, str(result.get("from_name") or "label")) if kind else ({}, "")
        if kind in ("choices", "textarea") and "start" not in value:
            given = value.get("choices") or value.get("text")
            labels[name] = str(given[0] if isinstance(given, list) and given else given or "")
        elif kind in ("labels", "hypertextlabels", "textarea"):
            place = _place(value, base.text)
            given = value.get(kind) or value.get("labels") or value.get("text")
            if place is None or not given or not {*place} <= cuts:
                problems.add(
                    where,
                    0,
                    f"a region ({value.get('start')}, {value.get('end')}) does not fit the text",
                    kind="region",
                )
            elif _WORDS.search(name):
                regions.append((_layer(name), *place, str(given[0] if isinstance(given, list) else given)))
            else:
                spans.append(Span(name, str(given[0] if isinstance(given, list) else given), *place))
    cut = tokens if whole else _cut(tokens, sorted({edge for _, start, end, _ in regions for edge in (start, end)}))
    layers = _word_labels(base.text, cut, regions, where, problems)
    return Utterance(base.text, base.id, cut, layers, tuple(spans), labels={k: v for k, v in labels.items() if v})


def _layer(name: str) -> str:
    return name.lower() if name.lower() in ("pos", "norm") else LANGUAGE


def _place(value: Mapping[str, Any], text: str) -> tuple[int, int] | None:
    """A region's place in code points, checked against the words that the region says it holds."""
    start, end, said = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        return None
    said = said if isinstance(said, str) else None
    if 0 <= start < end <= len(text) and said in (None, text[start:end]):
        return start, end
    units = text.encode("utf-16-le", "surrogatepass")
    piece = units[2 * start : 2 * end].decode("utf-16-le", "replace")
    if said is not None and piece == said:
        begin = len(units[: 2 * start].decode("utf-16-le", "replace"))
        return begin, begin + len(said)
    return (
        (start, end)
        if 0 <= start < end <= len(text) and said is not None and said.strip() == text[start:end].strip()
        else None
    )


def _cut(tokens: Sequence[tuple[int, int]], edges: Sequence[int]) -> tuple[tuple[int, int], ...]:
    pieces: list[tuple[int, int]] = []
    for start, end in tokens:
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        pieces += pairwise(cuts)
    return tuple(pieces)


def _word_labels(
    text: str,
    tokens: Sequence[tuple[int, int]],
    regions: Iterable[tuple[str, int, int, str]],
    where: str,
    problems: Problems,
) -> dict[str, tuple[str | None, ...]]:
    from macaronic.text.formats.labels import label_of

    found: dict[str, list[str | None]] = {}
    for layer, start, end, raw in regions:
        held = found.setdefault(layer, [None] * len(tokens))
        for i, (a, b) in enumerate(tokens):
            if start <= a and b <= end:
                try:
                    held[i] = label_of(raw, text[a:b]) if layer == LANGUAGE else raw
                except UnknownName:
                    problems.add(where, 0, f"unknown word label {raw!r}, read as 'unk'", kind="unknown label")
                    held[i] = "unk"
    return {layer: tuple(labels) for layer, labels in found.items()}


def task_of(
    item: Utterance, people: Mapping[str, Utterance], layers: Sequence[Layer], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """A task with everybody's labels, which Label Studio can take in.

    Args:
        item: as it was read.
        people: name -> the same text as labelled by that person.
        layers: of the project.
        seconds: name -> how long it took.
    """
    data = {**item.meta, "id": item.id, "text": item.text, "tokens": [list(t) for t in item.tokens]}
    made = [
        {
            "completed_by": {"email": who},
            "tokens": [list(t) for t in said.tokens],
            "lead_time": round(seconds.get(who, 0.0), 3),
            "result": list(_results(said, layers)),
        }
        for who, said in people.items()
    ]
    return {"data": data, "annotations": made, "predictions": []}


def _results(said: Utterance, layers: Sequence[Layer]) -> Iterator[dict[str, Any]]:
    for layer in layers:
        head = {"from_name": layer.name, "to_name": "text"}
        kind = "labels" if layer.labels else "textarea"
        if layer.level == "sentence":
            if (label := said.labels.get(layer.key)) is not None:
                kind, key = ("choices", "choices") if layer.labels else ("textarea", "text")
                yield {**head, "id": layer.name, "type": kind, "value": {key: [label]}}
            continue
        places = (
            zip(said.tokens, said.layers.get(layer.name, ()))
            if layer.level == "token"
            else (((s.start, s.end), s.label) for s in said.spans if s.layer == layer.name)
        )
        for (start, end), label in places:
            if label is not None:
                value = {"start": start, "end": end, "text": said.text[start:end], "labels": [label]}
                if kind == "textarea":
                    value = {"start": start, "end": end, "text": [label]}
                yield {**head, "id": f"{layer.name}-{start}-{end}", "type": kind, "value": value}
