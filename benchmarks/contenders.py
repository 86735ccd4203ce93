"""Who trains in ``benchmarks/pretrain.py``: this package's loop, a bare loop, and sentence-transformers' trainer."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from infoviews import registry
from infoviews.contracts import Pairs, Ragged
from infoviews.corpus import tokenizer as tokenizers
from infoviews.corpus.cleaning import paragraphs
from infoviews.corpus.sentences import splitter
from infoviews.corpus.sources import embedded, jsonl
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.encoders.embed import pad
from infoviews.files import read_json, write_json
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.sources import mirror_from_environment
from infoviews.training.batches import Batches
from infoviews.training.cpu import use_fast_layers
from infoviews.training.cpu.embedding import densify
from infoviews.training.loop import Optimisation, train
from infoviews.training.meter import Meter, gemm_speed, throughput
from infoviews.training.passes import Passes

BATCH, RATE, TEMPERATURE, WARM_UP = 64, 3e-4, 0.05, 2
LONGEST, EQUAL = 64, 32
PAIRS = 8192
"""Texts are kept for runs of different texts, as far as they reach."""
OBJECTIVE = {"critic": {"cosine": {"temperature": TEMPERATURE}}, "contrast": {"sentences": {}}, "additions": {}}


@dataclass(frozen=True)
class Load:
    """What all contenders do: pairs of texts, at most ``width`` tokens each, for ``steps`` timed steps.

    There are as many pairs as the timed steps take, so that each run sees every length as often as the texts have it:
    batches bucketed by length differ too much for a few of them to stand for all.
    """

    folder: Path
    kind: str
    steps: int
    run: int = 0

    @property
    def width(self) -> int:
        return EQUAL if self.kind == "equal" else LONGEST

    @property
    def chunk(self) -> int:
        """Tokens of one of our passes: short ones save padding, and where there is none long ones save overhead."""
        return 2048 if self.kind == "equal" else 1024

    def encoder(self) -> Any:
        return checkpoint.load(self.folder / self.kind)

    def texts(self) -> list[list[str]]:
        texts, count = read_json(self.folder / f"{self.kind}.json"), self.steps * BATCH
        start = self.run * count % (len(texts) - count + 1)
        return texts[start : start + count]

    def batches(self, pairs: Pairs) -> list[np.ndarray]:
        """Two batches to warm up, then each batch of one pass over the pairs."""
        lengths = np.minimum(np.maximum(*(view.lengths for view in pairs.views)), self.width - 2)
        epoch = Batches(lengths, BATCH, seed=self.run)
        return [epoch[step] for step in (*range(WARM_UP), *range(self.steps))]

    def pairs(self) -> Pairs:
        encode = tokenizers.encoder(self.encoder().tokenizer)
        sides = [encode(list(side)) for side in zip(*self.texts(), strict=True)]
        views = tuple(
            Ragged(
                np.fromiter((t for row in side for t in row), np.int32),
                np.concatenate([[0], np.cumsum([len(row) for row in side])]),
            )
            for side in sides
        )
        return Pairs(views, np.arange(len(views[0])))


def prepare(folder: Path, articles: int, vocabulary: int) -> dict[str, Any]:
    """Write texts and untrained encoders for both kinds of load; says what the texts are."""
    mirror, split = mirror_from_environment(), splitter("nupunkt")
    source = jsonl.documents(jsonl.Params(["wikipedia"]), mirror) if mirror else _gensim_articles()
    documents = [
        [sentence for paragraph in paragraphs(document.text)[0] for sentence in split(paragraph)]
        for document in islice(source, articles)
    ]
    tokenizer = tokenizers.train(lambda: (sentence for document in documents for sentence in document), vocabulary)
    encode, found = tokenizers.encoder(tokenizer), {"mixed": [], "equal": []}
    for sentences in filter(None, documents):
        lengths = [len(row) for row in encode(sentences)]
        for i in range(len(sentences) - 1):
            low, high = sorted(lengths[i : i + 2])
            found["mixed"] += [sentences[i : i + 2]] if low >= 3 and high <= LONGEST - 2 else []
            found["equal"] += [sentences[i : i + 2]] if low >= EQUAL - 2 else []  # cut by every contender alike
    for kind, texts in found.items():
        chosen = np.random.default_rng(0).permutation(len(texts))[:PAIRS]
        write_json(folder / f"{kind}.json", [texts[i] for i in chosen])
        width = EQUAL if kind == "equal" else LONGEST
        shape = bert.Params(layers=4, width=256, heads=4, dropout=0.1, max_tokens=width)
        checkpoint.save(folder / kind, bert.build(shape, tokenizer, seed=0))
    lengths = np.array([len(row) for row in encode([side for pair in found["mixed"] for side in pair])])
    return {
        "source": "English Wikipedia" if mirror else "the Wikipedia articles that come with gensim",
        "pairs": {kind: min(len(texts), PAIRS) for kind, texts in found.items()},
        "mean_tokens": float(lengths.mean()) + 2,
        "vocabulary": len(tokenizer),
    }


def _gensim_articles() -> Any:
    return (d for d in embedded.documents(embedded.Params(), None) if d.source == "wikipedia")


def ours(load: Load) -> tuple[float, dict[str, Any]]:
    """Pairs a second of this package's loop, and its own record of the run."""
    encoder, pairs, meter = load.encoder(), load.pairs(), Meter()
    model = build(encoder, OBJECTIVE, pairs, 0, Passes(load.chunk))
    batches = load.batches(pairs)
    objective = registry.get("objectives", "infonce")
    step, began = ContrastiveStep(model, objective, objective.Params(), pairs, batches, True, meter), 0.0

    def timed(number: int) -> Any:
        nonlocal began
        if number == WARM_UP:
            meter.reset()
            began = time.perf_counter()
        return step(number)

    how = Optimisation(num_steps=load.steps + WARM_UP, learning_rate=RATE, save_every=10**6)
    with tempfile.TemporaryDirectory() as folder:
        train(model, timed, how, Path(folder), "benchmark", 0, meter=meter)
    seconds, done = time.perf_counter() - began, load.steps * BATCH
    return done / seconds, throughput(meter, seconds, done, gemm_speed(torch.device("cpu")), torch.device("cpu"))


