"""Masked-language-model pretraining on the study's own corpus (Devlin et al. 2019), from another base."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from infoviews import devices
from infoviews.bases._materials import Materials
from infoviews.bases._windows import MaskedWindows
from infoviews.contracts import Ragged
from infoviews.encoders.embed import pad
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.masking import mask_tokens, prediction_head
from infoviews.training import state
from infoviews.training.batches import Batches
from infoviews.training.descent import Step
from infoviews.training.loop import Optimisation, train

CITATION = "Devlin et al. 2019, BERT: Pre-training of deep bidirectional transformers, arXiv:1810.04805"


@dataclass(frozen=True)
class Params:
    """Masking and optimisation; 80 % of the masked tokens become [MASK], 10 % a random token, 10 % stay."""

    num_steps: int
    initial: str
    batch_size: int = 64
    masked: float = 0.15
    learning_rate: float = 5e-4
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    save_every: int = 200
    log_every: int = 20

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise ValueError(f"batch_size must be at least 1; given {self.batch_size}")
        _ = self.optimisation  # raises for what is out of range
        if not 0 < self.masked < 1:
            raise ValueError(f"masked is the share of tokens to predict, in (0, 1); given {self.masked}")

    @property
    def optimisation(self) -> Optimisation:
        """How long and how fast to learn."""
        own = ("initial", "batch_size", "masked")
        return Optimisation(**{key: value for key, value in asdict(self).items() if key not in own})


class MaskedLanguageModel(nn.Module):
    """Predict masked tokens from their states; the output matrix is the word embedding itself."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.transform = prediction_head(encoder.width)
        self.bias = nn.Parameter(torch.zeros(encoder.backbone.config.vocab_size))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Logits of the masked places only, ids and mask (B, T), places (B, T) bool → (masked, vocabulary)."""
        return self.logits(self.encoder.states(ids, mask)[places])

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        """Logits of token states, (n, H) → (n, vocabulary)."""
        states = self.transform(states)
        return states @ self.encoder.backbone.embeddings.word_embeddings.weight.T + self.bias


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """Train and return the encoder (the prediction head is not kept) and its record.

    Raises:
        ValueError: ``initial`` is not a base of the study, or holds static vectors.
    """
    encoder = materials.initial_encoder(params.initial)
    device = devices.best()
    torch.manual_seed(materials.seed)
    model = MaskedLanguageModel(encoder).to(device)
    rows, work = materials.train_sentences(), None
    if device.type != "cpu":
        work = MaskedWindows(model, rows, materials.document_ends(), params.batch_size, params.masked)
    outcome = train(
        model,
        work or _by_sentences(model, rows, params, materials.seed),
        params.optimisation,
        materials.state,
        state.digest(materials.spec, materials.files()),
        materials.seed,
        label=materials.state.parent.name,
    )
    return encoder.cpu(), {"history": outcome.history, "failure": outcome.failure, "seconds": outcome.seconds}


def _by_sentences(model: MaskedLanguageModel, rows: Ragged, params: Params, seed: int) -> Step:
    """The loss of each step on batches of sentences."""
    batches = Batches(rows.lengths, params.batch_size, seed)

    def step_loss(step: int) -> tuple[torch.Tensor, dict[str, float]]:
        part = rows.take(batches[step])
        ids, mask, places, targets = masked_batch(part, model.encoder, params.masked, [seed, step])
        loss = nn.functional.cross_entropy(model(ids, mask, places).float(), targets)
        return loss, {"perplexity": loss.detach().clamp(max=20).exp().item()}

    return step_loss


def masked_batch(
    rows: Ragged, encoder: Encoder, share: float, seed: list[int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mask a share of the tokens.

    Returns:
        ids (B, T) with masks, attention mask (B, T), places (B, T) bool of the tokens to predict, targets (masked,).
    """
    ids, mask = pad(rows, encoder.tokenizer, encoder.max_tokens)
    ids, places, targets = mask_tokens(ids, mask, encoder.tokenizer, share, np.random.default_rng(seed))
    return ids, mask, places, targets
