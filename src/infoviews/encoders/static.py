"""Static word vectors, averaged: the encoder without layers, a control of every table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from infoviews.encoders.embed import embed_rows, tokenize
from infoviews.files import replacing, write_json


class StaticEncoder(nn.Module):
    """The mean of the vectors of a sentence's own tokens; an empty sentence gives zeros.

    Args:
        vectors: float32 array (vocabulary, d).
        tokenizer: a fast tokenizer with that vocabulary.
    """

    max_tokens = 10_000  # no positions, so only memory bounds the length

    def __init__(self, vectors: np.ndarray, tokenizer: Any) -> None:
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(torch.from_numpy(np.asarray(vectors, dtype=np.float32)))
        self.register_buffer("special", torch.tensor(tokenizer.all_special_ids), persistent=False)
        self.tokenizer = tokenizer
        self.dimension = vectors.shape[1]
        self.dropout = nn.Dropout(0.0)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Averages, ids (B, T) and mask (B, T) → (B, d); special tokens do not count."""
        own = mask.bool() & ~torch.isin(ids, self.special)  # (B, T)
        weights = own.unsqueeze(-1).float()
        return (self.dropout(self.embedding(ids)) * weights).sum(1) / weights.sum(1).clamp(min=1)

    def set_dropout(self, rate: float) -> None:
        """Drop coordinates of every word's vector in training mode, as an encoder does below its layers."""
        self.dropout.p = rate

    def encode(self, sentences: list[str]) -> np.ndarray:
        """Sentences → float32 array (n, d), rows in the order given."""
        return embed_rows(self, tokenize(self.tokenizer, sentences))


def save(folder: Path, encoder: StaticEncoder) -> None:
    """Write a folder that ``sentence_transformers.SentenceTransformer`` loads as a static embedding."""
    with replacing(folder / "model.safetensors") as temporary:
        save_file({"embedding.weight": encoder.embedding.weight.detach().contiguous()}, temporary)
    encoder.tokenizer.save_pretrained(folder)
    write_json(folder / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": MODULE}])


def load(folder: Path) -> StaticEncoder:
    """Read what ``save`` wrote."""
    from transformers import AutoTokenizer

    weights = load_file(folder / "model.safetensors")["embedding.weight"]
    return StaticEncoder(weights.numpy(), AutoTokenizer.from_pretrained(folder))


MODULE = "sentence_transformers.models.StaticEmbedding"
