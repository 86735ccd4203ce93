"""The systems that end in a softmax over the batch against sentence-transformers' own loss: same value, same gradient.

Equal gradients at equal weights make equal steps, so training by either gives the same encoder.
"""

from __future__ import annotations

import pytest
import torch
from sentence_transformers import util
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from infoviews.encoders.embed import pad


@pytest.mark.parametrize(
    ("name", "scale", "similarity"),
    [("simcse", 20.0, util.cos_sim), ("quick_thoughts", 1.0, util.dot_score), ("simcse_nli", 20.0, util.cos_sim)],
)
def test_loss_and_gradient_are_those_of_multiple_negatives_ranking(name: str, scale: float, similarity, made) -> None:
    step = made(name)
    step.mask_duplicates = False
    model, pairs = step.model, step.pairs
    weights = list(model.encoder.parameters())
    torch.manual_seed(5)
    loss, _ = step(0)
    # ours is less than theirs by log K where it is a bound of information; the addition's is the same
    ours = loss + (torch.tensor(len(pairs.anchors)).log() if name != "simcse_nli" else 0)
    gradient = torch.autograd.grad(ours, weights)

    torch.manual_seed(5)
    stacked = step._stacked(step.batches[0])
    views = model.views(*pad(stacked, model.encoder.tokenizer, model.encoder.max_tokens))
    head = model.contrasts["sentences"].head
    theirs = MultipleNegativesRankingLoss(None, scale, similarity).compute_loss_from_embeddings(
        [head(view.vectors) for view in views], None
    )
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)
    for own, other in zip(gradient, torch.autograd.grad(theirs, weights), strict=True):
        torch.testing.assert_close(own, other, atol=1e-5, rtol=1e-4)
