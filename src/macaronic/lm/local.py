"""A Hugging Face language model on this machine, from a folder or by its id."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from macaronic.core.errors import MissingData, MissingExtra, UsageError
from macaronic.core.protocols import Reply

Messages = Sequence[Mapping[str, str]]


class Local:
    """A causal language model and its tokenizer; `load` makes one.

    Calls are answered one after the other, off the event loop.

    Args:
        model: what it is called (in results, and where answers are kept).
        network: a transformers causal language model.
        tokenizer: its tokenizer; its chat template shapes the messages, where it has one.
    """

    def __init__(self, model: str, network: Any, tokenizer: Any) -> None:
        self.model = model
        self.network = network
        self.tokenizer = tokenizer
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Local({self.model!r})"

    async def reply(
        self, messages: Messages, *, max_tokens: int, temperature: float, seed: int | None, stop: Sequence[str]
    ) -> Reply:
        """The model's answer; `temperature` 0 takes the likeliest token each time."""
        return await asyncio.to_thread(
            self._generate, self._prompt(messages), max_tokens, temperature, seed, tuple(stop)
        )

    def score(self, context: str, continuation: str) -> float:
        """The log-probability (natural logarithm) of `continuation` behind `context`.

        A token that spans the border counts as continuation. Without a context the model's start token stands there.

        Raises:
            UsageError: the tokenizer cannot tell where its tokens stand, or the continuation is empty.
        """
        import torch

        tokens, start = self._split(context, continuation)
        with self._lock, torch.no_grad():
            ids = torch.tensor([tokens], device=self.network.device)
            logits = self.network(input_ids=ids).logits[0, :-1].float()
            log_p = torch.log_softmax(logits, dim=-1).gather(1, ids[0, 1:, None])[:, 0]
        return float(log_p[start - 1 :].sum())

    def _split(self, context: str, continuation: str) -> tuple[list[int], int]:
        """The tokens of both texts, and where the continuation begins (at least 1)."""
        if not continuation:
            raise UsageError("expected a continuation to score, got an empty text.")
        if not self.tokenizer.is_fast:
            raise UsageError(
                f"the tokenizer of {self.model} does not tell where its tokens stand; a fast one is needed."
            )
        both = self.tokenizer(context + continuation, return_offsets_mapping=True, add_special_tokens=False)
        first = next(i for i, (_, end) in enumerate(both["offset_mapping"]) if end > len(context))
        begin = self.tokenizer.bos_token_id
        if begin is None:
            begin = self.tokenizer.eos_token_id
        if begin is None and first == 0:
            raise UsageError(f"{self.model} has no start token; give a context.")
        lead = [] if begin is None else [begin]
        return [*lead, *both["input_ids"]], first + len(lead)

    def _prompt(self, messages: Messages) -> list[int]:
        told = [dict(message) for message in messages]
        if getattr(self.tokenizer, "chat_template", None):
            text = self.tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True)
            return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])
        text = "".join(f"{m['role']}: {m['content']}\n" for m in told) + "assistant:"
        return list(self.tokenizer(text)["input_ids"])

    def _generate(
        self, prompt: list[int], limit: int, temperature: float, seed: int | None, stop: tuple[str, ...]
    ) -> Reply:
        import torch

        settings: dict[str, Any] = {"max_new_tokens": limit, "do_sample": temperature > 0}
        if temperature > 0:
            settings |= {"temperature": temperature, "top_k": 0, "top_p": 1.0}
        if stop:
            settings["stopping_criteria"] = [lambda ids, _: self._said(ids, len(prompt), stop)]
        pad = self.tokenizer.pad_token_id
        settings["pad_token_id"] = self.tokenizer.eos_token_id if pad is None else pad
        ids = torch.tensor([prompt], device=self.network.device)
        with self._lock, torch.no_grad(), torch.random.fork_rng():
            if seed is not None:
                torch.manual_seed(seed)
            made = self.network.generate(ids, attention_mask=torch.ones_like(ids), **settings)[
                0, len(prompt) :
            ].tolist()
        text = self.tokenizer.decode(made, skip_special_tokens=True)
        ends = [at for at in (text.find(word) for word in stop) if at >= 0]
        cut = len(made) >= limit and not ends and made[-1] not in self._end_tokens()
        usage = {"prompt_tokens": len(prompt), "completion_tokens": len(made), "total_tokens": len(prompt) + len(made)}
        return Reply(text[: min(ends)] if ends else text, "length" if cut else "stop", usage)

    def _said(self, ids: Any, start: int, stop: tuple[str, ...]) -> Any:
        """For each row whether one of the stop words stands in what was generated."""
        texts = self.tokenizer.batch_decode(ids[:, start:], skip_special_tokens=True)
        return ids.new_tensor([any(word in text for word in stop) for text in texts]).bool()

    def _end_tokens(self) -> set[int]:
        ends = self.network.generation_config.eos_token_id
        return set(ends) if isinstance(ends, list) else {ends, self.tokenizer.eos_token_id}


def load(where: str | os.PathLike[str], *, device: str | None = None) -> Local:
    """A model from a folder (no network is touched) or by its hub id.

    Only safetensors weights are read and no code of the model's is run, so nothing is unpickled or executed.

    Args:
        where: a folder that holds config, tokenizer and safetensors, or a hub id.
        device: `cpu`, `cuda`, ...; a GPU when there is one.

    Raises:
        MissingExtra: torch or transformers is not installed.
        MissingData: there is no such model, or it has no safetensors weights.
    """
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("torch and transformers", "train") from error
    name, here = str(where), Path(where).is_dir()
    options: dict[str, Any] = {"local_files_only": here, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, **options)
        network = AutoModelForCausalLM.from_pretrained(name, use_safetensors=True, **options)
    except (OSError, ValueError) as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise MissingData(
            f"no language model at {name!r}: {first}\nExpected a folder with safetensors, or a hub id."
        ) from error
    target = device or ("cuda" if torch.cuda.is_available() else "cpu")
    return Local(f"local:{name}", network.to(target).eval(), tokenizer)
