"""Random weights: the untrained encoder of the same shape, control of every table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from infoviews.bases._materials import Materials
from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder

CITATION = "Wieting & Kiela 2019, No training required: exploring random encoders, arXiv:1901.10444"


@dataclass(frozen=True)
class Params:
    """The shape is the study's encoder; ``dimension`` gives its sentence vectors another size."""

    dimension: int | None = None

    def __post_init__(self) -> None:
        if self.dimension is not None and self.dimension < 1:
            raise ValueError(f"random: dimension is {self.dimension}; it must be at least 1, or null for the study's")


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """A new encoder and an empty record."""
    shape = materials.shape
    if params.dimension is not None:
        shape = replace(shape, dimension=params.dimension)
    return bert.build(shape, materials.tokenizer(), materials.seed), {}
