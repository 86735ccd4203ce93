"""What a noised representation tells of its input, by MINE: Deep InfoMax's other measure of a representation.

A representation is a function of its input, and over real numbers it tells all of it however badly, so the bare
information means nothing (Hjelm et al., 2019, section 4, and Saxe et al., 2018). With noise as strong as each
coordinate varies it is finite and comparable: at most log(2) / 2 nats a coordinate where coordinates are independent
and Gaussian, less where they repeat each other.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from infoviews.contracts import Estimate
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.fit import fit_critic

NOISE = 1.0
"""Standard deviation of the noise, in standard deviations of each coordinate over the critic's split."""

Sides = tuple[np.ndarray, np.ndarray]


def retention(critic: Sides, heldout: Sides, features: str, seed: int, how: Fit | None = None) -> Estimate:
    """I(input; representation + noise), nats: trained by MINE, read by Donsker-Varadhan on held-out texts.

    Args:
        critic, heldout: features of the inputs (n, c) and representations (n, d) of the same texts, of the two splits.
        features: what the representations are of, for the record.
        seed: of the noise, the critic and the interval. how: how the critic is fitted; MINE where it does not say.

    Raises:
        ValueError: rows that differ in number, or fewer than 20.
    """
    for inputs, made in (critic, heldout):
        if len(inputs) != len(made) or len(made) < 20:
            raise ValueError(
                f"{len(inputs)} inputs and {len(made)} representations; need two equal numbers, 20 or more"
            )
    rng = np.random.default_rng([seed, 0x72657461])
    spread = NOISE * critic[1].std(axis=0)
    pairs = [_one_width(inputs, made + spread * rng.standard_normal(made.shape)) for inputs, made in (critic, heldout)]
    fitted = fit_critic(*pairs[0], how or Fit(objective="mine"), seed)
    (found,) = measure(fitted, *pairs[1], {"dv": {}}, features, len(pairs[1][0]), seed=seed)
    flag = "above log n" if found.estimate > math.log(found.n) else found.flag
    return replace(found, estimator="retention", flag=flag)


def _one_width(x: np.ndarray, y: np.ndarray) -> Sides:
    """Pad the narrower side with zeros: critics take both sides of one width."""
    width = max(x.shape[1], y.shape[1])
    wide = [np.pad(side, ((0, 0), (0, width - side.shape[1]))) for side in (x, y)]
    return wide[0], wide[1]
