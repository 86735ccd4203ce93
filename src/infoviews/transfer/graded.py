"""Graded tasks, the same under every protocol: cosine for STS12-16, SentEval's head for SICK-R and STS-B."""

from __future__ import annotations

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
    """Linear map, softmax, squared error, Adam; test scores and best dev Pearson.

    Gradient and update are written out: of some ten thousand steps on batches of 64, torch's own bookkeeping would be
    four fifths of the time, on a CPU that a GPU waits for.
    """
    x, dev_x, test_x = (_with_ones(part.features()) for part in (train, dev, test))
    y = torch.as_tensor(targets(train.labels), dtype=torch.float32)
    grades = torch.arange(1, GRADES + 1, dtype=torch.float64)
    random = np.random.RandomState(SEED)
    head = _Head(x.shape[1] - 1)
    best, kept, misses = -1.0, head.weights.clone(), 0
    for _ in range(0, MAX_EPOCH + 1, CHECK):
        for _ in range(CHECK):
            order = torch.as_tensor(random.permutation(len(x)))
            for rows in order.split(BATCH):
                head.step(x.index_select(0, rows), y[rows])
        found = _correlation(pearsonr, (probabilities(dev_x, head.weights).double() @ grades).numpy(), dev.labels)
        if found > best:
            best, kept = found, head.weights.clone()
        elif misses >= MISSES:
            break
        else:
            misses += 1
    return (probabilities(test_x, kept).double() @ grades).numpy(), best


def _with_ones(features: np.ndarray) -> torch.Tensor:
    return torch.cat([torch.as_tensor(features, dtype=torch.float32), torch.ones(len(features), 1)], 1)


def probabilities(x: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Of each grade, (n, GRADES), for features with a column of ones (n, d + 1) and weights (GRADES, d + 1)."""
    return torch.softmax(x @ weights.T, 1)


class _Head:
    """Weights (GRADES, d + 1), the bias last, drawn as ``torch.nn.Linear`` draws them, and Adam's moments of them."""

    def __init__(self, width: int) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            drawn = torch.nn.Linear(width, GRADES)
        self.weights = torch.cat([drawn.weight.detach(), drawn.bias.detach()[:, None]], 1)
        self.mean, self.square, self.steps = torch.zeros_like(self.weights), torch.zeros_like(self.weights), 0

    def step(self, x: torch.Tensor, y: torch.Tensor) -> None:
        """Adam (Kingma & Ba 2015, algorithm 1) on the mean squared error of x (n, d + 1) against y (n, GRADES)."""
        self.steps += 1
        p = probabilities(x, self.weights)
        slope = (p - y).mul_(2 / p.numel()).mul_(p)  # of the error, times what the softmax multiplies it with
        gradient = slope.sub_(p * slope.sum(1, keepdim=True)).T @ x
        self.mean.lerp_(gradient, 0.1)
        self.square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        spread = self.square.sqrt().div_((1 - 0.999**self.steps) ** 0.5).add_(1e-8)
        self.weights.addcdiv_(self.mean, spread, value=-1e-3 / (1 - 0.9**self.steps))
