"""Folders and texts that would give vectors of nothing are refused: parts that are missing, and what is no text."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file

import infoviews
from infoviews.commands import encode
from infoviews.encoders import checkpoint, static
from infoviews.encoders.architectures import bert


@pytest.fixture
def folder(tmp_path: Path, tokenizer) -> Path:
    checkpoint.save(tmp_path / "own", bert.build(bert.Params(layers=1, width=16, heads=2, max_tokens=24), tokenizer, 1))
    return tmp_path / "own"


def change(folder: Path, act: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    weights = load_file(folder / "model.safetensors")
    act(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def test_weights_that_are_missing_are_not_drawn_at_random(folder: Path) -> None:
    change(folder, lambda weights: weights.pop("encoder.layer.0.attention.self.query.weight"))
    with pytest.raises(
        ValueError, match="lack 1 of the model's, encoder.layer.0.attention.self.query.weight the first"
    ):
        infoviews.load(folder)


def test_a_folder_without_a_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(FileNotFoundError, match="own: no tokenizer .tokenizer.json, vocab.txt"):
        infoviews.load(folder)


def test_words_without_a_vector_are_named(folder: Path) -> None:
    words = infoviews.load(folder).tokenizer
    words.add_tokens(["zebra"])
    words.save_pretrained(folder)
    with pytest.raises(ValueError, match="has 1 words more than the .* rows of the word embedding, such as 'zebra'"):
        infoviews.load(folder)


def test_vectors_that_are_not_finite_are_not_written(folder: Path, monkeypatch, capsysbinary) -> None:
    change(folder, lambda weights: weights["embeddings.LayerNorm.bias"].fill_(torch.nan))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"the cat\n")))
    with pytest.raises(ValueError, match="own gives vectors that are not finite; its weights are damaged"):
        encode.run(str(folder))
    assert capsysbinary.readouterr().out == b""


def encoders(folder: Path) -> list[Any]:
    words = infoviews.load(folder).tokenizer
    return [infoviews.load(folder), static.StaticEncoder(np.ones((len(words), 3), np.float32), words)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("the cat", "given one text, 'the cat', in place of a list"),
        (b"the cat", "given one text"),
        (["the", None], "text 1 is None, a NoneType; give a str, '' where one is missing"),
        (["the", float("nan")], "text 1 is nan, a float"),
        ([("the", "cat")], "text 0 is .'the', 'cat'., a tuple"),
        (["the", "a \ud800 b"], "text 1 holds half of a character .a lone surrogate."),
    ],
)
def test_what_is_no_list_of_texts_is_refused(folder: Path, given: Any, message: str) -> None:
    for encoder in encoders(folder):
        with pytest.raises(ValueError, match=message):
            encoder.encode(given)


@pytest.mark.parametrize("kind", [np.array, pd.Series, tuple, iter])
def test_any_sequence_of_texts_will_do(folder: Path, kind: Callable[[list[str]], Any]) -> None:
    for encoder in encoders(folder):
        assert np.array_equal(encoder.encode(kind(["the cat", ""])), encoder.encode(["the cat", ""]))


def test_a_text_has_the_same_vector_in_any_company(folder: Path) -> None:
    """But for rounding: batches are sorted by length and padded to their longest text."""
    encoder, rng = infoviews.load(folder), np.random.default_rng(0)
    texts = [" ".join(rng.choice("the cat sat on a mat".split(), n)) for n in rng.integers(0, 30, 100)]
    whole, order = encoder.encode(texts), rng.permutation(100)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(alone, whole, atol=1e-6)
    np.testing.assert_allclose(encoder.encode([texts[i] for i in order]), whole[order], atol=1e-6)
