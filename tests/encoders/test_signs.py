"""Tokenizers that do not put a text between two signs are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, processors
from transformers import GPT2Config, GPT2Model, PreTrainedTokenizerFast, T5Config, T5Model

import infoviews


def words(template: str | None, **signs: str) -> PreTrainedTokenizerFast:
    """A tokenizer that puts special tokens around a text as the template says."""
    core = Tokenizer(models.WordLevel({w: i for i, w in enumerate("<pad> <unk> <s> </s> cat".split())}, "<unk>"))
    if template:
        core.post_processor = processors.TemplateProcessing(single=template, special_tokens=[("<s>", 2), ("</s>", 3)])
    return PreTrainedTokenizerFast(tokenizer_object=core, unk_token="<unk>", **signs)


BOTH = {"cls_token": "<s>", "sep_token": "</s>"}


@pytest.mark.parametrize(
    ("tokenizer", "message"),
    [
        (words(None), r"cls_token None, sep_token None, pad_token None, and adds \[\]"),
        (words(None, pad_token="<pad>"), r"cls_token None, sep_token None, pad_token <pad>, and adds \[\]"),
        (words("<s> $A </s>", **BOTH), "pad_token None, and adds"),
        (words("$A </s> <s>", pad_token="<pad>", **BOTH), r"cls_token <s>, .* adds \['</s>', '<s>'\]"),
        (words("<s> $A", pad_token="<pad>", **BOTH), r"adds \['<s>'\]"),
        (words(None, pad_token="<pad>", **BOTH), r"adds \[\]"),
    ],
    ids=["GPT-2", "padding", "no padding", "XLNet", "Llama", "no template"],
)
def test_tokenizers_that_put_other_signs_around_a_text_are_refused(tmp_path: Path, tokenizer, message: str) -> None:
    config = GPT2Config(vocab_size=5, n_embd=8, n_layer=1, n_head=2, n_positions=16, bos_token_id=2, eos_token_id=3)
    GPT2Model(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(ValueError, match=f"{message}.*give the arrays by --embeddings"):
        infoviews.load(tmp_path)


def test_an_encoder_of_a_translation_model_without_signs_is_refused_when_it_reads(tmp_path: Path) -> None:
    """It loads, since what is built on it may add them."""
    T5Model(T5Config(vocab_size=5, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)).save_pretrained(tmp_path)
    words("$A </s>", pad_token="<pad>", eos_token="</s>").save_pretrained(tmp_path)
    encoder = infoviews.load(tmp_path)
    with pytest.raises(ValueError, match="cls_token None, sep_token None, pad_token <pad>; all three are needed"):
        encoder.encode(["cat"])
