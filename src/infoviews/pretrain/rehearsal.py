"""One step of a cell on made-up texts, so that parts that do not go together are found before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import torch

from infoviews import registry
from infoviews.contracts import Pairs, ragged
from infoviews.corpus import tokenizer
from infoviews.encoders.architectures import bert
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep

TEXTS, WORDS = 4, 8


def rehearse(
    objective: dict[str, Any], shape: bert.Params, architecture: dict[str, Any], views: int, classes: int
) -> None:
    """Build what a cell trains, as small as its parts allow, and take the gradient of one batch of made-up texts.

    Args:
        objective: of the cell's spec: ``bound``, ``params``, ``critic``, ``contrast`` and ``additions``.
        shape: the study's encoder; its heads and lengths are kept, and its layers where a contrast names some.
        architecture: name → parameters of another architecture than the study's, or nothing.
        views: of each pair. classes: of its labels, or 0.

    Raises:
        ValueError: the parts do not go together, or the loss is not finite; the message says why.
    """
    layers = shape.layers if "layers" in objective["contrast"] else 1
    small = replace(shape, width=4 * shape.heads, layers=layers, dimension=shape.dimension and min(shape.dimension, 8))
    words = _words()
    rng = np.random.default_rng(0)
    texts = tuple(
        ragged([rng.integers(5, len(words), WORDS - row).tolist() for row in range(TEXTS)], np.int64)
        for _ in range(views)
    )
    pairs = Pairs(texts, np.arange(TEXTS), np.arange(TEXTS) % classes if classes else None)
    with torch.random.fork_rng():
        encoder = bert.build(small, words, 0)
        for name, given in architecture.items():
            module = registry.get("encoders.architectures", name)
            encoder = module.build(registry.parameters(module, given), small, words, 0)
        model = build(encoder, objective, pairs, 0)
        bound = registry.get("objectives", objective["bound"])
        params = registry.parameters(bound, objective.get("params"))
        loss, _ = ContrastiveStep(model, bound, params, pairs, [np.arange(TEXTS)], mask_duplicates=True)(0)
        if not torch.isfinite(loss):
            raise ValueError(f"the loss of an untrained encoder on four made-up texts is {loss.item()}")
        loss.backward()


@cache
def _words() -> Any:
    return tokenizer.train(lambda: ["some few words made up to be read once"], 64)
