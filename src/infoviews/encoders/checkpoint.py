"""Checkpoint folders that transformers and sentence-transformers both load."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import normalizers
from torch import nn

from infoviews import registry
from infoviews.encoders import static
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.pooling import POOLINGS
from infoviews.files import read_json, replacing, write_json
from infoviews.seals import read_whole

_TYPES = {
    "transformer": "sentence_transformers.models.Transformer",
    "pooling": "sentence_transformers.models.Pooling",
    "dense": "sentence_transformers.models.Dense",
    "normalise": "sentence_transformers.models.Normalize",
}

_SENTENCE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
_ONLY: dict[str, dict[str, Any]] = {
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

OWN = "infoviews-"
"""Model types of architectures that are not transformers' own; the rest of the name is a module of this package."""

INSTEAD = "encode the texts with sentence-transformers and give the arrays by --embeddings"


def save(folder: Path, encoder: Encoder) -> None:
    """Write weights, tokenizer, pooling and, where there is one, the linear map; safetensors only."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "model.safetensors") as temporary:
        save_file(_weights(encoder.backbone), temporary, metadata={"format": "pt"})
    encoder.backbone.config.architectures = [type(encoder.backbone).__name__]
    encoder.backbone.config.save_pretrained(folder)
    encoder.tokenizer.save_pretrained(folder)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": encoder.max_tokens, "do_lower_case": False})
    modes = {"mean": "mean_tokens", "cls": "cls_token", "max": "max_tokens"}
    pooling: dict[str, Any] = {"word_embedding_dimension": encoder.backbone.config.hidden_size}
    pooling |= {f"pooling_mode_{mode}": name == encoder.pooling for name, mode in modes.items()}
    write_json(folder / "1_Pooling" / "config.json", pooling)
    modules = [("transformer", ""), ("pooling", "1_Pooling")]
    if encoder.dense is not None:
        _save_dense(folder / "2_Dense", encoder.dense)
        modules.append(("dense", "2_Dense"))
    if encoder.normalise:
        (folder / "3_Normalize").mkdir(exist_ok=True)
        modules.append(("normalise", "3_Normalize"))
    write_json(
        folder / "modules.json",
        [{"idx": i, "name": str(i), "path": path, "type": _TYPES[kind]} for i, (kind, path) in enumerate(modules)],
    )


def load(folder: Path | str, revision: str | None = None) -> Encoder | static.StaticEncoder:
    """Load one of our checkpoints, a transformers or sentence-transformers folder, or a hub name.

    A transformers folder is mean-pooled, texts cut at 512 tokens. A sentence-transformers folder gives the vectors of
    ``SentenceTransformer.encode``, or is refused. Only safetensors weights are read.

    Raises:
        OSError: there is no such folder or hub model, or it holds no safetensors weights.
        ValueError: it has modules, settings or a tokenizer that an ``Encoder`` does not have.
        DamagedResult: a file is not the one that the folder's ``run.json`` names.
    """
    from transformers import AutoTokenizer

    place = local_folder(folder, revision)
    if (place / "run.json").is_file():
        read_whole(place / "run.json")
    modules = read_json(place / "modules.json") if (place / "modules.json").is_file() else []
    kinds = [_kind(module["type"]) for module in modules]
    _refuse_prompts(place / "config_sentence_transformers.json")
    if kinds == ["StaticEmbedding"]:
        return _load_static(place / modules[0]["path"])
    if kinds and (kinds != [kind for kind in _ONLY if kind in kinds] or kinds[:2] != ["Transformer", "Pooling"]):
        raise ValueError(
            f"{folder}: made of {', '.join(kinds)}; only Transformer, Pooling and, if need be, Dense and Normalize, "
            f"in this order, can be loaded; {INSTEAD}"
        )
    paths = {kind: place / module["path"] for kind, module in zip(kinds, modules, strict=True)}
    pooling = _pooling(paths["Pooling"]) if "Pooling" in paths else "mean"
    if "Normalize" in paths:
        _settings(paths["Normalize"] / "config.json", "Normalize")
    source = paths.get("Transformer", place)
    backbone, tokenizer = load_backbone(source), AutoTokenizer.from_pretrained(source)
    if not backbone.config.is_encoder_decoder:  # translation models may lack signs; ``bases.cove`` adds them
        _refuse_other_signs(source, tokenizer)
    max_tokens = _reading(source, tokenizer, backbone.config)
    encoder = Encoder(backbone, tokenizer, pooling, None, max_tokens, normalise="Normalize" in paths)
    if "Dense" in paths:
        encoder.dense = _load_dense(paths["Dense"])
        encoder.dimension = encoder.dense.out_features
    return encoder.eval()


def local_folder(name: Path | str, revision: str | None = None) -> Path:
    """The folder itself, or the hub's snapshot of that name (downloaded once, resumed when broken off)."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    patterns = ["*.json", "*.safetensors", "*.txt", "*.model"]
    return Path(snapshot_download(str(name), revision=revision, allow_patterns=patterns))


def load_backbone(folder: Path) -> nn.Module:
    """The bare transformer, without the pooler that sentence vectors do not use."""
    from transformers import AutoConfig, AutoModel

    own = read_json(folder / "config.json")["model_type"] if (folder / "config.json").is_file() else ""
    if own.startswith(OWN):  # importing the module makes transformers know its architecture
        registry.get("encoders.architectures", own.removeprefix(OWN))
    config = AutoConfig.from_pretrained(folder)
    kind = AutoModel._model_mapping[type(config)]
    options = {"add_pooling_layer": False} if "add_pooling_layer" in inspect.signature(kind).parameters else {}
    return kind.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **options)


