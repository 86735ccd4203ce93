"""What `make study` costs in a fresh clone whose environment is there: an older commit and this one, in turns.

Of each commit a clone and its environment are made under ``--work``; neither counts. Then every run deletes what the
last one made and calls `make study` with nothing else in the machine's way. The CPU seconds are those of the call and
of all that it started, user and system. On two cores, ``--before b93bfdd`` takes twenty minutes, environments included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

from harness import OUT, called, machine, options, write
from infoviews.files import read_json
from infoviews.tables import Table

MADE = ["data", "reports", "build", "logs", ".snakemake", ".dvc/cache", ".dvc/tmp"]
"""What a run leaves in a clone, apart from the environment."""


def clone(work: Path, commit: str) -> Path:
    """A clone of this repository at a commit, with its environment."""
    folder = work / commit
    if not folder.exists():
        subprocess.run(["git", "clone", "--quiet", ".", folder], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=folder, check=True)
    subprocess.run(["make", ".venv/.complete"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def make(folder: Path) -> dict[str, float]:
    """Wall and CPU seconds of `make study` in a clone, from nothing made, without a mirror."""
    subprocess.run(["git", "clean", "-fdxq", *MADE], cwd=folder, check=True)
    subprocess.run(["git", "checkout", "--quiet", "."], cwd=folder, check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("INFOVIEWS_", "PYTHON"))}
    with Path(f"{folder}.log").open("w") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(["make", "study"], cwd=folder, stdout=log, stderr=log, env=environment)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"make study failed in {folder}, see {folder}.log.")
    wall, steps = time.perf_counter() - begun, folder.glob("data/quick/checkpoints/*/run.json")
    return {
        "wall_seconds": wall,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "step_seconds": sum(read_json(record)["seconds"] for record in steps),
    }


def main() -> None:
    parser = options(__doc__, before=str, work=Path, runs=1)
    given = parser.parse_args()
    folders = {"before": clone(given.work, given.before), "now": clone(given.work, revision())}
    rows = []
    for run in range(given.runs):
        for name in sorted(folders, reverse=bool(run % 2)):
            rows.append({"run": run, "code": name, "commit": folders[name].name, **make(folders[name])})
            print(rows[-1], flush=True)
    write(OUT, "making", rows, page(rows, equal(folders), called(parser, given)), digits=1)


def equal(folders: dict[str, Path]) -> str:
    """How many cells of both clones have the same weights, bit for bit."""
    weights = [
        {path.parent.name: path.read_bytes() for path in folder.glob("data/quick/checkpoints/*/model.safetensors")}
        for folder in folders.values()
    ]
    same = sum(weights[0].get(cell) == bits for cell, bits in weights[1].items())
    return f"{same} of {len(weights[1])} cells end with the same weights, bit for bit"


def revision() -> str:
    """The commit checked out here."""
    asked = ["git", "rev-parse", "--short=7", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def page(rows: list[dict[str, Any]], same: str, command: str) -> str:
    """The page: a row a commit, means over the runs, and the ratio of the two."""
    columns = ["wall_seconds", "cpu_seconds", "step_seconds"]
    table = pd.DataFrame(rows).groupby(["code", "commit"], sort=False)[columns].mean()
    table["rest"] = table["cpu_seconds"] - table["step_seconds"]
    ratio = table.loc["now"].iloc[0] / table.loc["before"].iloc[0]
    cells = [
        [*names, *(f"{value:.0f}" for value in row)] for names, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return "\n".join(
        [
            "# The cost of `make study`",
            "",
            "`make study` in a fresh clone whose environment is there, on an idle machine, "
            f"{rows[-1]['run'] + 1} run(s) of each commit in turns, by `{command}`. {machine('torch', 'snakemake')}.",
            "",
            Table(["code", "commit", "wall s", "CPU s", "of it steps of cells", "all else"], cells, left=2).markdown(),
            f"Now takes {ratio['cpu_seconds']:.2f} of the CPU seconds of before and {ratio['wall_seconds']:.2f} of its "
            f"time. {same}: their steps are the same arithmetic, on one thread each. All else takes "
            f"{ratio['rest']:.2f} of the CPU seconds of before.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
