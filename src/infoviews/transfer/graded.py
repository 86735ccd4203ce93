"""Graded tasks, the same under every protocol: cosine for STS12-16, SentEval's head for SICK-R and STS-B."""

from __future__ import annotations

import copy

import numpy as np
import torch
from scipy.stats import pearsonr, rankdata, spearmanr

from infoviews.transfer.embed import Embedded
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.folds import SEED
from infoviews.transfer.score import DRAWS, Outcome, generator
from infoviews.transfer.tasks._task import Task

GRADES = 5
CHECK, MISSES, MAX_EPOCH, BATCH = 50, 3, 1000, 64
"""Epochs between checks, misses tolerated (never set back), limit, batch (tools/relatedness.py)."""


def score(task: Task, parts: Parts, seed: int) -> Outcome:
    """Score a task of graded similarity; ``test`` is Spearman's correlation times 100."""
    if task.scheme == "similarity":
        return _similarity(task, parts, seed)
    ordered = {name: part.take(part.order()) for name, part in parts.items()}
    predicted, dev = _head(ordered["train"], ordered["dev"], ordered["test"])
    gold = ordered["test"].labels
    draws = _draws(predicted, gold, generator(seed, task.name))
    facts = {
        "pearson": 100 * _correlation(pearsonr, predicted, gold),
        "mse": float(np.mean((predicted - gold) ** 2)),
        "dev_metric": "pearson",
    }
    return Outcome("spearman", 100 * dev, 100 * _correlation(spearmanr, predicted, gold), draws, len(gold), facts=facts)


def cosine(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Cosine of each row pair, (n,); zero where a vector is zero, as SentEval's ``nan_to_num`` has it."""
    u, v = u.astype(np.float64), v.astype(np.float64)
    norms = np.linalg.norm(u, axis=1) * np.linalg.norm(v, axis=1)
    return np.divide((u * v).sum(1), norms, out=np.zeros(len(u)), where=norms > 0)


def _similarity(task: Task, parts: Parts, seed: int) -> Outcome:
    """``test`` is the plain mean over subsets; weighted mean and correlation over all pairs are recorded, too."""
    rng = generator(seed, task.name)
    found = {name: cosine(*part.vectors) for name, part in parts.items()}
    sizes = np.array([len(part.labels) for part in parts.values()])
    spearman = np.array([_correlation(spearmanr, found[name], part.labels) for name, part in parts.items()])
    pearson = np.array([_correlation(pearsonr, found[name], part.labels) for name, part in parts.items()])
    draws = np.mean([_draws(found[name], part.labels, rng) for name, part in parts.items()], 0)
    gold = np.concatenate([part.labels for part in parts.values()])
    facts = {
        "pearson": 100 * float(pearson.mean()),
        "weighted_spearman": 100 * float(np.average(spearman, weights=sizes)),
        "weighted_pearson": 100 * float(np.average(pearson, weights=sizes)),
        "pooled_spearman": 100 * _correlation(spearmanr, np.concatenate(list(found.values())), gold),
        "subsets": {name: 100 * float(value) for name, value in zip(parts, spearman, strict=True)},
    }
    return Outcome("spearman", None, 100 * float(spearman.mean()), draws, int(sizes.sum()), facts=facts)


def _correlation(kind: object, a: np.ndarray, b: np.ndarray) -> float:
    """Zero where one side is constant."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(kind(a, b)[0])  # type: ignore[operator]


def _draws(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bootstrap of Spearman's correlation times 100, ranks taken once on the whole sample, (DRAWS,)."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.zeros(DRAWS)
    a, b = rankdata(a), rankdata(b)
    a, b = (a - a.mean()) / a.std(), (b - b.mean()) / b.std()
    moments = np.stack([np.ones(len(a)), a, b, a * a, b * b, a * b], 1)
    counts = rng.multinomial(len(a), np.full(len(a), 1 / len(a)), size=DRAWS)
    _, ma, mb, aa, bb, ab = (counts @ moments / len(a)).T
    return 100 * (ab - ma * mb) / np.sqrt((aa - ma**2) * (bb - mb**2))


def targets(scores: np.ndarray) -> np.ndarray:
    """Tai et al. (2015): a score between two grades is split between them; below 1 some of it is lost (SentEval)."""
    grade = np.arange(1, GRADES + 1)
    floor = np.floor(scores)[:, None]
    above = scores[:, None] - floor
    return np.where(grade == floor + 1, above, 0.0) + np.where(grade == floor, 1 - above, 0.0)


def _head(train: Embedded, dev: Embedded, test: Embedded) -> tuple[np.ndarray, float]:
    """Linear map, softmax, squared error, Adam; test scores and best dev Pearson."""
    x, dev_x, test_x = (torch.as_tensor(part.features(), dtype=torch.float32) for part in (train, dev, test))
    y = torch.as_tensor(targets(train.labels), dtype=torch.float32)
    grades = torch.arange(1, GRADES + 1, dtype=torch.float64)
    random = np.random.RandomState(SEED)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = torch.nn.Sequential(torch.nn.Linear(x.shape[1], GRADES), torch.nn.Softmax(dim=-1))
    optimiser = torch.optim.Adam(model.parameters())
    best, kept, misses = -1.0, model, 0
    for _ in range(0, MAX_EPOCH + 1, CHECK):
        for _ in range(CHECK):
            permutation = torch.as_tensor(random.permutation(len(x)))
            for rows in permutation.split(BATCH):
                optimiser.zero_grad()
                torch.nn.functional.mse_loss(model(x[rows]), y[rows]).backward()
                optimiser.step()
        with torch.no_grad():
            found = _correlation(pearsonr, (model(dev_x).double() @ grades).numpy(), dev.labels)
        if found > best:
            best, kept = found, copy.deepcopy(model)
        elif misses >= MISSES:
            break
        else:
            misses += 1
    with torch.no_grad():
        return (kept(test_x).double() @ grades).numpy(), best
