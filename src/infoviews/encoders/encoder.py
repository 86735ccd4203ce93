"""The siamese tower: a transformer, a pooling and, where asked for, a linear map to a smaller embedding."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from infoviews.encoders.embed import embed_rows, tokenize
from infoviews.encoders.pooling import POOLINGS, parts
from infoviews.fixed import fixed


class Encoder(nn.Module):
    """Token ids in, sentence vectors out.

    Args:
        backbone: a transformers model whose output has ``last_hidden_state``; where it has a decoder, only its
            encoder reads.
        tokenizer: the fast tokenizer that made its ids.
        pooling: a name in ``POOLINGS``, or several joined by ``+``.
        dimension: size of the sentence vector; ``None`` keeps what pooling gives. ``activation`` comes after the linear
            map; encoders made here have none.
        max_tokens: longest input, special tokens included; longer ones are cut.
        normalise: scale sentence vectors to unit length (as some published checkpoints do).

    Raises:
        ValueError: unknown pooling, or a size that is not positive.
    """

    def __init__(
        self,
        backbone: nn.Module,
        tokenizer: Any,
        pooling: str = "mean",
        dimension: int | None = None,
        max_tokens: int = 128,
        normalise: bool = False,
    ) -> None:
        super().__init__()
        ways = parts(pooling)
        if dimension is not None and dimension < 1:
            raise ValueError(f"dimension must be at least 1; given {dimension}")
        self.backbone: Any = backbone
        self.tokenizer = tokenizer
        self.pooling = pooling
        self.max_tokens = max_tokens
        self.normalise = normalise
        config: Any = backbone.config
        self.width: int = config.hidden_size
        pooled = self.width * len(ways)
        self.dense = nn.Linear(pooled, dimension) if dimension is not None else None
        self.activation: nn.Module = nn.Identity()
        self.dimension: int = dimension or pooled

    @property
    def reads_for_a_decoder(self) -> bool:
        """Whether the backbone is an encoder with a decoder, as translation models are."""
        return bool(self.backbone.config.is_encoder_decoder)

    @property
    def reader(self) -> nn.Module:
        """The part of the backbone that turns ids into states."""
        return self.backbone.get_encoder() if self.reads_for_a_decoder else self.backbone

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token states of the last layer, ids (B, T) and mask (B, T) → (B, T, H)."""
        return self.reader(input_ids=ids, attention_mask=self._seen(mask)).last_hidden_state

    def _seen(self, mask: torch.Tensor) -> torch.Tensor:
        """What attention may see. Where shapes are fixed it is written out, (B, 1, T, T), for architectures whose
        transformers would else look into the mask whether anything is padded at all, and wait for the answer."""
        kind = self.backbone.config.model_type
        if not fixed() or kind not in ("bert", "gpt2"):
            return mask
        seen = mask.bool()[:, None, None].expand(-1, 1, mask.shape[1], -1)
        return seen.tril() if kind == "gpt2" else seen

    def layers(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Token states of every layer, the embedding first and ``states`` last, each (B, T, H).

        Raises:
            ValueError: the backbone gives only its top layer.
        """
        output = self.reader(input_ids=ids, attention_mask=self._seen(mask), output_hidden_states=True)
        if getattr(output, "hidden_states", None) is None:
            raise ValueError(f"{type(self.backbone).__name__} gives the states of its top layer only")
        return (*output.hidden_states[:-1], output.last_hidden_state)

    def pool(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Sentence vectors of token states, (B, T, H) → (B, d); means of half precision are taken in float32."""
        states = states.float() if states.dtype == torch.bfloat16 else states
        found = [POOLINGS[way](states, mask) for way in parts(self.pooling)]
        pooled = torch.cat(found, dim=-1) if len(found) > 1 else found[0]
        vectors = pooled if self.dense is None else self.activation(self.dense(pooled))
        return nn.functional.normalize(vectors, dim=-1) if self.normalise else vectors

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Sentence vectors, ids (B, T) and mask (B, T) → (B, d)."""
        return self.pool(self.states(ids, mask), mask)

    def set_dropout(self, rate: float) -> None:
        """Give every dropout of the backbone the same rate (the dial of the ``dropout`` views)."""
        for module in self.backbone.modules():
            if isinstance(module, nn.Dropout):
                module.p = rate

    def encode(self, sentences: list[str]) -> np.ndarray:
        """Embed sentences in evaluation mode.

        Returns:
            float32 array (n, d), rows in the order given.
        """
        return embed_rows(self, tokenize(self.tokenizer, sentences))
