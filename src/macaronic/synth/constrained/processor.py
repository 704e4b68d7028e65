"""The constraint for `generate` of Hugging Face transformers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.synth.constrained.vocabulary import Allowed, Vocabulary


class Constrained:
    """Masks what is not allowed, row by row; hand it to `generate(logits_processor=[...])`.

    Works for greedy decoding, sampling and beams, with decoder-only and encoder-decoder models. Rows of one input
    stand together, as `generate` has them, so that several beams or samples an input are told apart by their number.
    A row where nothing allowed is left (because another processor forbade the end, say) gets the end of the sentence.

    Args:
        allowed: one rule for all inputs, or one for each input of the batch, in order.
        max_new_tokens: as given to `generate`, so that whole words are finished before the limit; none when left out.
        start: how many ids stand before the new ones (the prompt, or the decoder's start); taken from the first
            call of each generation when left out.

    Raises:
        UsageError: no rules; later: rows that are no multiple of the inputs, an id that the model does not have.

    Source: S060.

    >>> Constrained(Vocabulary.of([4, 5], eos=2)).rules[0].ids.tolist()
    [2, 4, 5]
    """

    def __init__(
        self, allowed: Allowed | Sequence[Allowed], *, max_new_tokens: int | None = None, start: int | None = None
    ) -> None:
        self.rules: tuple[Allowed, ...] = tuple(allowed) if isinstance(allowed, Sequence) else (allowed,)
        if not self.rules:
            raise UsageError("expected at least one vocabulary, got none")
        self.max_new_tokens = max_new_tokens
        self._given = start
        self._start = 0
        self._width = -1
        self._mask: Any = None

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """The scores with minus infinity wherever a token is not allowed; torch tensors of shape (rows, vocabulary)."""
        import torch

        rows, size = scores.shape
        if rows % len(self.rules):
            raise UsageError(
                f"expected rows for {len(self.rules)} inputs, got {rows}\nOne vocabulary an input, or one."
            )
        if self._width < 0 or input_ids.shape[1] <= self._width:
            self._start = int(input_ids.shape[1])
        self._width = int(input_ids.shape[1])
        mask = self._allowed(input_ids, rows, size, scores.device)
        out = torch.where(mask & ~torch.isnan(scores), scores, float("-inf"))
        for row in torch.nonzero(torch.isneginf(out).all(dim=1)).flatten().tolist():
            out[row, self._rule(row, rows).eos[0]] = 0.0
        return out

    def _rule(self, row: int, rows: int) -> Allowed:
        return self.rules[row * len(self.rules) // rows]

    def _allowed(self, input_ids: Any, rows: int, size: int, device: Any) -> Any:
        """Which ids each row may give, a bool tensor (rows, vocabulary); kept where it is the same at every step."""
        import torch

        fixed = all(isinstance(rule, Vocabulary) for rule in self.rules)
        if fixed and self._mask is not None and self._mask.shape == (rows, size) and self._mask.device == device:
            return self._mask
        begin = self._start if self._given is None else self._given
        new = [[]] * rows if fixed else input_ids[:, begin:].tolist()
        left = None if self.max_new_tokens is None else self.max_new_tokens - (int(input_ids.shape[1]) - begin)
        mask = np.zeros((rows, size), dtype=bool)
        for row in range(rows):
            ids = self._rule(row, rows).following(new[row], left)
            if ids[-1] >= size:
                raise UsageError(f"expected ids below {size}, the model's vocabulary, got {ids[-1]}\nOne tokenizer?")
            mask[row, ids] = True
        self._mask = torch.from_numpy(mask).to(device)
        return self._mask
