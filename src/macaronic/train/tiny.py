"""The tiny transformer of `macaronic.nn` as a transformers model; importing this lets the Auto classes know it."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

from macaronic.nn.tiny_lm import Shape, TinyLM


class TinyConfig(PretrainedConfig):  # type: ignore[misc]
    """The shape of a tiny model.

    Args:
        vocab_size: tokens.
        width: of a token's vector.
        layers: of attention.
        heads: a layer.
        context: most tokens seen at once.
    """

    model_type = "macaronic-tiny"

    vocab_size: int = 1028
    width: int = 64
    layers: int = 4
    heads: int = 4
    context: int = 256
    use_cache: bool = False


class TinyForCausalLM(PreTrainedModel, GenerationMixin):  # type: ignore[misc]
    """`TinyLM` with the interface of a transformers causal model; rows are padded on the right.

    >>> model = TinyForCausalLM(TinyConfig(vocab_size=50, width=16, layers=1, heads=2, context=8))
    >>> tuple(model(torch.zeros(2, 8, dtype=torch.long)).logits.shape)
    (2, 8, 50)
    """

    config_class = TinyConfig
    main_input_name = "input_ids"

    def __init__(self, config: TinyConfig) -> None:
        super().__init__(config)
        shape = Shape(config.vocab_size, config.width, config.layers, config.heads, config.context)
        with torch.device("cpu"):
            seed = int(torch.randint(2**31, (1,)))
            self.network = TinyLM(shape, seed=seed)
        self.post_init()

    def _init_weights(self, module: torch.nn.Module) -> None:
        """Nothing: `TinyLM` has set its numbers."""

    def get_input_embeddings(self) -> torch.nn.Module:
        """The table of token vectors."""
        return self.network.symbols

    def _forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        **told: Any,
    ) -> CausalLMOutput:
        """Logits of shape (batch, length, vocabulary), and the loss when labels are there."""
        logits = self.network(input_ids)
        loss = None
        if labels is not None:
            loss = self.loss_function(
                logits, labels, self.config.vocab_size, num_items_in_batch=told.get("num_items_in_batch")
            )
        return CausalLMOutput(loss=loss, logits=logits)

    forward = _forward


AutoConfig.register(TinyConfig.model_type, TinyConfig, exist_ok=True)
AutoModelForCausalLM.register(TinyConfig, TinyForCausalLM, exist_ok=True)
