"""A GPT encoder (Radford et al. 2018): a transformer whose tokens see only earlier tokens, with random weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder

CITATION = "Radford, Narasimhan, Salimans, Sutskever 2018, Improving language understanding by generative pre-training"


@dataclass(frozen=True)
class Params:
    """Nothing of its own: layers, width, heads, dropout, pooling and lengths are the study's."""


def build(params: Params, shape: bert.Params, tokenizer: Any, seed: int) -> Encoder:
    """A new encoder for the ids of ``tokenizer``, its weights drawn from ``seed``."""
    from transformers.models.gpt2.configuration_gpt2 import GPT2Config
    from transformers.models.gpt2.modeling_gpt2 import GPT2Model

    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        n_positions=shape.max_tokens,
        resid_pdrop=shape.dropout,
        embd_pdrop=shape.dropout,
        attn_pdrop=shape.dropout,
        use_cache=False,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(seed)
    return Encoder(GPT2Model(config), tokenizer, shape.pooling, shape.dimension, shape.max_tokens)
