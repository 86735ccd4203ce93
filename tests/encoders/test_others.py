"""Folders of other people: every architecture gives the vectors of sentence-transformers, whatever the text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

import infoviews
from infoviews.encoders import checkpoint

WORDS = ["the", "cat", "sat", "on", "mat", *(f"##{letter}" for letter in "abcst"), *"abcdefghijklmnopqrstuvwxyz"]
SIGNS = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"}
BYTES = {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}
"""Signs in the order of their ids: RoBERTa's padding token has number 1."""

ODD = [
    "",
    "   ",
    "the cat sat",
    "  padded \t text \n with breaks ",
    "\u0130stanbul \ufb01 na\u00efve \u200b zero \U0001f642",
    "[SEP] the <mask> </s> cat [PAD]",
    "\x00 null \ufffd",
    "cat" * 300,
    "the",
    " ".join(["the cat sat on a mat"] * 60),
]

ARCHITECTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "BERT": ("Bert", {}),
    "RoBERTa": ("Roberta", {"bos_token_id": 0, "eos_token_id": 2}),
    "XLM-RoBERTa": ("XLMRoberta", {"bos_token_id": 0, "eos_token_id": 2}),
    "MPNet": ("MPNet", {}),
    "DistilBERT": ("DistilBert", {"dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 32}),
    "ModernBERT": ("ModernBert", {"bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2, "sep_token_id": 3}),
    "ELECTRA": ("Electra", {"embedding_size": 8}),
    "ALBERT": ("Albert", {"embedding_size": 8}),
    "DeBERTa": ("Deberta", {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}),
    "DeBERTa-v3": ("DebertaV2", {"relative_attention": True, "position_biased_input": False}),
}
BEHIND_PADDING = ("RoBERTa", "XLM-RoBERTa", "MPNet")


def tokenizer(signs: dict[str, str], limit: int | None) -> PreTrainedTokenizerFast:
    vocabulary = {word: number for number, word in enumerate([*signs.values(), *WORDS])}
    core = Tokenizer(models.WordPiece(vocabulary, unk_token=signs["unk_token"]))
    core.normalizer = normalizers.BertNormalizer(lowercase=True)
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    first, last = ((signs[role], vocabulary[signs[role]]) for role in ("cls_token", "sep_token"))
    core.post_processor = processors.TemplateProcessing(single=f"{first[0]} $A {last[0]}", special_tokens=[first, last])
    longest = {} if limit is None else {"model_max_length": limit}
    return PreTrainedTokenizerFast(tokenizer_object=core, **signs, **longest)


def write(folder: Path, name: str, positions: int, limit: int | None = None) -> Path:
    """A tiny random model with its tokenizer, as transformers writes it."""
    kind, own = ARCHITECTURES[name]
    words = tokenizer(BYTES if name in BEHIND_PADDING else SIGNS, limit)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    shared = {"vocab_size": len(words), "max_position_embeddings": positions, "pad_token_id": words.pad_token_id}
    config = getattr(transformers, f"{kind}Config")(**({} if name == "DistilBERT" else shape), **shared, **own)
    torch.manual_seed(1)
    getattr(transformers, f"{kind}Model")(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def theirs(folder: Path, limit: int | None = None) -> tuple[np.ndarray, int | None]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    if limit is not None:
        model.max_seq_length = limit
    return model.encode(ODD), model.max_seq_length


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("limit", [None, 64])
def test_vectors_and_length_are_those_of_sentence_transformers(tmp_path: Path, name: str, limit: int | None) -> None:
    folder = write(tmp_path, name, 600, limit)
    encoder, (vectors, longest) = infoviews.load(folder), theirs(folder)
    behind = 2 if name in BEHIND_PADDING and limit is None else 0
    assert encoder.max_tokens == (longest or 0) - behind
    np.testing.assert_allclose(encoder.encode(ODD), vectors, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_long_texts_are_cut_where_positions_end(tmp_path: Path, name: str) -> None:
    """Where theirs crashes, since RoBERTa and MPNet count positions from behind the padding token's number."""
    folder = write(tmp_path, name, 40)
    encoder = infoviews.load(folder)
    assert encoder.max_tokens == (38 if name in BEHIND_PADDING else 40)
    np.testing.assert_allclose(encoder.encode(ODD), theirs(folder, encoder.max_tokens)[0], atol=1e-5)


def test_a_plain_folder_is_pooled_as_is_said_and_others_as_they_say(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", "BERT", 40)
    ways = {way: infoviews.load(folder, pooling=way).encode(ODD) for way in ("mean", "cls", "lasttoken", "cls+mean")}
    assert np.array_equal(ways["mean"], infoviews.load(folder).encode(ODD))
    assert np.array_equal(ways["cls+mean"], np.concatenate([ways["cls"], ways["mean"]], axis=1))
    assert np.abs(ways["cls"] - ways["mean"]).max() > 0.01
    with pytest.raises(ValueError, match="pooling must be one of cls, max, .*; given 'first'"):
        infoviews.load(folder, pooling="first")
    checkpoint.save(tmp_path / "said", infoviews.load(folder, pooling="cls"))
    assert np.array_equal(infoviews.load(tmp_path / "said").encode(ODD), ways["cls"])
    with pytest.raises(ValueError, match="says how it is pooled, in modules.json; leave pooling out .given 'cls'"):
        infoviews.load(tmp_path / "said", pooling="cls")


@pytest.mark.parametrize("name", ["BERT", "RoBERTa", "MPNet"])
def test_the_pooler_that_the_weights_bring_is_used_where_asked(tmp_path: Path, name: str) -> None:
    """As published supervised SimCSE wants it; its own code calls this ``cls``."""
    folder = write(tmp_path / "plain", name, 40)
    encoder = infoviews.load(folder, pooling="pooler")
    kind = getattr(transformers, f"{ARCHITECTURES[name][0]}Model")
    ids = torch.tensor([[encoder.tokenizer.cls_token_id, 7, 8, encoder.tokenizer.sep_token_id]])
    with torch.inference_mode():
        expected = kind.from_pretrained(folder).eval()(input_ids=ids).pooler_output.numpy()
    text = encoder.tokenizer.decode([7, 8])
    np.testing.assert_allclose(encoder.encode([text]), expected, atol=1e-6)
    checkpoint.save(tmp_path / "said", encoder)
    np.testing.assert_allclose(theirs(tmp_path / "said")[0], encoder.encode(ODD), atol=1e-5)
    with pytest.raises(ValueError, match="none of the kind that bert, .* have; take another pooling"):
        infoviews.load(write(tmp_path / "none", "DeBERTa", 40), pooling="pooler")


def test_weights_that_are_a_pickle_are_told_how_to_convert(tmp_path: Path) -> None:
    folder = write(tmp_path, "BERT", 40)
    weights = checkpoint.load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    with pytest.raises(
        FileNotFoundError, match="only pytorch_model.bin, which may run any code .* convert it: "
    ) as said:
        infoviews.load(folder)
    exec(str(said.value).split('python -c "')[1].rstrip('"'), {})  # what the message says works
    assert infoviews.load(folder).encode(ODD).shape == (len(ODD), 16)


def test_what_is_neither_a_folder_nor_in_the_hubs_cache_is_said(tmp_path: Path, monkeypatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(FileNotFoundError) as raised:
        infoviews.load("nobody/no-such-model", revision="abc")
    said = str(raised.value)
    assert "'nobody/no-such-model' is neither a folder nor a model in the hub's cache, " in said
    assert constants.HF_HUB_CACHE in said and "at revision abc" in said and "\n" not in said
    with pytest.raises(FileNotFoundError, match="is neither a folder nor a model"):
        infoviews.load(str(tmp_path / "no/such/folder"))
    shutil.copytree(write(tmp_path / "whole", "BERT", 40), tmp_path / "part")
    (tmp_path / "part/config.json").unlink()
    with pytest.raises(FileNotFoundError, match="part: no config.json, so no model of transformers"):
        infoviews.load(tmp_path / "part")
