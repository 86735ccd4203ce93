"""Pretraining speed beside sentence-transformers' trainer: same encoder, texts, batch, loss and optimiser, one run.

Writes ``reports/benchmarks/pretrain.{md,csv}``. On an otherwise idle machine with two cores, about ten minutes:

    INFOVIEWS_MIRROR=/path/to/mirror python benchmarks/pretrain.py

Four-layer BERT of width 256, batches of 64 pairs of neighbouring Wikipedia sentences of at most 64 tokens (without a
mirror: the articles that come with gensim). Contenders take short turns, since machines drift by more than what is
compared; medians of their runs are compared, and their ratios turn by turn.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from contenders import BATCH, EQUAL, LONGEST, TEMPERATURE, WARM_UP, Load, bare, ours, prepare, theirs
from harness import OUT, called, machine, options, quiet, write
from infoviews.tables import Table

RIVAL = "sentence-transformers"
TARGETS = (
    (f"mixed lengths: infoviews / {RIVAL}", ("mixed", "infoviews"), ("mixed", RIVAL), 1.8),
    (f"equal lengths: infoviews / {RIVAL}", ("equal", "infoviews"), ("equal", RIVAL), 1.1),
    ("mixed lengths: infoviews / bare loop", ("mixed", "infoviews"), ("mixed", "bare loop"), 0.85),
    ("two single-threaded cells at once / one", ("side by side", "two cells"), ("side by side", "one cell"), 1.6),
)


def serve(connection: Any, load: Load) -> None:
    """A process that trains one single-threaded cell whenever it is told to, and says how fast."""
    torch.set_num_threads(1)
    ours(Load(load.folder, load.kind, 1))
    connection.send(None)
    while connection.recv():
        connection.send(ours(load)[0])


def side_by_side(load: Load, runs: int) -> list[dict[str, Any]]:
    """One single-threaded cell alone, then two at once, in turns."""
    context = multiprocessing.get_context("spawn")
    cells = []
    for _ in range(2):
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, load), daemon=True)
        process.start()
        cells.append(here)
    for cell in cells:
        cell.recv()
    rows = []
    for run in range(runs):
        for name, chosen in (("one cell", cells[:1]), ("two cells", cells)):
            for cell in chosen:
                cell.send(True)
            rows.append(_row("side by side", run, name, sum(cell.recv() for cell in chosen)))
    for cell in cells:
        cell.send(False)
    return rows


def _row(load: str, run: int, contender: str, speed: float) -> dict[str, Any]:
    print(f"{load:13} run {run} {contender:22} {speed:7.1f} pairs/s", flush=True)
    return {"load": load, "run": run, "contender": contender, "pairs_per_second": round(speed, 2)}


def tables(rows: list[dict[str, Any]]) -> str:
    """Ratios of medians beside their targets and turn by turn, then every median with its runs."""
    runs = pd.DataFrame(rows).groupby(["load", "contender"], sort=False)["pairs_per_second"].agg(list)
    lines = []
    for name, above, below, target in TARGETS:
        ratio = statistics.median(runs[above]) / statistics.median(runs[below])
        turns = [a / b for a, b in zip(runs[above], runs[below], strict=True)]
        spread = f"{statistics.median(turns):.2f} [{min(turns):.2f}, {max(turns):.2f}]"
        lines.append([name, f"{ratio:.2f}", f"{target}", "yes" if ratio >= target else "no", spread])
    head = ["compared", "ratio of medians", "target", "reached", "turn by turn, median [least, most]"]
    medians = [
        [load, contender, f"{statistics.median(every):.1f}", ", ".join(f"{speed:.0f}" for speed in every)]
        for (load, contender), every in runs.items()
    ]
    speeds = Table(["load", "contender", "pairs/s, median", "runs"], medians, 2)
    return f"{Table(head, lines).markdown()}\n{speeds.markdown()}".rstrip()


def report(rows: list[dict[str, Any]], facts: dict[str, Any], record: dict[str, Any], command: str) -> str:
    """The page: what was compared, with what result, and where our time goes."""
    shares = ", ".join(f"{phase} {100 * share:.1f} %" for phase, share in record["shares"].items())
    texts = f"{facts['source']}, at most {LONGEST} tokens, {facts['mean_tokens']:.1f} on average"
    mixed, equal = (Load(OUT, kind, facts["steps"]).chunk for kind in ("mixed", "equal"))
    measured = (
        f"It used {100 * record['model_flops_utilisation']:.0f} % of the speed of a matrix product on this machine "
        f"({record['gemm_flops_per_second'] / 1e9:.0f} GFLOP/s), {record['tokens_per_second']:.0f} tokens/s"
    )
    return f"""# Pretraining speed

Written by `{command}`.

{machine("torch", "transformers", RIVAL)}. Load of the machine before the first run: {facts["load"]:.2f}. Neighbouring
sentences of {texts}; vocabulary {facts["vocabulary"]:,}.
BERT of 4 layers, width 256, dropout 0.1; batches of {BATCH} pairs, InfoNCE at temperature {TEMPERATURE}, AdamW;
{facts["steps"]} timed steps a run after {WARM_UP} others. Our passes take at most {mixed:,} tokens, at equal lengths
{equal:,}. "Equal" are sentences of at least {EQUAL - 2} tokens, cut there by every contender. The bare loop is forward,
backward and optimiser step on batches made beforehand. Two threads, except side by side: one each.

{tables(rows)}

Where the time of the last mixed run went, by its own record: {shares}.
{measured}. Every run: [pretrain.csv](pretrain.csv).
"""


def main() -> None:
    parser = options(__doc__, runs=11, steps=6, articles=1200, vocabulary=16_000, out=OUT)
    given = parser.parse_args()
    quiet(threads=2)
    load, rows, record = os.getloadavg()[0], [], {}
    with tempfile.TemporaryDirectory() as folder:
        facts = prepare(Path(folder), given.articles, given.vocabulary) | {
            "steps": given.steps,
            "load": load,
        }
        print(json.dumps(facts), flush=True)
        for run in range(given.runs):
            mixed, equal = (Load(Path(folder), kind, given.steps, run) for kind in ("mixed", "equal"))
            rows.append(_row("mixed", run, RIVAL, theirs(mixed)))
            speed, record = ours(mixed)
            rows.append(_row("mixed", run, "infoviews", speed))
            rows.append(_row("mixed", run, "bare loop", bare(mixed)))
            rows.append(_row("equal", run, RIVAL, theirs(equal)))
            rows.append(_row("equal", run, "infoviews", ours(equal)[0]))
        rows += side_by_side(mixed, given.runs)
    command = f"INFOVIEWS_MIRROR=/path/to/mirror {called(parser, given)}"
    write(given.out, "pretrain", rows, report(rows, facts, record, command), digits=2)


if __name__ == "__main__":
    main()
