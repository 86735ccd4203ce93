"""A batch through the encoder in several passes: less padding, activations that fit the cache, memory of one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch.utils.checkpoint import checkpoint

Forward = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, ...]]
"""ids and mask (N, T) to tensors (N, ...), or (N, T, ...) where they have three axes."""


@dataclass(frozen=True)
class Passes:
    """How a batch is parted.

    Attributes:
        chunk: most tokens of one pass, padding counted; ``None`` takes the whole batch in one. Texts are sorted by
            length first, so that each pass is padded to its own longest text only.
        recompute: gradient caching (Gao et al. 2021, arXiv:2101.06983): keep no activations, compute each pass again
            when its gradient is due. Loss and gradients stay those of the whole batch, memory is that of one pass.
    """

    chunk: int | None = None
    recompute: bool = False

    def __post_init__(self) -> None:
        if self.chunk is not None and self.chunk < 1:
            raise ValueError(f"chunk is the number of tokens in one pass, at least 1, or null; given {self.chunk}")
        if self.recompute and self.chunk is None:
            raise ValueError("recompute saves memory only pass by pass; give chunk, the tokens of one pass, as well")

    def __call__(self, forward: Forward, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """``forward(ids, mask)``, pass by pass; rows come back in the order given.

        Args:
            forward: what to compute.
            ids: token ids (N, T).
            mask: (N, T), real tokens first in each row.
        """
        if self.chunk is None:
            return forward(ids, mask)
        lengths = mask.sum(1)
        order = torch.argsort(lengths, stable=True)
        found = []
        for rows, width in self.plan(lengths[order]):
            part = order[rows]
            given = ids[part, :width], mask[part, :width]
            found.append(checkpoint(forward, *given, use_reentrant=False) if self.recompute else forward(*given))
        back = torch.argsort(order)
        return tuple(
            torch.cat([_widen(part, ids.shape[1]) for part in parts])[back] for parts in zip(*found, strict=True)
        )

    def plan(self, lengths: torch.Tensor) -> Iterator[tuple[slice, int]]:
        """Rows and width of each pass, for lengths in rising order; a text longer than ``chunk`` goes alone."""
        widths, start = lengths.tolist(), 0
        for stop in range(1, len(widths) + 1):
            if stop == len(widths) or (stop + 1 - start) * widths[stop] > (self.chunk or 0):
                yield slice(start, stop), widths[stop - 1]
                start = stop


def _widen(part: torch.Tensor, width: int) -> torch.Tensor:
    """States (n, t, H) of a pass with zeros up to the batch's width; vectors (n, d) as they are."""
    return part if part.ndim < 3 else torch.nn.functional.pad(part, (0, 0, 0, width - part.shape[1]))
