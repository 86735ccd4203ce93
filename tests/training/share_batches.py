"""Run by a test in a process of its own: cells trained by one process and by two, one of them stopped and resumed.

Everything is imported once; every rank is a fork of this process, which itself never trains.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch._dynamo  # noqa: F401  else every fork's first optimiser imports it
from safetensors.torch import save_file
from torch import distributed as dist

from infoviews import registry
from infoviews.contracts import Pairs, Ragged
from infoviews.corpus.tokenizer import train as train_tokenizer
from infoviews.encoders.architectures import bert
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.training import parallel
from infoviews.training.batches import Batches
from infoviews.training.loop import Optimisation, train
from infoviews.training.passes import Passes

STEPS, ROWS, BATCH = 20, 96, 16
OBJECTIVE = {
    "critic": {"dot": {"scaled": True}},
    "contrast": {"sentences": {}, "tokens": {"weight": 0.5}},
    "additions": {},
}


def pairs(size: int) -> Pairs:
    """Random texts of 3 to 9 tokens; some partners are equal, so that duplicates are masked."""
    rng, views = np.random.default_rng(0), []
    for _ in range(2):
        rows = [rng.integers(5, size, rng.integers(3, 10)) for _ in range(ROWS)]
        rows[ROWS // 2 :: 4] = rows[: ROWS // 2 : 4]
        views.append(Ragged(np.concatenate(rows), np.concatenate([[0], np.cumsum([len(row) for row in rows])])))
    return Pairs(tuple(views), np.arange(ROWS))


def materials() -> tuple[Any, Pairs]:
    """Tokenizer and texts, made once, before the first fork."""
    tokenizer = train_tokenizer(lambda: iter(["a cat sat on the mat", "the dog ran under a tree"] * 9), 300)
    bert.build(bert.Params(layers=1, width=16, heads=2), tokenizer, 0)  # imports what a first model imports
    return tokenizer, pairs(len(tokenizer))


def cell(bound: str, out: Path, dropout: float, stop_after: int | None, chunk: int | None) -> None:
    """Train one cell; the state lies in ``out.state``. ``stop_after`` ends the process there, without a word."""
    (tokenizer, data), objective = MATERIALS, registry.get("objectives", bound)
    shape = bert.Params(layers=1, width=16, heads=2, dropout=dropout, max_tokens=12)
    model = build(bert.build(shape, tokenizer, 0), OBJECTIVE, data, 0, Passes(chunk))
    batches = Batches(np.maximum(*(view.lengths for view in data.views)), BATCH, 0)
    step = ContrastiveStep(model, objective, objective.Params(), data, batches, True)

    def until(number: int):
        if number == stop_after:
            os._exit(0)
        return step(number)

    how = Optimisation(num_steps=STEPS, learning_rate=1e-3, save_every=6)
    outcome = train(model, until, how, out.with_suffix(".state"), "cell", 0, batches)
    assert outcome.failure is None and len(outcome.history) == 2
    save_file(model.state_dict(), out.with_suffix(f".{parallel.rank()}.safetensors"))


def ranks(count: int, out: Path, bound: str, dropout: float = 0.0, stop: int | None = None, chunk: int | None = None):
    """Train a cell by ``count`` processes; returns their exit codes (1 if one raised, its error in ``out.error``)."""
    store, children = out.with_suffix(f".{count}.{stop}.store"), []
    for rank in range(count):
        child = os.fork()
        if child:
            children.append(child)
            continue
        try:
            if count > 1:
                dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=count)
            cell(bound, out, dropout, stop, chunk)
            parallel.stop()
            os._exit(0)
        except BaseException:
            out.with_suffix(f".error{rank}").write_text(traceback.format_exc())
            os._exit(1)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    for bound in ("infonce", "jsd", "dv"):
        ranks(1, folder / f"{bound}-one", bound)
        ranks(2, folder / f"{bound}-two", bound, chunk=64 if bound == "infonce" else None)
    ranks(2, folder / "whole", "mine", dropout=0.2)
    ranks(2, folder / "resumed", "mine", dropout=0.2, stop=14)
    ranks(2, folder / "resumed", "mine", dropout=0.2)
    ranks(2, folder / "refused", "infonce", stop=9)
    ranks(1, folder / "refused", "infonce")


if __name__ == "__main__":
    MATERIALS = materials()
    main(Path(sys.argv[1]))
