"""What every protocol hands back for one task, with intervals over test examples and trivial baselines."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

DRAWS = 2000
"""Bootstrap draws of an interval."""

SIX = ("mr", "cr", "subj", "sst2", "trec", "mrpc")
SEVEN = ("mr", "cr", "subj", "mpqa", "sst2", "trec", "mrpc")
"""The study's six tasks, and the seven that the literature averages over."""


@dataclass(frozen=True)
class Outcome:
    """One scored task; all scores times 100, rounded only for printing.

    Attributes:
        metric: ``accuracy`` or ``spearman``.
        dev: the score by which the regularisation was chosen; ``None`` where nothing is chosen.
        test: the score on test examples.
        draws: bootstrap scores over test examples, float64 (DRAWS,).
        n: test examples.
        correct: for classes, bool (n,), in file order of the test examples.
        facts: what else the protocol reports (f1, majority, regularisation, absent classes, pearson, mse …).
    """

    metric: str
    dev: float | None
    test: float
    draws: np.ndarray
    n: int
    correct: np.ndarray | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The task's entry in a result file; ``correct`` packed, see ``unpack``."""
        low, high = np.percentile(self.draws, [2.5, 97.5])
        entry = {"metric": self.metric, "dev": self.dev, "test": self.test, "n": self.n, **self.facts}
        entry |= {"low": float(low), "high": float(high)}
        if self.correct is not None:
            entry["correct"] = base64.b64encode(np.packbits(self.correct).tobytes()).decode("ascii")
        return entry


def unpack(entry: dict[str, Any]) -> np.ndarray:
    """Which test examples were right, bool (n,), in file order, out of a result's task entry."""
    bits = np.frombuffer(base64.b64decode(entry["correct"]), dtype=np.uint8)
    return np.unpackbits(bits, count=entry["n"]).astype(bool)


def generator(seed: int, name: str) -> np.random.Generator:
    """Random draws of one task, the same whichever other tasks are scored."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def accuracy_draws(accuracy: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Bootstrap of an accuracy (in percent): resampling n zeros and ones is a binomial draw, so it is drawn as one."""
    return 100 * rng.binomial(n, accuracy / 100, size=DRAWS) / n


def classified(
    name: str,
    labels: np.ndarray,
    predicted: np.ndarray,
    dev: float,
    seed: int,
    f1: bool,
    test: float | None = None,
    digits: int | None = None,
    **facts: Any,
) -> Outcome:
    """The outcome of a classification task from test labels and predictions, both (n,) in file order.

    ``test`` replaces the share of correct predictions where a protocol averages in its own way, and F1 is rounded
    to ``digits`` where it rounds.
    """
    correct = predicted == labels
    if test is None:
        test = 100 * float(correct.mean())
    if f1:
        percent = 100 * float(f1_score(labels, predicted))
        facts["f1"] = percent if digits is None else round(percent, digits)
    draws = accuracy_draws(test, len(labels), generator(seed, name))
    return Outcome("accuracy", dev, test, draws, len(labels), correct, facts)


def f1_score(labels: np.ndarray, predicted: np.ndarray) -> float:
    """F1 of class 1, 2 TP / (2 TP + FP + FN); 0 where the class is neither there nor predicted."""
    found = int(((labels == 1) & (predicted == 1)).sum())
    either = int((labels == 1).sum() + (predicted == 1).sum())
    return 2 * found / either if either else 0.0


def majority(train: np.ndarray, test: np.ndarray) -> float:
    """Accuracy on test labels of always saying the class most frequent in train, in percent."""
    return 100 * float((test == np.bincount(train).argmax()).mean())


def averages(outcomes: dict[str, Outcome]) -> dict[str, dict[str, float] | None]:
    """Plain means over the study's six tasks and the literature's seven; ``None`` if one of them is missing."""
    found: dict[str, dict[str, float] | None] = {}
    for key, names in (("six", SIX), ("seven", SEVEN)):
        if not set(names) <= outcomes.keys():
            found[key] = None
            continue
        low, high = np.percentile(np.mean([outcomes[name].draws for name in names], 0), [2.5, 97.5])
        test = float(np.mean([outcomes[name].test for name in names]))
        found[key] = {"test": test, "low": float(low), "high": float(high)}
    return found
