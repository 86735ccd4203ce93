"""Keys from a slowly moving copy of the encoder, kept in a queue as further negatives: MoCo.

It is an addition and not a contrast. A contrast gives square matrices of one encoder's scores, of which any bound may
be taken. The queue's keys come from older weights, so that nothing but the softmax over one batch's partners and the
queue makes sense of them, and its value, log of the candidates less the loss, bounds no information. For MoCo alone
give the contrast weight 0: its bound is then measured, and the queue alone is descended.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import Number, fixed, number

CITATION = (
    "He, Fan, Wu, Xie, Girshick (2020), Momentum contrast for unsupervised visual representation learning, section 3; "
    "Fang, Wang, Zhou, Ding, Xie (2020), CERT"
)


@dataclass(frozen=True)
class Params:
    """The queue and the encoder of its keys.

    Attributes:
        weight: factor of the loss.
        size: keys kept, at least one batch; MoCo keeps 65,536, CERT 6,720.
        momentum: share of its old weights that the key encoder keeps at each step. MoCo's 0.999 is meant for a
            million steps; in a few hundred such an encoder hardly leaves where it started.
        temperature: divides cosines.
    """

    weight: float = 1.0
    size: int = 4096
    momentum: float = 0.99
    temperature: float = 0.07

    def __post_init__(self) -> None:
        if min(self.weight, self.temperature) <= 0:
            raise ValueError(
                f"queue: weight and temperature must be positive; given {self.weight} and {self.temperature}"
            )
        if self.size < 2:
            raise ValueError(f"queue: size is {self.size}; it must hold a batch, two keys at least")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"queue: momentum is {self.momentum}; it must be in [0, 1)")


class Addition(nn.Module):
    """First view: queries of the encoder that learns. Second view: keys. All that moves is in the module's state."""

    views = 2
    layers = ()
    queue: torch.Tensor
    texts: torch.Tensor
    multipliers: torch.Tensor
    seen: torch.Tensor

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.params = params
        shared = {id(encoder.tokenizer): encoder.tokenizer}
        self.keys = copy.deepcopy(encoder, shared).requires_grad_(False)
        self.register_buffer("queue", torch.zeros(params.size, encoder.dimension))
        self.register_buffer("texts", torch.zeros(params.size, dtype=torch.int64))  # content hash of each key's text
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))  # keys put in so far
        draws = torch.Generator().manual_seed(0)
        odd = 2 * torch.randint(2**61, (encoder.max_tokens,), generator=draws) + 1
        self.register_buffer("multipliers", odd, persistent=False)

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Cross-entropy, nats, of each query's own key among the batch's keys and the queue's.

        Keys of texts that equal the query's text or its partner are left out, above all those that the queue still
        holds from the pass before.

        Raises:
            ValueError: the batch is larger than the queue.
        """
        size = len(views[0].ids)
        if size > self.params.size:
            raise ValueError(f"queue: size {self.params.size} is less than the batch, {size} pairs")
        with torch.no_grad():
            self._follow(encoder)
            keys = normalize(self.keys(views[1].ids, views[1].mask).float(), dim=1)  # (B, d)
            own, texts = self._hashes(views[0]), self._hashes(views[1])
        filled = self.params.size if fixed() else min(int(self.seen), self.params.size)
        candidates = torch.cat([keys, self.queue[:filled]])  # (B + filled, d)
        their = torch.cat([texts, self.texts[:filled]])
        with torch.autocast(keys.device.type, enabled=False):
            logits = normalize(views[0].vectors, dim=1) @ candidates.T / self.params.temperature
            same = (their == texts[:, None]) | (their == own[:, None])
            same[:, :size].fill_diagonal_(False)
            same[:, size:] |= torch.arange(filled, device=keys.device) >= self.seen  # places still empty
            logits = logits.masked_fill(same, -torch.inf)
            partner = torch.arange(size, device=keys.device)
            loss = cross_entropy(logits, partner)
        held = self.seen.clamp(max=self.params.size)
        self._put(keys, texts)
        right = (logits.argmax(1) == partner).float().mean()
        record = {"queue": loss, "queue_accuracy": right, "queue_keys": held.float()}
        return self.params.weight * loss, {name: number(value) for name, value in record.items()}

    def _follow(self, encoder: Encoder) -> None:
        for slow, fast in zip(self.keys.parameters(), encoder.parameters(), strict=True):
            slow.lerp_(fast.to(slow.dtype), 1 - self.params.momentum)

    def _put(self, keys: torch.Tensor, texts: torch.Tensor) -> None:
        """The newest keys take the places of the oldest."""
        places = (self.seen + torch.arange(len(keys), device=keys.device)) % self.params.size
        self.queue[places], self.texts[places] = keys, texts
        self.seen += len(keys)

    def _hashes(self, view: Encoded) -> torch.Tensor:
        """A 64-bit hash of each text's ids, int64 (B,)."""
        width = view.ids.shape[1]
        return ((view.ids + 1) * view.mask * self.multipliers[:width]).sum(1)
