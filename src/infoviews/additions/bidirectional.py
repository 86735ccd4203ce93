"""Each token foretold from the left and from the right, by stacks of LSTMs that do not see each other: ELMo's model."""

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

CITATION = "Peters et al. (2018), Deep contextualized word representations, NAACL, section 3.1"


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of tokens that each direction foretells at a step, 1 for all."""

    weight: float = 1.0
    predicted: float = 0.15

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"bidirectional: weight is {self.weight}; it must be positive")
        if not 0 < self.predicted <= 1:
            raise ValueError(
                f"bidirectional: predicted is {self.predicted}; it is the share of tokens to foretell, in (0, 1]"
            )


class Addition(nn.Module):
    """A linear map for each direction; the softmax over the vocabulary is one, by the encoder's word embedding."""

    views = 2
    layers = (-1,)

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        backbone: Any = encoder.backbone
        if backbone.config.model_type != "infoviews-bilstm":
            raise ValueError(
                "bidirectional: half of each state must have read from either side, as in the encoder bilstm; given "
                f"{backbone.config.model_type}"
            )
        self.params = params
        half = encoder.width // 2
        self.rightward, self.leftward = (nn.Linear(half, encoder.width) for _ in range(2))
        self.bias = nn.Parameter(torch.zeros(backbone.get_input_embeddings().num_embeddings))

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """Mean cross-entropy, nats per foretold token, over both directions and all views.

        From the left the last token foretold is [SEP], from the right [CLS].
        """
        ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))  # (V · B, T)
        right, left = torch.cat([view.states[-1] for view in views]).chunk(2, dim=2)  # (V · B, T, H / 2) each
        both = mask[:, 1:] != 0  # (V · B, T - 1): the token and the one before it are real
        after, before = (some_places(both, self.params.predicted) for _ in range(2))
        states = torch.cat([self.rightward(right[:, :-1][after]), self.leftward(left[:, 1:][before])])
        backbone: Any = encoder.backbone
        logits = states @ backbone.get_input_embeddings().weight.T + self.bias  # (foretold, vocabulary)
        loss = cross_entropy(logits.float(), torch.cat([ids[:, 1:][after], ids[:, :-1][before]]))
        return self.params.weight * loss, {"bidirectional": loss.item()}
