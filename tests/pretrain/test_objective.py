"""A cell whose objective has several contrasts and additions: its loss, its resume, and what it leaves on disk."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from infoviews import registry
from infoviews.contracts import Bound, Pairs, Ragged
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.objectives import infonce
from infoviews.pairs import write_pairs
from infoviews.pretrain.cell import pretrain
from infoviews.pretrain.siamese import Siamese, build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.training.batches import Batches
from infoviews.training.loop import Optimisation, train

CONTRAST: dict[str, Any] = {"sentences": {}, "tokens": {"weight": 0.5}, "ngrams": {"weight": 0.0, "rounds": 1}}
ADDITIONS: dict[str, Any] = {"mlm": {}, "prior": {"hidden": 8}, "queue": {"size": 24}, "nli": {}, "geometry": {}}


def pairs(rows: int = 48) -> Pairs:
    rng = np.random.default_rng(0)

    def view() -> Ragged:
        lengths = rng.integers(1, 9, size=rows)
        return Ragged(
            rng.integers(5, 70, size=lengths.sum()).astype(np.uint16),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        )

    return Pairs((view(), view()), np.arange(rows), np.arange(rows) % 3)


def model(tokenizer, contrast: dict[str, Any] = CONTRAST, additions: dict[str, Any] = ADDITIONS) -> Siamese:
    shape = bert.Params(layers=1, width=16, heads=2, dropout=0.2, dimension=8, max_tokens=12)
    given = {"critic": {"bilinear": {}}, "contrast": contrast, "additions": additions}
    return build(bert.build(shape, tokenizer, seed=0), given, pairs(), seed=1)


def step_of(siamese: Siamese, bound: str = "mine") -> ContrastiveStep:
    objective = registry.get("objectives", bound)
    found = pairs()
    return ContrastiveStep(siamese, objective, objective.Params(), found, Batches(found.views[0].lengths, 8, 0), True)


class Killed(Exception):
    """Stands for a process that ends without a chance to save."""


def run(tokenizer, folder: Path, dies_at: int | None = None) -> Siamese:
    siamese = model(tokenizer)
    loss = step_of(siamese)

    def step(number: int) -> tuple[torch.Tensor, dict[str, float]]:
        if number == dies_at:
            raise Killed
        return loss(number)

    train(siamese, step, Optimisation(num_steps=12, learning_rate=3e-3, save_every=3), folder, "a", seed=5)
    return siamese


def test_killed_and_resumed_is_as_never_killed(tokenizer, tmp_path: Path) -> None:
    """Queue, its encoder, discriminator, heads and every matrix's moving average go on bit for bit."""
    whole = run(tokenizer, tmp_path / "whole").state_dict()
    with pytest.raises(Killed):
        run(tokenizer, tmp_path / "killed", dies_at=8)
    resumed = run(tokenizer, tmp_path / "killed").state_dict()
    assert {"additions.queue.seen", "additions.prior.discriminator.0.weight", "running"} <= set(whole)
    assert [name for name in whole if not torch.equal(whole[name], resumed[name])] == []
    assert whole["additions.queue.seen"] == 12 * 8 and whole["running"].isfinite().all()


def test_loss_is_the_weighted_sum_of_its_parts(tokenizer) -> None:
    def first_step(siamese: Siamese) -> tuple[torch.Tensor, dict[str, float]]:
        step = step_of(siamese.eval(), "infonce")
        torch.manual_seed(0)
        return step(0)

    loss, record = first_step(model(tokenizer))
    parts = {}
    for name in CONTRAST:
        alone = {other: given | {"weight": float(other == name)} for other, given in CONTRAST.items()}
        parts[name] = first_step(model(tokenizer, alone, {}))[0].item()
    added = record["mlm"] * 0.1 + record["prior_discriminator"] + record["prior_encoder"] * 0.01
    added += record["queue"] + record["nli"] + record["geometry"]
    assert loss.item() == pytest.approx(parts["sentences"] + 0.5 * parts["tokens"] + added, abs=1e-4)
    for name, part in parts.items():
        assert record[f"bound_{name}"] == pytest.approx(-part, abs=1e-5)
    assert record["bound"] == pytest.approx(-(parts["sentences"] + 0.5 * parts["tokens"]) / 1.5, abs=1e-5)


def test_weight_zero_measures_without_learning(tokenizer) -> None:
    siamese = model(tokenizer)
    step_of(siamese)(0)[0].backward()
    still = {n for n, p in siamese.contrasts.named_parameters() if p.grad is None}
    assert still == {n for n, _ in siamese.contrasts.named_parameters() if n.startswith("ngrams")}
    with pytest.raises(ValueError, match="sentences have weight 0 and nothing is added"):
        model(tokenizer, {"sentences": {"weight": 0.0}}, {})


