"""Models of known size, built in code: decoders, encoder-decoders and encoders from 0.3M to 30M parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macaronic.core.errors import MissingData, UnknownName, UsageError, nearest
from macaronic.train.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Size:
    """How large a preset is.

    Args:
        width: of a token's vector.
        layers: of attention; an encoder-decoder has half in each.
        heads: a layer.
        inner: width inside the feed-forward network.
    """

    width: int
    layers: int
    heads: int
    inner: int


SIZES = {
    "0.3m": Size(64, 4, 4, 176),
    "1m": Size(128, 4, 4, 352),
    "5m": Size(256, 5, 4, 704),
    "30m": Size(512, 8, 8, 1408),
}
"""Name -> size; parameters depend on the vocabulary too, see `parameters`."""

TINY = {f"tiny-{name}": size for name, size in list(SIZES.items())[:2]}
"""The transformer of `macaronic.nn`, for task causal."""


def check(name: str) -> None:
    """Nothing when a name may be a model: a preset, a folder, or a hub id.

    Raises:
        UnknownName: it looks like a preset and is none.

    >>> check("1m"), check("someone/some-model")
    (None, None)
    """
    if name in SIZES or name in TINY or "/" in name or Path(name).is_dir():
        return
    if re.fullmatch(r"(tiny-)?[\d.]+[mb]", name.lower()) or nearest(name, [*SIZES, *TINY]):
        raise UnknownName("preset", name, [*SIZES, *TINY])


def parameters(name: str, task: str = "causal", *, vocabulary: int = 1028, length: int = 128) -> int:
    """How many numbers a preset learns, exactly.

    Args:
        name: of a preset.
        task: as in a recipe.
        vocabulary: tokens, with the special ones.
        length: most tokens of a row.

    Raises:
        UnknownName: no such preset.

    >>> [parameters(name) for name in SIZES]
    [267072, 935552, 4280064, 26225152]
    """
    import torch

    with torch.device("meta"):
        model = _network(task, _config(name, task, vocabulary, length, {}, 2))
    return sum(p.numel() for p in model.parameters())


def build(recipe: Recipe, tokenizer: Any, *, labels: tuple[str, ...] = ()) -> Any:
    """The model of a recipe: a preset with fresh numbers, or one that exists.

    Args:
        recipe: its `model`, `task`, `length` and `offline` count.
        tokenizer: what the ids mean.
        labels: for tasks tokens and text.

    Raises:
        UnknownName: neither a preset, a folder nor shaped as a hub id.
        MissingData: a hub id that is not on this machine.
        UsageError: a preset that does not do the task.
    """
    import torch

    name = recipe.model
    check(name)
    if name not in SIZES and name not in TINY:
        return _existing(recipe, tokenizer, labels)
    ids = {f"{k}_token_id": getattr(tokenizer, f"{k}_token_id") for k in ("pad", "bos", "eos")}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        config = _config(name, recipe.task, len(tokenizer), recipe.length, ids, len(labels) or 2)
        if labels:
            config.id2label, config.label2id = dict(enumerate(labels)), {x: i for i, x in enumerate(labels)}
        return _network(recipe.task, config)


def _config(name: str, task: str, vocabulary: int, length: int, ids: dict[str, Any], labels: int) -> Any:
    from transformers import LlamaConfig, ModernBertConfig, T5Config

    if name not in SIZES and name not in TINY:
        raise UnknownName("preset", name, [*SIZES, *TINY])
    size = SIZES.get(name) or TINY[name]
    if name in TINY:
        from macaronic.train.tiny import TinyConfig

        if task != "causal":
            raise UsageError(f"preset {name!r} does task causal only; got {task}. Take {name.removeprefix('tiny-')!r}.")
        return TinyConfig(
            vocab_size=vocabulary, width=size.width, layers=size.layers, heads=size.heads, context=2 * length, **ids
        )
    if task == "causal":
        return LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=size.width,
            intermediate_size=size.inner,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            max_position_embeddings=2 * length,
            tie_word_embeddings=True,
            **ids,
        )
    if task == "seq2seq":
        return T5Config(
            vocab_size=vocabulary,
            d_model=size.width,
            d_kv=size.width // size.heads,
            d_ff=size.inner,
            num_layers=size.layers // 2,
            num_heads=size.heads,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.0,
            pad_token_id=ids.get("pad_token_id", 0),
            eos_token_id=ids.get("eos_token_id", 2),
            decoder_start_token_id=ids.get("pad_token_id", 0),
        )
    return ModernBertConfig(
        vocab_size=vocabulary,
        hidden_size=size.width,
        intermediate_size=size.inner,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        max_position_embeddings=2 * length,
        num_labels=labels,
        pad_token_id=ids.get("pad_token_id", 0),
        bos_token_id=ids.get("bos_token_id", 1),
        eos_token_id=ids.get("eos_token_id", 2),
        cls_token_id=ids.get("bos_token_id", 1),
        sep_token_id=ids.get("eos_token_id", 2),
    )


def network_class(task: str) -> Any:
    """The transformers class that does a task."""
    import transformers

    import macaronic.train.tiny  # noqa: F401  registers it

    return {
        "causal": transformers.AutoModelForCausalLM,
        "seq2seq": transformers.AutoModelForSeq2SeqLM,
        "mlm": transformers.AutoModelForMaskedLM,
        "tokens": transformers.AutoModelForTokenClassification,
        "text": transformers.AutoModelForSequenceClassification,
    }[task]


def _network(task: str, config: Any) -> Any:
    return network_class(task).from_config(config)


def _existing(recipe: Recipe, tokenizer: Any, labels: tuple[str, ...]) -> Any:
    name, here = recipe.model, Path(recipe.model).is_dir()
    named = {"id2label": dict(enumerate(labels)), "label2id": {x: i for i, x in enumerate(labels)}} if labels else {}
    try:
        model = network_class(recipe.task).from_pretrained(
            name,
            local_files_only=recipe.offline or here,
            adapter_kwargs={"local_files_only": recipe.offline or here},  # else it asks the network for an adapter
            use_safetensors=True,
            **named,
        )
    except (OSError, ValueError) as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise MissingData(
            f"no model at {name!r}: {first}\n"
            f"Expected a preset ({', '.join(SIZES)}), a folder with safetensors, or a hub id with offline = false."
        ) from error
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer))
    return model
