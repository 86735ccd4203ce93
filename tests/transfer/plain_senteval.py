"""SentEval's classifier and schemes as slow plain loops, written from the description of the protocol alone."""

from __future__ import annotations

import copy

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr
from sklearn.model_selection import StratifiedKFold

DECAYS = [1e-5, 1e-4, 1e-3, 1e-2]


class Plain:
    """One fit: seeds in the constructor, best model on dev, a count of misses that is never set back."""

    def __init__(self, d: int, classes: int, decay: float, adam: bool, batch: int, tenacity: int, every: int) -> None:
        np.random.seed(1111)
        torch.manual_seed(1111)
        self.model = torch.nn.Linear(d, classes)
        kind = torch.optim.Adam if adam else torch.optim.RMSprop
        self.optimiser = kind(self.model.parameters(), weight_decay=decay)
        self.batch, self.tenacity, self.every = batch, tenacity, every

    def fit(self, x: torch.Tensor, y: torch.Tensor, dev: tuple[torch.Tensor, torch.Tensor] | None) -> float:
        if dev is None:
            permutation = np.random.permutation(len(x))
            cut = int(0.05 * len(x))
            dev = x[permutation[:cut]], y[permutation[:cut]]
            x, y = x[permutation[cut:]], y[permutation[cut:]]
        best, count, epoch, stop, kept = -1.0, 0, 0, False, self.model
        while not stop and epoch <= 200:
            for _ in range(self.every):
                permutation = np.random.permutation(len(x))
                for start in range(0, len(x), self.batch):
                    rows = permutation[start : start + self.batch]
                    self.optimiser.zero_grad()
                    torch.nn.functional.cross_entropy(self.model(x[rows]), y[rows]).backward()
                    self.optimiser.step()
            epoch += self.every
            accuracy = self.score(*dev)
            if accuracy > best:
                best, kept = accuracy, copy.deepcopy(self.model)
            else:
                stop = count >= self.tenacity
                count += 1
        self.model = kept
        return best

    def predict(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return self.model(x).argmax(1)

    def score(self, x: torch.Tensor, y: torch.Tensor) -> float:
        return int((self.predict(x) == y).sum()) / len(x)


def setting(name: str) -> tuple[int, tuple[bool, int, int, int]]:
    return {"default": (10, (True, 64, 5, 4)), "prototyping": (5, (False, 128, 3, 2))}[name]


def nested(features: np.ndarray, labels: np.ndarray, name: str) -> tuple[float, float, list[float]]:
    """Dev accuracy, test accuracy, chosen decays."""
    k, how = setting(name)
    x, y = torch.as_tensor(features), torch.as_tensor(labels)
    shape = (x.shape[1], int(labels.max()) + 1)
    devs, tests, chosen = [], [], []
    for train, test in StratifiedKFold(k, shuffle=True, random_state=1111).split(features, labels):
        means = []
        for decay in DECAYS:
            inner = StratifiedKFold(k, shuffle=True, random_state=1111).split(features[train], labels[train])
            found = [
                Plain(*shape, decay, *how).fit(x[train[a]], y[train[a]], (x[train[b]], y[train[b]])) for a, b in inner
            ]
            means.append(round(100 * np.mean(found), 2))
        chosen.append(DECAYS[int(np.argmax(means))])
        devs.append(max(means))
        refit = Plain(*shape, chosen[-1], *how)
        refit.fit(x[train], y[train], None)
        tests.append(round(100 * refit.score(x[test], y[test]), 2))
    return round(np.mean(devs), 2), round(np.mean(tests), 2), chosen


def single(
    features: np.ndarray, labels: np.ndarray, test: tuple[np.ndarray, np.ndarray], name: str
) -> tuple[float, float, float]:
    """Cross-validation on train, refit, test."""
    k, how = setting(name)
    x, y = torch.as_tensor(features), torch.as_tensor(labels)
    shape = (x.shape[1], int(labels.max()) + 1)
    means = []
    for decay in DECAYS:
        inner = StratifiedKFold(k, shuffle=True, random_state=1111).split(features, labels)
        found = [Plain(*shape, decay, *how).fit(x[a], y[a], (x[b], y[b])) for a, b in inner]
        means.append(round(100 * np.mean(found), 2))
    best = int(np.argmax(means))
    refit = Plain(*shape, DECAYS[best], *how)
    refit.fit(x, y, None)
    tx, ty = torch.as_tensor(test[0]), torch.as_tensor(test[1])
    return means[best], round(100 * refit.score(tx, ty), 2), DECAYS[best]


def with_dev(
    features: np.ndarray,
    labels: np.ndarray,
    dev: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    name: str,
    classes: int = 2,
) -> tuple[float, float, float]:
    """Each decay on train, chosen on dev, refit, test."""
    _, how = setting(name)
    x, y, dx, dy, tx, ty = (torch.as_tensor(part) for part in (features, labels, *dev, *test))
    shape = (x.shape[1], classes)
    found = [round(100 * Plain(*shape, decay, *how).fit(x, y, (dx, dy)), 2) for decay in DECAYS]
    best = int(np.argmax(found))
    refit = Plain(*shape, DECAYS[best], *how)
    refit.fit(x, y, (dx, dy))
    return found[best], round(100 * refit.score(tx, ty), 2), DECAYS[best]


Part = tuple[np.ndarray, np.ndarray]
"""Features (n, d) and graded scores (n,)."""


def relatedness(train: Part, dev: Part, test: Part) -> tuple[float, float, float, float]:
    """Linear map and softmax to five grades by Adam on squared error: dev Pearson; test Pearson, Spearman, error."""
    target = np.zeros((len(train[1]), 5), dtype=np.float32)
    for row, score in enumerate(train[1]):
        for grade in range(1, 6):
            if grade == np.floor(score) + 1:
                target[row, grade - 1] = score - np.floor(score)
            if grade == np.floor(score):
                target[row, grade - 1] = np.floor(score) - score + 1
    np.random.seed(1111)
    torch.manual_seed(1111)
    x, y = torch.as_tensor(train[0]), torch.as_tensor(target)
    model = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 5), torch.nn.Softmax(dim=-1))
    optimiser, loss = torch.optim.Adam(model.parameters()), torch.nn.MSELoss()

    def scored(given: torch.nn.Module, features: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return given(torch.as_tensor(features)).numpy() @ np.arange(1.0, 6.0)

    best, count, epoch, stop, kept = -1.0, 0, 0, False, model
    while not stop and epoch <= 1000:
        for _ in range(50):
            permutation = np.random.permutation(len(x))
            for start in range(0, len(x), 64):
                rows = permutation[start : start + 64]
                optimiser.zero_grad()
                loss(model(x[rows]), y[rows]).backward()
                optimiser.step()
        epoch += 50
        found = float(pearsonr(scored(model, dev[0]), dev[1])[0])
        if found > best:
            best, kept = found, copy.deepcopy(model)
        else:
            stop = count >= 3
            count += 1
    last = scored(kept, test[0])
    pearson, spearman = (float(kind(last, test[1])[0]) for kind in (pearsonr, spearmanr))
    return best, pearson, spearman, float(np.mean((last - test[1]) ** 2))
