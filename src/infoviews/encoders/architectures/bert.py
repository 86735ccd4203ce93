"""A BERT encoder from a configuration (Devlin et al. 2019, arXiv:1810.04805), weights drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.encoders.encoder import Encoder
from infoviews.encoders.pooling import POOLINGS

CITATION = "Devlin et al. 2019, BERT: Pre-training of deep bidirectional transformers, arXiv:1810.04805"


RANGES = {
    "layers": (1, 200),
    "width": (1, 20_000),
    "heads": (1, 200),
    "dimension": (1, 20_000),
    "max_tokens": (3, 100_000),
}
"""Above what the largest published encoders have, a number is a slip that would fill the memory."""


@dataclass(frozen=True)
class Params:
    """Shape of the encoder; ``dimension`` adds a linear map from ``width`` to a smaller embedding."""

    layers: int = 2
    width: int = 128
    heads: int = 2
    dropout: float = 0.1
    pooling: str = "mean"
    dimension: int | None = None
    max_tokens: int = 66

    def __post_init__(self) -> None:
        for name, (least, most) in RANGES.items():
            if getattr(self, name) is not None and not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be from {least} to {most}")
        if self.pooling not in POOLINGS:
            raise ValueError(f"pooling is {self.pooling!r}; allowed: {', '.join(POOLINGS)}")
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads; given width {self.width}, heads {self.heads}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be in [0, 1); given {self.dropout}")


def build(params: Params, tokenizer: Any, seed: int) -> Encoder:
    """A new encoder for the ids of ``tokenizer``, its weights drawn from ``seed``."""
    from transformers.models.bert.configuration_bert import BertConfig
    from transformers.models.bert.modeling_bert import BertModel

    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=params.width,
        num_hidden_layers=params.layers,
        num_attention_heads=params.heads,
        intermediate_size=4 * params.width,
        max_position_embeddings=params.max_tokens,
        hidden_dropout_prob=params.dropout,
        attention_probs_dropout_prob=params.dropout,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(seed)
    return Encoder(
        BertModel(config, add_pooling_layer=False), tokenizer, params.pooling, params.dimension, params.max_tokens
    )
