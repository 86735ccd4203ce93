"""What the settings of a sentence-transformers folder ask for, and refusals of what an ``Encoder`` does not do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import normalizers
from torch import nn

from infoviews.encoders.pooling import parts
from infoviews.files import read_json

_SENTENCE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
ONLY: dict[str, dict[str, Any]] = {
    "Transformer": {
        "transformer_task": "feature-extraction",
        "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
        "module_output_name": "token_embeddings",
        "processing_kwargs": {},
    },
    "Pooling": {},
    "Dense": {**_SENTENCE, "use_residual": False},
    "Normalize": _SENTENCE,
}
"""The modules that can be loaded, in the order that they must have, and what their settings must say if they say it."""

FLAGS = {
    "cls": "pooling_mode_cls_token",
    "max": "pooling_mode_max_tokens",
    "mean": "pooling_mode_mean_tokens",
    "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
    "weightedmean": "pooling_mode_weightedmean_tokens",
    "lasttoken": "pooling_mode_lasttoken",
}
"""Ways of pooling, in the order in which older settings join them, and what those call them."""

ACTIVATIONS = (nn.Identity, nn.Tanh, nn.ReLU, nn.GELU, nn.SiLU, nn.Sigmoid)

WORDS = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model", "*.spm")
"""Files of which a tokenizer has one at least."""

ENDLESS = 1_000_000
"""Tokens that no text has: where nothing limits the length, memory does."""

INSTEAD = "encode the texts with sentence-transformers and give the arrays by --embeddings"


def kind_of(type_: str) -> str:
    """The class of a module of sentence-transformers; code from elsewhere keeps its whole name, which none knows."""
    return type_.rsplit(".", 1)[-1] if type_.startswith("sentence_transformers.") else type_


def stated(path: Path, kind: str) -> dict[str, Any]:
    """The settings of a module, empty where there are none; refused where they ask for what we do not do."""
    given = read_json(path) if path.is_file() else {}
    for key, only in ONLY[kind].items():
        if given.get(key) not in (None, only):
            raise ValueError(f"{path}: {key} is {given[key]!r}; only {only!r} can be loaded; {INSTEAD}")
    return given


def refuse_prompts(path: Path) -> None:
    """Refuse what ``SentenceTransformer.encode`` does to texts and vectors in addition to running the modules."""
    given = read_json(path) if path.is_file() else {}
    prompt = given.get("prompts", {}).get(given.get("default_prompt_name"))
    found = {"the default prompt": prompt or None, "truncate_dim": given.get("truncate_dim")}
    for what, value in found.items():
        if value is not None:
            raise ValueError(
                f"{path}: {what} is {value!r}; only folders that encode texts as they are, and whole, can be loaded; "
                f"take it out of that file, which changes the vectors, or {INSTEAD}"
            )


def refuse_other_signs(folder: Path, tokenizer: Any) -> None:
    """Check that the tokenizer puts every text between two special tokens, whatever their names: encoders assume it."""
    adds = tokenizer("")["input_ids"]
    signs = [tokenizer.cls_token_id, tokenizer.sep_token_id]
    if not tokenizer.is_fast or tokenizer.pad_token_id is None or adds != signs:
        raise ValueError(
            f"{folder}: its {'fast' if tokenizer.is_fast else 'slow'} tokenizer has cls_token {tokenizer.cls_token}, "
            f"sep_token {tokenizer.sep_token}, pad_token {tokenizer.pad_token}, and adds "
            f"{tokenizer.convert_ids_to_tokens(adds)} to a text; only fast ones that have these three, and put the "
            f"first before and the second after a text, can be loaded; {INSTEAD}"
        )


def refuse_no_words(folder: Path) -> None:
    """A folder without a tokenizer's words; transformers would make one that knows none and say nothing."""
    if not any(found for pattern in WORDS for found in folder.glob(pattern)):
        raise FileNotFoundError(f"{folder}: no tokenizer ({', '.join(WORDS)}); save the model's own beside its weights")


def refuse_more_words(folder: Path, tokenizer: Any, backbone: nn.Module) -> None:
    """Words for which there is no vector end in ``index out of range`` in the first text that holds one."""
    table: Any = backbone
    rows = table.get_input_embeddings().num_embeddings
    beyond = [word for word, number in tokenizer.get_vocab().items() if number >= rows]
    if beyond:
        raise ValueError(
            f"{folder}: its tokenizer has {len(beyond)} words more than the {rows} rows of the word embedding, such as "
            f"{min(beyond)!r}; give the model's own tokenizer, or enlarge the embedding and train it"
        )