def bare(load: Load) -> float:
    """Pairs a second of forward, backward and optimiser step alone, on the same batches, made beforehand."""
    encoder, pairs = load.encoder(), load.pairs()
    use_fast_layers(encoder)
    encoder.train()
    batches = load.batches(pairs)
    made = []
    for rows in batches:
        sides = [view.take(rows) for view in pairs.views]
        lengths = np.concatenate([side.lengths for side in sides])
        both = Ragged(np.concatenate([s.ids for s in sides]), np.concatenate([[0], np.cumsum(lengths)]))
        ids, mask = pad(both, encoder.tokenizer, load.width)
        order = torch.argsort(mask.sum(1), stable=True)
        plan = Passes(load.chunk).plan(mask.sum(1)[order])
        made.append(([(ids[order[r], :w], mask[order[r], :w]) for r, w in plan], torch.argsort(order)))
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=RATE, fused=True)
    for number, (passes, back) in enumerate(made):
        if number == WARM_UP:
            began = time.perf_counter()
        vectors = torch.nn.functional.normalize(torch.cat([encoder(*given) for given in passes])[back], dim=1)
        x, y = vectors.chunk(2)
        torch.nn.functional.cross_entropy(x @ y.T / TEMPERATURE, torch.arange(BATCH)).backward()
        densify(encoder.parameters())
        optimiser.step()
        optimiser.zero_grad()
    return load.steps * BATCH / (time.perf_counter() - began)


def theirs(load: Load) -> float:
    """Pairs a second of sentence-transformers' trainer with MultipleNegativesRankingLoss."""
    from datasets import Dataset, disable_progress_bars
    from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
    from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
    from sentence_transformers.losses import MultipleNegativesRankingLoss
    from transformers import TrainerCallback

    disable_progress_bars()
    model = SentenceTransformer(str(load.folder / load.kind), device="cpu")
    texts = load.texts()
    dataset = Dataset.from_dict({"anchor": [a for a, _ in texts], "positive": [b for _, b in texts]})
    times: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *given: Any, **named: Any) -> None:
            times.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        quiet: dict[str, Any] = {"save_strategy": "no", "logging_strategy": "no", "report_to": "none"}
        arguments = Arguments(
            folder,
            per_device_train_batch_size=BATCH,
            max_steps=load.steps + WARM_UP,
            learning_rate=RATE,
            weight_decay=0.01,
            warmup_steps=0.1,
            use_cpu=True,
            disable_tqdm=True,
            **quiet,
        )
        loss = MultipleNegativesRankingLoss(model, scale=1 / TEMPERATURE)
        SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=dataset, loss=loss, callbacks=[Clock()]
        ).train()
    return load.steps * BATCH / (times[-1] - times[WARM_UP - 1])
