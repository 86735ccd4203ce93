"""Kraskov, Stögbauer and Grassberger's nearest-neighbour estimate: no critic, no Gaussian, but few dimensions only."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma

CITATION = (
    "Kraskov, Stögbauer, Grassberger (2004), Estimating mutual information, equation 8; for ties Gao et al. (2017)"
)


def ksg(x: np.ndarray, y: np.ndarray, neighbours: int = 5) -> np.ndarray:
    """What each point adds to I(x; y), (n,) nats; the mean is the estimate.

    psi(n) + psi(k) - psi(n_x + 1) - psi(n_y + 1), by the maximum norm.

    n_x counts the other points nearer than the k-th neighbour in the joint space. A point whose k nearest neighbours
    all equal it is counted as Gao et al. (2017) do for mixtures: k, n_x and n_y are the numbers of points equal to it.
    Beyond about five dimensions a side the estimate falls far too low.

    Args:
        x: (n, dx). y: (n, dy). neighbours: k, below n.
    """
    n = len(x)
    if not 1 <= neighbours < n:
        raise ValueError(f"ksg: neighbours is {neighbours}; it must be at least 1 and below the {n} points given")
    joint = np.concatenate([x, y], axis=1)
    tree = cKDTree(joint)
    distance = tree.query(joint, k=neighbours + 1, p=np.inf)[0][:, -1]
    nearer = np.where(distance > 0, np.nextafter(distance, 0), 0.0)  # strictly nearer, the point itself among them
    around = [cKDTree(side).query_ball_point(side, nearer, p=np.inf, return_length=True) for side in (x, y)]
    equal = np.full(n, neighbours)
    tied = distance == 0
    if tied.any():
        equal[tied] = tree.query_ball_point(joint[tied], 0.0, p=np.inf, return_length=True)
    return digamma(n) + digamma(equal) - digamma(around[0]) - digamma(around[1])


def principal_components(reference: np.ndarray, count: int = 5) -> np.ndarray:
    """The leading axes (d, min(count, d)) of the reference rows; projecting can only lose information."""
    centred = reference - reference.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return axes[:, ::-1][:, :count]
