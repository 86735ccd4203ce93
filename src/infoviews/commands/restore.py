"""Pull sealed results with DVC and tell Snakemake that they are up to date."""

from __future__ import annotations

import subprocess
from pathlib import Path

import typer

from infoviews.commands import _study

NOTHING_PULLED = (
    "`dvc pull` did not bring every sealed result (its own message is above). If no remote is named yet, name the one "
    "that holds them, `dvc remote add --default <name> <address>`; without one, compute them with `make study`."
)


def run(params: _study.Params = _study.PARAMS) -> None:
    from infoviews.commands._shard import write_manifests
    from infoviews.plan.params import study_of

    if subprocess.run(["dvc", "pull"]).returncode:
        raise RuntimeError(NOTHING_PULLED)
    status = subprocess.run(["dvc", "status"], check=True, capture_output=True, text=True).stdout
    if "up to date" not in status:
        raise RuntimeError(
            f"the working tree differs from what dvc.lock sealed, so nothing was touched:\n{status}"
            "Check out the parameters and code that dvc.lock was made with, or run `dvc repro`."
        )
    config = _study.config_of(params)
    write_manifests(study_of(config), Path("data") / config["study"], config.get("shards", "auto"))
    subprocess.run(["snakemake", "--touch", "--forceall", "--cores", "all", "--quiet"], check=True)
    typer.echo("restored: `snakemake --cores all --use-conda` has nothing to do")
