"""Back-translation through a tiny random Marian on disk, and the error where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from infoviews.sources import SourceError
from infoviews.views import _words, backtranslate


@pytest.fixture(scope="module")
def marian(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("marian")
    tokenizer = _words.tokenizer(corpus.folder)
    config = MarianConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        pad_token_id=tokenizer.pad_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.sep_token_id,
        forced_eos_token_id=None,
    )
    torch.manual_seed(0)
    MarianMTModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_there_and_back(corpus, marian, temperature):
    params = backtranslate.Params(temperature, forward=marian, backward=marian, longest=8)
    anchors = np.arange(40, 90)
    one, again = (backtranslate.draw(corpus, anchors, np.random.default_rng(3), params) for _ in range(2))
    assert len(one.anchors) > 0 and (one.views[1].lengths > 0).all()
    assert one.views[1].ids.tolist() == again.views[1].ids.tolist()
    assert (one.views[0].ids == corpus.sentences.take(one.anchors).ids).all()


def test_a_missing_checkpoint_is_named(corpus, tmp_path):
    params = backtranslate.Params(0.0, forward=str(tmp_path / "none"))
    with pytest.raises(SourceError, match="no MarianMT checkpoint at .*none.*folders"):
        backtranslate.draw(corpus, np.arange(4), np.random.default_rng(0), params)
