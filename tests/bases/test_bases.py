"""Base encoders: masking as BERT states it, skip-gram vectors that know their neighbours, the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import infoviews
from infoviews.bases import architecture, cove, elsewhere, mlm, skipgram
from infoviews.bases._materials import Materials
from infoviews.contracts import Ragged
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert


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


SHAPE = bert.Params(layers=1, width=16, heads=2, max_tokens=24)


@pytest.mark.parametrize("encoder", [{"gpt": {}}, {"xlnet": {}}, {"bilstm": {"pooling": "max"}}])
def test_another_architecture_takes_over_the_word_embeddings(
    encoder: dict[str, Any], tokenizer, sentences: list[str], tmp_path: Path
) -> None:
    initial = bert.build(SHAPE, tokenizer, seed=4)
    checkpoint.save(tmp_path / "initial", initial)
    materials = Materials(tmp_path, SHAPE, tmp_path / "initial", tmp_path, {"seed": 5})
    params = architecture.Params("initial", encoder)
    one, again = (architecture.build(params, materials)[0].eval() for _ in range(2))
    words = one.backbone.get_input_embeddings().weight
    assert torch.equal(words, initial.backbone.get_input_embeddings().weight)
    assert np.array_equal(one.encode(sentences), again.encode(sentences)) and one.dimension == 16
    with pytest.raises(ValueError, match="encoder must name one module; given none"):
        architecture.Params("initial", {})


def test_an_encoder_from_elsewhere_keeps_its_own_vocabulary_pooling_and_length(
    tokenizer, sentences: list[str], tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "some_package/model").mkdir(parents=True)
    (tmp_path / "some_package/__init__.py").touch()
    encoder = bert.build(bert.Params(layers=1, width=8, heads=2, max_tokens=12, pooling="cls"), tokenizer, seed=1)
    checkpoint.save(tmp_path / "some_package/model", encoder)
    monkeypatch.syspath_prepend(tmp_path)
    materials = Materials(tmp_path / "no corpus", SHAPE, None, tmp_path, {"seed": 0})
    for params in (elsewhere.Params("some_package"), elsewhere.Params(path=str(tmp_path / "some_package/model"))):
        found = elsewhere.build(params, materials)[0]
        assert np.array_equal(found.encode(sentences), encoder.eval().encode(sentences))
    for given in ({}, {"package": "a", "path": "b"}, {"hub": "a"}, {"path": "a", "revision": "b"}):
        with pytest.raises(ValueError, match="give package, path, or hub with revision"):
            elsewhere.Params(**given)


def test_the_encoder_of_a_translation_model_reads_alone_and_survives_the_round_trip(
    random_marian, tokenizer, sentences: list[str], tmp_path: Path
) -> None:
    from transformers import MarianMTModel

    folder = random_marian(tmp_path / "marian", tokenizer)
    materials = Materials(tmp_path, SHAPE, None, tmp_path, {"seed": 0})
    encoder = cove.build(cove.Params(folder), materials)[0].eval()
    ids = torch.tensor([[2, 60, 61, 3]])
    expected = MarianMTModel.from_pretrained(folder).eval().get_encoder()(ids).last_hidden_state.mean(1)
    torch.testing.assert_close(encoder(ids, torch.ones_like(ids)), expected)
    checkpoint.save(tmp_path / "saved", encoder)
    assert np.array_equal(infoviews.load(tmp_path / "saved").encode(sentences), encoder.encode(sentences))
    checkpoint.save(tmp_path / "bert", bert.build(SHAPE, tokenizer, seed=0))
    with pytest.raises(ValueError, match="is no translation model"):
        cove.build(cove.Params(str(tmp_path / "bert")), materials)
