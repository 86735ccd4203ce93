"""Rows that lie on a device give the batches, and the vectors, that rows in memory give."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infoviews.contracts import ragged
from infoviews.encoders import embed
from infoviews.encoders.architectures import bert
from infoviews.encoders.laid import LaidRows, widened

CPU = torch.device("cpu")


class Signs:
    cls_token_id, sep_token_id, pad_token_id = 2, 3, 0


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(5, 60_000), max_size=12), min_size=1, max_size=8), st.integers(3, 12), st.data())
def test_padded_like_rows_in_memory(texts, longest, draw):
    rows = ragged(texts, np.uint16)
    chosen = np.array(draw.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, max_size=6)))
    ids, mask = embed.pad(rows.take(chosen), Signs, longest)
    laid = LaidRows(rows, Signs, longest, CPU)
    for width in (ids.shape[1], ids.shape[1] + 5):
        found = laid.padded(torch.from_numpy(chosen), width)
        more = (0, width - ids.shape[1])
        assert torch.equal(found[0], torch.nn.functional.pad(ids, more, value=0))
        assert torch.equal(found[1], torch.nn.functional.pad(mask, more, value=0))


def test_widths_are_rounded_up_as_far_as_the_encoder_reads():
    assert widened(np.array([2, 8, 9, 64, 65, 66]), 66).tolist() == [4, 8, 12, 64, 66, 66]


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_vectors_do_not_depend_on_where_rows_lie(tokenizer, pooling, monkeypatch):
    rng = np.random.default_rng(0)
    rows = ragged([rng.integers(5, 60, size=n).tolist() for n in rng.integers(0, 30, size=40)], np.uint16)
    shape = bert.Params(layers=2, width=16, heads=2, dimension=6, max_tokens=20, pooling=pooling)
    encoder = bert.build(shape, tokenizer, seed=0)
    plain = embed.embed_rows(encoder, rows)
    monkeypatch.setitem(embed.TOKENS_PER_BATCH, "cuda", 800)
    monkeypatch.setitem(embed.TOKENS_PER_BATCH, "cpu", 50)
    forward = encoder.forward

    def filled(ids, mask):
        if ids.numel() > 100:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(ids, mask)

    monkeypatch.setattr(encoder.eval(), "forward", filled)
    with torch.inference_mode():
        laid = embed._as_fits(encoder, rows, CPU)
    np.testing.assert_allclose(laid, plain, atol=2e-6)


def test_texts_are_tokenised_once_for_encoders_with_the_same_tokenizer(tokenizer):
    texts = ["a small film", "the other film"]
    first = embed.tokenize(tokenizer, texts)
    assert embed.tokenize(tokenizer, list(texts)) is first
    assert embed.tokenize(tokenizer, [*texts, "a third"]) is not first


def test_rows_are_embedded_on_a_device_as_on_the_cpu(tokenizer, slow, pretended, monkeypatch):
    encoder = bert.build(bert.Params(layers=1, width=16, heads=2, max_tokens=20), tokenizer, 0)
    rows = slow.ragged(np.random.default_rng(0).integers(0, 30, 50), seed=1)
    here = embed.embed_rows(encoder, rows)
    with pretended.PretendedCard(monkeypatch):
        there = embed.embed_rows(pretended.moved(encoder), rows)
    np.testing.assert_allclose(there, here, atol=1e-6)
