"""Batches bucketed by length against batches drawn at random: do transfer and information move beyond the seeds?

Trains one cell's objective on one setting of a finished study, several seeds each way, and writes
``reports/benchmarks/bucketing.{md,csv}``. After the study of ``params.beside.yaml`` (about 6 CPU-minutes):

    python benchmarks/bucketing.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from harness import OUT, called, options, quiet, timed, write
from infoviews import registry
from infoviews.encoders import checkpoint
from infoviews.files import read_json
from infoviews.information.measure import Params, estimates, features
from infoviews.pairs import read_facts, read_pairs
from infoviews.pretrain.cell import starting_encoder
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.tables import frame_table
from infoviews.training.batches import WINDOW, Batches
from infoviews.training.loop import Optimisation, train
from infoviews.training.passes import Passes
from infoviews.transfer.evaluate import evaluate

WAYS = {"bucketed": WINDOW, "random": 1}


def trained(study: Path, spec: dict[str, Any], window: int, seed: int, out: Path) -> float:
    """Train as the cell's spec says, but with this window and seed; the checkpoint goes to ``out``. CPU seconds."""
    settings = dict(spec["pretrain"])
    size, mask_duplicates = settings.pop("batch_size"), settings.pop("mask_duplicates")
    passes = Passes(settings.pop("chunk", None), settings.pop("recompute", False))
    views = study / "views" / spec["setting"]
    pairs, facts = read_pairs(views, "train"), read_facts(views)
    encoder = starting_encoder(study / "base" / spec["start"], facts.get("dropout"))
    model = build(encoder, spec["objective"], pairs, seed, passes)
    batches = Batches(np.maximum(*(view.lengths for view in pairs.views[:2])), size, seed, window)
    objective = registry.get("objectives", spec["objective"]["bound"])
    params = registry.parameters(objective, spec["objective"].get("params"))
    step = ContrastiveStep(model, objective, params, pairs, batches, mask_duplicates)
    seconds, _, outcome = timed(train, model, step, Optimisation(**settings), out / "state", "bucketing", seed)
    if outcome.failure is not None:
        raise RuntimeError(f"seed {seed}, window {window}: {outcome.failure['reason']}")
    checkpoint.save(out, model.encoder)
    return seconds


def measured(study: Path, spec: dict[str, Any], transfer: dict[str, Any], folder: Path) -> dict[str, float]:
    """Average transfer (percent) and InfoNCE between the views (nats) on the encoder's own frozen features."""
    found = evaluate(checkpoint.load(folder).encode, study / "tasks", transfer["names"], transfer["protocol"])
    views, params = study / "views" / spec["setting"], Params({"infonce": {}})
    sides = [features(views, split, folder, read_facts(views), params, seed=0) for split in ("critic", "heldout")]
    (information,) = estimates(sides[0], sides[1], "encoder", params, seed=0)
    average = found["averages"].get("six") or next(iter(found["averages"].values()))
    return {"transfer": average["test"], "information": information.estimate}


def gap(rows: pd.DataFrame, column: str) -> tuple[float, float, float]:
    """Mean of bucketed less random over paired seeds, with a 95 % interval from Student's t."""
    from scipy import stats

    wide = rows.pivot(index="seed", columns="way", values=column)
    gaps = (wide["bucketed"] - wide["random"]).to_numpy()
    half = stats.t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / np.sqrt(len(gaps))
    return float(gaps.mean()), float(gaps.mean() - half), float(gaps.mean() + half)


def page(rows: pd.DataFrame, spec: dict[str, Any], command: str) -> str:
    """What was compared, both ways in turn, and whether they differ."""
    shown = rows.assign(transfer=rows["transfer"].map("{:.2f}".format), seconds=rows["seconds"].map("{:.0f}".format))
    shown.columns = ["batches", "seed", "transfer, %", "information, nats", "CPU seconds"]
    verdicts = []
    for column, unit in (("transfer", "points"), ("information", "nats")):
        mean, low, high = gap(rows, column)
        moved = "no difference can be shown" if low <= 0 <= high else "they differ"
        spread = float(rows[rows["way"] == "random"][column].std())
        verdicts.append(
            f"- {column}: bucketed less random is {mean:+.3f} {unit} [{low:.3f}, {high:.3f}]; {moved}. "
            f"The standard deviation over seeds of random batches is {spread:.3f}."
        )
    speed = rows.groupby("way")["seconds"].median()
    return f"""# Batches bucketed by length

Written by `{command}`.

Objective {spec["objective"]["bound"]} on `{spec["setting"]}`,
{spec["pretrain"]["num_steps"]} steps of {spec["pretrain"]["batch_size"]} pairs.
Bucketed: sorted by length within random windows of {WINDOW} batches, as every cell
is trained; random: each batch drawn from all pairs. Information is InfoNCE on held-out pairs, by a critic on the frozen
features of each trained encoder.

{chr(10).join(verdicts)}
- CPU seconds of training: {speed["bucketed"]:.0f} bucketed, {speed["random"]:.0f} random

{frame_table(shown, digits=3).markdown()}"""


def main() -> None:
    parser = options(__doc__, study="beside", setting="spans-0", objective="infonce", seeds=8, out=OUT)
    given = parser.parse_args()
    quiet()
    study, specs = Path("data") / given.study, Path("data/specs") / given.study
    spec = read_json(specs / "pretrain" / f"{given.objective}__{given.setting}__s0.json")
    transfer = read_json(specs / "transfer.json")["transfer"]
    rows = []
    for seed in range(given.seeds):
        for way, window in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                seconds = trained(study, spec, window, spec["seed"] + seed, Path(folder))
                found = measured(study, spec, transfer, Path(folder))
            rows.append({"way": way, "seed": seed, **found, "seconds": round(seconds, 1)})
            print(rows[-1], flush=True)
    table = pd.DataFrame(rows)
    write(given.out, "bucketing", table, page(table, spec, called(parser, given)))


if __name__ == "__main__":
    main()
