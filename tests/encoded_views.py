"""Encoded views with known content, and score matrices of the contrasts written pair by pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from infoviews import registry
from infoviews.contracts import Pairs, Ragged
from infoviews.encoders.architectures import bert
from infoviews.encoders.embed import pad
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

WIDTH, DIMENSION, TEXTS = 16, 6, 5
LENGTHS = ((3, 1, 7, 0, 5), (2, 6, 4, 1, 9), (1, 2, 3, 4, 5))
"""Tokens of each text of each view, special tokens not counted; an empty text is among them."""

ARCHITECTURES = {"causal": "gpt", "bidirectional": "bilstm", "permutation": "xlnet"}
"""What an addition needs where it is not BERT."""


def ragged(lengths: Sequence[int], seed: int) -> Ragged:
    """Random token ids above the special ones."""
    rng = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Ragged(rng.integers(5, 60, size=int(offsets[-1])).astype(np.uint16), offsets)


def pairs(views: int = 2, labels: bool = False) -> Pairs:
    """Small pairs of texts of mixed length."""
    of_each = tuple(ragged(lengths, seed) for seed, lengths in enumerate(LENGTHS[:views]))
    return Pairs(of_each, np.arange(TEXTS), np.arange(TEXTS) % 3 if labels else None)


def encoder(tokenizer, dropout: float = 0.0, pooling: str = "mean", architecture: str = "bert") -> Encoder:
    """A small encoder of two layers whose sentence vectors are smaller than its token states."""
    shape = bert.Params(
        layers=2, width=WIDTH, heads=2, dropout=dropout, dimension=DIMENSION, max_tokens=20, pooling=pooling
    )
    if architecture == "bert":
        return bert.build(shape, tokenizer, seed=0)
    module = registry.get("encoders.architectures", architecture)
    return module.build(module.Params(), shape, tokenizer, seed=0)


def encode(model: Encoder, rows: Ragged, padding: int = 0, fill: int = 0) -> Encoded:
    """One view with the states of every layer, padded ``padding`` tokens beyond the longest with id ``fill``."""
    ids, mask = pad(rows, model.tokenizer, model.max_tokens)
    ids = torch.nn.functional.pad(ids, (0, padding), value=0)
    mask = torch.nn.functional.pad(mask, (0, padding), value=0)
    ids = torch.where(mask == 0, fill, ids)
    every = model.layers(ids, mask)
    states = dict(enumerate(every)) | {number - len(every): state for number, state in enumerate(every)}
    return Encoded(ids, mask, model.pool(every[-1], mask), states, model.pool)


def views(model: Encoder, count: int = 2) -> list[Encoded]:
    """The encoded views of ``pairs``, padded to one length, as a step does."""
    rows = pairs(count).views
    longest = max(max(view.lengths) for view in rows)
    return [encode(model, view, int(longest - max(view.lengths))) for view in rows]


def spoilt(view: Encoded) -> Encoded:
    """The same view with other token states and ids wherever there is padding."""
    gone = view.mask == 0
    states = {n: torch.where(gone[..., None], torch.full_like(s, 1e6), s) for n, s in view.states.items()}
    return Encoded(torch.where(gone, 7, view.ids), view.mask, view.vectors, states, view.pool)


def critic(name: str = "bilinear", dimension: int = DIMENSION) -> torch.nn.Module:
    """A critic with weights from seed 1; bilinear is not symmetric, so a transposed matrix shows."""
    module = registry.get("critics", name)
    torch.manual_seed(1)
    return module.Critic(module.Params(), dimension)


def contrast(name: str, model: Encoder, given: dict | None = None, views: int = 2) -> torch.nn.Module:
    """A contrast with weights from seed 2."""
    module = registry.get("contrasts", name)
    torch.manual_seed(2)
    return module.Contrast(registry.parameters(module, given), model, pairs(views))


def run(contrast: torch.nn.Module, views: Sequence[Encoded], seed: int = 0) -> list:
    """What a contrast gives with the draws of ``seed``."""
    torch.manual_seed(seed)
    return contrast(views, critic())


def real(view: Encoded, text: int) -> list[int]:
    """Positions of a text's real tokens."""
    return [t for t, is_real in enumerate(view.mask[text].tolist()) if is_real]


def table(critic: torch.nn.Module, x: Sequence[torch.Tensor], y: Sequence[torch.Tensor]) -> torch.Tensor:
    """S[i, j] = f(x_i, y_j), one pair at a time."""
    return torch.stack([torch.stack([critic(a[None], b[None])[0, 0] for b in y]) for a in x])
