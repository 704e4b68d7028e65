"""From rows to token ids and labels, a kind of row at a time; what does not fit is counted, never cut in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.problems import Problems
from macaronic.train.rows import Placed, Row

Feature = dict[str, list[int]]
IGNORE = -100
WANTED = {
    "causal": ("text", "prompt and completion"),
    "mlm": ("text",),
    "seq2seq": ("source and target",),
    "tokens": ("words (or tokens) and labels",),
    "text": ("text and label",),
}
"""Task -> the fields that a row needs."""


def texts(rows: Iterable[Placed]) -> Iterator[str]:
    """All text of rows, for learning a tokenizer."""
    for _, _, row in rows:
        for name in ("text", "prompt", "completion", "source", "target"):
            if isinstance(row.get(name), str):
                yield row[name]
        if isinstance(words := row.get("words", row.get("tokens")), list):
            yield " ".join(map(str, words))


def is_packed(task: str, row: Row) -> bool:
    """Whether rows of this kind are laid one after the other and cut into windows.

    >>> is_packed("causal", {"text": "a"}), is_packed("causal", {"prompt": "a", "completion": "b"})
    (True, False)
    """
    return task == "mlm" or (task == "causal" and "prompt" not in row)


def labels_of(task: str, rows: Iterable[Placed]) -> tuple[str, ...]:
    """The labels that occur, sorted.

    >>> labels_of("text", [("a", 1, {"text": "x", "label": "b"}), ("a", 2, {"text": "x", "label": "a"})])
    ('a', 'b')
    """
    if task == "tokens":
        return tuple(sorted({str(x) for _, _, row in rows for x in row.get("labels") or ()}))
    return tuple(sorted({str(row["label"]) for _, _, row in rows if row.get("label") not in (None, "")}))


def windows(rows: Iterable[Placed], tokenizer: Any, length: int, problems: Problems) -> Iterator[Feature]:
    """Windows of exactly `length` tokens out of texts that each end with eos; what is left at the end is dropped."""
    left: list[int] = []
    for ids in documents(rows, tokenizer, problems):
        left += ids
        whole = len(left) // length * length
        for at in range(0, whole, length):
            yield {"input_ids": left[at : at + length]}
        del left[:whole]


def documents(rows: Iterable[Placed], tokenizer: Any, problems: Problems) -> Iterator[list[int]]:
    """The ids of each text, with eos behind."""
    for where, line, row in rows:
        text = row.get("text")
        if not isinstance(text, str) or not text:
            problems.add(where, line, f"expected a field text; got {_fields(row)}", kind="fields")
            continue
        yield [*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]


def features(
    task: str, rows: Iterable[Placed], tokenizer: Any, length: int, labels: Sequence[str], problems: Problems
) -> Iterator[Feature]:
    """The ids and labels of each row; a row that is longer than `length` or lacks a field is counted in `problems`.

    Args:
        task: causal (prompt and completion: only the completion and its eos are learnt), seq2seq, tokens or text.
        rows: (place, line, row).
        tokenizer: with an eos token.
        length: most tokens; for seq2seq of each side.
        labels: what label ids stand for.
        problems: where rows that are left out are counted.
    """
    make = {"causal": _completion, "seq2seq": _pair, "tokens": _words, "text": _labelled}[task]
    number = {label: i for i, label in enumerate(labels)}
    for where, line, row in rows:
        try:
            made = make(row, tokenizer, number)
        except (KeyError, TypeError, ValueError) as error:
            said = str(error) if type(error) is ValueError else ""
            need = " or ".join(WANTED[task])
            problems.add(where, line, said or f"expected {need}; got {_fields(row)}", kind="fields")
            continue
        longest = max(len(ids) for ids in made.values())
        if longest > length:
            problems.add(where, line, f"{longest} tokens; length is {length}, the row is left out", kind="too long")
        else:
            yield made


def _fields(row: Row) -> str:
    return f"the fields {', '.join(map(str, list(row)[:6]))}" if row else "no fields"


def _text(row: Row, name: str) -> str:
    if not isinstance(row[name], str):
        raise TypeError(name)
    return str(row[name])


def _ids(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _completion(row: Row, tokenizer: Any, number: dict[str, int]) -> Feature:
    begin = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    asked = begin + _ids(tokenizer, _text(row, "prompt"))
    said = [*_ids(tokenizer, _text(row, "completion")), tokenizer.eos_token_id]
    return {"input_ids": asked + said, "labels": [IGNORE] * len(asked) + said}


def _pair(row: Row, tokenizer: Any, number: dict[str, int]) -> Feature:
    end = tokenizer.eos_token_id
    source, target = _ids(tokenizer, _text(row, "source")), _ids(tokenizer, _text(row, "target"))
    return {"input_ids": [*source, end], "labels": [*target, end]}


def _words(row: Row, tokenizer: Any, number: dict[str, int]) -> Feature:
    words, labels = row["words"] if "words" in row else row["tokens"], row["labels"]
    if len(words) != len(labels):
        raise ValueError(f"expected a label for each word; got {len(words)} words and {len(labels)} labels")
    spaced = [str(word) if i == 0 else f" {word}" for i, word in enumerate(words)]
    ids, marks = [], []
    for word, label in zip(spaced, labels, strict=True):
        pieces = _ids(tokenizer, word)
        ids += pieces
        marks += [number[str(label)], *[IGNORE] * (len(pieces) - 1)][: len(pieces)]
    return {"input_ids": [*ids, tokenizer.eos_token_id], "labels": [*marks, IGNORE]}


def _labelled(row: Row, tokenizer: Any, number: dict[str, int]) -> Feature:
    begin = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    ids = [*begin, *_ids(tokenizer, _text(row, "text")), tokenizer.eos_token_id]
    return {"input_ids": ids, "labels": [number[str(row["label"])]]}


def held_out(count: int, share: float, seed: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which of `count` features are held out: the same for the same seed, at least one when `share` is above 0.

    Raises:
        UsageError: nothing would be left to learn from.

    >>> int(held_out(10, 0.25, 1).sum())
    2
    """
    out = np.zeros(count, bool)
    if share > 0:
        number = max(1, int(count * share))
        if number >= count:
            raise UsageError(f"expected more rows: {count} leave none to learn from when {share:.0%} is held out.")
        out[np.random.default_rng([seed, 7]).permutation(count)[:number]] = True
    return out
