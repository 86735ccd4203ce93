"""The latent factors of the language, drawn from (seed, document number) wherever they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

BLOCK = 4096
ID = "language/{seed}/{number}"


@dataclass(frozen=True)
class Factor:
    """One latent factor, uniform over its values.

    Attributes:
        name: as used in params.yaml.
        values: how many values it takes.
        noise: error of the symmetric channel through which a text writes it, unless a setting says otherwise.
        task: the transfer task whose label it is, ``None`` for a nuisance.
    """

    name: str
    values: int
    noise: float
    task: str | None = None


FACTORS = (
    Factor("film", 2, 0.05, "mr"),
    Factor("product", 2, 0.05, "cr"),
    Factor("subjectivity", 2, 0.05, "subj"),
    Factor("phrase", 2, 0.05, "sst2"),
    Factor("question", 6, 0.05, "trec"),
    Factor("proposition", 8, 0.05, "mrpc"),
    Factor("topic", 32, 0.0),
    Factor("entity", 32, 0.0),
    Factor("place", 32, 0.0),
    Factor("style", 32, 0.0),
)
"""Task factors are subtle and noisy, nuisance factors many-valued and noiseless (Tian et al., 2020, section 4)."""

NAMES = tuple(factor.name for factor in FACTORS)
CARDINALITIES = np.array([factor.values for factor in FACTORS])
NOISE = np.array([factor.noise for factor in FACTORS])


def column(name: str) -> int:
    """Column of a factor in arrays of values.

    Raises:
        KeyError: no such factor; all known ones are named.
    """
    if name not in NAMES:
        raise KeyError(f"the language has no factor {name!r}; known: {', '.join(NAMES)}")
    return NAMES.index(name)


def latents(seed: int, numbers: np.ndarray) -> np.ndarray:
    """Factor values of the numbered documents; int64 array (n, factors), the same in any order and company."""
    blocks, at = np.divmod(np.asarray(numbers, dtype=np.int64), BLOCK)
    values = np.empty((len(blocks), len(FACTORS)), dtype=np.int64)
    for block in np.unique(blocks):
        here = blocks == block
        values[here] = _block(seed, int(block))[at[here]]
    return values


@lru_cache(maxsize=64)
def _block(seed: int, block: int) -> np.ndarray:
    return np.random.default_rng([seed, block]).integers(CARDINALITIES, size=(BLOCK, len(FACTORS)))
