"""Documents fall into train, critic and held-out splits by their shares and seed."""

from __future__ import annotations

import pytest

from infoviews.corpus.build import split_of


def test_split_shares_and_seeds():
    shares = {"critic": 0.1, "heldout": 0.2}
    drawn = {seed: [split_of(i, seed, shares) for i in range(20_000)] for seed in (0, 1)}
    for seed, found in drawn.items():
        for name, share in {"train": 0.7, **shares}.items():
            assert found.count(name) / len(found) == pytest.approx(share, abs=0.013), seed
    assert drawn[0] != drawn[1]
