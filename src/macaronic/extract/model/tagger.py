"""A character encoder that labels each character, and the text as a whole at the mark before it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoConfig, AutoModelForTokenClassification, PreTrainedModel
from transformers.modeling_outputs import TokenClassifierOutput

from macaronic.extract.model.char_encoder import CharConfig, CharEncoder


class CharTaggerConfig(CharConfig):
    """The size of a `CharTagger`.

    Args:
        first_weight: how much the label of the whole text counts beside those of the characters.
    """

    model_type = "macaronic-char-tagger"

    def __init__(self, first_weight: float = 1.0, **rest: Any) -> None:
        self.first_weight = first_weight
        super().__init__(**rest)


class CharTagger(PreTrainedModel):  # type: ignore[misc, unused-ignore]
    """A label a symbol; the first symbol stands for the whole text.

    >>> model = CharTagger(CharTaggerConfig(vocab_size=50, width=16, table=64, table_width=8, num_labels=3))
    >>> tuple(model(torch.randint(4, 50, (2, 7))).logits.shape)
    (2, 7, 3)
    """

    config_class = CharTaggerConfig

    def __init__(self, config: CharTaggerConfig) -> None:
        super().__init__(config)
        self.encoder = CharEncoder(config)
        self.out = nn.Linear(config.width, config.num_labels)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Nothing: each layer was set when it was made."""

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, labels: Tensor | None = None
    ) -> TokenClassifierOutput:
        """Label each symbol.

        Args:
            input_ids: shape (batch, length); the mark of the whole text stands first.
            attention_mask: 1 where a symbol stands, the same shape; everywhere when left out.
            labels: the right labels, -100 where there is none, the same shape.

        Returns:
            Logits of shape (batch, length, labels); where labels were given, the mean loss over the symbols and, by
            `first_weight`, over the marks.
        """
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        logits = self.out(self.encoder(input_ids, mask))
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
            if bool((labels[:, 0] >= 0).any()):
                loss = loss + self.config.first_weight * functional.cross_entropy(logits[:, 0], labels[:, 0])
        return TokenClassifierOutput(loss=loss, logits=logits)


AutoConfig.register(CharTaggerConfig.model_type, CharTaggerConfig, exist_ok=True)
AutoModelForTokenClassification.register(CharTaggerConfig, CharTagger, exist_ok=True)
