"""Back-translation through a tiny random Marian on disk, and the error where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.sources import SourceError
from infoviews.views import backtranslate
from infoviews.views.materials import word_pieces


@pytest.fixture(scope="module")
def marian(corpus, random_marian, tmp_path_factory):
    return random_marian(tmp_path_factory.mktemp("marian"), word_pieces.tokenizer(corpus.folder))


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_there_and_back(corpus, marian, temperature):
    params = backtranslate.Params(temperature, forward=marian, backward=marian, longest=8)
    anchors = np.arange(40, 90)
    one, again = (backtranslate.draw(corpus, anchors, np.random.default_rng(3), params) for _ in range(2))
    assert len(one.anchors) > 0 and (one.views[1].lengths > 0).all()
    assert one.views[1].ids.tolist() == again.views[1].ids.tolist()
    assert (one.views[0].ids == corpus.sentences.take(one.anchors).ids).all()


def test_a_missing_checkpoint_is_named(corpus, tmp_path):
    params = backtranslate.Params(0.0, forward=str(tmp_path / "none"))
    with pytest.raises(SourceError, match="no MarianMT checkpoint at .*none.*folders"):
        backtranslate.draw(corpus, np.arange(4), np.random.default_rng(0), params)
