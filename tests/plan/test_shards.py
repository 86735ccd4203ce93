"""Shards cover a phase once, keep bases with those that they start from, and manifests tell when a result is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infoviews.plan import shards
from infoviews.plan.params import study_of
from infoviews.plan.phases import initial_of
from infoviews.seals import write_record

ROOT = Path(__file__).parents[2]
PHASES = ("views", "base", "pretrain", "transfer", "information")
STUDIES = {
    name: study_of(yaml.safe_load((ROOT / "params.yaml").read_text()) | {"study": name})
    for name in ("quick", "real", "paper")
}


@given(name=st.sampled_from(list(STUDIES)), phase=st.sampled_from(PHASES), count=st.integers(1, 300))
def test_every_result_is_in_one_shard(name: str, phase: str, count: int) -> None:
    study = STUDIES[name]
    slices = [shards.shard(study, phase, index, count) for index in range(count)]
    assert sorted(sum(slices, [])) == sorted(shards.results(study, phase))
    assert len(shards.names(study, phase, count)) == sum(map(bool, slices))


@given(count=st.integers(1, 8))
def test_shards_of_cells_are_equally_large_and_in_the_order_of_the_grid(count: int) -> None:
    cells = shards.results(STUDIES["real"], "pretrain")
    slices = [shards.shard(STUDIES["real"], "pretrain", index, count) for index in range(count)]
    assert max(map(len, slices)) - min(map(len, slices)) <= 1
    assert all(part == sorted(part, key=cells.index) for part in slices)


def chains(number: int) -> st.SearchStrategy[dict[str, Any]]:
    """Bases of which each starts from an earlier one or from none."""
    starts = [st.sampled_from([None, *(f"b{i}" for i in range(n))]) for n in range(number)]
    return st.tuples(*starts).map(
        lambda found: {f"b{n}": {"random": {"initial": start} if start else {}} for n, start in enumerate(found)}
    )


@given(bases=chains(7), order=st.permutations([f"b{n}" for n in range(7)]), count=st.integers(1, 4))
def test_a_base_comes_after_the_one_that_it_starts_from(bases: dict[str, Any], order: list[str], count: int) -> None:
    study = {"bases": {name: bases[name] for name in order}}
    for index in range(count):
        names = shards.shard(study, "base", index, count)
        for name in names:
            start = initial_of(study, name)
            assert start is None or names.index(start) < names.index(name)


@pytest.mark.parametrize("fault", ["gone", "cut", "not its own", None])
def test_a_manifest_that_names_a_file_which_is_not_there_is_removed(fault: str | None, tmp_path: Path) -> None:
    weights, manifest = tmp_path / "checkpoints/a/model.safetensors", tmp_path / "shards/pretrain/0-of-1.json"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    files = {"checkpoints/a/model.safetensors": {"bytes": 7, "sha256": "of no matter here"}}
    write_record(manifest, {"phase": "pretrain", "results": {"a": {"spec": "0", "files": files}}})
    if fault == "gone":
        weights.unlink()
    elif fault == "cut":
        weights.write_bytes(b"we")
    elif fault == "not its own":
        manifest.write_text(manifest.read_text().replace("pretrain", "transfer"))
    assert shards.drop_broken(tmp_path) == ([manifest] if fault else [])
    assert manifest.exists() is (fault is None)
