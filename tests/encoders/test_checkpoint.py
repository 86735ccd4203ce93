"""Checkpoints come back as they were saved, and other libraries read the same vectors from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import infoviews
from infoviews.encoders import bert, checkpoint, static
from infoviews.encoders.encoder import Encoder

PARAMS = bert.Params(layers=1, width=16, heads=2, max_tokens=24)


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
@pytest.mark.parametrize("dimension", [None, 5])
def test_saved_folder_gives_the_same_vectors_here_and_in_sentence_transformers(
    tmp_path: Path, tokenizer, sentences: list[str], pooling: str, dimension: int | None
) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = bert.build(replace(PARAMS, pooling=pooling, dimension=dimension), tokenizer, seed=1).eval()
    checkpoint.save(tmp_path, encoder)
    here = infoviews.load(tmp_path).encode(sentences)
    assert here.dtype == np.float32 and here.shape == (len(sentences), dimension or 16)
    assert np.array_equal(here, encoder.encode(sentences))
    there = SentenceTransformer(str(tmp_path), device="cpu").encode(sentences)
    assert np.abs(here - there).max() < 1e-5


def test_normalised_vectors_survive_the_round_trip(tmp_path: Path, tokenizer, sentences: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    backbone = bert.build(PARAMS, tokenizer, seed=2).backbone
    checkpoint.save(tmp_path, Encoder(backbone, tokenizer, max_tokens=24, normalise=True))
    here = infoviews.load(tmp_path).encode(sentences)
    assert np.allclose(np.linalg.norm(here, axis=1), 1, atol=1e-6)
    assert np.abs(here - SentenceTransformer(str(tmp_path), device="cpu").encode(sentences)).max() < 1e-5


def test_transformers_loads_the_backbone(tmp_path: Path, tokenizer) -> None:
    from transformers import AutoModel, AutoTokenizer

    encoder = bert.build(PARAMS, tokenizer, seed=3).eval()
    checkpoint.save(tmp_path, encoder)
    model = AutoModel.from_pretrained(tmp_path).eval()
    batch = AutoTokenizer.from_pretrained(tmp_path)(["the cat sat"], return_tensors="pt")
    expected = encoder.states(batch["input_ids"], batch["attention_mask"])
    got = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    assert torch.allclose(got, expected, atol=1e-6)


def test_static_average_agrees_with_sentence_transformers(tmp_path: Path, tokenizer, sentences: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    vectors = np.random.default_rng(0).normal(size=(len(tokenizer), 7)).astype(np.float32)
    static.save(tmp_path, static.StaticEncoder(vectors, tokenizer))
    here = infoviews.load(tmp_path).encode(sentences)
    assert np.allclose(here[2], 0)
    filled = [i for i, sentence in enumerate(sentences) if sentence]
    there = SentenceTransformer(str(tmp_path), device="cpu").encode([sentences[i] for i in filled])
    assert np.abs(here[filled] - there).max() < 1e-5


def test_order_of_rows_does_not_depend_on_length_sorting(tokenizer, sentences: list[str]) -> None:
    encoder = bert.build(PARAMS, tokenizer, seed=4).eval()
    together = encoder.encode(sentences)
    alone = np.concatenate([encoder.encode([sentence]) for sentence in sentences])
    assert np.abs(together - alone).max() < 1e-6


def test_bad_pooling_names_the_choices(tokenizer) -> None:
    with pytest.raises(ValueError, match="mean, cls, max"):
        bert.build(replace(PARAMS, pooling="median"), tokenizer, seed=0)
