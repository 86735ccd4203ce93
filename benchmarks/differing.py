"""How often tasks are said to want different amounts of information, where they do and where they do not.

    python benchmarks/differing.py --studies 200

Six tasks, whose curves are up to six times as high as each other's, on 8, 14 or 28 settings at random places. Errors
of tasks have a correlation of 0.6. Prints a table; a share of false alarms should be at most 0.05.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import product

import numpy as np

from infoviews.analysis.statistics.common_peak import different_places

HEIGHTS = np.array([1.0, 2.0, 0.5, 3.0, 1.5, 1.0])[:, None]
SHARED = 0.6

SAME: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "flat": lambda u: np.zeros((6, len(u))),
    "rising": lambda u: 3 * HEIGHTS * u,
    "parabola": lambda u: -8 * HEIGHTS * (u - 0.5) ** 2,
    "early tent": lambda u: -3 * HEIGHTS * np.abs(u - 0.2),
    "skewed, narrow and wide": lambda u: (
        3 * HEIGHTS * (u / 0.35 * np.exp(1 - u / 0.35)) ** np.array([1, 2, 1, 3, 1, 2])[:, None]
    ),
}
OTHER: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "parabolas at 0.2 to 0.8": lambda u: -8 * (u - np.linspace(0.2, 0.8, 6)[:, None]) ** 2,
}


def share(curves: Callable[[np.ndarray], np.ndarray], settings: int, noise: float, studies: int) -> float:
    """Share of simulated studies in which tasks are said to differ; noise in points."""
    rng, said = np.random.default_rng([settings, round(100 * noise)]), 0
    for _ in range(studies):
        u = np.sort(rng.random(settings))
        errors = np.sqrt(SHARED) * rng.standard_normal((1, settings))
        errors = errors + np.sqrt(1 - SHARED) * rng.standard_normal((6, settings))
        said += different_places(u, curves(u) + noise * errors, rng, draws=99)[0] <= 0.05
    return said / studies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    studies = parser.parse_args().studies
    print("curves                     settings  noise  said to differ")
    for (name, curves), settings, noise in product({**SAME, **OTHER}.items(), (8, 14, 28), (0.3, 1.0)):
        print(f"{name:26} {settings:8} {noise:6.1f} {share(curves, settings, noise, studies):15.3f}", flush=True)


if __name__ == "__main__":
    main()
