"""A small sequence-to-sequence model that copies: each symbol is written from the vocabulary or taken from the source.

Where the last symbols written stand in the source too, what follows them there is likelier to be copied (a learnt
weight an n-gram length). So copying need not be learnt, only where to begin and when to stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoConfig, AutoModelForSeq2SeqLM, GenerationMixin, PreTrainedModel
from transformers.modeling_outputs import ModelOutput, Seq2SeqLMOutput

from macaronic.extract.model.char_encoder import CharConfig, CharEncoder, hashed

BACK = ((0,), (-1, 0), (-2, -1, 0), (-3, -2, -1, 0))
"""The n-grams that end at a symbol."""
_LITTLE, _PLACES = 1e-9, 512


class CopierConfig(CharConfig):
    """The size of a `Copier`.

    Args:
        decoder_layers: layers that write.
        first_weight: how much the first symbol of an answer (its text label, in most codecs) counts beside all others.
        pad_token_id, bos_token_id, eos_token_id: ids of padding, of the beginning and of the end.
    """

    model_type = "macaronic-copier"

    def __init__(
        self,
        decoder_layers: int = 2,
        first_weight: float = 1.0,
        pad_token_id: int = 0,
        bos_token_id: int = 1,
        eos_token_id: int = 2,
        **rest: Any,
    ) -> None:
        self.decoder_layers, self.first_weight = decoder_layers, first_weight
        rest.setdefault("decoder_start_token_id", bos_token_id)
        rest["is_encoder_decoder"] = True
        super().__init__(pad_token_id=pad_token_id, bos_token_id=bos_token_id, eos_token_id=eos_token_id, **rest)


@dataclass
class Read(ModelOutput):  # type: ignore[misc, unused-ignore]
    """A source that was read: its vectors and its symbols."""

    last_hidden_state: Tensor | None = None
    ids: Tensor | None = None


class Reader(nn.Module):  # type: ignore[misc, unused-ignore]
    """The encoder as `generate` wants it."""

    main_input_name = "input_ids"

    def __init__(self, config: CopierConfig) -> None:
        super().__init__()
        self.encoder = CharEncoder(config)

    def _read(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any) -> Read:
        """Read sources of shape (batch, length)."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        return Read(self.encoder(input_ids, mask), input_ids)

    forward = _read


