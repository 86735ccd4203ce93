"""Seconds that the information of one setting takes, by the number of candidates, beside what it should find.

``python benchmarks/information.py --out FOLDER`` measures Gaussian pairs of 128 coordinates that share 8 nats: all
estimators, the choice, and the critics fitted again that say whether it can be trusted. ``--candidates 8192,65536``
are the numbers of held-out pairs. On a CPU it takes one thread.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch

from harness import machine, options, quiet, timed, write
from infoviews.information.axis import chosen, judged
from infoviews.information.measure import Params, estimates_of
from infoviews.information.reading import Reading
from infoviews.information.trust import trust

WIDTH, SHARED, NATS = 128, 16, 8.0


def pairs(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n pairs of WIDTH coordinates, SHARED of them correlated, NATS together."""
    rho = math.sqrt(1 - math.exp(-2 * NATS / SHARED))
    x, y = np.random.default_rng(seed).standard_normal((2, n, WIDTH)).astype(np.float32)
    y[:, :SHARED] = rho * x[:, :SHARED] + math.sqrt(1 - rho * rho) * y[:, :SHARED]
    return x, y


def measured(reading: Reading, params: Params) -> float:
    """InfoNCE of the reading, after everything that the information of a setting takes beside encoding."""
    found = chosen(estimates_of(reading, params, 0))
    value = next(e for e in found if e.estimator == "infonce")
    trust(reading, value.estimate, params.how, params.k, 0)
    return judged([value])[0].estimate


def main() -> None:
    given = options(__doc__, out=Path("reports/benchmarks"), fitted=8192, candidates="8192").parse_args()
    quiet()
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "one thread"
    every = {name: {} for name in ("infonce", "dv", "nwj", "smile", "jsdbound", "cca", "ksg")}
    rows = []
    for k in map(int, given.candidates.split(",")):
        params = Params(estimators=every, num_steps=400, k=k)
        reading = Reading("gaussian", pairs(given.fitted, 1), pairs(k, 2))
        cpu, wall, value = timed(measured, reading, params)
        rows.append({"K": k, "log_K": math.log(k), "nats": value, "truth": NATS, "cpu_s": cpu, "wall_s": wall})
        print(rows[-1], flush=True)
    lines = "\n".join(
        f"| {r['K']:,} | {r['log_K']:.2f} | {r['nats']:.2f} | {r['wall_s']:.1f} | {r['cpu_s']:.1f} |" for r in rows
    )
    page = (
        f"# Seconds for the information of one setting\n\nPairs of {WIDTH} coordinates that share {NATS} nats, "
        f"{given.fitted:,} of them for each critic; {device}, {machine('torch', 'numpy')}.\n\n"
        f"| K | log K | InfoNCE | wall s | CPU s |\n| --: | --: | --: | --: | --: |\n{lines}\n"
    )
    write(given.out, "information", rows, page)


if __name__ == "__main__":
    main()
