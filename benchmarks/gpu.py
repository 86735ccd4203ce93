"""Speed on one GPU beside sentence-transformers' trainer and a matrix product, in one run of at most four minutes.

Writes ``reports/benchmarks/gpu.{md,csv}``. The files are made once where the mirror is, and carried to the GPU:

    INFOVIEWS_MIRROR=/path/to/mirror python benchmarks/gpu.py --data FOLDER --prepare
    python benchmarks/gpu.py --data FOLDER

Four-layer BERT of width 384, vocabulary 16,000, touching spans of real text of at most 64 tokens, InfoNCE, bf16.
``--packages FOLDER`` names a folder from which sentence-transformers and what it needs can be imported; without it the
ratios to it are left out. ``--tiny`` tries everything with small sizes, on a CPU as well.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from card import TINY, Bench, Sizes, prepare
from harness import OUT, called, machine, options, write
from infoviews.tables import Table
from infoviews.training.meter import gemm_speed

RIVAL = "sentence-transformers"
GRID = 90
"""Cells of the grid whose time is told from a few."""


def measure(bench: Bench, out: list[dict[str, Any]]) -> list[str]:
    """Every contender in turns; rows are added to ``out``. Gives what could not be measured, and why."""
    missing: list[str] = []
    for turn in range(bench.sizes.turns):
        for batch in bench.sizes.batches:
            _row(out, "infoviews", turn, batch, **bench.ours(batch))
            if not missing:
                try:
                    _row(out, RIVAL, turn, batch, **bench.theirs(batch))
                except ImportError as error:
                    missing.append(f"{RIVAL} could not be imported: {error}")
    _row(out, "masked language model", 0, bench.sizes.windows, **bench.masked())
    for seed in range(bench.sizes.cells):
        _row(out, "cell", seed, bench.sizes.batches[0], **bench.cell(seed))
    return missing


def _row(out: list[dict[str, Any]], contender: str, turn: int, batch: int, **numbers: float) -> None:
    out.append({"contender": contender, "turn": turn, "batch": batch, **numbers})
    shown = ", ".join(f"{name} {value:.4g}" for name, value in numbers.items())
    print(f"{contender} {batch} ({turn}): {shown}", flush=True)


def targets(rows: pd.DataFrame, sizes: Sizes) -> list[tuple[str, float | None, str, float]]:
    """What was to be reached: name, found, comparison, wanted."""

    def median(contender: str, column: str, batch: int | None = None) -> float | None:
        chosen = rows[(rows.contender == contender) & ((rows.batch == batch) | (batch is None))]
        return None if chosen.empty else statistics.median(chosen[column])

    def ratio(batch: int) -> float | None:
        ours, theirs = (median(name, "pairs_per_second", batch) for name in ("infoviews", RIVAL))
        return None if ours is None or theirs is None else ours / theirs

    large, small = sizes.batches
    cells = rows[rows.contender == "cell"]
    first, later = cells.iloc[0], cells.iloc[1:]
    each = (later.pretrain_seconds + later.tasks_seconds).median()
    grid = first.pretrain_seconds + first.tasks_seconds + (GRID - 1) * each
    return [
        (f"batch {large}: infoviews / {RIVAL}", ratio(large), "≥", 4.0),
        (f"batch {small}: infoviews / {RIVAL}", ratio(small), "≥", 4.0),
        (
            f"batch {large}: share of an 8192-cube product",
            median("infoviews", "model_flops_utilisation", large),
            "≥",
            0.15,
        ),
        ("masked language model, tokens/s", median("masked language model", "tokens_per_second"), "≥", 2.5e6),
        ("six tasks of a cell, seconds", float(later.tasks_seconds.median()), "≤", 5.0),
        (f"grid of {GRID} cells, trained and scored, seconds", float(grid), "≤", 600.0),
    ]


def report(rows: pd.DataFrame, sizes: Sizes, facts: dict[str, Any], missing: list[str], command: str) -> str:
    """The page."""
    reached = []
    for name, found, sign, wanted in targets(rows, sizes):
        met = "not measured" if found is None else "yes" if (found >= wanted) == (sign == "≥") else "no"
        reached.append([name, "" if found is None else f"{found:,.3g}", f"{sign} {wanted:,g}", met])
    speeds, cells = [], []
    for row in rows[rows.contender != "cell"].to_dict("records"):
        numbers = (row.get(name) for name in ("pairs_per_second", "tokens_per_second", "padding_of_a_batch"))
        shown = ["" if value is None or pd.isna(value) else f"{value:,.4g}" for value in numbers]
        speeds.append([row["contender"], str(row["batch"]), str(row["turn"]), *shown])
    for row in rows[rows.contender == "cell"].to_dict("records"):
        seconds = (row[name] for name in ("pretrain_seconds", "loop_seconds", "tasks_seconds", "average"))
        cells.append([str(row["turn"]), *(f"{value:.2f}" for value in seconds)])
    tables = (
        Table(["", "reached", "target", "met"], reached),
        Table(["contender", "batch", "turn", "pairs/s", "tokens/s", "padding"], speeds),
        Table(["cell", "training, s", "of it the loop, s", "six tasks, s", "average"], cells),
    )
    about = f"{facts['device']}, {machine('torch', 'transformers')}"
    return f"""# Speed on a GPU

Written by `{command}` in {facts["seconds"]:.0f} s.

{about}. A product of two 8192 × 8192 matrices in bf16 reaches {facts["gemm"] / 1e12:,.1f} TFLOP/s. BERT of
{sizes.layers} layers, width {sizes.width}, dropout 0.1; touching spans of real text, at most 64 tokens, vocabulary
{facts["vocabulary"]:,}; {sizes.steps} timed steps after {sizes.warm}. A cell has {sizes.cell_steps} steps of
{sizes.batches[0]} pairs, from its files to its checkpoint; the first pays what a process pays once.
{" ".join(missing)}

{chr(10).join(table.markdown() for table in tables)}
Every run: [gpu.csv](gpu.csv).
"""


def main() -> None:
    os.environ.setdefault("TORCH_CUDNN_SDPA_DEPRIORITIZED", "1")  # as the command line has it, for both contenders
    sources = "wikipedia,wikinews"
    parser = options(__doc__, data=Path, prepare=False, sources=sources, vocabulary=16_000, pairs=200_000, tiny=False)
    parser.add_argument("--packages", type=Path, help="more folders with packages, after Python's own")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    if given.prepare:
        prepare(given.data, given.sources.split(","), given.vocabulary, given.pairs, os.cpu_count() or 1)
        return
    logging.basicConfig(level=logging.WARNING)
    if given.packages:
        sys.path.append(str(given.packages))
    sizes, began, rows = TINY if given.tiny else Sizes(), time.perf_counter(), []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(given.data, sizes, Path(scratch))
        name = torch.cuda.get_device_name() if bench.device.type == "cuda" else "no GPU: a CPU"
        facts = {"device": name, "gemm": gemm_speed(bench.device), "vocabulary": len(bench.materials.tokenizer())}
        missing = measure(bench, rows)
    facts["seconds"] = time.perf_counter() - began
    table = pd.DataFrame(rows)
    write(given.out, "gpu", table, report(table, sizes, facts, missing, called(parser, given)))


if __name__ == "__main__":
    main()
