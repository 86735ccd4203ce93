"""Who trains and scores in ``benchmarks/gpu.py``, and the files that they need: made here, carried to a GPU."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from infoviews import devices, registry
from infoviews.bases import mlm
from infoviews.bases._materials import Materials
from infoviews.bases._windows import MaskedWindows
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.pairs import read_pairs
from infoviews.pretrain.card import CardStep
from infoviews.pretrain.cell import pretrain
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveLoss
from infoviews.training.batches import Batches
from infoviews.training.loop import Optimisation, train
from infoviews.training.meter import Meter, gemm_speed, throughput
from infoviews.training.queued import Laid

TASKS = ("mr", "cr", "subj", "sst2", "trec", "mrpc")
RATE, TEMPERATURE, LONGEST = 3e-4, 0.05, 64
OBJECTIVE = {
    "bound": "infonce",
    "critic": {"cosine": {"temperature": TEMPERATURE}},
    "contrast": {"sentences": {}},
    "additions": {},
}


@dataclass(frozen=True)
class Sizes:
    """How much of everything; ``TINY`` is for a trial on a CPU."""

    layers: int = 4
    width: int = 384
    heads: int = 6
    batches: tuple[int, ...] = (512, 64)
    warm: int = 120
    steps: int = 160
    windows: int = 1024
    cell_steps: int = 400
    cells: int = 3
    turns: int = 2
    tasks: tuple[str, ...] = TASKS


TINY = Sizes(1, 32, 2, (16, 8), warm=3, steps=3, windows=8, cell_steps=4, cells=2, turns=1, tasks=("trec",))


def prepare(folder: Path, sources: list[str], vocabulary: int, pairs: int, processes: int) -> None:
    """Corpus, pairs of touching spans and tasks, out of the mirror: what the benchmark reads, 60 MB or so."""
    from infoviews.corpus.build import build as build_corpus
    from infoviews.corpus.store import open_corpus
    from infoviews.sources import mirror_from_environment
    from infoviews.transfer.fetch import fetch_tasks
    from infoviews.views.drawing.build import build as build_views
    from infoviews.views.drawing.build import setting

    mirror = mirror_from_environment()
    if mirror is None:
        raise ValueError("set INFOVIEWS_MIRROR to the folder of raw files")
    given = {"source": {"jsonl": {"corpora": sources}}, "vocabulary": vocabulary, "near_duplicates": None}
    build_corpus({"corpus": given, "seed": 1}, folder / "corpus", None, mirror, processes)
    counts = {"train": pairs, "critic": 200, "heldout": 200}
    build_views(open_corpus(folder / "corpus"), setting("spans", {"distance": 0}, LONGEST, 1), counts, folder / "views")
    fetch_tasks(list(TASKS), folder / "tasks", mirror)


@dataclass
class Bench:
    """All contenders read ``folder`` and start from one untrained encoder."""

    folder: Path
    sizes: Sizes
    scratch: Path

    def __post_init__(self) -> None:
        self.device = devices.best()
        self.pairs = read_pairs(self.folder / "views", "train")
        self.base = self.scratch / "base"
        shape = bert.Params(self.sizes.layers, self.sizes.width, self.sizes.heads, 0.1, max_tokens=LONGEST)
        self.materials = Materials(self.folder / "corpus", shape, self.base, self.scratch / "mlm", {"seed": 1})
        checkpoint.save(self.base, bert.build(shape, self.materials.tokenizer(), seed=0))

    def ours(self, batch: int) -> dict[str, float]:
        """Steps queued on the device, after every shape was seen."""
        steps = self.sizes.warm + self.sizes.steps
        model = build(checkpoint.load(self.base), OBJECTIVE, self.pairs, 0).to(self.device)
        lengths = np.maximum.reduce([view.lengths for view in self.pairs.views])
        objective, meter, batches = registry.get("objectives", "infonce"), Meter(), Batches(lengths, batch, 0)
        loss = ContrastiveLoss(model, objective, objective.Params())
        work = _Timed(CardStep(loss, self.pairs, batches, steps, True, meter), self.sizes.warm, meter)
        seconds = self._run(model, work, steps)
        speed = throughput(meter, seconds, self.sizes.steps * batch, gemm_speed(self.device), self.device)
        return {name: value for name, value in speed.items() if name != "shares"}

    def masked(self) -> dict[str, float]:
        """Tokens a second of masked language modelling on windows."""
        steps = self.sizes.warm + self.sizes.steps
        model = mlm.MaskedLanguageModel(checkpoint.load(self.base)).to(self.device)
        rows, ends = self.materials.train_sentences(), self.materials.document_ends()
        work = _Timed(MaskedWindows(model, rows, ends, self.sizes.windows, 0.15), self.sizes.warm, Meter())
        seconds = self._run(model, work, steps)
        return {"tokens_per_second": self.sizes.steps * self.sizes.windows * LONGEST / seconds}

    def theirs(self, batch: int) -> dict[str, float]:
        """sentence-transformers' trainer with its own tokenisation, bf16 where the device has it.

        Raises:
            ImportError: it, or something that it needs, is not here.
        """
        from datasets import Dataset
        from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
        from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
        from sentence_transformers.losses import MultipleNegativesRankingLoss
        from transformers import TrainerCallback

        warm, steps = min(10, self.sizes.warm), max(3, self.sizes.steps // 2)
        model = SentenceTransformer(str(self.base), device=str(self.device))
        decode, rows = self.materials.tokenizer().batch_decode, np.random.default_rng(0)
        rows = rows.integers(len(self.pairs.anchors), size=(warm + steps) * batch)
        sides = [decode([side[row].tolist() for row in rows]) for side in self.pairs.views]
        dataset = Dataset.from_dict(dict(zip(("anchor", "positive"), sides, strict=True)))
        times: list[float] = []

        class Clock(TrainerCallback):
            def on_step_end(self, *given: Any, **named: Any) -> None:
                if torch.cuda.is_available():
                    torch.cuda.synchronize()
                times.append(time.perf_counter())

        quiet: dict[str, Any] = {"save_strategy": "no", "logging_strategy": "no", "report_to": "none"}
        arguments = Arguments(
            str(self.scratch / "theirs"),
            per_device_train_batch_size=batch,
            max_steps=warm + steps,
            learning_rate=RATE,
            bf16=devices.has_bfloat16(self.device),
            use_cpu=self.device.type == "cpu",
            disable_tqdm=True,
            **quiet,
        )
        loss = MultipleNegativesRankingLoss(model, scale=1 / TEMPERATURE)
        trainer = SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=dataset, loss=loss, callbacks=[Clock()]
        )
        trainer.train()
        return {"pairs_per_second": steps * batch / (times[-1] - times[warm - 1])}

    def cell(self, seed: int) -> dict[str, float]:
        """A whole cell, from files to checkpoint, and its six tasks: seconds of each."""
        from infoviews.transfer.evaluate import evaluate

        out = self.scratch / f"cell-{seed}"
        settings = {"num_steps": self.sizes.cell_steps, "batch_size": self.sizes.batches[0], "learning_rate": RATE}
        spec = {"objective": OBJECTIVE, "seed": seed, "threads": os.cpu_count() or 1}
        spec["pretrain"] = settings | {"mask_duplicates": True}
        began = time.perf_counter()
        outcome = pretrain(spec, self.base, self.folder / "views", out)
        trained = time.perf_counter()
        result = evaluate(checkpoint.load(out).encode, self.folder / "tasks", list(self.sizes.tasks))
        scored = time.perf_counter()
        shutil.rmtree(out)
        found = {"pretrain_seconds": trained - began, "loop_seconds": outcome.seconds}
        average = sum(task["test"] for task in result["tasks"].values()) / len(result["tasks"])
        return found | {"tasks_seconds": scored - trained, "average": average}

    def _run(self, model: torch.nn.Module, work: _Timed, steps: int) -> float:
        how = Optimisation(steps, learning_rate=RATE, save_every=10**6)
        with tempfile.TemporaryDirectory() as folder:
            outcome = train(model, work, how, Path(folder), "benchmark", 0, label="benchmark")
        if outcome.failure is not None:
            raise RuntimeError(outcome.failure["reason"])
        return time.perf_counter() - work.began


class _Timed(Laid):
    """The same work, timed from step ``warm`` on."""

    def __init__(self, work: Laid, warm: int, meter: Meter) -> None:
        self.work, self.warm, self.meter, self.began = work, warm, meter, 0.0

    def plan(self, step: int) -> Any:
        if step == self.warm:
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            self.meter.reset()
            self.began = time.perf_counter()
        return self.work.plan(step)

    def loss(self, at: torch.Tensor, plan: Any) -> Any:
        return self.work.loss(at, plan)

    def spare(self) -> str | None:
        return self.work.spare()
