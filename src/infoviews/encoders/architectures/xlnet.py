"""An XLNet encoder (Yang et al. 2019): relative positions, and a second stream for predictions, weights at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder

CITATION = "Yang et al. 2019, XLNet: Generalized autoregressive pretraining for language understanding, NeurIPS"


@dataclass(frozen=True)
class Params:
    """Nothing of its own: layers, width, heads, dropout, pooling and lengths are the study's."""


def build(params: Params, shape: bert.Params, tokenizer: Any, seed: int) -> Encoder:
    """A new encoder for the ids of ``tokenizer``, its weights drawn from ``seed``; without memory of other texts."""
    from transformers.models.xlnet.configuration_xlnet import XLNetConfig
    from transformers.models.xlnet.modeling_xlnet import XLNetModel

    config = XLNetConfig(
        vocab_size=len(tokenizer),
        d_model=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        d_inner=4 * shape.width,
        dropout=shape.dropout,
        use_mems_eval=False,
        use_mems_train=False,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(seed)
    return Encoder(XLNetModel(config), tokenizer, shape.pooling, shape.dimension, shape.max_tokens)