class Copier(PreTrainedModel, GenerationMixin):  # type: ignore[misc, unused-ignore]
    """A character encoder, a decoder of a few layers, and a pointer into the source.

    >>> model = Copier(CopierConfig(vocab_size=50, width=16, table=64, table_width=8)).eval()
    >>> out = model(torch.randint(4, 50, (2, 7)), decoder_input_ids=torch.randint(4, 50, (2, 3)))
    >>> tuple(out.logits.shape), bool(torch.allclose(out.logits.exp().sum(-1), torch.ones(2, 3), atol=1e-4))
    ((2, 3, 50), True)
    """

    config_class = CopierConfig
    main_input_name = "input_ids"
    _supports_cache_class = False

    def __init__(self, config: CopierConfig) -> None:
        super().__init__(config)
        width = config.width
        self.reader = Reader(config)
        self.places, self.stands = nn.Embedding(_PLACES, width), nn.Embedding(_PLACES, width)
        self.writer = nn.ModuleList(
            nn.TransformerDecoderLayer(width, 4, 2 * width, 0.1, batch_first=True, norm_first=True)
            for _ in range(config.decoder_layers)
        )
        self.whole = nn.Linear(width, width)
        self.last = nn.LayerNorm(width)
        self.out = nn.Linear(width, config.vocab_size)
        self.asks, self.tells = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, 1)
        self.follows = nn.Parameter(torch.full((len(BACK),), 2.0))
        for places in (self.places, self.stands):
            nn.init.normal_(places.weight, 0.0, 0.05)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Nothing: each layer was set when it was made."""

    def get_encoder(self, modality: str | None = None) -> Reader:
        """What reads the source."""
        return self.reader

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: Read | None = None,
        labels: Tensor | None = None,
        use_cache: bool = False,
        return_dict: bool = True,
    ) -> Seq2SeqLMOutput:
        """Log-probabilities of the next symbol.

        Args:
            input_ids: the source, shape (batch, source length).
            attention_mask: 1 where a symbol stands, the same shape.
            decoder_input_ids: what is written so far, shape (batch, length); from `labels` when left out.
            encoder_outputs: a source that was read already.
            labels: what should be written, -100 where it does not count.
            use_cache, return_dict: what `generate` says to every model; nothing is kept, the result is an object.

        Returns:
            Log-probabilities (as logits) of shape (batch, length, vocabulary), and the mean loss; in training, where
            labels are given, only the loss.
        """
        read = encoder_outputs if encoder_outputs is not None else self.reader(input_ids, attention_mask)
        source, vectors = read.ids, read.last_hidden_state
        vectors = vectors + self.stands(self._numbered(source))
        mask = torch.ones_like(source) if attention_mask is None else attention_mask
        if decoder_input_ids is None:
            decoder_input_ids = self._shifted(labels)
        x = self._states(decoder_input_ids, vectors, mask.bool())
        chosen = self._pointed(x, decoder_input_ids, vectors, source, mask.bool())
        loss = None if labels is None else self._loss(x, chosen, source, labels)
        logits = None if self.training and labels is not None else self._logits(x, chosen, source)
        return Seq2SeqLMOutput(loss=loss, logits=logits, encoder_last_hidden_state=vectors)

    def _states(self, ids: Tensor, vectors: Tensor, mask: Tensor) -> Tensor:
        """What the writer knows at each place, shape (batch, length, width)."""
        length = ids.shape[1]
        overall = (vectors * mask[..., None]).sum(1, keepdim=True) / mask.sum(1).clamp(min=1)[:, None, None]
        x = self.reader.encoder.seen(ids, BACK) + self.places(self._numbered(ids)) + self.whole(overall)
        later = torch.ones(length, length, dtype=torch.bool, device=ids.device).triu(1)
        for layer in self.writer:
            x = layer(x, vectors, tgt_mask=later, memory_key_padding_mask=~mask)
        return self.last(x)

    def _numbered(self, ids: Tensor) -> Tensor:
        return torch.arange(ids.shape[1], device=ids.device).clamp(max=_PLACES - 1)

    def _logits(self, x: Tensor, chosen: Tensor, source: Tensor) -> Tensor:
        """Log-probabilities over the vocabulary: written afresh or copied."""
        copied = torch.zeros(*x.shape[:2], self.config.vocab_size, device=x.device).scatter_add(
            2, source[:, None].expand(-1, x.shape[1], -1), chosen
        )
        gate = self.gate(x)
        fresh = self.out(x).log_softmax(-1) + functional.logsigmoid(-gate)
        return torch.logaddexp(fresh, (copied + _LITTLE).log() + functional.logsigmoid(gate))

    def _loss(self, x: Tensor, chosen: Tensor, source: Tensor, labels: Tensor) -> Tensor:
        """The mean of what `_logits` says of the labels, and of the first ones, without the whole vocabulary."""
        there = labels >= 0
        wanted = labels.clamp(min=0)
        copied = (chosen * (source[:, None] == wanted[..., None])).sum(-1)
        gate = self.gate(x).squeeze(-1)
        raw = self.out(x)
        fresh = raw.gather(2, wanted[..., None]).squeeze(-1) - raw.logsumexp(-1) + functional.logsigmoid(-gate)
        told = torch.logaddexp(fresh, (copied + _LITTLE).log() + functional.logsigmoid(gate))
        return -(told * there).sum() / there.sum().clamp(min=1) - self.config.first_weight * told[:, 0].mean()

    def _pointed(self, x: Tensor, ids: Tensor, vectors: Tensor, source: Tensor, mask: Tensor) -> Tensor:
        """How much each source symbol is meant as the next one, shape (batch, length, source length)."""
        scores = self.asks(x) @ self.tells(vectors).transpose(1, 2) / x.shape[-1] ** 0.5
        before = functional.pad(hashed(source, BACK), (0, 0, 1, 0), value=-1)[:, :-1]
        same = hashed(ids, BACK)[:, :, None] == before[:, None]
        scores = scores + (same * self.follows).sum(-1)
        return scores.masked_fill(~mask[:, None], -1e9).softmax(-1)

    def _shifted(self, labels: Tensor | None) -> Tensor:
        if labels is None:
            raise ValueError("expected decoder_input_ids or labels, got neither")
        begin = labels.new_full((len(labels), 1), self.config.decoder_start_token_id)
        return torch.cat([begin, labels[:, :-1].masked_fill(labels[:, :-1] < 0, self.config.pad_token_id)], dim=1)

    def prepare_decoder_input_ids_from_labels(self, labels: Tensor) -> Tensor:
        """What is written before each label."""
        return self._shifted(labels)

    def _next_inputs(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, encoder_outputs: Read | None = None, **_: Any
    ) -> dict[str, Any]:
        """The whole text so far: nothing is kept between steps, the texts are short."""
        return {
            "decoder_input_ids": input_ids,
            "attention_mask": attention_mask,
            "encoder_outputs": encoder_outputs,
            "use_cache": False,
        }

    prepare_inputs_for_generation = _next_inputs


AutoConfig.register(CopierConfig.model_type, CopierConfig, exist_ok=True)
AutoModelForSeq2SeqLM.register(CopierConfig, Copier, exist_ok=True)
