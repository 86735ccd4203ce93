"""Our information of the forty benchmark tasks beside the numbers of the package ``benchmark-mi`` itself.

The package pins old libraries, so it lives in an environment of its own (0.1.3 runs with jax 0.4.33):

    python -m venv /somewhere/bmi && /somewhere/bmi/bin/pip install benchmark-mi==0.1.3 jax==0.4.33 jaxlib==0.4.33
    python benchmarks/benchmark_mi.py --python /somewhere/bmi/bin/python --out reports/calibration/benchmark_mi.csv
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from infoviews.calibration.tasks import tasks
from infoviews.files import write_text

THEIRS = """
import json
from bmi.benchmark.task_list import BENCHMARK_TASKS_LIST as tasks
print(json.dumps([[t.name, t.dim_x, t.dim_y, float(t.mutual_information)] for t in tasks]))
"""


def names() -> list[str]:
    """Our names of the benchmark's tasks, in the benchmark's order."""
    one = ["normal-1", "normal-cdf-1", "additive-0.1", "additive-0.75", "bimodal-1", "wiggly-1", "half-cube-1"]
    students = [f"student-{d}-{d}-df{df}" for d, df in ((2, 1), (2, 2), (3, 2), (3, 3), (5, 2), (5, 3))]
    return [
        *one,
        *("student-1-1-df1", "asinh-student-1-1-df1", "swiss-roll"),
        *(f"dense-{d}" for d in (2, 3, 5, 25, 50)),
        *(f"2-pair-{d}" for d in (2, 3, 5, 25)),
        *students,
        *(f"{kind}-2-pair-{d}" for kind in ("cdf", "half-cube", "spiral", "spiral-cdf") for d in (3, 5, 25)),
        *(f"asinh-student-{d}-{d}-df{df}" for d, df in ((2, 1), (3, 2), (5, 2))),
    ]


def main(
    python: Annotated[Path, typer.Option(help="interpreter of an environment that has benchmark-mi")],
    out: Annotated[Path, typer.Option(help="CSV to write")],
) -> None:
    ran = subprocess.run([python, "-c", THEIRS], check=True, capture_output=True, text=True)
    theirs = json.loads(ran.stdout.splitlines()[-1])
    known, rows = tasks(), []
    for name, (title, dx, dy, information) in zip(names(), theirs, strict=True):
        x, y = known[name].draw(2, np.random.default_rng(0))
        if (x.shape[1], y.shape[1]) != (dx, dy):
            raise ValueError(f"{name} has {x.shape[1]} and {y.shape[1]} coordinates, {title!r} {dx} and {dy}")
        ours = known[name].information
        rows.append({"task": name, "benchmark-mi": title, "ours": ours, "theirs": information})
        rows[-1]["difference"] = ours - information
    frame = pd.DataFrame(rows)
    write_text(out, frame.to_csv(index=False, float_format="%.10f"))
    typer.echo(frame.to_string(index=False, float_format="%.10f"))
    typer.echo(f"largest difference: {frame['difference'].abs().max():.2g} nats")


if __name__ == "__main__":
    typer.run(main)
