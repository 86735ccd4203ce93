"""Everything that learns in a cell: one encoder for all views, a critic, contrasts and additions."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from infoviews import registry
from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.training import parallel
from infoviews.training.passes import Passes, Planned


class Siamese(nn.Module):
    """All parameters that learn, and all that is carried from step to step.

    Args:
        encoder: the tower that every view goes through.
        critic: scores vectors of the encoder's dimension, (B, d) and (C, d) → (B, C).
        contrasts: by name, modules of ``infoviews.contrasts``.
        weights: of each contrast in the loss.
        additions: by name, modules of ``infoviews.additions``.
        passes: how a batch goes through the encoder; in one pass unless told otherwise.
    """

    running: torch.Tensor

    def __init__(
        self,
        encoder: Encoder,
        critic: nn.Module,
        contrasts: dict[str, nn.Module],
        weights: dict[str, float],
        additions: dict[str, nn.Module],
        passes: Passes | None = None,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.critic = critic
        self.contrasts = nn.ModuleDict(contrasts)
        self.weights = weights
        self.additions = nn.ModuleDict(additions)
        self.passes: Passes | Planned = passes or Passes()
        scored: list[Any] = list(contrasts.values())
        parts: list[Any] = [*scored, *additions.values()]
        self.layers = tuple(sorted({layer for part in parts for layer in part.layers}))
        matrices = sum(part.matrices for part in scored)
        self.read = max(part.views for part in parts)
        """How many views of each pair are encoded."""
        self.register_buffer("running", torch.full((matrices,), torch.nan))  # nan until the bound keeps a state

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """One pass of texts through the encoder.

        Args:
            ids: token ids (N, T).
            mask: (N, T).

        Returns:
            Sentence vectors (N, d), then the token states (N, T, H) of each of ``self.layers``.
        """
        if not self.layers:
            return (self.encoder(ids, mask).float(),)
        every = self.encoder.layers(ids, mask)
        return self.encoder.pool(every[-1], mask).float(), *(every[layer].float() for layer in self.layers)

    def views(self, ids: torch.Tensor, mask: torch.Tensor) -> list[Encoded]:
        """All views of a batch: ids and mask (V · B, T), view after view → V views of B texts.

        Where several processes share the batch, each encodes its part and all get the whole.
        """
        with parallel.own_draws():
            own = self.passes(self, parallel.share(ids, self.read), parallel.share(mask, self.read))
        whole = [parallel.gather(part, self.read) for part in own]
        encoded = [part.chunk(self.read) for part in (ids, mask, *whole)]
        return [
            Encoded(texts, real, vectors, dict(zip(self.layers, states, strict=True)), self.encoder.pool)
            for texts, real, vectors, *states in zip(*encoded, strict=True)
        ]

    def learned(self) -> dict[str, torch.Tensor]:
        """What contrasts and additions have learned in addition to encoder and critic, by name."""
        own = {"contrasts": self.contrasts, "additions": self.additions}
        named = [(f"{part}.{name}", p) for part, module in own.items() for name, p in module.named_parameters()]
        return {name: parameter.detach() for name, parameter in named if parameter.requires_grad}


def build(
    encoder: Encoder, objective: dict[str, Any], pairs: Pairs, seed: int, passes: Passes | None = None
) -> Siamese:
    """The encoder with everything that the objective names, new weights drawn from ``seed``.

    Args:
        encoder: where training starts.
        objective: ``critic``, ``contrast`` and ``additions`` of the cell's spec, each name → parameters.
        pairs: what it will learn from; contrasts and additions ask it for the number of views and for labels.
        seed: seed of new weights.
        passes: how a batch goes through the encoder.

    Raises:
        KeyError: an unknown module or parameter.
        ValueError: a parameter out of range, or pairs without what a module needs.
    """
    ((name, given),) = objective["critic"].items()
    module = registry.get("critics", name)
    torch.manual_seed(seed)
    critic = module.Critic(registry.parameters(module, given), encoder.dimension)
    contrasts, weights, additions = {}, {}, {}
    for name, given in sorted(objective["contrast"].items()):
        module = registry.get("contrasts", name)
        params = registry.parameters(module, given)
        contrasts[name], weights[name] = module.Contrast(params, encoder, pairs), params.weight
    for name, given in sorted(objective["additions"].items()):
        module = registry.get("additions", name)
        additions[name] = module.Addition(registry.parameters(module, given), encoder, pairs)
    if not any(weights.values()) and not additions:
        raise ValueError(f"objective: {', '.join(weights)} have weight 0 and nothing is added, so nothing would learn")
    return Siamese(encoder, critic, contrasts, weights, additions, passes)
