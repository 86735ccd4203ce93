"""GloVe: counts as a double loop gives them, loss and step as the paper states them, a planted matrix recovered."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from infoviews.bases import glove
from infoviews.bases._materials import Materials
from infoviews.contracts import Ragged
from infoviews.corpus.store import Tokenised, write_corpus
from infoviews.encoders.architectures import bert

SENTENCES = st.lists(st.lists(st.integers(0, 5), max_size=9), min_size=1, max_size=8)


def ragged(sentences: list[list[int]]) -> Ragged:
    offsets = np.cumsum([0, *map(len, sentences)], dtype=np.int64)
    return Ragged(np.array([i for sentence in sentences for i in sentence], dtype=np.uint16), offsets)


def planted(words: int, rank: int, seed: int) -> sparse.csr_array:
    """A symmetric count matrix whose logarithm is of low rank but for a bias a word; a tenth is missing."""
    rng = np.random.default_rng(seed)
    factor, bias = rng.normal(size=(words, rank)), rng.normal(size=words)
    logs = factor @ factor.T / rank + bias[:, None] + bias + 2
    missing = np.triu(rng.random((words, words)) < 0.1)
    return sparse.csr_array(np.where(missing | missing.T, 0, np.exp(logs)).astype(np.float32))


@settings(deadline=None, max_examples=60)
@given(SENTENCES, st.integers(1, 6), st.sampled_from([0.01, 0.5, 1.0, 2.5]), st.integers(1, 12))
def test_counts_are_those_of_a_double_loop_however_the_corpus_is_cut(sentences, window, smallest, chunk) -> None:
    slow: dict[tuple[int, int], float] = defaultdict(float)
    for sentence in sentences:
        for i, word in enumerate(sentence):
            for j, other in enumerate(sentence):
                if 0 < abs(i - j) <= window:
                    slow[word, other] += 1 / abs(i - j)
    expected = np.zeros((6, 6))
    for place, count in slow.items():
        expected[place] = count if count >= smallest - 1e-9 else 0
    counts = glove.cooccurrences(ragged(sentences), 6, window, smallest, chunk)
    assert np.allclose(counts.toarray(), expected, rtol=1e-6)
    whole = glove.cooccurrences(ragged(sentences), 6, window, smallest)
    assert np.array_equal(counts.toarray(), whole.toarray()) and counts.nnz == whole.nnz == np.count_nonzero(expected)


def test_loss_and_gradient_are_those_of_equation_8_written_as_loops() -> None:
    rng = np.random.default_rng(0)
    words, contexts = rng.normal(size=(3, 5)), rng.normal(size=(4, 5))
    counts = np.array([[0.0, 1, 20, 3], [0.5, 0, 10, 8], [7, 2, 0, 100]])
    loss, of_words, of_contexts = 0.0, np.zeros((3, 5)), np.zeros((4, 5))
    for i, j in zip(*np.nonzero(counts), strict=True):
        weight = min(1, (counts[i, j] / 10) ** 0.75)
        error = words[i, :4] @ contexts[j, :4] + words[i, 4] + contexts[j, 4] - math.log(counts[i, j])
        loss += weight * error**2
        of_words[i] += 2 * weight * error * np.append(contexts[j, :4], 1)
        of_contexts[j] += 2 * weight * error * np.append(words[i, :4], 1)
    w, c = (torch.tensor(t, requires_grad=True) for t in (words, contexts))
    logs = torch.tensor(np.where(counts > 0, np.log(np.maximum(counts, 0.1)), 0))
    found = glove.block_loss(w, c, logs, torch.tensor(glove.weight(counts, glove.Params(x_max=10, alpha=0.75))))
    found.backward()
    assert found.item() == pytest.approx(loss)
    assert np.allclose(w.grad, of_words) and np.allclose(c.grad, of_contexts)


def test_the_first_step_is_adagrads() -> None:
    """From the seed's own start, one block: θ - rate · g / √(1 + g²), the accumulator starting at 1."""
    counts, params = planted(6, 2, seed=0), glove.Params(epochs=1, rate=0.1)
    start = np.random.default_rng(5).uniform(-0.5, 0.5, size=(2, 6, 4)).astype(np.float32) / 3
    words, contexts = (torch.tensor(t, requires_grad=True) for t in start)
    dense = counts.toarray()
    logs = torch.from_numpy(np.where(dense > 0, np.log(np.maximum(dense, 1e-9)), 0))
    loss = glove.block_loss(words, contexts, logs, torch.from_numpy(glove.weight(dense, params)))
    loss.backward()
    stepped = [(t - 0.1 * t.grad / (1 + t.grad**2).sqrt()).detach() for t in (words, contexts)]
    vectors, history = glove.factorise(counts, 3, params, seed=5)
    assert np.allclose(vectors, (stepped[0] + stepped[1])[:, :3], atol=1e-5)
    assert history == [{"step": 1, "loss": pytest.approx(loss.item() / counts.nnz, rel=1e-5)}]


