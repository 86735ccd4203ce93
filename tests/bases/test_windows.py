"""Windows of a corpus, drawn and masked where it lies, and the loss of their masked tokens."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch

from infoviews.bases import mlm
from infoviews.bases._windows import MaskedWindows
from infoviews.contracts import ragged
from infoviews.encoders.architectures import bert
from infoviews.fixed import fixing
from infoviews.training.loop import Optimisation, train

DOCUMENTS = (40, 3, 17, 90, 9)
TOKENS = np.random.default_rng(0).integers(5, 79, sum(DOCUMENTS))


def work_of(tokenizer, size: int = 64, share: float = 0.2, max_tokens: int = 20) -> MaskedWindows:
    """No fourteen tokens of the corpus come twice, so that a window says where it was taken."""
    shape = bert.Params(layers=1, width=8, heads=1, dropout=0.0, max_tokens=max_tokens)
    torch.manual_seed(0)
    model = mlm.MaskedLanguageModel(bert.build(shape, tokenizer, seed=0))
    sentences = ragged(np.split(TOKENS, [7, 30, 43, 60]), np.uint16)
    return MaskedWindows(model, sentences, np.cumsum(DOCUMENTS), size, share)


def test_windows_are_full_and_lie_in_one_document_where_it_is_long_enough(tokenizer) -> None:
    work = work_of(tokenizer, size=2000)
    ids = work.drawn().numpy()
    assert ids.shape == (2000, 16) and (ids[:, 0] == tokenizer.cls_token_id).all()
    assert (ids[:, -1] == tokenizer.sep_token_id).all()
    inside = ids[:, 1:-1]
    starts = {tuple(TOKENS[s : s + 14]): s for s in range(len(TOKENS) - 13)}
    found = np.array([starts[tuple(row)] for row in inside])  # every window is a stretch of the corpus
    ends = np.cumsum(DOCUMENTS)
    document = np.searchsorted(ends, found + 13, side="right")
    across = found < np.concatenate([[0], ends])[document]
    assert set(document[across]) <= {1, 4}, "only short documents take in what stands before them"
    counts = np.bincount(np.searchsorted(ends, found, side="right"), minlength=5)
    assert counts[3] > counts[0] > counts[2] > 0


def test_as_many_tokens_are_predicted_in_each_window_and_special_ones_never(tokenizer) -> None:
    work = work_of(tokenizer, size=3000)
    ids = work.drawn()
    masked, places = work.masked(ids)
    targets, now = ids.gather(1, places), masked.gather(1, places)
    assert places.shape == (3000, 3) and (places.sort(1).values.diff(dim=1) > 0).all()
    assert places.min() >= 1 and places.max() <= 14
    assert np.bincount(places.flatten().numpy(), minlength=15)[1:].std() < 60, "any place as often as another"
    assert (now == tokenizer.mask_token_id).float().mean().item() == pytest.approx(0.8, abs=0.02)
    assert (now == targets).float().mean().item() == pytest.approx(0.1 + 0.1 / len(tokenizer), abs=0.02)
    untouched = torch.ones_like(ids, dtype=torch.bool).scatter(1, places, False)
    assert torch.equal(masked[untouched], ids[untouched])


def test_loss_and_gradient_are_those_of_the_plain_model_on_the_same_windows(tokenizer) -> None:
    work = work_of(tokenizer, size=12)
    found = []
    for parts in (1, 4):
        work.parts = parts
        work.model.zero_grad(set_to_none=True)
        torch.manual_seed(5)
        with fixing():
            loss, record = work.loss(torch.zeros(1, dtype=torch.int64), work.plan(0))
        loss.backward()
        found.append((loss.item(), {n: p.grad for n, p in work.model.named_parameters() if p.grad is not None}))
        assert record["perplexity"].item() == pytest.approx(np.exp(loss.item()), rel=1e-5)
    plain = copy.deepcopy(work.model)
    plain.zero_grad(set_to_none=True)
    torch.manual_seed(5)
    ids = work.drawn()
    masked, places = work.masked(ids)
    chosen = torch.zeros_like(ids, dtype=torch.bool).scatter(1, places, True)
    expected = torch.nn.functional.cross_entropy(plain(masked, torch.ones_like(ids), chosen), ids[chosen])
    expected.backward()
    for loss, gradient in found:
        assert loss == pytest.approx(expected.item(), rel=1e-5)
        for name, parameter in plain.named_parameters():
            if parameter.grad is not None:
                torch.testing.assert_close(gradient[name], parameter.grad, rtol=1e-4, atol=1e-6)
    assert work.spare() and work.plan(0) == 8 and work.spare() and work.spare() is None


def test_it_learns_the_corpus_by_heart(tokenizer, tmp_path: Path) -> None:
    work = work_of(tokenizer, size=32)
    outcome = train(work.model, work, Optimisation(60, learning_rate=1e-2, log_every=59), tmp_path, "a", seed=1)
    assert outcome.history[-1]["loss"] < outcome.history[0]["loss"] - 0.3


def test_a_step_on_the_device_waits_for_nothing(tokenizer, pretended, monkeypatch) -> None:
    work = work_of(tokenizer, size=12)
    with pretended.PretendedCard(monkeypatch) as card:
        pretended.moved(work.model)
        work.tokens, work.ends = work.tokens.to(pretended.DEVICE), work.ends.to(pretended.DEVICE)
        assert pretended.gradient_without_waiting(card, work.model, work, 0) > 0
