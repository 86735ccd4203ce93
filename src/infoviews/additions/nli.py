"""Classification of labelled pairs from (u, v, |u - v|): the training objective of SBERT and InferSent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import Number, number

CITATION = (
    "Reimers, Gurevych (2019), Sentence-BERT, section 3; Conneau et al. (2017), Supervised learning of universal "
    "sentence representations from natural language inference data, section 3.1"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``product`` adds u * v to the features, as InferSent."""

    weight: float = 1.0
    product: bool = False

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"nli: weight is {self.weight}; it must be positive")


class Addition(nn.Module):
    """A softmax over the classes of the pairs' labels."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        classes = 0 if pairs.labels is None else len(set(pairs.labels.tolist()))
        if pairs.labels is None or classes < 2 or pairs.labels.min() < 0:
            found = "none" if pairs.labels is None else f"{classes} classes from {pairs.labels.min()}"
            raise ValueError(
                f"nli: pairs must carry labels of two classes or more, counted from 0; these carry {found}. "
                "Take a view family that gives them, such as entailment with labelled: true"
            )
        self.params = params
        self.classifier = nn.Linear((4 if params.product else 3) * encoder.dimension, int(pairs.labels.max()) + 1)

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean cross-entropy of the labels (B,), nats, and the share that is classified right."""
        assert labels is not None  # the constructor saw to it
        u, v = views[0].vectors, views[1].vectors
        features = [u, v, (u - v).abs(), *([u * v] if self.params.product else [])]
        logits = self.classifier(torch.cat(features, dim=1)).float()  # (B, classes)
        loss = cross_entropy(logits, labels)
        right = (logits.argmax(1) == labels).float().mean()
        return self.params.weight * loss, {"nli": number(loss), "nli_accuracy": number(right)}
