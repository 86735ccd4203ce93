"""The code path of the paper study, with a tiny random checkpoint on disk in place of BERT-base."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import pytest
import yaml

import infoviews
from infoviews.bases._build import build as build_base
from infoviews.corpus.build import build as build_corpus
from infoviews.corpus.store import open_corpus
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.plan import params, specs
from infoviews.pretrain.cell import pretrain
from infoviews.views.drawing.build import build as build_views
from infoviews.views.drawing.build import setting

ROOT = Path(__file__).parents[2]


@pytest.fixture
def study(tmp_path: Path, tokenizer) -> dict[str, dict]:
    """Specs of the paper study by name, its hub names replaced by folders and its sizes by small ones."""
    checkpoint.save(
        tmp_path / "bert", bert.build(bert.Params(layers=1, width=16, heads=2, max_tokens=40), tokenizer, 0)
    )
    rng = np.random.default_rng(0)
    words = "the a cat dog sat ran on under mat tree and quick brown fox jumps over lazy river house of time".split()
    sentences = [" ".join(rng.choice(words, 12)).capitalize() + "." for _ in range(600)]
    (tmp_path / "text.txt").write_text("\n".join(" ".join(sentences[i : i + 10]) for i in range(0, 600, 10)))
    config = copy.deepcopy(yaml.safe_load((ROOT / "params.yaml").read_text())) | {"study": "paper"}
    paper = config["studies"]["paper"]
    paper["corpus"] = {
        "source": {"text": {"path": str(tmp_path / "text.txt"), "document": "line"}},
        "tokenizer": str(tmp_path / "bert"),
        "near_duplicates": None,
    }
    paper["bases"]["bert"] = {"folder": {"path": str(tmp_path / "bert")}}
    paper["views"] |= {"counts": {"train": 64, "critic": 8, "heldout": 8}, "max_tokens": 30}
    paper["views"]["settings"]["spans-0"]["params"] |= {"shortest": 4, "longest": 12}
    paper["pretrain"] = {"num_steps": 4, "batch_size": 8, "learning_rate": 0.001, "mask_duplicates": True}
    paper["threads"] = {"base": 1, "pretrain": 1}
    params.validate(config, ROOT / "workflow/schemas/params.schema.yaml")
    return dict(specs.resolve(config))


def test_from_text_and_checkpoint_to_a_pretrained_cell(study: dict[str, dict], tmp_path: Path) -> None:
    build_corpus(study["corpus"], tmp_path / "corpus", None, None, 1)
    build_base(study["base/bert"], tmp_path / "corpus", None, tmp_path / "base")
    view = study["views/spans-0"]
    chosen = setting(view["view"]["family"], view["view"]["params"], view["views"]["max_tokens"], view["seed"])
    build_views(open_corpus(tmp_path / "corpus"), chosen, view["views"]["counts"], tmp_path / "views")
    outcome = pretrain(study["pretrain/infonce__spans-0__s0"], tmp_path / "base", tmp_path / "views", tmp_path / "cell")
    assert outcome.failure is None and len(outcome.history) >= 1
    vectors = infoviews.load(tmp_path / "cell").encode(["the cat sat", "a dog ran"])
    start = infoviews.load(tmp_path / "bert").encode(["the cat sat", "a dog ran"])
    assert vectors.shape == (2, 16) and not np.allclose(vectors, start)
    assert json.loads((tmp_path / "cell/run.json").read_text())["status"] == "finished"


def test_base_with_another_vocabulary_is_refused(study: dict[str, dict], tmp_path: Path) -> None:
    study["corpus"]["corpus"] |= {"tokenizer": None, "vocabulary": 256}
    build_corpus(study["corpus"], tmp_path / "corpus", None, None, 1)
    with pytest.raises(ValueError, match="another vocabulary than the corpus"):
        build_base(study["base/bert"], tmp_path / "corpus", None, tmp_path / "base")
