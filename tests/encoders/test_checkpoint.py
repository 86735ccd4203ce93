"""Checkpoints come back as they were saved, and other libraries read the same vectors from them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

import infoviews
from infoviews.encoders import checkpoint, static
from infoviews.encoders.architectures import bert, bilstm, gpt, xlnet
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


@pytest.mark.parametrize("module", [gpt, xlnet, bilstm])
def test_other_architectures_give_the_same_vectors_here_and_elsewhere(
    tmp_path: Path, tokenizer, sentences: list[str], module: ModuleType
) -> None:
    from sentence_transformers import SentenceTransformer
    from transformers import AutoModel

    encoder = module.build(module.Params(), replace(PARAMS, layers=2, dimension=5), tokenizer, seed=1).eval()
    checkpoint.save(tmp_path, encoder)
    here = infoviews.load(tmp_path).encode(sentences)
    assert np.array_equal(here, encoder.encode(sentences))
    alone = np.concatenate([encoder.encode([sentence]) for sentence in sentences])
    assert np.abs(here - alone).max() < 1e-6  # padding has no say
    assert np.abs(here - SentenceTransformer(str(tmp_path), device="cpu").encode(sentences)).max() < 1e-5
    assert type(AutoModel.from_pretrained(tmp_path)) is type(encoder.backbone)
    ids = torch.tensor([[2, 60, 61, 62, 3]])
    every = encoder.layers(ids, torch.ones_like(ids))
    assert len(every) == 3 and torch.equal(every[-1], encoder.states(ids, torch.ones_like(ids)))


def test_our_own_architecture_is_known_to_a_process_that_only_loads(tmp_path: Path, tokenizer) -> None:
    checkpoint.save(tmp_path, bilstm.build(bilstm.Params(), PARAMS, tokenizer, seed=1))
    program = "import infoviews, sys; print(infoviews.load(sys.argv[1]).encode(['the cat']).shape)"
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1, 16)"


@pytest.mark.parametrize("width", [2, 3])
def test_lstms_of_the_two_directions_never_see_each_other(width: int, tokenizer) -> None:
    """A token changes the left half of no state before it and the right half of no state after it."""
    encoder = bilstm.build(bilstm.Params(), replace(PARAMS, layers=2), tokenizer, seed=1).eval()
    ids, mask = torch.tensor([[2, 60, 61, 62, 63, 3, 0]]), torch.tensor([[1] * 6 + [0]])
    other = ids.clone()
    other[0, width] = 70
    changed = (encoder.states(ids, mask) - encoder.states(other, mask)).abs().amax(0) > 1e-7  # (T, H)
    assert not changed[:width, :8].any() and changed[width:, :8].any(1)[:-1].all()
    assert not changed[width + 1 : 6, 8:].any() and changed[: width + 1, 8:].any(1).all()
    with pytest.raises(ValueError, match="width is 15; it must be even"):
        bilstm.build(bilstm.Params(), replace(PARAMS, width=15, heads=1), tokenizer, seed=1)


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
    with pytest.raises(ValueError, match="allowed: cls, max, mean"):
        bert.build(replace(PARAMS, pooling="median"), tokenizer, seed=0)