@pytest.mark.parametrize("block", [7, 512])
def test_every_entry_is_visited_once_an_epoch(block, monkeypatch) -> None:
    monkeypatch.setattr(glove, "BLOCK", block)
    counts = planted(20, 2, seed=1)
    seen = np.zeros((2, 20, 20), dtype=np.float32)
    for rows, columns, *blocks in glove._blocks(counts, 2 * counts, np.random.default_rng(0)):
        for array, part in zip(seen, blocks, strict=True):
            array[np.ix_(rows, columns)] += part.numpy()
    assert np.array_equal(seen[0], counts.toarray()) and np.array_equal(seen[1], 2 * seen[0])


def test_factorisation_recovers_a_planted_matrix_the_same_bytes_every_time(monkeypatch) -> None:
    monkeypatch.setattr(glove, "BLOCK", 20)
    counts = planted(60, 3, seed=2)
    params = glove.Params(epochs=60, rate=0.3, x_max=1)
    vectors, history = glove.factorise(counts, 6, params, seed=3)
    assert history[0]["loss"] > 1 and history[-1]["loss"] < 0.01
    again, _ = glove.factorise(counts, 6, params, seed=3)
    other, _ = glove.factorise(counts, 6, params, seed=4)
    assert vectors.tobytes() == again.tobytes() and not np.array_equal(vectors, other)


def test_built_vectors_of_words_that_share_contexts_are_alike(tmp_path: Path, tokenizer) -> None:
    rng = np.random.default_rng(0)
    groups = np.array([[60, 61, 62, 63], [64, 65, 66, 67]])
    sentences = rng.permuted(groups[rng.integers(0, 2, 400)], axis=1).tolist()
    documents = [Tokenised("1", "s", "", "train", sentences), Tokenised("2", "s", "", "heldout", [[60, 64]] * 900)]
    write_corpus(tmp_path / "corpus", documents, tokenizer)
    shape = bert.Params(layers=1, width=8, heads=1, max_tokens=12)
    materials = Materials(tmp_path / "corpus", shape, None, tmp_path / "state", {"seed": 1})
    encoder, record = glove.build(glove.Params(epochs=50), materials)
    vectors = encoder.embedding.weight.numpy()
    assert vectors.shape == (len(tokenizer), 8) == (len(tokenizer), encoder.dimension)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[60] @ unit[61] > unit[60] @ unit[64] + 0.3
    assert record["entries"] == 24 and record["failure"] is None and len(record["history"]) == 50
    shifted, _ = glove.build(glove.Params(epochs=50, seed=1), materials)
    assert not torch.equal(shifted.embedding.weight, encoder.embedding.weight)


@pytest.mark.parametrize(
    ("name", "value"),
    [("epochs", 0), ("window", 0), ("x_max", 0.0), ("alpha", -1.0), ("rate", math.nan), ("smallest", 0.0)],
)
def test_params_out_of_range_are_refused_by_name(name, value) -> None:
    with pytest.raises(ValueError, match=f"{name} must be .*given {value}"):
        glove.Params(**{name: value})


def test_a_matrix_without_entries_is_refused() -> None:
    empty = glove.cooccurrences(ragged([[1], [2]]), 3, 2, 0.5)
    with pytest.raises(ValueError, match="lower smallest"):
        glove.factorise(empty, 4, glove.Params(), seed=0)