def test_half_precision_of_the_encoder_leaves_losses_in_single(tokenizer) -> None:
    """As on a GPU: matrices in bfloat16 where autocast says so, scores, bounds and additions' losses in float32."""
    every = {name: {} for name in registry.names("contrasts")}
    losses = {}
    for enabled in (False, True):
        siamese = model(tokenizer, every, ADDITIONS | {"reconstruction": {}}).eval()
        step = step_of(siamese, "nwj")
        torch.manual_seed(0)
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            loss, _ = step(0)
        loss.backward()
        losses[enabled] = loss.item()
        gradients = [p.grad for p in siamese.parameters() if p.grad is not None]
        assert loss.dtype == torch.float32 and all(g.dtype == torch.float32 and g.isfinite().all() for g in gradients)
    assert losses[True] == pytest.approx(losses[False], rel=0.05)


def test_only_layers_that_are_asked_for_are_kept(tokenizer) -> None:
    ids = torch.full((6, 4), 9)
    assert [len(model(tokenizer, contrast, {})(ids, torch.ones_like(ids))) for contrast in (
        {"sentences": {}}, {"tokens": {}}, {"tokens": {}, "layers": {"layers": [-1, 0]}}
    )] == [1, 2, 3]  # fmt: skip


def test_duplicates_are_sought_in_the_view_that_the_candidates_come_from(tokenizer) -> None:
    """Text 0 stands twice in the first view, text 2 twice in the second; each matrix leaves out its own repeats."""
    views = [[[9], [9], [10], [11]], [[20], [21], [22], [22]]]
    rows = [Ragged(np.array(sum(view, []), dtype=np.uint16), np.arange(5)) for view in views]
    seen: list[list[list[int]]] = []

    def bound(scores: torch.Tensor, params: Any, state: Any) -> Bound:
        seen.append(torch.isneginf(scores).nonzero().tolist())
        return infonce.bound(scores, infonce.Params())

    siamese = model(tokenizer, {"sentences": {}, "tokens": {"meet": "within", "rounds": 1}}, {})
    objective = SimpleNamespace(bound=bound)
    ContrastiveStep(siamese, objective, None, Pairs(tuple(rows), np.arange(4)), [np.arange(4)], True)(0)
    assert seen == [[[2, 3], [3, 2]], [[0, 1], [1, 0]], [[2, 3], [3, 2]]]


def test_every_two_of_three_views_meet(tokenizer) -> None:
    """CMC's full graph is the mean of the three pairs' bounds, each computed alone."""
    two, third = pairs(8), pairs(8).views[0].take(np.arange(8)[::-1].copy())
    three = Pairs((*two.views, third), two.anchors)
    shape = bert.Params(layers=1, width=16, heads=2, dropout=0.0, max_tokens=12)
    given = {"critic": {"cosine": {}}, "additions": {}}

    def value(graph: str, views: tuple[Ragged, ...]) -> float:
        chosen = Pairs(views, three.anchors)
        siamese = build(
            bert.build(shape, tokenizer, 0), given | {"contrast": {"sentences": {"graph": graph}}}, chosen, 1
        )
        return ContrastiveStep(siamese, infonce, infonce.Params(), chosen, [np.arange(8)], False)(0)[1]["bound"]

    x, y, z = three.views
    expected = np.mean([value("pair", edge) for edge in ((x, y), (x, z), (y, z))])
    assert value("full", three.views) == pytest.approx(expected, abs=1e-5)


def test_heads_lie_beside_the_critic(tokenizer, tmp_path: Path) -> None:
    shape = bert.Params(layers=1, width=16, heads=2, dimension=8, max_tokens=12)
    checkpoint.save(tmp_path / "base", bert.build(shape, tokenizer, seed=0))
    write_pairs(tmp_path / "views", dict.fromkeys(("train", "critic", "heldout"), pairs()), {"dropout": None})
    spec = {
        "objective": {"bound": "jsd", "critic": {"bilinear": {}}, "contrast": CONTRAST, "additions": ADDITIONS},
        "pretrain": {"num_steps": 2, "batch_size": 8, "learning_rate": 1e-3, "mask_duplicates": True},
        "seed": 1,
        "threads": 1,
    }
    outcome = pretrain(spec, tmp_path / "base", tmp_path / "views", tmp_path / "cell")
    heads = load_file(tmp_path / "cell/heads.safetensors")
    assert outcome.failure is None and {name.split(".")[1] for name in heads} == {
        "tokens", "ngrams", "mlm", "prior", "nli"
    }  # fmt: skip
    assert not any(name.startswith("additions.queue") for name in heads), "the key encoder is no head"
    history = (tmp_path / "cell/history.csv").read_text().splitlines()[0].split(",")
    assert {"bound", "bound_tokens", "mlm", "prior_encoder", "queue_accuracy", "nli_accuracy"} <= set(history)
