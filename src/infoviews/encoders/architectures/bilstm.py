"""LSTMs in both directions (ELMo, InferSent), each direction a stack of its own that never sees the other's states.

transformers has no such architecture, so this one is registered with its ``AutoConfig`` and ``AutoModel`` when this
module is imported; ``infoviews.load`` imports it for its checkpoints. With other programs, import it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel
from transformers.configuration_utils import PreTrainedConfig
from transformers.modeling_outputs import BaseModelOutput
from transformers.modeling_utils import PreTrainedModel

from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.pooling import POOLINGS

CITATION = (
    "Peters et al. 2018, Deep contextualized word representations, NAACL, section 3.1; Conneau et al. 2017, Supervised "
    "learning of universal sentence representations from natural language inference data, section 3.2"
)


@dataclass(frozen=True)
class Params:
    """``pooling``: a name in ``infoviews.encoders.pooling.POOLINGS``; InferSent's is ``max``."""

    pooling: str = "mean"

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise ValueError(f"bilstm: pooling is {self.pooling!r}; allowed: {', '.join(POOLINGS)}")


class BiLSTMConfig(PreTrainedConfig):
    """Sizes of a ``BiLSTMModel``; its token states have ``hidden_size`` values, half of them of each direction."""

    model_type = "infoviews-bilstm"

    def __init__(
        self, vocab_size: int = 1, hidden_size: int = 128, num_hidden_layers: int = 2, dropout: float = 0.1, **rest: Any
    ) -> None:
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        self.num_hidden_layers, self.dropout = num_hidden_layers, dropout
        super().__init__(**rest)


class BiLSTMModel(PreTrainedModel):
    """Token ids to states: the first half of each state has read from the left, the second half from the right.

    Word vectors pass a layer norm, as BERT's do: LSTMs, whose inputs nothing else scales, hardly react to vectors of
    the size that the other encoders want.
    """

    config_class = BiLSTMConfig

    def __init__(self, config: BiLSTMConfig) -> None:
        super().__init__(config)
        half = config.hidden_size // 2
        widths = [config.hidden_size] + [half] * (config.num_hidden_layers - 1)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size)
        self.rightward = nn.ModuleList(nn.LSTM(width, half, batch_first=True) for width in widths)
        self.leftward = nn.ModuleList(nn.LSTM(width, half, batch_first=True) for width in widths)
        self.dropout = nn.Dropout(config.dropout)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        """The word vectors."""
        return self.words

    def set_input_embeddings(self, value: nn.Embedding) -> None:  # type: ignore[override]
        """Other word vectors."""
        self.words = value

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LSTM | nn.LayerNorm):
            module.reset_parameters()

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        output_hidden_states: bool = False,
        **ignored: Any,
    ) -> BaseModelOutput:
        """States (B, T, H) of ids (B, T); real tokens, which the mask (B, T) marks, come first in each row."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        words = self.norm(self.words(input_ids))
        turned = turning(mask)
        right, left = words, turn(words, turned)
        states = [words]
        for rightward, leftward in zip(self.rightward, self.leftward, strict=True):
            right, left = rightward(self.dropout(right))[0], leftward(self.dropout(left))[0]
            states.append(torch.cat([right, turn(left, turned)], dim=2))
        return BaseModelOutput(
            last_hidden_state=states[-1], hidden_states=tuple(states) if output_hidden_states else None
        )


def turning(mask: torch.Tensor) -> torch.Tensor:
    """Places (B, T) that turn the real tokens of each row round and leave padding where it is."""
    lengths, places = mask.sum(1, keepdim=True).long(), torch.arange(mask.shape[1], device=mask.device)
    return torch.where(places < lengths, lengths - 1 - places, places)


def turn(states: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """States (B, T, H) taken from places (B, T)."""
    return states.gather(1, places[..., None].expand(-1, -1, states.shape[2]))


def build(params: Params, shape: bert.Params, tokenizer: Any, seed: int) -> Encoder:
    """A new encoder for the ids of ``tokenizer``, its weights drawn from ``seed``; heads mean nothing to it.

    Raises:
        ValueError: an odd width, of which no direction could have half.
    """
    if shape.width % 2:
        raise ValueError(f"bilstm: width is {shape.width}; it must be even, one half for each direction")
    config = BiLSTMConfig(len(tokenizer), shape.width, shape.layers, shape.dropout, pad_token_id=tokenizer.pad_token_id)
    torch.manual_seed(seed)
    return Encoder(BiLSTMModel(config), tokenizer, params.pooling, shape.dimension, shape.max_tokens)


AutoConfig.register(BiLSTMConfig.model_type, BiLSTMConfig, exist_ok=True)
AutoModel.register(BiLSTMConfig, BiLSTMModel, exist_ok=True)
