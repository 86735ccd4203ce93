"""What protocol ``converged`` costs on SentEval's own grid and folds, and how exact it is.

``python benchmarks/probe.py --tasks FOLDER --embeddings FOLDER --out FILE.csv``, with OMP_NUM_THREADS=1; the folders
are those of ``python -m infoviews evaluate`` (``benchmarks/arrays.py`` fills the second). CPU seconds stand beside
scikit-learn's for the same fits one by one to the same tolerance (one fit a grid value is timed and multiplied by the
number of fits). The first fit of every grid value, of SentEval's grid and of the protocol's own, is held against
scikit-learn's optimum (lbfgs, tol 1e-10). ``--width`` maps the embeddings to so many columns first; ``--whole`` adds a
row for what ``evaluate`` does with all tasks at once. Rows that the file holds are not measured again.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from harness import Rows, options, peak_gib, quiet, timed
from infoviews.transfer import folds
from infoviews.transfer.arrays import load_embedded
from infoviews.transfer.embed import Embedded
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.evaluate import report
from infoviews.transfer.fetch import get_task
from infoviews.transfer.protocols import converged
from infoviews.transfer.solvers import logistic
from reached import CLASSIFIED, WHOLE

GRIDS = {
    "nested": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0],
    "folds": [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
    "dev": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0],
}
TOLERANCE = converged.Params().tolerance
COLUMNS = [
    "task",
    "width",
    "fits",
    "seconds",
    "sklearn_seconds",
    "ratio",
    "checked",
    "objective_gap",
    "same_predictions",
    "peak_gib",
]
EVERY = (*CLASSIFIED, "sick_r", "stsb", "sts12", "sts13", "sts14", "sts15", "sts16")


def problem(name: str, parts: Parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels and train masks of all fits of a task."""
    ordered: dict[str, Embedded] = {part: value.take(value.order()) for part, value in parts.items()}
    features = np.vstack([part.features() for part in ordered.values()])
    labels = np.concatenate([part.labels for part in ordered.values()])
    scheme = get_task(name).scheme
    if scheme == "nested":
        return features, labels, folds.nested(labels, 10)[0]
    if scheme == "folds":
        return features, labels, folds.single(ordered["train"].labels, 10, len(labels))[0]
    return features, labels, (np.arange(len(labels)) < len(ordered["train"].labels))[:, None]


def widened(parts: Parts, width: int) -> Parts:
    """Embeddings under a fixed random map and tanh to ``width`` columns: a wider case of the same difficulty."""
    result = {}
    for name, part in parts.items():
        d = part.vectors[0].shape[1]
        weights = np.random.default_rng(0).normal(size=(d, width)) * 5 / np.sqrt(d)
        vectors = tuple(np.tanh(side @ weights).astype(np.float32) for side in part.vectors)
        result[name] = Embedded(vectors, part.labels, part.tokens)
    return result


def fit(x: np.ndarray, y: np.ndarray, c: float, tolerance: float) -> tuple[LogisticRegression, float]:
    """scikit-learn's fit and its CPU seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds, _, model = timed(LogisticRegression(C=c, tol=tolerance, max_iter=20000).fit, x, y)
    return model, seconds


def objective(model: LogisticRegression, x: np.ndarray, y: np.ndarray, c: float) -> float:
    """scikit-learn's objective divided by C n, from logits: a probability may be too small for a logarithm."""
    z = model.decision_function(x)
    z = np.column_stack([np.zeros(len(z)), z]) if z.ndim == 1 else z
    loss = logsumexp(z, axis=1) - z[np.arange(len(y)), y]
    return float(loss.mean() + (model.coef_**2).sum() / (2 * c * len(y)))


def embedded(given: argparse.Namespace, name: str) -> Parts:
    """One task's arrays, in the width that was asked for."""
    parts = load_embedded(given.embeddings, given.tasks, [name])[name]
    return widened(parts, given.width) if given.width else parts


def compare(
    path: logistic.Path, grid: list[float], x: np.ndarray, y: np.ndarray, rows: np.ndarray
) -> list[tuple[float, float]]:
    """Gap of the objective and share of equal predictions, the first fit of each grid value beside scikit-learn's."""
    found = []
    for g, c in enumerate(grid):
        model, _ = fit(x[rows], y[rows], c, 1e-10)
        gap = abs(path.objective[g, 0] / objective(model, x[rows], y[rows], c) - 1)
        found.append((float(gap), float((model.predict(x) == path.predicted[g, :, 0]).mean())))
        print(f"C={c}: gap {gap:.1e}, agreement {found[-1][1]:.5f}", flush=True)
    return found


def measure(given: argparse.Namespace, name: str) -> dict[str, Any]:
    """One row of the table."""
    quiet()
    features, labels, train = problem(name, embedded(given, name))
    grid, own = GRIDS[get_task(name).scheme], list(converged.GRID)
    seconds, _, path = timed(logistic.solve_path, features, labels, train, grid, TOLERANCE)
    peak = peak_gib()
    rows = train[:, 0]
    x = StandardScaler().fit(features[rows].astype(float)).transform(features.astype(float))
    theirs = sum(fit(x[rows], labels[rows], c, TOLERANCE)[1] for c in grid) * train.shape[1]
    first = logistic.solve_path(features, labels, train[:, :1], own, TOLERANCE)
    compared = compare(path, grid, x, labels, rows)
    compared += compare(first, own, x, labels, rows)
    return {
        "width": features.shape[1],
        "fits": train.shape[1] * len(grid),
        "seconds": round(seconds, 2),
        "sklearn_seconds": round(theirs, 1),
        "ratio": round(theirs / seconds, 1),
        "checked": f"{len(compared)} of {len(grid) + len(own)}",
        "objective_gap": f"{max(gap for gap, _ in compared):.1e}",
        "same_predictions": f"{min(same for _, same in compared):.5f}",
        "peak_gib": peak,
    }


def whole(given: argparse.Namespace) -> dict[str, Any]:
    """What ``evaluate`` does with every task at once, on the protocol's own grid: CPU seconds and peak memory."""
    quiet()
    seconds, _, result = timed(lambda: report({n: embedded(given, n) for n in EVERY}, "converged", None, 0))
    return {"width": result["dimension"], "seconds": round(seconds, 2), "peak_gib": peak_gib()}


def main() -> None:
    parser = options(__doc__, tasks=Path, embeddings=Path, out=Path, names=",".join(CLASSIFIED), width=0, whole=False)
    given = parser.parse_args()
    table = Rows(given.out, COLUMNS, "task")
    for name in given.names.split(","):
        table.measure(get_task(name).title, measure, given, name)
    if given.whole:
        table.measure(WHOLE, whole, given)


if __name__ == "__main__":
    main()
