"""Embed many rows of token ids: sorted by length, batched by tokens, returned in the order given."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from infoviews import devices
from infoviews.contracts import Ragged, ragged
from infoviews.encoders.laid import LaidRows, widened

log = logging.getLogger(__name__)

SURROGATE = re.compile("[\ud800-\udfff]")

TOKENS_PER_BATCH = {"cpu": 1024, "cuda": 131072}
"""On a CPU a batch's activations should stay in its cache; a GPU wants to be filled."""


def tokenize(tokenizer: Any, sentences: list[str]) -> Ragged:
    """Token ids of sentences, without special tokens, neither padded nor cut.

    Encoders of one study share a tokenizer and are scored on the same texts: the last ones are kept.

    Raises:
        ValueError: one text in place of a list, whose letters would be encoded, or something in it that is no text.
    """
    if isinstance(sentences, str | bytes):
        raise ValueError(f"given one text, {sentences[:40]!r}, in place of a list of texts; give [text]")
    sentences = list(sentences)
    for number, text in enumerate(sentences):
        if not isinstance(text, str):
            raise ValueError(f"text {number} is {text!r}, a {type(text).__name__}; give a str, '' where one is missing")
    backend = tokenizer.backend_tokenizer  # its own call does this too, and makes masks and types that none reads
    backend.no_padding()
    backend.no_truncation()
    return _tokenized(_Same(backend.to_str(), backend), tuple(sentences))


class _Same:
    """A tokenizer that equals every other with the same settings and words."""

    def __init__(self, content: str, backend: Any) -> None:
        self.content, self.backend = content, backend

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.content == other.content


@lru_cache(maxsize=2)
def _tokenized(tokenizer: _Same, sentences: tuple[str, ...]) -> Ragged:
    try:
        found = tokenizer.backend.encode_batch_fast(list(sentences), add_special_tokens=False)
    except TypeError as error:  # what it says of a text that is no UTF-8
        wrong = next(number for number, text in enumerate(sentences) if SURROGATE.search(text))
        raise ValueError(
            f"text {wrong} holds half of a character (a lone surrogate), {sentences[wrong][:40]!r}; decode the bytes "
            "that it came from as what they are"
        ) from error
    return ragged([row.ids for row in found], np.int32)


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
    """Embed rows of token ids, on the GPU where there is one: the encoder moves there and stays.

    Args:
        encoder: an ``Encoder`` (or anything with its ``forward``, ``tokenizer``, ``max_tokens``, ``dimension``).
        rows: token ids without special tokens.
        dropout: ``None`` embeds in evaluation mode; a rate leaves dropout on, so that features carry that noise.
        seed: seed of the dropout masks.

    Returns:
        float32 array (rows, d), in the order given.
    """
    device, training = devices.best(), encoder.training
    encoder.to(device).train(dropout is not None)
    if dropout is not None:
        encoder.set_dropout(dropout)
        torch.manual_seed(seed)
    vectors = _on_cpu(encoder, rows) if device.type == "cpu" else _as_fits(encoder, rows, device)
    encoder.train(training)
    return vectors


def _on_cpu(encoder: Any, rows: Ragged) -> np.ndarray:
    out = np.empty((len(rows), encoder.dimension), dtype=np.float32)
    order, widths = _by_length(rows, encoder.max_tokens)
    for part in _parts(widths, TOKENS_PER_BATCH["cpu"]):
        chosen = order[part]
        out[chosen] = encoder(*pad(rows.take(chosen), encoder.tokenizer, encoder.max_tokens)).float().numpy()
    return out


def _as_fits(encoder: Any, rows: Ragged, device: torch.device) -> np.ndarray:
    """In batches as large as the device's memory allows."""
    most = TOKENS_PER_BATCH["cuda"]
    while True:
        try:
            return _laid(encoder, rows, device, most)
        except torch.OutOfMemoryError:
            if most <= TOKENS_PER_BATCH["cpu"]:
                raise
            most //= 2
            log.warning("out of memory while encoding: batches of %d tokens from now on", most)


def _laid(encoder: Any, rows: Ragged, device: torch.device, most: int) -> np.ndarray:
    """Tokens go to the device once and vectors come back once; nothing is awaited between."""
    order, widths = _by_length(rows, encoder.max_tokens)
    widths, laid = widened(widths, encoder.max_tokens), LaidRows(rows, encoder.tokenizer, encoder.max_tokens, device)
    out, places = torch.empty(len(rows), encoder.dimension, device=device), torch.from_numpy(order).to(device)
    for part in _parts(widths, most):
        chosen = places[part]
        out[chosen] = encoder(*laid.padded(chosen, int(widths[part.stop - 1]))).float()
    return out.cpu().numpy()


def _by_length(rows: Ragged, max_tokens: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers, shortest row first, and the tokens of each with its special ones, in that order."""
    order = np.argsort(rows.lengths, kind="stable")
    return order, np.minimum(rows.lengths[order], max_tokens - 2) + 2


def _parts(widths: np.ndarray, most: int) -> Iterator[slice]:
    """Batches of rows with rising widths that take ``most`` tokens, padding counted, or are one row."""
    start = 0
    for stop in range(1, len(widths) + 1):
        if stop == len(widths) or (stop + 1 - start) * widths[stop] > most:
            yield slice(start, stop)
            start = stop
