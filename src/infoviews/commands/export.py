"""Write checkpoints of a study as folders with a model card, as a hub takes them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from infoviews.commands import _study

LEFT = ("critic.safetensors", "heads.safetensors", "history.csv", "run.json", "state", ".*")
"""What training needed and a reader of vectors does not."""


def run(
    out: Annotated[Path, typer.Argument(help="Folder to write into, one folder a checkpoint.")],
    names: Annotated[
        list[str] | None, typer.Argument(help="Cells and bases; by default those that are worth having.")
    ] = None,
    params: _study.Params = _study.PARAMS,
    study: _study.Name = None,
) -> None:
    """Each folder loads in sentence-transformers and has a card. By default: the cell with the best development score,
    such a cell of SimCSE and DeCLUTR, and the base that cells start from."""
    from infoviews.files import read_json, write_text
    from infoviews.plan.params import study_of
    from infoviews.plan.sync import ROOT, sync
    from infoviews.provenance import verify
    from infoviews.reporting.inputs import Inputs
    from infoviews.reporting.pages.card import card, worth_having
    from infoviews.seals import read_whole

    config = _study.config_of(params, study)
    sync(config)
    data = Path("data") / config["study"]
    read_whole(data / "sweetspot/manifest.json")
    inputs = Inputs(read_json(ROOT / config["study"] / "report.json"), data)
    for name in names or worth_having(inputs):
        text = card(inputs, name, list(study_of(config)["corpus"]["source"]))
        folder = next(data / part / name for part in ("checkpoints", "base") if (data / part / name).is_dir())
        record = verify(folder, None)
        if "model.safetensors" not in record["files"]:
            raise FileNotFoundError(
                f"{folder}: its weights are elsewhere; bring them by `infoviews results --whole {name}`"
            )
        shutil.copytree(folder, out / name, ignore=shutil.ignore_patterns(*LEFT), dirs_exist_ok=True)
        write_text(out / name / "README.md", text)
        typer.echo(f"{out / name}: ready for a hub")
