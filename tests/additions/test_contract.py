"""Every addition that the registry finds: finite, learns, leaves padding out, and carries all it needs in its state."""

from __future__ import annotations

import pytest
import torch

from infoviews import registry

ADDITIONS = registry.names("additions")
UNMOVED = ("key.bias", "seg_embed", "r_s_bias")
"""A bias of the keys shifts all scores of a query alike, which a softmax does not see; XLNet's segments go unused."""
FROM_STATES = {"mlm", "causal", "bidirectional", "permutation"}
"""Additions that read token states and so not the map from the pooled state to the sentence vector."""


@pytest.fixture
def model(slow, tokenizer, name: str):
    return slow.encoder(tokenizer, architecture=slow.ARCHITECTURES.get(name, "bert")).train()


def build(slow, name: str, model, seed: int = 2, **given):
    """An addition for pairs that have everything: three views and labels."""
    module = registry.get("additions", name)
    torch.manual_seed(seed)
    return module.Addition(registry.parameters(module, given), model, slow.pairs(3, labels=True))


def step(slow, addition, model, views=None, seed: int = 0):
    """Loss and record with the draws of ``seed``."""
    labels = torch.from_numpy(slow.pairs(3, labels=True).labels)
    torch.manual_seed(seed)
    return addition(model, views or slow.views(model, 3), labels)


@pytest.mark.parametrize("name", ADDITIONS)
def test_gives_a_finite_loss_and_names_what_it_records(name: str, slow, model) -> None:
    module, addition = registry.get("additions", name), build(slow, name, model)
    loss, record = step(slow, addition, model)
    assert module.CITATION and module.__doc__ and loss.ndim == 0 and loss.isfinite()
    assert record and all(key.startswith(name) and isinstance(value, float) for key, value in record.items())
    assert 2 <= addition.views <= 3
    with pytest.raises(ValueError, match=f"{name}: weight"):
        module.Params(weight=-1.0)


@pytest.mark.parametrize("name", ADDITIONS)
def test_gradient_reaches_all_that_should_learn(name: str, slow, model) -> None:
    addition = build(slow, name, model)
    step(slow, addition, model)  # a queue is empty at the first step
    step(slow, addition, model, seed=1)[0].backward()
    learning = dict(addition.named_parameters()) | {f"encoder.{n}": p for n, p in model.named_parameters()}
    for part, parameter in learning.items():
        if not parameter.requires_grad:
            assert parameter.grad is None, part
        elif part.startswith("encoder.dense") and name in FROM_STATES:
            assert parameter.grad is None, "tokens are predicted from token states"
        elif not part.endswith(UNMOVED):
            assert parameter.grad is not None and parameter.grad.isfinite().all(), part
            assert parameter.grad.abs().sum() > 0, part


@pytest.mark.parametrize("name", ADDITIONS)
def test_the_encoder_that_learns_is_not_kept(name: str, slow, model) -> None:
    """It would be saved twice, and its copy would go astray when a module is moved or reloaded."""
    own = {id(p) for p in build(slow, name, model).parameters()}
    assert not own & {id(p) for p in model.parameters()}


@pytest.mark.parametrize("name", ADDITIONS)
def test_learning_lowers_what_it_records_first(name: str, slow, model) -> None:
    addition = build(slow, name, model)
    learning = [p for p in [*model.parameters(), *addition.parameters()] if p.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=3e-3)
    values = []
    for number in range(24):
        loss, record = step(slow, addition, model, seed=number)
        values.append(next(iter(record.values())))
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    assert sum(values[-4:]) < sum(values[1:5]), values


@pytest.mark.parametrize("name", ADDITIONS)
def test_padding_has_no_say(name: str, slow, model) -> None:
    first, second = build(slow, name, model), build(slow, name, model)
    padded = [slow.spoilt(view) for view in slow.views(model, 3)]
    for seed in range(2):
        one, two = step(slow, first, model, seed=seed), step(slow, second, model, padded, seed=seed)
        torch.testing.assert_close(one[0], two[0])


@pytest.mark.parametrize("name", ADDITIONS)
def test_state_holds_all_that_it_carries(name: str, slow, model) -> None:
    """After three steps, a copy made from the state gives the same fourth step and ends in the same state."""
    first, second = build(slow, name, model), build(slow, name, model, seed=9)
    for seed in range(3):
        step(slow, first, model, seed=seed)
    second.load_state_dict(first.state_dict())
    assert torch.equal(step(slow, first, model, seed=5)[0], step(slow, second, model, seed=5)[0])
    assert all(torch.equal(one, second.state_dict()[key]) for key, one in first.state_dict().items())


@pytest.mark.parametrize("name", ADDITIONS)
def test_weight_multiplies_the_gradient_of_the_encoder(name: str, slow, model) -> None:
    def gradient(weight: float) -> torch.Tensor:
        loss, _ = step(slow, build(slow, name, model, weight=weight), model)
        weights = model.backbone.get_input_embeddings().weight
        return torch.autograd.grad(loss, weights)[0]

    torch.testing.assert_close(gradient(3.0), 3 * gradient(1.0))


@pytest.mark.parametrize("name", ["causal", "bidirectional", "permutation"])
def test_an_encoder_that_would_see_what_it_foretells_is_refused(name: str, slow, tokenizer) -> None:
    with pytest.raises(ValueError, match=f"{name}: .*as in the encoder {slow.ARCHITECTURES[name]}; given bert"):
        build(slow, name, slow.encoder(tokenizer))
