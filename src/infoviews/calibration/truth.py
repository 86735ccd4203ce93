"""Exact mutual information, in nats, of the distributions that the tasks are drawn from."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import digamma, gammaln, ndtr, ndtri, xlogy


def gaussian(covariance: np.ndarray, split: int) -> float:
    """1/2 log(|Sxx| |Syy| / |S|) of a joint covariance whose first ``split`` coordinates are x."""
    parts = (covariance[:split, :split], covariance[split:, split:], covariance)
    x, y, both = (float(np.linalg.slogdet(part)[1]) for part in parts)
    return 0.5 * (x + y - both)


def gaussian_correlation(information: float, pairs: int) -> float:
    """Correlation of each of ``pairs`` independent coordinate pairs that share ``information`` in all."""
    return math.sqrt(1 - math.exp(-2 * information / pairs))


def gaussian_quantised(rho: float, parts: int) -> float:
    """x and y normal with correlation rho, of y only which of ``parts`` equally likely intervals: by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    edges = ndtri(np.arange(parts + 1) / parts)
    given = np.diff(ndtr((edges[None] - rho * nodes[:, None]) / math.sqrt(1 - rho**2)), axis=1)  # (nodes, parts)
    return math.log(parts) + float(weights @ xlogy(given, given).sum(1)) / math.sqrt(2 * math.pi)


def student(dx: int, dy: int, df: float) -> float:
    """Multivariate Student-t with identity dispersion: x and y share their scale, so they are never independent."""

    def entropy_part(k: int) -> float:
        half = (df + k) / 2
        log_normaliser = -gammaln(half) + gammaln(df / 2) + k / 2 * math.log(df * math.pi)
        return float(log_normaliser + half * (digamma(half) - digamma(df / 2)))

    return entropy_part(dx) + entropy_part(dy) - entropy_part(dx + dy)


def additive_uniform(noise: float) -> float:
    """x uniform on (0, 1), y = x + uniform noise on (-e, e): e - log 2e for e <= 1/2, else 1 / 4e."""
    return noise - math.log(2 * noise) if noise <= 0.5 else 1 / (4 * noise)


def gao_mixture(levels: int) -> float:
    """x uniform on 0 .. m - 1, y given x uniform on (x, x + 2): log m - (m - 1)/m log 2."""
    return math.log(levels) - (levels - 1) / levels * math.log(2)


def symmetric_channel(symbols: int, error: float) -> float:
    """Uniform input of M symbols, each other one received with error / (M - 1)."""
    right = (1 - error) * math.log(1 - error) if error < 1 else 0.0
    wrong = error * math.log(error / (symbols - 1)) if error > 0 else 0.0
    return math.log(symbols) + right + wrong


def two_channels(symbols: int, first: float, second: float) -> float:
    """Two views of one latent symbol through channels of errors a and b: one channel of error a + b - abM/(M - 1)."""
    return symmetric_channel(symbols, first + second - first * second * symbols / (symbols - 1))


def zero_inflated_poisson(zero: float) -> float:
    """x exponential with mean 1; y is 0 with probability ``zero``, else Poisson with mean x (by quadrature)."""
    nodes, weights = np.polynomial.laguerre.laggauss(80)
    counts = np.arange(400)
    log_poisson = counts * np.log(nodes)[:, None] - nodes[:, None] - gammaln(counts + 1)
    given = (1 - zero) * np.exp(log_poisson) + zero * (counts == 0)
    overall = (1 - zero) * 0.5 ** (counts + 1.0) + zero * (counts == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(given > 0, given * np.log(given / overall), 0.0)
    return float(weights @ terms.sum(1))