def paths(place: Path, modules: list[dict[str, Any]]) -> dict[str, Path]:
    """Kind → folder of the modules that ``modules.json`` lists, which must be kinds that can be loaded, in order."""
    kinds = [kind_of(module["type"]) for module in modules]
    refuse_prompts(place / "config_sentence_transformers.json")
    ordered = [kind for kind in ONLY if kind in kinds]
    if kinds and kinds != ["StaticEmbedding"] and (kinds != ordered or kinds[:2] != ["Transformer", "Pooling"]):
        raise ValueError(
            f"{place}: made of {', '.join(kinds)}; only Transformer, Pooling and, if need be, Dense and Normalize, "
            f"in this order, can be loaded; {INSTEAD}"
        )
    found = {kind: place / module["path"] for kind, module in zip(kinds, modules, strict=True)}
    if "Normalize" in found:
        stated(found["Normalize"] / "config.json", "Normalize")
    return found


def reading(folder: Path, tokenizer: Any, backbone: nn.Module) -> int:
    """Most tokens of a text, special ones included; makes the tokenizer lower-case if the settings ask for it.

    As sentence-transformers: what the folder says, else what the tokenizer says, and never more than positions.
    """
    positions = getattr(backbone.config, "max_position_embeddings", -1)
    limits = [ENDLESS, int(tokenizer.model_max_length), positions if positions != -1 else ENDLESS]  # XLNet: no limit
    found = sorted(folder.glob("sentence_*_config.json"))  # older folders have the model's name in place of bert
    given = stated(found[0], "Transformer") if found else {}
    if given.get("do_lower_case"):
        backend = tokenizer.backend_tokenizer
        own = [] if backend.normalizer is None else [backend.normalizer]
        backend.normalizer = normalizers.Sequence([normalizers.Lowercase(), *own])
    if given.get("max_seq_length"):
        limits = [int(given["max_seq_length"])]
    return min(*limits, places(backbone), ENDLESS)


def places(backbone: nn.Module) -> int:
    """Tokens that the table of positions has room for.

    RoBERTa, MPNet and their like count from behind the number of the padding token: of 514 rows they use 512.
    """
    found = [ENDLESS]
    for name, module in backbone.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
            before = 0 if module.padding_idx is None else module.padding_idx + 1
            found.append(module.num_embeddings - before)
    return min(found)


def pooling(folder: Path) -> str:
    """Ways of pooling joined by ``+``; settings that name none mean the average, as in sentence-transformers."""
    given = stated(folder / "config.json", "Pooling")
    older = [way for way, key in FLAGS.items() if given.get(key)]
    unknown = [key for key, on in given.items() if on and key.startswith("pooling_mode_") and key not in FLAGS.values()]
    named = given.get("pooling_mode") or older or unknown or "mean"
    joined = named if isinstance(named, str) else "+".join(named)
    try:
        return "+".join(parts(joined))
    except ValueError as error:
        raise ValueError(f"{folder}: {error}; {INSTEAD}") from error


def named(pooling: str) -> dict[str, Any]:
    """Settings that ``pooling`` reads: as every version of sentence-transformers does, where there is one way."""
    ways = parts(pooling)
    if len(ways) > 1:
        return {"pooling_mode": ways}
    return {FLAGS[way]: way == pooling for way in ("mean", "cls", "max")} | {FLAGS[pooling]: True}


def activation(folder: Path, given: dict[str, Any]) -> nn.Module:
    """What comes after a linear map: Tanh where none is named, as in sentence-transformers."""
    name = given.get("activation_function", "torch.nn.modules.activation.Tanh")
    known = {path: kind for kind in ACTIVATIONS for path in (name_of(kind()), f"torch.nn.{kind.__name__}")}
    if name not in known:
        raise ValueError(
            f"{folder}: activation {name} cannot be loaded, only {', '.join(kind.__name__ for kind in ACTIVATIONS)} "
            f"of torch.nn; {INSTEAD}"
        )
    return known[name]()


def name_of(module: nn.Module) -> str:
    """Where the class of a module is to be found: ``torch.nn.modules.linear.Identity``."""
    return f"{type(module).__module__}.{type(module).__qualname__}"
