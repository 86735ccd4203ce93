"""What goes to another machine and comes back: rows that lacked something stay away, and what is needed is named."""

from __future__ import annotations

import json
from pathlib import Path

from infoviews.commands import _travel, collect, results
from infoviews.seals import write_record

ORIGIN = {"made_from": {"spec": "s", "inputs": {}}, "files": {}}


def brought(data: Path, out: Path, lacking: bool) -> set[str]:
    results.run(data, out, lacking=lacking)
    paths = _travel.read(_travel.joined(out, out / _travel.RESULTS), out / "read")
    return {path.relative_to(out / "read").as_posix() for path in paths}


def test_what_lacked_its_data_is_made_where_they_are_and_what_failed_in_training_is_a_row(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_record(data / "views/pairs/facts.json", {"missing": "no mirror", **ORIGIN})
    write_record(data / "base/glove/run.json", {"status": "failed", "reason": "no library", **ORIGIN})
    write_record(data / "base/mlm/run.json", {"status": "finished", **ORIGIN})
    write_record(data / "checkpoints/sbert/run.json", {"status": "failed", "reason": "no mirror", **ORIGIN})
    write_record(data / "checkpoints/dv/run.json", {"status": "failed", "step": 3, "reason": "nan", **ORIGIN})
    for name in ("glove", "sbert", "dv", "mlm"):
        write_record(data / f"transfer/{name}.json", {"status": "failed", "made_from": ORIGIN["made_from"]})
    whole = {"views/pairs/facts.json", "base/glove/run.json", "checkpoints/sbert/run.json"}
    kept = {"base/mlm/run.json", "checkpoints/dv/run.json", "transfer/dv.json", "transfer/mlm.json"}
    assert brought(data, tmp_path / "few", lacking=False) == kept
    whole |= kept | {"transfer/glove.json", "transfer/sbert.json"}
    assert brought(data, tmp_path / "all", lacking=True) == whole


def test_what_a_result_needs_and_was_left_behind_is_named(tmp_path: Path) -> None:
    data, spec = tmp_path / "data", tmp_path / "specs/pretrain/cell.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"start": "mlm", "setting": "spans-0"}))
    write_record(data / "views/spans-0/facts.json", {"elsewhere": {}, **ORIGIN})
    write_record(data / "base/mlm/run.json", {"elsewhere": {"model.safetensors": {"bytes": 1, "sha256": ""}}, **ORIGIN})
    assert collect._left_behind([("pretrain", spec)], data) == ["mlm"]
