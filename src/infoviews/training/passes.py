"""A batch through the encoder in several passes: less padding, activations that fit the cache, memory of one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from torch.utils.checkpoint import checkpoint

from infoviews.encoders.laid import widened

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
        return _through(forward, ids, mask, order, self.plan(lengths[order]), self.recompute)

    def plan(self, lengths: torch.Tensor) -> Iterator[tuple[slice, int]]:
        """Rows and width of each pass, for lengths in rising order; a text longer than ``chunk`` goes alone."""
        widths, start = lengths.tolist(), 0
        for stop in range(1, len(widths) + 1):
            if stop == len(widths) or (stop + 1 - start) * widths[stop] > (self.chunk or 0):
                yield slice(start, stop), widths[stop - 1]
                start = stop


@dataclass(frozen=True)
class Planned:
    """Passes planned where the lengths were known, before the batch lay on the device; nothing is awaited from it.

    Attributes:
        parts: texts and width of each pass, texts in rising order of length.
        recompute: as for ``Passes``.
    """

    parts: tuple[tuple[int, int], ...]
    recompute: bool = False

    def __call__(self, forward: Forward, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """As ``Passes``, for ids and mask (N, T) with T the width of the last pass."""
        if len(self.parts) == 1 and not self.recompute:
            return forward(ids, mask)
        order = torch.argsort(mask.sum(1), stable=True)
        ends = list(accumulate(texts for texts, _ in self.parts))
        plan = [(slice(end - texts, end), width) for end, (texts, width) in zip(ends, self.parts, strict=True)]
        return _through(forward, ids, mask, order, plan, self.recompute)

    def halved(self) -> Planned | None:
        """Every pass in two, computed again when its gradient is due; ``None`` where single texts are left."""
        if max(texts for texts, _ in self.parts) < 2:
            return None
        halves = [(part, width) for texts, width in self.parts for part in (texts - texts // 2, texts // 2) if part]
        return Planned(tuple(halves), recompute=True)


def planned(lengths: np.ndarray, max_tokens: int) -> Planned:
    """Passes for texts of these lengths (N,), special tokens counted: one, or ``PARTS`` for a batch that fills them."""
    texts, width = len(lengths), int(widened(lengths.max(), max_tokens))
    if texts * width < FILLED:
        return Planned(((texts, width),))
    ends = [texts * (part + 1) // PARTS for part in range(PARTS)]
    longest = widened(np.partition(lengths, [end - 1 for end in ends])[[end - 1 for end in ends]], max_tokens)
    counts = Counter[int]()
    for texts_, width_ in zip(np.diff([0, *ends]), longest, strict=True):  # parts of one width go together
        counts[int(width_)] += int(texts_)
    return Planned(tuple((count, width) for width, count in counts.items()))


FILLED, PARTS = 16384, 3
"""Tokens of a batch from which a GPU is filled by a third of it: three passes halve what two views of text are padded,
from 22 to 13 % where lengths are spread from 10 to 34 tokens, and more passes hardly save more."""


def _through(
    forward: Forward,
    ids: torch.Tensor,
    mask: torch.Tensor,
    order: torch.Tensor,
    plan: Iterable[tuple[slice, int]],
    recompute: bool,
) -> tuple[torch.Tensor, ...]:
    found = []
    for rows, width in plan:
        part = order[rows]
        given = ids[part, :width], mask[part, :width]
        found.append(checkpoint(forward, *given, use_reentrant=False) if recompute else forward(*given))
    back = torch.argsort(order)
    return tuple(torch.cat([_widen(part, ids.shape[1]) for part in parts])[back] for parts in zip(*found, strict=True))


def _widen(part: torch.Tensor, width: int) -> torch.Tensor:
    """States (n, t, H) of a pass with zeros up to the batch's width; vectors (n, d) as they are."""
    return part if part.ndim < 3 else torch.nn.functional.pad(part, (0, 0, 0, width - part.shape[1]))
