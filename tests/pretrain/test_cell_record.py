"""What run.json says of a cell: where its time went, and, where it failed, at which rows and after which state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from infoviews.contracts import Pairs, Ragged
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.files import sha256
from infoviews.pairs import write_pairs
from infoviews.pretrain import cell as stage
from infoviews.seals import read_record, seal, write_record
from infoviews.training.batches import Batches

ROWS, BATCH, STEPS = 40, 8, 6


@pytest.fixture
def spec(tokenizer, tmp_path: Path) -> dict[str, Any]:
    """A cell's spec; its base and pairs lie in ``tmp_path``."""
    shape = bert.Params(layers=1, width=16, heads=2, dropout=0.1, max_tokens=12)
    checkpoint.save(tmp_path / "base", bert.build(shape, tokenizer, 0))
    rng = np.random.default_rng(0)
    lengths = [rng.integers(2, 10, ROWS) for _ in range(2)]
    views = tuple(
        Ragged(rng.integers(5, 60, own.sum()).astype(np.uint16), np.concatenate([[0], np.cumsum(own)]))
        for own in lengths
    )
    pairs = Pairs(views, np.arange(ROWS))
    write_pairs(tmp_path / "views", dict.fromkeys(("train", "critic", "heldout"), pairs), {})
    objective = {"bound": "infonce", "critic": {"dot": {}}, "contrast": {"sentences": {}}, "additions": {}}
    how = {"num_steps": STEPS, "batch_size": BATCH, "learning_rate": 1e-3, "mask_duplicates": True, "save_every": 2}
    return {"objective": objective, "pretrain": how, "seed": 3, "threads": 1}


def cell(spec: dict[str, Any], folder: Path, name: str) -> dict[str, Any]:
    stage.pretrain(spec, folder / "base", folder / "views", folder / name)
    return json.loads((folder / name / "run.json").read_text())


def test_finished_cell_says_where_its_time_went(spec: dict[str, Any], tmp_path: Path) -> None:
    record = cell(spec, tmp_path, "cell")
    assert record["status"] == "finished" and not (tmp_path / "cell/state").exists()
    assert set(record["shares"]) == {"data", "forward", "loss", "backward", "optimiser", "saving"}
    assert sum(record["shares"].values()) == pytest.approx(1, abs=1e-3)
    assert record["parameters"] == sum(p.numel() for p in checkpoint.load(tmp_path / "cell").parameters())
    assert 0 < record["model_flops_utilisation"] < 1 and 0 <= record["padding_of_a_batch"] < 0.6
    assert record["pairs_per_second"] == pytest.approx(STEPS * BATCH / record["seconds"], rel=1e-6)


class Poisoned(stage.ContrastiveStep):
    """Fails at step 3, after the state of step 2."""

    def __call__(self, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        loss, record = super().__call__(step)
        return loss * (torch.nan if step == 3 else 1.0), record


def failed(spec: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    with monkeypatch.context() as poisoned:
        poisoned.setattr(stage, "ContrastiveStep", Poisoned)
        return cell(spec, folder, "cell")


def test_failed_cell_names_its_rows_and_its_last_state(
    spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = failed(spec, tmp_path, monkeypatch)
    assert (record["status"], record["step"]) == ("failed", 3) and "loss nan" in record["reason"]
    rows = np.concatenate([np.diff(np.load(tmp_path / "views/offsets.npy"))[: ROWS * 2].reshape(-1, 2).max(1)])
    assert record["batch"] == Batches(rows, BATCH, 3)[3].tolist()
    assert record["last_good_state"].startswith("state-00000002-")
    assert (tmp_path / "cell/state" / record["last_good_state"]).is_file()
    assert not (tmp_path / "cell/model.safetensors").exists()
    again, whole = cell(spec, tmp_path, "cell"), cell(spec, tmp_path, "whole")
    assert again["status"] == whole["status"] == "finished"
    assert sha256(tmp_path / "cell/model.safetensors") == sha256(tmp_path / "whole/model.safetensors")


@pytest.mark.parametrize("changed", ["base/model.safetensors", "views/ids.npy"])
def test_state_of_another_base_or_other_pairs_is_not_used(
    spec: dict[str, Any], tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """The spec names them and stays the same when they are made anew."""
    failed(spec, tmp_path, monkeypatch)
    if changed.startswith("base"):
        shape = bert.Params(layers=1, width=16, heads=2, dropout=0.1, max_tokens=12)
        checkpoint.save(tmp_path / "base", bert.build(shape, tokenizer, 1))
    else:
        ids = np.load(tmp_path / changed)
        np.save(tmp_path / changed, ids[::-1].copy())
        facts = read_record(tmp_path / "views/facts.json")
        write_record(tmp_path / "views/facts.json", {**facts, "files": seal(tmp_path / "views")})
    assert cell(spec, tmp_path, "cell")["status"] == cell(spec, tmp_path, "whole")["status"] == "finished"
    assert sha256(tmp_path / "cell/model.safetensors") == sha256(tmp_path / "whole/model.safetensors")


def test_seeds_differ_in_dropout(spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same base, same batches, no weights of a critic: what is left of a seed are its masks."""
    monkeypatch.setattr(stage, "Batches", lambda lengths, size, seed: Batches(lengths, size, 0))
    assert cell(spec | {"seed": 1}, tmp_path, "one")["status"] == cell(spec | {"seed": 2}, tmp_path, "two")["status"]
    assert sha256(tmp_path / "one/model.safetensors") != sha256(tmp_path / "two/model.safetensors")


def test_gradient_caching_ends_where_several_passes_do(spec: dict[str, Any], tmp_path: Path) -> None:
    for name, recompute in (("kept", False), ("cached", True)):
        spec["pretrain"] |= {"chunk": 64, "recompute": recompute}
        assert cell(spec, tmp_path, name)["status"] == "finished"
    kept, cached = (sha256(tmp_path / name / "model.safetensors") for name in ("kept", "cached"))
    assert kept == cached


def test_compiled_cell_learns_the_same(spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traced by torch.compile; run by its eager backend, since generating code takes minutes on a CPU."""
    compile_by = torch.nn.Module.compile
    monkeypatch.setattr(torch.nn.Module, "compile", lambda own, **given: compile_by(own, backend="eager", **given))
    cell(spec, tmp_path, "plain")
    spec["pretrain"]["compile"] = True
    cell(spec, tmp_path, "compiled")
    plain, compiled = (checkpoint.load(tmp_path / name).state_dict() for name in ("plain", "compiled"))
    assert list(plain) == list(compiled)
    for name, weight in plain.items():
        torch.testing.assert_close(compiled[name], weight, rtol=1e-4, atol=1e-6)


def test_a_cell_on_a_device_ends_where_one_on_the_cpu_does(spec, tmp_path: Path, pretended, monkeypatch) -> None:
    checkpoint.save(tmp_path / "base", _still(checkpoint.load(tmp_path / "base")))
    spec["objective"]["additions"] = {"queue": {"size": 20}, "prior": {}}
    cell(spec, tmp_path, "here")
    with pretended.PretendedCard(monkeypatch):
        record = cell(spec, tmp_path, "there")
    assert record["status"] == "finished" and set(record["shares"]) == {"steps", "saving"}
    here, there = (checkpoint.load(tmp_path / name).state_dict() for name in ("here", "there"))
    for name, weights in here.items():
        torch.testing.assert_close(there[name], weights, rtol=1e-3, atol=2e-4, msg=name)


def _still(encoder: Any) -> Any:
    encoder.backbone.config.hidden_dropout_prob = encoder.backbone.config.attention_probs_dropout_prob = 0.0
    return encoder
