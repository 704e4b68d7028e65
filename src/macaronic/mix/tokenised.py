"""From texts to shards of token ids, in one pass and in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.mix.shards import write_tokens

BATCH = 1000


def write_tokenised(path: str | Path, texts: Iterable[str], tokenizer: str | Path, *, end: str | None = None) -> int:
    """Write texts as token ids, each a document, with its words (at white space) and bytes counted beside it.

    A shard written so can be mixed by tokens, words, bytes or documents.

    Args:
        path: the shard to write.
        texts: the documents, such as `(u.text for u in corpus)`.
        tokenizer: a `tokenizer.json`.
        end: a token to put after each document, such as `</s>`; none when left out.

    Returns:
        how many tokens were written.

    Raises:
        InputError: the tokenizer cannot be read.
        FormatError: it is not a tokenizer.
        UnknownName: it has no token `end`.

    >>> import tempfile
    >>> from tokenizers import Tokenizer, models, pre_tokenizers
    >>> from macaronic.mix.shards import open_shard
    >>> model = Tokenizer(models.WordLevel({"hei": 0, "maailma": 1, "</s>": 2, "?": 3}, "?"))
    >>> model.pre_tokenizer = pre_tokenizers.Whitespace()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     model.save(f"{folder}/tokenizer.json")
    ...     texts = ["hei maailma", "hei"]
    ...     n = write_tokenised(f"{folder}/fi.shard", texts, f"{folder}/tokenizer.json", end="</s>")
    ...     shard = open_shard(f"{folder}/fi.shard")
    ...     shard.items.tolist(), shard.units("words").tolist(), shard.units("bytes").tolist()
    ([0, 1, 2, 0, 2], [2, 1], [11, 3])
    """
    model = _opened(Path(tokenizer))
    last = [] if end is None else [_id(model, end)]
    words: list[int] = []
    sizes: list[int] = []

    def documents() -> Iterator[list[int]]:
        reading = iter(texts)
        while batch := list(islice(reading, BATCH)):
            words.extend(len(text.split()) for text in batch)
            sizes.extend(len(text.encode("utf-8")) for text in batch)
            for encoded in model.encode_batch_fast(batch, add_special_tokens=False):
                yield encoded.ids + last

    most = max(model.get_vocab(with_added_tokens=True).values())
    return write_tokens(path, documents(), vocabulary=most + 1, words=words, bytes=sizes)


def _opened(place: Path) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    try:
        text = place.read_text("utf-8")
    except OSError as error:
        raise InputError(f"cannot read the tokenizer {place}: {error.strerror or error}.") from error
    try:
        return Tokenizer.from_str(text)
    except Exception as error:
        raise FormatError(f"expected a tokenizer.json; got something else ({error}).", str(place), 1) from error


def _id(model: Any, token: str) -> int:
    found: int | None = model.token_to_id(token)
    if found is None:
        raise UnknownName("token", token, model.get_vocab(with_added_tokens=True))
    return found
