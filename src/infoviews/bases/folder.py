"""A checkpoint that the reader already has, as a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infoviews.bases._materials import Materials
from infoviews.encoders import checkpoint
from infoviews.encoders.encoder import Encoder

CITATION = "the reader's own checkpoint"


@dataclass(frozen=True)
class Params:
    """``path`` of a transformers or sentence-transformers folder."""

    path: str


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """Load the folder; pooling and length limit are the study's, the vocabulary must be the corpus's.

    Raises:
        ValueError: there is no such folder, or its vocabulary is not the one that the corpus was tokenised with.
    """
    if not Path(params.path).is_dir():
        raise ValueError(f"base folder {params.path!r} does not exist; give a checkpoint folder")
    encoder = checkpoint.load(params.path)
    if not isinstance(encoder, Encoder):
        raise ValueError(f"{params.path} holds static vectors; a base must be a transformer")
    if encoder.tokenizer.get_vocab() != materials.tokenizer().get_vocab():
        raise ValueError(
            f"{params.path} has another vocabulary than the corpus; set corpus.tokenizer to it, so that ids agree"
        )
    shape = materials.shape
    max_tokens = min(shape.max_tokens, encoder.max_tokens)
    return Encoder(encoder.backbone, encoder.tokenizer, shape.pooling, shape.dimension, max_tokens), {}
