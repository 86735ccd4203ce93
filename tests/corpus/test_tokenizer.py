from __future__ import annotations

import random

import pytest
from transformers import AutoTokenizer

from infoviews.corpus.tokenizer import SPECIAL, encoder, from_hub, train

TEXTS = [
    f"The {a} {b} runs to the {c}." for a in ("red", "blue") for b in ("fox", "hare", "ox") for c in ("sea", "café")
]


def test_the_same_texts_train_the_same_tokenizer():
    """The library alone gives another one each time: its hash maps are seeded anew and decide between equal pairs."""
    rng = random.Random(0)
    texts = ["".join(rng.choices("abcdefghijklmnop ", k=60)) for _ in range(400)]
    assert len({train(lambda: iter(texts), 600).backend_tokenizer.to_str() for _ in range(4)}) == 1


def test_trained_tokenizer_is_a_lower_case_bert_one(tmp_path):
    trained = train(lambda: iter(TEXTS), 300)
    trained.save_pretrained(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.convert_ids_to_tokens(range(5)) == list(SPECIAL.values())
    assert sorted(tokenizer.get_vocab().values()) == list(range(len(tokenizer)))
    ids = tokenizer("The RED fox")["input_ids"]
    assert ids[0] == tokenizer.cls_token_id and ids[-1] == tokenizer.sep_token_id
    assert tokenizer.decode(ids, skip_special_tokens=True) == "the red fox"
    assert tokenizer.tokenize("red ##x [MASK]") != tokenizer.tokenize("redx [MASK]")
    assert tokenizer("a", text_pair="b")["input_ids"].count(tokenizer.sep_token_id) == 2


def test_encoder_adds_and_cuts_nothing():
    tokenizer = train(lambda: iter(TEXTS), 300)
    tokenizer.backend_tokenizer.enable_truncation(4)
    tokenizer.backend_tokenizer.enable_padding(length=16)
    long, empty, unknown = encoder(tokenizer)(["the red fox " * 100, "", "the \u4e2d fox"])
    assert len(long) >= 300 and empty == [] and tokenizer.unk_token_id in unknown
    assert not {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id} & {*long, *unknown}


def test_a_folder_of_a_model_gives_its_own_tokenizer(tmp_path):
    train(lambda: iter(TEXTS), 300).save_pretrained(tmp_path)
    assert from_hub(str(tmp_path), None).get_vocab() == train(lambda: iter(TEXTS), 300).get_vocab()


def test_missing_tokenizer_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ValueError, match="no tokenizer at .*nowhere.*Give a folder") as caught:
        from_hub(str(tmp_path / "nowhere"), None)
    assert "\n" not in str(caught.value)
