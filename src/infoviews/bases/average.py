"""The word vectors of another base, averaged: what its transformer has to beat, a control of every table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infoviews.bases._materials import Materials
from infoviews.encoders.static import StaticEncoder

CITATION = (
    "Wieting, Bansal, Gimpel & Livescu 2016, Towards universal paraphrastic sentence embeddings, arXiv:1511.08198"
)


@dataclass(frozen=True)
class Params:
    """``initial`` names the base whose word embeddings are averaged."""

    initial: str


def static(params: Params) -> bool:
    """Whether it holds word vectors alone, with nothing to pretrain."""
    return True


def build(params: Params, materials: Materials) -> tuple[StaticEncoder, dict[str, Any]]:
    """Sentences become the plain mean of their tokens' vectors."""
    encoder = materials.initial_encoder(params.initial)
    words = encoder.backbone.embeddings.word_embeddings.weight
    return StaticEncoder(words.detach().numpy(), encoder.tokenizer), {}
