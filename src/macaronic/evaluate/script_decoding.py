"""Local models made to write in one script, and the scripts that their hidden layers lean to.

The mask is right for byte-level tokens, which may hold a part of a character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.extract.grammar.pieces import token_bytes
from macaronic.text.scripts import script_names, script_numbers, script_shares

Floats = NDArray[np.float64]
PIECE = "(part of a character)"


def token_scripts(tokenizer: Any) -> list[str]:
    """The script of each token id: an ISO 15924 code, `Zyyy` without letters, several codes joined by `+`, or `PIECE`.

    Args:
        tokenizer: of transformers.
    """
    out = []
    for i in range(len(tokenizer)):
        text = tokenizer.decode([i], clean_up_tokenization_spaces=False)
        if "\ufffd" in text:
            out.append(PIECE)
            continue
        shares = script_shares(text)
        out.append("+".join(sorted(shares)) or "Zyyy")
    return out


class InScripts:
    """The tokens that go on a text in these scripts; hand it to `synth.constrained.Constrained`.

    A token is allowed when, behind the bytes of the last token that ended inside a character, it completes characters
    of the allowed scripts alone (or none), and what is left over can still become one.

    Args:
        tokens: id -> bytes, of `extract.grammar.pieces.token_bytes`.
        scripts: ISO 15924 codes, such as `Deva`; what no script owns (digits, punctuation, blanks) is allowed too.
        eos: ids that end a text.

    Raises:
        UnknownName: no such script.

    Source: S022 (decoding within one script).

    >>> rule = InScripts({1: "न".encode(), 2: b"no", 3: "न".encode()[:2], 4: "न".encode()[2:]}, ["Deva"], eos=[0])
    >>> rule.following([]).tolist(), rule.following([3]).tolist()
    ([0, 1, 3], [4])
    """

    def __init__(self, tokens: Mapping[int, bytes], scripts: Sequence[str], *, eos: Sequence[int]) -> None:
        for name in scripts:
            if name not in script_names():
                raise UnknownName("script", name, script_names())
        self.eos = tuple(eos)
        self._tokens = tokens
        self._letters = letters_of(tuple(sorted(scripts)))
        self._begun = frozenset(c.encode()[:n] for c in self._letters for n in range(1, len(c.encode())))
        self._held: dict[bytes, NDArray[np.int64]] = {}

    def following(self, generated: Sequence[int], left: int | None = None) -> NDArray[np.int64]:
        """The ids that may come next, ascending; the end of the text only between characters."""
        pending = b""
        for i in generated[-4:]:
            pending = self._rest(pending + self._tokens.get(int(i), b"")) or b""
        if pending not in self._held:
            found = [i for i, piece in self._tokens.items() if piece and self._rest(pending + piece) is not None]
            ends = list(self.eos) if not pending else []
            self._held[pending] = np.array(sorted({*found, *ends}) or sorted(self.eos), np.int64)
        return self._held[pending]

    def _rest(self, data: bytes) -> bytes | None:
        """What is left of the bytes behind the last whole character; None when they leave the scripts."""
        text, used = _decoded(data)
        rest = data[used:]
        good = all(c in self._letters for c in text) and (not rest or rest in self._begun)
        return rest if good else None


def _decoded(data: bytes) -> tuple[str, int]:
    """The whole characters at the front and how many bytes they take; stops at what is no UTF-8."""
    for end in range(len(data), max(-1, len(data) - 4), -1):
        try:
            return data[:end].decode("utf-8"), end
        except UnicodeDecodeError:
            continue
    return "\ufffd", 0


@lru_cache(maxsize=32)
def letters_of(scripts: tuple[str, ...]) -> frozenset[str]:
    """The characters of some scripts, with those that belong to none."""
    every = "".join(chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000)
    numbers = script_numbers(every)
    wanted = {script_names().index(name) for name in (*scripts, "Zyyy", "Zinh")}
    return frozenset(every[int(i)] for i in np.flatnonzero(np.isin(numbers, sorted(wanted))))


def in_scripts(tokenizer: Any, scripts: Sequence[str]) -> InScripts:
    """The rule for a tokenizer of transformers.

    Raises:
        UnknownName: no such script.
        UsageError: the tokenizer says no end of text.
    """
    if tokenizer.eos_token_id is None:
        raise UsageError("the tokenizer has no end-of-text token; without one a constrained text never ends")
    special = set(tokenizer.all_special_ids)
    tokens = {i: piece for i, piece in token_bytes(tokenizer).items() if i not in special}
    return InScripts(tokens, scripts, eos=[tokenizer.eos_token_id])


def hidden_script_shares(model: Any, tokenizer: Any, prompt: str) -> dict[str, Floats]:
    """What each layer would write next: the probability of tokens of each script, by the model's own output head.

    Args:
        model: a causal model of transformers.
        tokenizer: its tokenizer.
        prompt: the text so far.

    Returns:
        script -> share, shape (layers + 1,): the embedding first, the model itself last. Shares sum to 1.

    Source: S022 (logit lens by script).
    """
    import torch

    names = token_scripts(tokenizer)
    encoded = tokenizer(prompt, return_tensors="pt").to(model.device)
    with torch.inference_mode():
        states = model(**encoded, output_hidden_states=True).hidden_states
        norm = _final_norm(model)
        rows = []
        for depth, state in enumerate(states):
            last = state[:, -1]
            # The last state of transformers' decoders has been through the final norm already.
            shown = last if norm is None or depth == len(states) - 1 else norm(last)
            rows.append(model.get_output_embeddings()(shown).float().softmax(-1)[0].cpu().double().numpy())
    chances = np.array(rows)[:, : len(names)]
    chances /= chances.sum(1, keepdims=True)
    groups = sorted(set(names))
    codes = np.array([groups.index(name) for name in names])
    return {name: chances[:, codes == i].sum(1) for i, name in enumerate(groups)}


def _final_norm(model: Any) -> Any:
    """The norm before the output head, whatever the architecture calls it; None when there is none."""
    inner = getattr(model, "model", getattr(model, "transformer", model))
    return next((getattr(inner, name) for name in ("norm", "ln_f", "final_layernorm") if hasattr(inner, name)), None)
