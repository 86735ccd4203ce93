"""Skip-gram with negative sampling (Mikolov et al. 2013) on token ids: the encoder's word embeddings, or all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from infoviews.bases._materials import Materials
from infoviews.contracts import Ragged
from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.static import StaticEncoder

CITATION = "Mikolov et al. 2013, Distributed representations of words and phrases, arXiv:1310.4546"


@dataclass(frozen=True)
class Params:
    """As in word2vec: passes over the corpus, words to either side, noise words per pair.

    ``average`` leaves the vectors as they are, a sentence being their mean; ``seed`` is added to the study's.
    """

    epochs: int = 2
    window: int = 5
    negative: int = 5
    average: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "window", "negative"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; given {getattr(self, name)}")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; it must be at least 0")


def static(params: Params) -> bool:
    """Whether it holds word vectors alone, with nothing to pretrain."""
    return params.average


def build(params: Params, materials: Materials) -> tuple[Encoder | StaticEncoder, dict[str, Any]]:
    """An encoder whose word embeddings are skip-gram vectors, all else random; or the vectors alone."""
    tokenizer, seed = materials.tokenizer(), materials.seed + params.seed
    vectors = train_vectors(materials.train_sentences(), len(tokenizer), materials.shape.width, params, seed)
    if params.average:
        return StaticEncoder(vectors, tokenizer), {}
    encoder = bert.build(materials.shape, tokenizer, seed)
    words = encoder.backbone.embeddings.word_embeddings.weight
    with torch.no_grad():
        scaled = vectors * (encoder.backbone.config.initializer_range / vectors.std())  # the scale BERT expects
        words.copy_(torch.from_numpy(scaled))
    return encoder, {}


def train_vectors(rows: Ragged, vocabulary: int, width: int, params: Params, seed: int) -> np.ndarray:
    """Skip-gram vectors, float32 array (vocabulary, width); tokens that never occur keep small random vectors.

    One worker thread: with more, gensim's updates race and no two runs agree.
    """
    from gensim.models import Word2Vec

    model = Word2Vec(
        _Sentences(rows),
        vector_size=width,
        window=params.window,
        negative=params.negative,
        epochs=params.epochs,
        min_count=1,
        sg=1,
        workers=1,
        seed=seed % 2**32,
    )
    vectors = np.random.default_rng(seed).normal(scale=0.01, size=(vocabulary, width)).astype(np.float32)
    seen = np.array([int(word) for word in model.wv.index_to_key])
    vectors[seen] = model.wv.vectors
    return vectors


class _Sentences:
    """Restartable iterator, since gensim passes over the corpus once per epoch and once for the vocabulary."""

    def __init__(self, rows: Ragged) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[list[str]]:
        for row in self.rows:
            yield list(map(str, row.tolist()))
