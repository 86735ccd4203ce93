"""Pretrain one cell: objective × view setting × seed, from a base encoder to a checkpoint folder."""

from __future__ import annotations

import copy
import logging
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from infoviews import devices, registry
from infoviews.contracts import Pairs
from infoviews.encoders import checkpoint
from infoviews.encoders.encoder import Encoder
from infoviews.files import replacing, stamp, write_table
from infoviews.pairs import read_facts, read_pairs
from infoviews.pretrain.card import CardStep
from infoviews.pretrain.siamese import Siamese, build
from infoviews.pretrain.step import ContrastiveLoss, ContrastiveStep
from infoviews.provenance import write_run
from infoviews.training import parallel, state
from infoviews.training.batches import Batches
from infoviews.training.loop import Optimisation, Outcome, train
from infoviews.training.meter import Meter, gemm_speed, throughput
from infoviews.training.passes import Passes

log = logging.getLogger(__name__)


def pretrain(spec: dict[str, Any], base: Path, views: Path, out: Path) -> Outcome:
    """Train the cell that ``spec`` names and write its checkpoint; a failed cell leaves its record instead.

    Args:
        spec: the cell's spec (``objective``, ``pretrain``, ``seed``, ``threads``).
        base: checkpoint folder that the encoder starts from.
        views: folder of the setting's pairs.
        out: checkpoint folder to write; its sub-folder ``state`` holds what a killed run goes on from.

    Raises:
        ValueError: fewer training pairs than one batch, or a parameter out of range.
    """
    torch.set_num_threads(spec["threads"])
    settings, seed = dict(spec["pretrain"]), spec["seed"]
    size, mask_duplicates = settings.pop("batch_size"), settings.pop("mask_duplicates")
    passes = Passes(settings.pop("chunk", None), settings.pop("recompute", False))
    pairs, facts = _pairs(views, stamp(*views.glob("*.npy"), views / "facts.json")), read_facts(views)
    device = devices.best()
    model = build(starting_encoder(base, facts.get("dropout")), spec["objective"], pairs, seed, passes).to(device)
    if settings.pop("compile", False):
        model.encoder.backbone.compile(dynamic=True)
    batches = Batches(np.maximum.reduce([view.lengths for view in pairs.views[: model.read]]), size, seed)
    objective = registry.get("objectives", spec["objective"]["bound"])
    params = registry.parameters(objective, spec["objective"].get("params"))
    how = Optimisation(**settings)
    meter = Meter()
    work: ContrastiveStep | CardStep
    if device.type == "cpu":
        work = ContrastiveStep(model, objective, params, pairs, batches, mask_duplicates, meter)
    else:  # passes are its own choice; the study's are meant for a CPU's cache
        loss = ContrastiveLoss(model, objective, params)
        work = CardStep(loss, pairs, batches, how.num_steps, mask_duplicates, meter, passes.recompute)
    speed = gemm_speed(device)
    identity = state.digest(spec, [base / "model.safetensors", views / "facts.json", *sorted(views.glob("*.npy"))])
    outcome = train(model, work, how, out / "state", identity, seed, batches, meter, label=out.name)
    if parallel.rank() == 0:
        _write(out, spec, model, outcome, throughput(meter, outcome.seconds, outcome.steps * size, speed, device))
    parallel.wait()
    return outcome


def leave_out(spec: dict[str, Any], out: Path, reason: str) -> None:
    """The record of a cell whose base or views could not be had."""
    (out / "model.safetensors").unlink(missing_ok=True)
    write_table(out / "history.csv", [])
    write_run(out, spec, "failed", reason=reason)


def starting_encoder(base: Path, dropout: float | None) -> Encoder:
    """The base encoder; ``dropout`` replaces its own rate where the views ask for it.

    Raises:
        ValueError: the base holds static vectors.
    """
    encoder = _loaded(base, stamp(*(path for path in base.rglob("*.*") if path.suffix in (".json", ".safetensors"))))
    if not isinstance(encoder, Encoder):
        raise ValueError(f"{base} holds static vectors, which have nothing to pretrain; start from another base")
    encoder = copy.deepcopy(encoder, {id(encoder.tokenizer): encoder.tokenizer})
    if dropout is not None:
        encoder.set_dropout(dropout)
    return encoder


Written = tuple[tuple[str, int, int], ...]
"""When files were written, so that what was read from them is not used after they changed."""


@lru_cache(maxsize=2)
def _loaded(base: Path, written: Written) -> Any:
    """Kept for the next cell that starts there."""
    return checkpoint.load(base)


@lru_cache(maxsize=2)
def _pairs(views: Path, written: Written) -> Pairs:
    """Kept for the next cell of the setting."""
    return read_pairs(views, "train")


def _write(out: Path, spec: dict[str, Any], model: Siamese, outcome: Outcome, speed: dict[str, Any]) -> None:
    """Checkpoint, heads, history and, last, run.json; then a finished run needs its states no longer.

    ``critic.safetensors`` holds the critic, ``heads.safetensors`` what contrasts and additions have learned, if
    anything: projections, discriminator, classifier.
    """
    if outcome.failure is None:
        checkpoint.save(out, model.encoder)
        _save(out / "critic.safetensors", model.critic.state_dict())
        heads = model.learned()
        if heads:
            _save(out / "heads.safetensors", heads)
    else:
        (out / "model.safetensors").unlink(missing_ok=True)
    write_table(out / "history.csv", outcome.history)
    status = "finished" if outcome.failure is None else "failed"
    write_run(out, spec, status, seconds=outcome.seconds, **speed, **(outcome.failure or {}))
    if outcome.failure is None:
        shutil.rmtree(out / "state", ignore_errors=True)


def _save(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    with replacing(path) as temporary:
        save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, temporary)
