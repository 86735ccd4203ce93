"""Each token foretold from the states of those before it: the causal language model, on the views' own texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.masking import some_places

CITATION = (
    "Radford, Narasimhan, Salimans, Sutskever (2018), Improving language understanding by generative pre-training, "
    "equation 1"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of tokens that a step foretells, 1 for all."""

    weight: float = 1.0
    predicted: float = 0.15

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"causal: weight is {self.weight}; it must be positive")
        if not 0 < self.predicted <= 1:
            raise ValueError(f"causal: predicted is {self.predicted}; it is the share of tokens to foretell, in (0, 1]")


class Addition(nn.Module):
    """A softmax by the encoder's own word embedding over its own token states: nothing to learn beside it."""

    views = 2
    layers = (-1,)

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        config: Any = encoder.backbone.config
        if config.model_type != "gpt2":
            raise ValueError(
                f"causal: tokens must see only what lies before them, as in the encoder gpt; given {config.model_type}"
            )
        self.params = params

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """Mean cross-entropy, nats per foretold token, over all views; the last token foretold is [SEP]."""
        ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))  # (V · B, T)
        states = torch.cat([view.states[-1] for view in views])  # (V · B, T, H)
        places = some_places(mask[:, 1:] != 0, self.params.predicted)  # (V · B, T - 1), of the token after
        backbone: Any = encoder.backbone
        logits = states[:, :-1][places] @ backbone.get_input_embeddings().weight.T  # (foretold, vocabulary)
        loss = cross_entropy(logits.float(), ids[:, 1:][places])
        return self.params.weight * loss, {"causal": loss.item()}
