"""Attention with the quicker dropout is torch's attention but for the draws, and leaves no trace in a checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.training.cpu import attention

SHAPE = bert.Params(layers=2, width=16, heads=2, dropout=0.1, max_tokens=12)


def inputs() -> tuple[list[torch.Tensor], torch.Tensor]:
    """Query, key and value (3, 2, 5, 4), mask (3, 1, 5, 5) of texts of 5, 3 and 1 tokens."""
    torch.manual_seed(0)
    mask = (torch.arange(5) < torch.tensor([5, 3, 1])[:, None])[:, None, None].expand(3, 1, 5, 5)
    return [torch.randn(3, 2, 5, 4, requires_grad=True) for _ in range(3)], mask


@pytest.mark.parametrize("masked", [True, False])
def test_its_mean_over_draws_is_attention_without_dropout(masked: bool) -> None:
    given, mask = inputs()
    mask = mask if masked else None
    with torch.no_grad():
        found = torch.stack([attention.attend(nn.Module(), *given, mask, 0.25, 0.5)[0] for _ in range(4000)])
        expected = scaled_dot_product_attention(*given, attn_mask=mask, scale=0.5).transpose(1, 2)
    error = found.std(0) / len(found) ** 0.5
    assert ((found.mean(0) - expected).abs() < 5 * error + 1e-6).all()


def test_value_and_gradients_are_torchs_where_nothing_happens_to_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "noise", lambda shape, dropped: torch.ones(shape))
    given, mask = inputs()
    ours = attention.attend(nn.Module(), *given, mask, 0.25, 0.5)[0]
    torchs = scaled_dot_product_attention(*given, attn_mask=mask, scale=0.5).transpose(1, 2)
    torch.testing.assert_close(ours, torchs)
    for a, b in zip(torch.autograd.grad(ours.sum(), given), torch.autograd.grad(torchs.sum(), given), strict=True):
        torch.testing.assert_close(a, b)


def test_an_encoder_in_evaluation_and_its_checkpoint_are_as_before(tokenizer, tmp_path: Path) -> None:
    encoder = bert.build(SHAPE, tokenizer, 0)
    texts = ["the cat sat on the mat", "a dog"]
    before = encoder.encode(texts)
    checkpoint.save(tmp_path / "before", encoder)
    attention.quicken(encoder)
    assert encoder.backbone.config._attn_implementation == attention.NAME
    assert (encoder.encode(texts) == before).all()
    checkpoint.save(tmp_path / "after", encoder)
    files = [path.relative_to(tmp_path / "before") for path in (tmp_path / "before").rglob("*") if path.is_file()]
    assert all((tmp_path / "before" / f).read_bytes() == (tmp_path / "after" / f).read_bytes() for f in files)


def test_an_encoder_without_dropout_keeps_torchs_attention(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=1, width=16, heads=2, dropout=0.0, max_tokens=12), tokenizer, 0)
    attention.quicken(encoder)
    assert encoder.backbone.config._attn_implementation == "sdpa"
