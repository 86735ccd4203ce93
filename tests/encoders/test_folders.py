"""Folders of sentence-transformers give its vectors here, or are refused with what was found and what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

import infoviews
from infoviews.encoders import checkpoint, static
from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder

PARAMS = bert.Params(layers=1, width=16, heads=2, max_tokens=24)
POOLING, DENSE = "1_Pooling/config.json", "2_Dense/config.json"
TRANSFORMER, WHOLE = "sentence_bert_config.json", "config_sentence_transformers.json"


def change(path: Path, **given: Any) -> None:
    """Set keys of a JSON file, which need not be there yet."""
    stated = json.loads(path.read_text()) if path.is_file() else {}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(stated | given))


def there(folder: Path, sentences: list[str]) -> np.ndarray:
    """What sentence-transformers itself makes of them."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(sentences)


def agree(folder: Path, sentences: list[str]) -> bool:
    here, expected = infoviews.load(folder).encode(sentences), there(folder, sentences)
    return here.shape == expected.shape and np.abs(here - expected).max() < 1e-5


@pytest.fixture
def folder(tmp_path: Path, tokenizer) -> Path:
    """A mean-pooled BERT with a linear map, as infoviews writes it."""
    checkpoint.save(tmp_path / "own", bert.build(replace(PARAMS, dimension=5), tokenizer, seed=1))
    return tmp_path / "own"


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
@pytest.mark.parametrize("normalise", [False, True])
def test_a_folder_that_the_installed_version_wrote_gives_its_vectors(
    tmp_path: Path, tokenizer, sentences: list[str], pooling: str, normalise: bool
) -> None:
    """It names modules and pooling otherwise than older ones, and keeps the length limit in the tokenizer."""
    from sentence_transformers import SentenceTransformer

    backbone = bert.build(PARAMS, tokenizer, seed=2).backbone
    checkpoint.save(tmp_path / "own", Encoder(backbone, tokenizer, pooling, 5, 9, normalise))
    model = SentenceTransformer(str(tmp_path / "own"), device="cpu")
    model.save_pretrained(str(tmp_path / "theirs"))
    assert "max_seq_length" not in json.loads((tmp_path / "theirs/sentence_bert_config.json").read_text())
    assert infoviews.load(tmp_path / "theirs").max_tokens == 9
    assert agree(tmp_path / "theirs", sentences)
    ours, theirs = (infoviews.load(tmp_path / name).encode(sentences) for name in ("own", "theirs"))
    assert np.array_equal(ours, theirs)


def test_settings_that_name_no_pooling_mean_the_average(folder: Path, sentences: list[str]) -> None:
    change(folder / POOLING, pooling_mode_mean_tokens=False)
    assert infoviews.load(folder).pooling == "mean" and agree(folder, sentences)
    change(folder / POOLING, pooling_mode=["cls"])
    assert infoviews.load(folder).pooling == "cls" and agree(folder, sentences)


def test_length_limits_of_older_folders_are_kept(folder: Path, sentences: list[str]) -> None:
    (folder / "sentence_bert_config.json").rename(folder / "sentence_roberta_config.json")
    change(folder / "sentence_roberta_config.json", max_seq_length=7)
    assert infoviews.load(folder).max_tokens == 7 and agree(folder, sentences)
    change(folder / "sentence_roberta_config.json", max_seq_length=None)
    assert infoviews.load(folder).max_tokens == 24 and agree(folder, sentences)


@pytest.mark.parametrize("normalizer", [None, normalizers.NFC(), normalizers.Sequence([normalizers.NFC()])])
def test_texts_are_lower_cased_where_the_settings_say_so(tmp_path: Path, normalizer: Any) -> None:
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] cat Cat mat Mat".split()
    core = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    core.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    if normalizer is not None:
        core.normalizer = normalizer
    signs = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    cased = PreTrainedTokenizerFast(tokenizer_object=core, **signs)
    texts = ["Cat mat", "cat Mat Mat"]
    checkpoint.save(tmp_path, bert.build(PARAMS, cased, seed=1))
    kept = infoviews.load(tmp_path).encode(texts)
    change(tmp_path / TRANSFORMER, do_lower_case=True)
    encoder = infoviews.load(tmp_path)
    assert agree(tmp_path, texts) and np.abs(encoder.encode(texts) - kept).max() > 1e-2
    checkpoint.save(tmp_path / "again", encoder)
    assert np.array_equal(infoviews.load(tmp_path / "again").encode(texts), encoder.encode(texts))
    assert agree(tmp_path / "again", texts)


def test_a_linear_map_without_bias_survives_the_round_trip(tmp_path: Path, folder: Path, sentences: list[str]) -> None:
    encoder = infoviews.load(folder)
    encoder.dense = torch.nn.Linear(16, 5, bias=False)
    checkpoint.save(tmp_path / "unbiased", encoder)
    assert agree(tmp_path / "unbiased", sentences)
    assert np.array_equal(infoviews.load(tmp_path / "unbiased").encode(sentences), encoder.encode(sentences))


def test_prompts_that_are_no_default_change_nothing(folder: Path, sentences: list[str]) -> None:
    prompts = {"query": "the cat ", "document": ""}
    for default in (None, "document"):
        change(folder / WHOLE, prompts=prompts, default_prompt_name=default)
        assert agree(folder, sentences)


