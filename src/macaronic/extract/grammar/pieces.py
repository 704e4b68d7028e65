"""The bytes that each token of a tokenizer writes, as a tree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from macaronic.core.errors import UsageError


@dataclass(slots=True, eq=False)
class Branch:
    """A place in the tree: the bytes that go on from it, and the tokens that end here."""

    next: dict[int, Branch] = field(default_factory=dict)
    tokens: list[int] = field(default_factory=list)


def branches(tokens: Mapping[int, bytes]) -> Branch:
    """The tree of some tokens.

    >>> tree = branches({5: b"a", 6: b"ab"})
    >>> tree.next[ord("a")].next[ord("b")].tokens
    [6]
    """
    root = Branch()
    for number, written in tokens.items():
        branch = root
        for byte in written:
            branch = branch.next.setdefault(byte, Branch())
        if written:
            branch.tokens.append(number)
    return root


def token_bytes(tokenizer: Any) -> dict[int, bytes]:
    """What each token writes; special tokens are left out.

    Args:
        tokenizer: a fast tokenizer of transformers with a byte-level decoder, or one that falls back to bytes
            (`<0x41>`) and marks spaces as `▁`.

    Raises:
        UsageError: another kind of tokenizer, or one that cannot write every byte.

    >>> from tokenizers import Tokenizer, decoders, models
    >>> letters = sorted(_byte_letters())
    >>> made = Tokenizer(models.BPE({c: i for i, c in enumerate(letters)}, []))
    >>> made.decoder = decoders.ByteLevel()
    >>> token_bytes(made)[letters.index("Ġ")]
    b' '
    """
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(backend, "to_str"):
        raise UsageError("expected a fast tokenizer, got one without a `tokenizers` backend")
    told = json.loads(backend.to_str())
    added = {one["id"]: one for one in told.get("added_tokens", [])}
    kinds = _kinds(told.get("decoder"))
    letters = _byte_letters()
    out: dict[int, bytes] = {}
    for token, number in backend.get_vocab(with_added_tokens=True).items():
        if number in added:
            if not added[number]["special"]:
                out[number] = added[number]["content"].encode()
        elif "ByteLevel" in kinds:
            out[number] = bytes(letters[c] for c in token if c in letters)
        elif token.startswith("<0x") and token.endswith(">") and len(token) == 6:
            out[number] = bytes([int(token[3:5], 16)])
        else:
            out[number] = token.replace("▁", " ").encode()
    missing = 256 - len({written for written in out.values() if len(written) == 1})
    if missing > 13 + 128 * ("ByteLevel" not in kinds):
        raise UsageError(f"expected a tokenizer that can write every byte; {missing} of 256 are missing from this one")
    return out


def _kinds(decoder: Any) -> set[str]:
    if not isinstance(decoder, dict):
        return set()
    return {str(decoder.get("type"))}.union(*(_kinds(one) for one in decoder.get("decoders", [])))


def _byte_letters() -> dict[str, int]:
    """The letters that byte-level tokenizers write bytes as: printable Latin-1 as itself, others from U+0100 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in plain}
    return letters | {chr(256 + i): byte for i, byte in enumerate(b for b in range(256) if b not in plain)}
