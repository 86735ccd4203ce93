"""Base encoders: masking as BERT states it, skip-gram vectors that know their neighbours, the same bytes every time."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from infoviews.bases import mlm, skipgram
from infoviews.contracts import Ragged
from infoviews.encoders import bert


def rows_of(count: int, length: int, low: int, high: int, seed: int = 0) -> Ragged:
    ids = np.random.default_rng(seed).integers(low, high, count * length).astype(np.uint16)
    return Ragged(ids, np.arange(0, count * length + 1, length, dtype=np.int64))


def test_masking_follows_the_published_shares(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=1, width=8, heads=1, max_tokens=42), tokenizer, seed=0)
    rows = rows_of(2000, 40, 60, 80)
    ids, mask, places, targets = mlm.masked_batch(rows, encoder, 0.15, [0, 0])
    own = mask.sum().item() - 2 * len(rows)
    assert places.sum().item() / own == pytest.approx(0.15, abs=0.005)
    assert not places[:, 0].any() and not places[:, -1].any()  # [CLS] and [SEP] are never predicted
    masked = (ids[places] == tokenizer.mask_token_id).float().mean().item()
    kept = (ids[places] == targets).float().mean().item()
    assert masked == pytest.approx(0.8, abs=0.01)
    assert kept == pytest.approx(0.1 + 0.1 / len(tokenizer), abs=0.01)


def test_skipgram_vectors_of_words_that_share_contexts_are_alike_and_repeatable() -> None:
    rng = np.random.default_rng(0)
    groups = np.array([[5, 6, 7, 8], [9, 10, 11, 12]])
    rows = rng.permuted(groups[rng.integers(0, 2, 3000)], axis=1)
    corpus = Ragged(rows.ravel().astype(np.uint16), np.arange(0, rows.size + 1, 4, dtype=np.int64))
    params = skipgram.Params(epochs=20, window=3)
    vectors = skipgram.train_vectors(corpus, 14, 8, params, seed=1)
    assert np.array_equal(vectors, skipgram.train_vectors(corpus, 14, 8, params, seed=1))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[5] @ unit[6] > unit[5] @ unit[10] + 0.3


def test_output_embedding_of_the_language_model_is_the_input_embedding(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=1, width=8, heads=1, dropout=0.0, max_tokens=12), tokenizer, seed=0)
    model = mlm.MaskedLanguageModel(encoder)
    ids, mask, places, targets = mlm.masked_batch(rows_of(4, 6, 60, 80), encoder, 0.5, [1, 2])
    logits = model(ids, mask, places)
    states = model.transform(encoder.states(ids, mask)[places])
    words = encoder.backbone.embeddings.word_embeddings.weight
    assert torch.allclose(logits, torch.nn.functional.linear(states, words, model.bias), atol=1e-6)
    assert logits.shape == (len(targets), len(tokenizer))
