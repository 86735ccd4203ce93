"""Checkpoint folders that transformers and sentence-transformers both load."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from infoviews import registry
from infoviews.encoders import static
from infoviews.encoders.encoder import Encoder
from infoviews.files import read_json, replacing, write_json

_TYPES = {
    "transformer": "sentence_transformers.models.Transformer",
    "pooling": "sentence_transformers.models.Pooling",
    "dense": "sentence_transformers.models.Dense",
    "normalise": "sentence_transformers.models.Normalize",
}

OWN = "infoviews-"
"""Model types of architectures that are not transformers' own; the rest of the name is a module of this package."""


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
    """Load one of our checkpoints, any transformers or sentence-transformers folder, or a hub name.

    A folder without pooling settings is mean-pooled. Only safetensors weights are read.

    Raises:
        OSError: there is no such folder or hub model, or it holds no safetensors weights.
        ValueError: it is made of modules that an ``Encoder`` does not have.
    """
    from transformers import AutoTokenizer

    place = local_folder(folder, revision)
    modules = read_json(place / "modules.json") if (place / "modules.json").is_file() else []
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if kinds == ["StaticEmbedding"]:
        return static.load(place)
    unknown = set(kinds) - {"Transformer", "Pooling", "Dense", "Normalize"}
    if unknown:
        raise ValueError(
            f"{folder}: made of {', '.join(kinds)}; only Transformer, Pooling, Dense and Normalize can be loaded"
        )
    paths = {kind: place / module["path"] for kind, module in zip(kinds, modules, strict=True)}
    backbone = load_backbone(paths.get("Transformer", place))
    pooling = _pooling(paths["Pooling"]) if "Pooling" in paths else "mean"
    encoder = Encoder(
        backbone,
        AutoTokenizer.from_pretrained(paths.get("Transformer", place)),
        pooling,
        None,
        _max_tokens(paths.get("Transformer", place), backbone.config),
        normalise="Normalize" in kinds,
    )
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
        registry.get("encoders", own.removeprefix(OWN))
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


def _max_tokens(folder: Path, config: Any) -> int:
    stated = folder / "sentence_bert_config.json"
    if stated.is_file() and read_json(stated).get("max_seq_length"):
        return int(read_json(stated)["max_seq_length"])
    return min(512, int(getattr(config, "max_position_embeddings", 512)))


def _pooling(folder: Path) -> str:
    stated = read_json(folder / "config.json")
    if "pooling_mode" in stated:
        return str(stated["pooling_mode"])
    chosen = [k.split("_")[2] for k, v in stated.items() if k.startswith("pooling_mode_") and v]
    return chosen[0]


def _save_dense(folder: Path, dense: nn.Linear) -> None:
    shape = {"in_features": dense.in_features, "out_features": dense.out_features, "bias": True}
    write_json(folder / "config.json", {**shape, "activation_function": "torch.nn.modules.linear.Identity"})
    with replacing(folder / "model.safetensors") as temporary:
        save_file(
            {f"linear.{name}": tensor.detach().contiguous() for name, tensor in dense.state_dict().items()}, temporary
        )


def _load_dense(folder: Path) -> nn.Linear:
    stated = read_json(folder / "config.json")
    if not stated["activation_function"].endswith("Identity"):
        raise ValueError(f"{folder}: activation {stated['activation_function']} cannot be loaded, only Identity can")
    dense = nn.Linear(stated["in_features"], stated["out_features"])
    weights = load_file(folder / "model.safetensors")
    dense.load_state_dict({name.removeprefix("linear."): tensor for name, tensor in weights.items()})
    return dense
