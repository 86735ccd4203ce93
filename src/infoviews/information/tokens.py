"""A critic that learns its own features: a small encoder of the tokens, trained on the critic's split alone.

Frozen features lose some of what two texts share before any critic sees it; this critic starts from the token ids, so
what it misses is what it could not learn from the pairs given. On views whose information is known the difference
between the two shows what the frozen features lose.
"""

from __future__ import annotations

import numpy as np
import torch

from infoviews.information.critic import Fit, JointCritic
from infoviews.information.fit import Fitted, fit_network
from infoviews.information.part import Part, kept_apart
from infoviews.information.words import common_axes, learn_vocabulary

FEATURES = "tokens"
"""What the features of these estimates are called."""

FEWEST = 2
"""Axes that are kept however little the two views go together on them."""


class TokenCritic(torch.nn.Module):
    """f(x, y) = e(x)' W e(y) + b'e(x) + c'e(y), e a text's sum of word vectors and a network's correction of it.

    Where the log ratio is a sum over pairs of words, as for independent factors each written by words of its own, the
    sum alone can be exact; the network sees how words go together. All scores are 0 at the start.

    Args:
        vectors: of the words (words + 1, d), row 0 zeros. means: of their sums (d,).
    """

    def __init__(self, vectors: np.ndarray, means: np.ndarray) -> None:
        super().__init__()
        d = vectors.shape[1]
        table = torch.tensor(vectors, dtype=torch.float32)
        self.words = torch.nn.EmbeddingBag.from_pretrained(table, freeze=False, mode="sum", padding_idx=0)
        self.means = torch.nn.Parameter(torch.tensor(means, dtype=torch.float32))
        self.hidden = torch.nn.Linear(d, d)
        self.out = torch.nn.Linear(d, d)
        self.map = torch.nn.Linear(d, d, bias=False)
        self.own_x = torch.nn.Linear(d, 1, bias=False)
        self.own_y = torch.nn.Linear(d, 1, bias=False)
        for layer in (self.out, self.map, self.own_x, self.own_y):
            torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(self.out.bias)

    def encode(self, rows: torch.Tensor) -> torch.Tensor:
        """e of rows of the table (B, T), (B, d)."""
        total = self.words(rows) - self.means
        return total + self.out(torch.relu(self.hidden(total)))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of rows of the table x (B, T) and y (C, T')."""
        first, second = self.encode(x), self.encode(y)
        return first @ self.map(second).T + self.own_x(first) + self.own_y(second).T


def fit_tokens(x: np.ndarray, y: np.ndarray, how: Fit, dimension: int, seed: int) -> Fitted:
    """Fit a token critic to row-aligned pairs of the critic's split.

    Word vectors start from the axes on which the words of the two views go together (``words.common_axes``), of which
    those are kept that do so on the pairs that choose the step, too, each weighed by its correlation there. As in
    ``prepared``, nothing of what will be measured is seen.

    Args:
        x, y: padded token ids (n, T) of the two views, at least 20 rows; their widths may differ.
        how: of this, the objective and the optimiser's settings. dimension: most axes that are kept.
        seed: of the order of pairs, the batches and the initial weights.

    Raises:
        ValueError: the numbers of rows differ or are too few, or fewer than four words are seen often enough.
    """
    if len(x) != len(y) or len(x) < 20:
        raise ValueError(f"{len(x)} and {len(y)} rows of tokens; need two equal numbers, 20 or more")
    rng = np.random.default_rng([seed, 0x746F6B])
    train, held = kept_apart(len(x), how, np.random.default_rng([seed, 0x66697463]))  # those of ``prepared``
    known = learn_vocabulary(x[train], y[train])
    words = len(known.known)
    if words < 4:
        raise ValueError(f"{words} words are seen often enough in {len(train)} pairs; a critic of tokens needs 4")
    part = Part(known, known, (known(x[train]), known(y[train])), (known(x[held]), known(y[held])), rng)
    vectors, means = common_axes(*part.train, words, dimension, seed)
    sums = [vectors[side].sum(axis=1) for side in part.validation]  # (held, axes)
    together = np.abs(_correlations(*sums))
    order = np.argsort(-together, kind="stable")
    order = order[: max(FEWEST, int((together > 3 / np.sqrt(len(held))).sum()))]
    weight = np.maximum(together[order], 0.1)
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        critic = JointCritic(TokenCritic(vectors[:, order] * weight, means[order] * weight))
    return fit_network(critic, part, how, rng)


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Correlation of each column of x (n, d) with that of y; 0 where one does not vary."""
    x, y = x - x.mean(0), y - y.mean(0)
    spread = np.sqrt((x * x).mean(0) * (y * y).mean(0))
    return np.where(spread > 1e-12, (x * y).mean(0) / np.maximum(spread, 1e-12), 0.0)
