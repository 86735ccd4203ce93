"""Embed many rows of token ids: sorted by length, batched by tokens, returned in the order given."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from infoviews.contracts import Ragged, ragged

TOKENS_PER_BATCH = {"cpu": 1024, "cuda": 16384}
"""On a CPU a batch's activations should stay in its cache; a GPU wants to be filled."""


def tokenize(tokenizer: Any, sentences: list[str]) -> Ragged:
    """Token ids of sentences, without special tokens, neither padded nor cut."""
    backend = tokenizer.backend_tokenizer  # its own call does this too, and makes masks and types that none reads
    backend.no_padding()
    backend.no_truncation()
    rows = [found.ids for found in backend.encode_batch_fast(list(sentences), add_special_tokens=False)]
    return ragged(rows, np.int32)


def pad(rows: Ragged, tokenizer: Any, max_tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows between the tokenizer's first and last special token, padded to the longest.

    Args:
        rows: token ids without special tokens; each is cut to ``max_tokens - 2``.

    Returns:
        ids (B, T) int64 and mask (B, T) int64, T = longest row + 2.

    Raises:
        ValueError: the tokenizer lacks the first, the last or the padding token.
    """
    first, last, filler = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
    if None in (first, last, filler):
        raise ValueError(
            f"the tokenizer has cls_token {tokenizer.cls_token}, sep_token {tokenizer.sep_token}, pad_token "
            f"{tokenizer.pad_token}; all three are needed; encode the texts with sentence-transformers and give the "
            "arrays by --embeddings"
        )
    lengths = np.minimum(rows.lengths, max_tokens - 2)
    width = int(lengths.max(initial=0)) + 2
    ids = np.full((len(rows), width), filler, dtype=np.int64)
    columns = np.arange(width)
    ids[:, 0] = first
    inner = (columns[None] >= 1) & (columns[None] <= lengths[:, None])  # (B, T) places of the row's own tokens
    source = rows.offsets[:-1, None] + columns[None] - 1
    ids[inner] = rows.ids[source[inner]]
    ids[np.arange(len(rows)), lengths + 1] = last
    mask = (columns[None] <= lengths[:, None] + 1).astype(np.int64)
    return torch.from_numpy(ids), torch.from_numpy(mask)


@torch.inference_mode()
def embed_rows(encoder: Any, rows: Ragged, dropout: float | None = None, seed: int = 0) -> np.ndarray:
    """Embed rows of token ids.

    Args:
        encoder: an ``Encoder`` (or anything with its ``forward``, ``tokenizer``, ``max_tokens``, ``dimension``).
        rows: token ids without special tokens.
        dropout: ``None`` embeds in evaluation mode; a rate leaves dropout on, so that features carry that noise.
        seed: seed of the dropout masks.

    Returns:
        float32 array (rows, d), in the order given.
    """
    out = np.empty((len(rows), encoder.dimension), dtype=np.float32)
    training, device = encoder.training, next(encoder.parameters()).device
    encoder.train(dropout is not None)
    if dropout is not None:
        encoder.set_dropout(dropout)
        torch.manual_seed(seed)
    order = np.argsort(rows.lengths, kind="stable")
    widths = np.minimum(rows.lengths[order], encoder.max_tokens - 2) + 2
    most = TOKENS_PER_BATCH.get(device.type, 4096)
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * widths[stop] <= most:
            stop += 1
        chosen = order[start:stop]
        ids, mask = pad(rows.take(chosen), encoder.tokenizer, encoder.max_tokens)
        out[chosen] = encoder(ids.to(device), mask.to(device)).float().cpu().numpy()
        start = stop
    encoder.train(training)
    return out
