"""Fixtures that several packages' tests share: a small real tokenizer, encoded views, a quiet, offline machine."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from infoviews.plan import digest

# The same examples at every run, however slow the machine; others are looked for with --hypothesis-profile=default.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

WORDS = "the a cat dog sat ran on under mat tree and quick brown fox jumps over lazy river house of time".split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole pipelines first: they are few and long, and would leave all workers but one without work at the end."""
    items.sort(key=lambda item: item.get_closest_marker("workflow") is None)


@pytest.fixture(scope="session")
def tokenizer():
    """A WordPiece tokenizer whose vocabulary is letters and the words above."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [*"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"), ".", ","]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys([*special, *letters, *WORDS]))}
    core = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    core.normalizer = normalizers.BertNormalizer(lowercase=True)
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    core.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


@pytest.fixture
def altered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[str], bool]], None]]:
    """``altered(chosen)`` makes specs see another text of every module that ``chosen`` picks, until the next call."""
    bare = digest._bare

    def alter(chosen: Callable[[str], bool]) -> None:
        digest._digest.cache_clear()
        monkeypatch.setattr(digest, "_bare", lambda module: bare(module) + "#" * chosen(module))

    yield alter
    digest._digest.cache_clear()


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    """Sentences of mixed length, an empty one and one beyond any tiny encoder's limit among them."""
    return [
        "the cat sat on the mat.",
        "a dog ran under the tree and over the river",
        "",
        "time",
        "the quick brown fox jumps over the lazy dog " * 12,
        "zebra quilts vex",
    ]


@pytest.fixture(scope="session")
def without() -> Callable[[Any, Any], Any]:
    """A function that sets scores (B, B) to -inf where ``duplicates``, boolean (B, B), is true off the diagonal."""
    import torch

    def leave_out(scores: torch.Tensor, duplicates: torch.Tensor) -> torch.Tensor:
        joint = torch.eye(len(scores), dtype=torch.bool)
        return scores.masked_fill(duplicates & ~joint, -torch.inf)

    return leave_out


@pytest.fixture(scope="session")
def slow() -> ModuleType:
    """The helpers of ``tests/encoded_views.py``: small encoders, pairs and encoded views."""
    return importlib.import_module("encoded_views")


@pytest.fixture
def study(tmp_path: Path) -> Any:
    """An empty made-up study; ``study.fill()`` writes its files."""
    return importlib.import_module("synthetic_study").Study(tmp_path)


@pytest.fixture(scope="session")
def queued() -> ModuleType:
    """The helpers of ``tests/laid_steps.py``: steps that are queued on a device, and draws that do not depend on it."""
    return importlib.import_module("laid_steps")


@pytest.fixture(scope="session")
def ready() -> Iterator[Path]:
    """Commands that start at once: see ``tests/ready_server.py``."""
    with importlib.import_module("ready_server").serving() as tools:
        yield tools


@pytest.fixture(scope="session")
def pretended() -> ModuleType:
    """The helpers of ``tests/pretended_card.py``: a device that is not there, where waits are errors."""
    return importlib.import_module("pretended_card")


@pytest.fixture(scope="session")
def random_marian() -> Callable[[Path, Any], str]:
    """A function that writes a tiny translation model with random weights into a folder."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    def write(folder: Path, tokenizer: Any) -> str:
        config = MarianConfig(
            vocab_size=len(tokenizer),
            d_model=16,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=32,
            decoder_ffn_dim=32,
            pad_token_id=tokenizer.pad_token_id,
            decoder_start_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.sep_token_id,
            forced_eos_token_id=None,
        )
        torch.manual_seed(0)
        MarianMTModel(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return str(folder)

    return write
