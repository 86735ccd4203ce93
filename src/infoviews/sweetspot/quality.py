"""Measures of one encoder alone (Hjelm et al. 2019, arXiv:1808.06670, section 4): what it keeps of its input, and how
much its coordinates depend on each other."""

from __future__ import annotations

import zlib

import numpy as np
import torch
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from torch import nn

from infoviews.information.estimate import measure
from infoviews.information.fit import Fit, fit_critic

WIDTH = 32
"""Most principal components of input and representation that are measured."""

NOISE = 0.5
"""Standard deviation of the noise on standardised input components: without any, information would be infinite."""

BUCKETS = 4096
STEPS, BATCH = 200, 256


def words(sentences: list[str]) -> sparse.csr_matrix:
    """Log counts of words in hashed buckets, (n, BUCKETS)."""
    rows, columns = [], []
    for row, sentence in enumerate(sentences):
        buckets = [zlib.crc32(word.encode()) % BUCKETS for word in sentence.lower().split()]
        rows += [row] * len(buckets)
        columns += buckets
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(sentences), BUCKETS))
    counts.sum_duplicates()
    counts.data = np.log1p(counts.data)
    return counts


def input_information(inputs: np.ndarray, vectors: np.ndarray, seed: int) -> float:
    """I(noised input; representation) by MINE, nats: a critic fitted on one half of the sentences, read on the other.

    Args:
        inputs: features of the input (n, d'); vectors: representation (n, d).
        seed: of noise, critic and batches.
    """
    rng = np.random.default_rng([seed, 0x4D494E45])
    width = min(WIDTH, inputs.shape[1], vectors.shape[1])
    x, z = components(inputs, width), components(vectors, width)
    x = (x + NOISE * rng.standard_normal(x.shape)).astype(np.float32)
    half = len(x) // 2
    fitted = fit_critic(x[:half], z[:half], Fit(objective="mine", steps=STEPS, batch=BATCH), seed)
    found = measure(fitted, x[half:], z[half:], {"dv": {}}, "input", half, 10, seed)
    return float(found[0].estimate)


def components(features: np.ndarray, width: int) -> np.ndarray:
    """Principal components (n, width), each of unit variance (zero where there is none), float32."""
    centred = np.asarray(features, dtype=np.float64) - features.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    scores = centred @ axes[:, ::-1][:, :width]
    return (scores / np.where(values[::-1][:width] > 1e-12, scores.std(axis=0) + 1e-12, np.inf)).astype(np.float32)


def dependency(vectors: np.ndarray, seed: int) -> float:
    """Neural dependency measure, nats: divergence of the representation from its columns shuffled independently.

    A network learns to tell the two apart on one half of the sentences; the Donsker-Varadhan bound of the divergence
    is read on the other. Zero for independent coordinates.

    Args:
        vectors: representation (n, d); its first coordinates in the order of the encoder, not rotated.
        seed: of shuffles, weights and batches.
    """
    rng = np.random.default_rng([seed, 0x4E444D])
    first = np.asarray(vectors, dtype=np.float64)[:, :WIDTH]
    z = torch.from_numpy(((first - first.mean(axis=0)) / (first.std(axis=0) + 1e-12)).astype(np.float32))
    half = len(z) // 2
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        network = Pairwise(z.shape[1])
        optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
        for _ in range(2 * STEPS):
            rows = torch.from_numpy(rng.integers(0, half, BATCH))
            real, fake = network(z[:half][rows]), network(shuffled(z[:half], BATCH, rng))
            loss = nn.functional.softplus(-real).mean() + nn.functional.softplus(fake).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        real, fake = network(z[half:])[:, 0].double(), network(shuffled(z[half:], 8 * half, rng))[:, 0].double()
        return float(real.mean() - torch.logsumexp(fake, 0) + np.log(len(fake)))


class Pairwise(nn.Module):
    """A quadratic form, which all pairs of coordinates need, and a network for the rest; at its start indifferent."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.form = nn.Parameter(torch.zeros(d, d))
        self.hidden, self.out = nn.Linear(d, 64), nn.Linear(64, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """Scores (B, 1) of rows (B, d)."""
        return ((z @ self.form) * z).sum(1, keepdim=True) + self.out(torch.relu(self.hidden(z)))


def shuffled(z: torch.Tensor, rows: int, rng: np.random.Generator) -> torch.Tensor:
    """Rows (rows, d) whose every coordinate comes from a row of its own."""
    chosen = torch.from_numpy(rng.integers(0, len(z), (rows, z.shape[1])))
    return torch.gather(z, 0, chosen)


def input_features(sentences: list[str]) -> np.ndarray:
    """Principal directions of word counts, (n, at most ``WIDTH``): the input as the measure sees it."""
    counts = words(sentences)
    return TruncatedSVD(min(WIDTH, len(sentences) - 1), random_state=0).fit_transform(counts)
