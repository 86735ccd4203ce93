"""An encoder of another architecture and the study's size that takes over the word embeddings of another base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews import registry
from infoviews.bases._materials import Materials
from infoviews.encoders.encoder import Encoder

CITATION = "Wieting & Kiela 2019, No training required: exploring random encoders, arXiv:1901.10444"


@dataclass(frozen=True)
class Params:
    """``initial`` names the base whose word embeddings it takes; ``encoder`` is one module of ``infoviews.encoders``.

    What the module is given is its own only: layers, width, heads, dropout and lengths are the study's.
    """

    initial: str
    encoder: dict[str, dict[str, Any]]

    def __post_init__(self) -> None:
        if len(self.encoder) != 1:
            raise ValueError(f"architecture: encoder must name one module; given {', '.join(self.encoder) or 'none'}")


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """New weights but for the word embeddings."""
    ((name, given),) = params.encoder.items()
    module = registry.get("encoders.architectures", name)
    initial: Any = materials.initial_encoder(params.initial)
    encoder = module.build(registry.parameters(module, given), materials.shape, initial.tokenizer, materials.seed)
    with torch.no_grad():
        encoder.backbone.get_input_embeddings().weight.copy_(initial.backbone.get_input_embeddings().weight)
    return encoder, {}