@pytest.mark.parametrize(
    ("file", "given", "message"),
    [
        (POOLING, {"pooling_mode": "median"}, "pooling must be one of cls, .*; given 'median'"),
        (POOLING, {"pooling_mode": ["cls", "median"]}, "given 'cls.median'"),
        (DENSE, {"activation_function": "torch.nn.modules.activation.Softmax"}, "activation torch.nn.*Softmax cannot"),
        (DENSE, {"use_residual": True}, "use_residual is True; only False"),
        (DENSE, {"module_input_name": "token_embeddings"}, "module_input_name is 'token_embeddings'; only"),
        (TRANSFORMER, {"transformer_task": "fill-mask"}, "transformer_task is 'fill-mask'; only"),
        (TRANSFORMER, {"processing_kwargs": {"text": {"padding": False}}}, "processing_kwargs is .*; only {}"),
        (
            WHOLE,
            {"prompts": {"query": "the cat "}, "default_prompt_name": "query"},
            "the default prompt is 'the cat '; only folders that encode texts as they are",
        ),
        (WHOLE, {"truncate_dim": 3}, "truncate_dim is 3; only"),
    ],
)
def test_settings_that_change_the_vectors_are_refused(folder: Path, file: str, given: dict, message: str) -> None:
    change(folder / file, **given)
    with pytest.raises(ValueError, match=f"{message}.*give the arrays by --embeddings"):
        infoviews.load(folder)


WAYS = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]


@pytest.mark.parametrize("ways", [*WAYS, ["lasttoken", "cls"], WAYS])
def test_every_way_of_pooling_and_several_at_once_give_their_vectors(
    tmp_path: Path, folder: Path, sentences: list[str], ways: str | list[str]
) -> None:
    """As the installed version names them, as older ones do (one flag each), and after a round trip."""
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(json.dumps(modules[:2]))  # without the linear map
    (folder / POOLING).write_text(json.dumps({"embedding_dimension": 16, "pooling_mode": ways}))
    assert agree(folder, [*sentences, ""])
    checkpoint.save(tmp_path / "again", infoviews.load(folder))
    assert agree(tmp_path / "again", [*sentences, ""])
    flags = {
        f"pooling_mode_{way.removesuffix('_tokens')}": way in ways for way in WAYS if way not in ("cls", "lasttoken")
    }
    flags = {f"{name}_tokens": on for name, on in flags.items()}
    flags |= {"pooling_mode_cls_token": "cls" in ways, "pooling_mode_lasttoken": "lasttoken" in ways}
    if isinstance(ways, list):
        (folder / POOLING).write_text(json.dumps({"word_embedding_dimension": 16} | flags))
        assert agree(folder, sentences)


@pytest.mark.parametrize("name", ["activation.Tanh", "activation.ReLU", "activation.GELU", "linear.Identity", None])
def test_what_comes_after_the_linear_map_is_computed(
    tmp_path: Path, folder: Path, sentences: list[str], name: str | None
) -> None:
    stated = json.loads((folder / DENSE).read_text())
    del stated["activation_function"]  # sentence-transformers takes Tanh where none is named
    (folder / DENSE).write_text(
        json.dumps(stated | ({"activation_function": f"torch.nn.modules.{name}"} if name else {}))
    )
    assert agree(folder, sentences)
    checkpoint.save(tmp_path / "again", infoviews.load(folder))
    assert np.array_equal(
        infoviews.load(tmp_path / "again").encode(sentences), infoviews.load(folder).encode(sentences)
    )
    assert agree(tmp_path / "again", sentences)


@pytest.mark.parametrize(
    "kinds",
    [
        ["Transformer"],
        ["Transformer", "Dense"],
        ["Transformer", "Pooling", "LayerNorm"],
        ["Transformer", "Pooling", "Dense", "Dense"],
        ["Transformer", "Pooling", "Normalize", "Dense"],
        ["WordEmbeddings", "Pooling"],
        ["StaticEmbedding", "Normalize"],
    ],
)
def test_other_modules_and_orders_are_refused(folder: Path, kinds: list[str]) -> None:
    paths = {"Transformer": "", "Pooling": "1_Pooling", "Dense": "2_Dense"}
    modules = [{"path": paths.get(kind, kind), "type": f"sentence_transformers.models.{kind}"} for kind in kinds]
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ValueError, match=f"made of {', '.join(kinds)}; only Transformer, Pooling and"):
        infoviews.load(folder)


def test_code_that_comes_with_a_folder_is_refused(folder: Path) -> None:
    path = folder / "modules.json"
    path.write_text(path.read_text().replace("sentence_transformers.models.Pooling", "their_code.Pooling"))
    with pytest.raises(ValueError, match="made of Transformer, their_code.Pooling, Dense; only"):
        infoviews.load(folder)


def test_static_vectors_of_sentence_transformers_are_refused(tmp_path: Path, tokenizer) -> None:
    """They count every token; ``static`` leaves special ones out and needs to know which they are."""
    from safetensors.torch import load_file, save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer.backend_tokenizer, embedding_dim=4)], device="cpu")
    model.save_pretrained(str(tmp_path / "theirs"))
    with pytest.raises(ValueError, match=r"a StaticEmbedding \(embedding.weight\) that infoviews did not write; only"):
        infoviews.load(tmp_path / "theirs")
    static.save(tmp_path / "own", static.StaticEncoder(np.zeros((len(tokenizer), 4), np.float32), tokenizer))
    assert infoviews.load(tmp_path / "own").encode(["the cat"]).shape == (1, 4)
    weights = load_file(tmp_path / "own/model.safetensors")
    save_file({"embeddings": weights["embedding.weight"]}, tmp_path / "own/model.safetensors")  # as model2vec has it
    with pytest.raises(ValueError, match=r"a StaticEmbedding \(embeddings\) that infoviews did not write"):
        infoviews.load(tmp_path / "own")