def _weights(backbone: nn.Module) -> dict[str, torch.Tensor]:
    """The state to save; of tied weights the first, which transformers ties to the others when it loads them."""
    found, seen = {}, set()
    for name, tensor in backbone.state_dict().items():
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            found[name] = tensor.detach().cpu().contiguous()
    return found


def _kind(type_: str) -> str:
    """The class of a module of sentence-transformers; code from elsewhere keeps its whole name, which none knows."""
    return type_.rsplit(".", 1)[-1] if type_.startswith("sentence_transformers.") else type_


def _settings(path: Path, kind: str) -> dict[str, Any]:
    """The settings of a module, empty where there are none; refused where they ask for what we do not do."""
    stated = read_json(path) if path.is_file() else {}
    for key, only in _ONLY[kind].items():
        if stated.get(key) not in (None, only):
            raise ValueError(f"{path}: {key} is {stated[key]!r}; only {only!r} can be loaded; {INSTEAD}")
    return stated


def _refuse_prompts(path: Path) -> None:
    """Refuse what ``SentenceTransformer.encode`` does to texts and vectors in addition to running the modules."""
    stated = read_json(path) if path.is_file() else {}
    prompt = stated.get("prompts", {}).get(stated.get("default_prompt_name"))
    found = {"the default prompt": prompt or None, "truncate_dim": stated.get("truncate_dim")}
    for what, value in found.items():
        if value is not None:
            raise ValueError(
                f"{path}: {what} is {value!r}; only folders that encode texts as they are, and whole, can be loaded; "
                f"take it out of that file, which changes the vectors, or {INSTEAD}"
            )


def _refuse_other_signs(folder: Path, tokenizer: Any) -> None:
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


def _load_static(folder: Path) -> static.StaticEncoder:
    """Word vectors that ``static.save`` wrote; those of other programs have other weights or count other tokens."""
    with safe_open(folder / "model.safetensors", "pt") as weights:
        names = list(weights.keys())
    if names == ["embedding.weight"]:
        encoder = static.load(folder)
        if None not in (encoder.tokenizer.cls_token_id, encoder.tokenizer.sep_token_id):
            return encoder
    raise ValueError(
        f"{folder}: a StaticEmbedding ({', '.join(names)}) that infoviews did not write; only its own, whose "
        f"tokenizers know their special tokens, can be loaded; {INSTEAD}"
    )


def _reading(folder: Path, tokenizer: Any, config: Any) -> int:
    """Most tokens of a text, special ones included; makes the tokenizer lower-case if the settings ask for it."""
    positions = int(getattr(config, "max_position_embeddings", 512))
    positions = 512 if positions < 0 else positions  # XLNet's -1: no limit of its own
    found = sorted(folder.glob("sentence_*_config.json"))  # older folders have the model's name in place of bert
    if not found:
        return min(512, positions)
    stated = _settings(found[0], "Transformer")
    if stated.get("do_lower_case"):
        backend = tokenizer.backend_tokenizer
        own = [] if backend.normalizer is None else [backend.normalizer]
        backend.normalizer = normalizers.Sequence([normalizers.Lowercase(), *own])
    return int(stated.get("max_seq_length") or min(positions, tokenizer.model_max_length))


def _pooling(folder: Path) -> str:
    """The one way of pooling; settings that name none mean the average, as in sentence-transformers."""
    stated = _settings(folder / "config.json", "Pooling")
    older = [re.sub("^pooling_mode_|_tokens?$", "", k) for k, on in stated.items() if on and "pooling_mode_" in k]
    named = stated.get("pooling_mode") or older or "mean"
    chosen = [named] if isinstance(named, str) else list(named)
    if len(chosen) != 1 or chosen[0] not in POOLINGS:
        raise ValueError(
            f"{folder}: pooled by {' and '.join(chosen)}; only one of {', '.join(POOLINGS)} can be loaded; {INSTEAD}"
        )
    return str(chosen[0])


def _save_dense(folder: Path, dense: nn.Linear) -> None:
    shape = {"in_features": dense.in_features, "out_features": dense.out_features, "bias": dense.bias is not None}
    write_json(folder / "config.json", {**shape, "activation_function": "torch.nn.modules.linear.Identity"})
    with replacing(folder / "model.safetensors") as temporary:
        save_file(
            {f"linear.{name}": tensor.detach().contiguous() for name, tensor in dense.state_dict().items()}, temporary
        )


def _load_dense(folder: Path) -> nn.Linear:
    stated = _settings(folder / "config.json", "Dense")
    activation = stated.get("activation_function", "torch.nn.modules.activation.Tanh")  # theirs when none is named
    if activation not in ("torch.nn.modules.linear.Identity", "torch.nn.Identity"):
        raise ValueError(f"{folder}: activation {activation} cannot be loaded, only Identity can; {INSTEAD}")
    dense = nn.Linear(stated["in_features"], stated["out_features"], bias=stated.get("bias", True))
    weights = load_file(folder / "model.safetensors")
    dense.load_state_dict({name.removeprefix("linear."): tensor for name, tensor in weights.items()})
    return dense
