"""Layer norms in bfloat16 are those in float32 to rounding, and nothing changes where autocast is off."""

from __future__ import annotations

import copy

import torch

from infoviews.encoders.architectures import bert
from infoviews.training import norm


def test_value_and_gradients_are_those_of_float32_to_the_rounding_of_bfloat16() -> None:
    torch.manual_seed(0)
    plain = torch.nn.LayerNorm(384)
    with torch.no_grad():
        plain.weight.normal_(1, 0.1)
        plain.bias.normal_(0, 0.1)
    quick = copy.deepcopy(plain)
    norm.quicken(torch.nn.Sequential(quick))
    x, direction = 3 * torch.randn(64, 384) + 1, torch.randn(64, 384)
    found = []
    for layer in (plain, quick):
        given = x.clone().requires_grad_()
        with torch.autocast("cpu", torch.bfloat16):
            y = layer(given)
        (y.float() * direction).sum().backward()
        found.append((y, given.grad, layer.weight.grad, layer.bias.grad))
    assert found[1][0].dtype == torch.bfloat16
    for mine, theirs in zip(found[1], found[0], strict=True):
        assert (mine.float() - theirs.float()).norm() < 0.01 * theirs.float().norm()


def test_without_autocast_an_encoder_computes_the_same_bits(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=2, width=16, heads=2, max_tokens=12), tokenizer, seed=0).eval()
    ids = torch.arange(5, 29).view(2, 12)
    before, names = encoder(ids, torch.ones_like(ids)), list(encoder.state_dict())
    norm.quicken(encoder)
    assert any(type(child) is norm.LayerNorm for child in encoder.modules())
    assert torch.equal(encoder(ids, torch.ones_like(ids)), before) and list(encoder.state_dict()) == names


def test_vectors_are_pooled_in_float32(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=1, width=16, heads=2, max_tokens=12), tokenizer, seed=0).eval()
    norm.quicken(encoder)
    ids = torch.arange(5, 29).view(2, 12)
    with torch.autocast("cpu", torch.bfloat16):
        assert encoder.states(ids, torch.ones_like(ids)).dtype == torch.bfloat16
        assert encoder(ids, torch.ones_like(ids)).dtype == torch.float32
