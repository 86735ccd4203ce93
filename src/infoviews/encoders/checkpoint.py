"""Checkpoint folders that transformers and sentence-transformers both load."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from infoviews import registry
from infoviews.encoders import settings, static
from infoviews.encoders.encoder import Encoder
from infoviews.files import read_json, replacing, write_json
from infoviews.seals import read_whole

_TYPES = {
    "transformer": "sentence_transformers.models.Transformer",
    "pooling": "sentence_transformers.models.Pooling",
    "dense": "sentence_transformers.models.Dense",
    "normalise": "sentence_transformers.models.Normalize",
}

POOLER = "pooler"
"""In place of a way of pooling: the first token's state through the linear map and Tanh that the weights bring."""

WITH_POOLER = ("bert", "camembert", "mpnet", "roberta", "xlm-roberta")
"""Model types whose pooler that is."""

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
    pooling: dict[str, Any] = {"word_embedding_dimension": encoder.backbone.config.hidden_size}
    write_json(folder / "1_Pooling" / "config.json", pooling | settings.named(encoder.pooling))
    modules = [("transformer", ""), ("pooling", "1_Pooling")]
    if encoder.dense is not None:
        _save_dense(folder / "2_Dense", encoder.dense, encoder.activation)
        modules.append(("dense", "2_Dense"))
    if encoder.normalise:
        (folder / "3_Normalize").mkdir(exist_ok=True)
        modules.append(("normalise", "3_Normalize"))
    write_json(
        folder / "modules.json",
        [{"idx": i, "name": str(i), "path": path, "type": _TYPES[kind]} for i, (kind, path) in enumerate(modules)],
    )


def load(folder: Path | str, revision: str | None = None, pooling: str | None = None) -> Encoder | static.StaticEncoder:
    """Load one of our checkpoints, a transformers or sentence-transformers folder, or a hub name.

    Texts are cut where sentence-transformers cuts them, and sooner where the backbone has no positions for so many
    tokens. A sentence-transformers folder gives the vectors of ``SentenceTransformer.encode``, or is refused. Only
    safetensors weights are read.

    Args:
        folder: or a hub name. revision: commit or tag, for hub names.
        pooling: of a transformers folder, which says nothing of it; the mean if left out. ``pooler`` is the state of
            the first token through BERT's own pooler, as supervised SimCSE has it.

    Raises:
        OSError: there is no such folder or hub model, or it holds no safetensors weights.
        ValueError: it has modules, settings or a tokenizer that an ``Encoder`` does not have, or its own pooling beside
            the one given.
        DamagedResult: a file is not the one that the folder's ``run.json`` names.
    """
    from transformers import AutoTokenizer

    place = local_folder(folder, revision)
    if (place / "run.json").is_file():
        read_whole(place / "run.json")
    modules = read_json(place / "modules.json") if (place / "modules.json").is_file() else []
    paths = settings.paths(place, modules)
    if pooling is not None and modules:
        raise ValueError(f"{folder}: says how it is pooled, in modules.json; leave pooling out (given {pooling!r})")
    if list(paths) == ["StaticEmbedding"]:
        return _load_static(paths["StaticEmbedding"])
    source = paths.get("Transformer", place)
    settings.refuse_no_words(source)
    backbone, tokenizer = load_backbone(source), AutoTokenizer.from_pretrained(source)
    settings.refuse_more_words(source, tokenizer, backbone)
    if not backbone.config.is_encoder_decoder:  # translation models may lack signs; ``bases.cove`` adds them
        settings.refuse_other_signs(source, tokenizer)
    way = "cls" if pooling == POOLER else pooling or "mean"
    if "Pooling" in paths:
        way = settings.pooling(paths["Pooling"])
    encoder = Encoder(backbone, tokenizer, way, None, settings.reading(source, tokenizer, backbone))
    encoder.normalise = "Normalize" in paths
    if "Dense" in paths or pooling == POOLER:
        encoder.dense, encoder.activation = _load_dense(paths["Dense"]) if modules else _load_pooler(source, backbone)
        encoder.dimension = encoder.dense.out_features
    return encoder.eval()


def local_folder(name: Path | str, revision: str | None = None) -> Path:
    """The folder itself, or the hub's snapshot of that name (downloaded once, resumed when broken off).

    Raises:
        FileNotFoundError: there is neither.
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import constants, snapshot_download

    patterns = ["*.json", "*.safetensors", "*.txt", "*.model", "*.spm"]
    try:
        return Path(snapshot_download(str(name), revision=revision, allow_patterns=patterns))
    except (OSError, ValueError) as error:
        raise FileNotFoundError(
            f"{str(name)!r} is neither a folder nor a model in the hub's cache, {constants.HF_HUB_CACHE}"
            + (f", at revision {revision}" if revision else "")
            + f", and could not be downloaded ({type(error).__name__}); give a folder, or the name of a model on the "
            f"hub where it can be reached (HF_HUB_OFFLINE is {'' if constants.HF_HUB_OFFLINE else 'not '}set)"
        ) from error


def load_backbone(folder: Path) -> nn.Module:
    """The bare transformer, without the pooler that sentence vectors do not use.

    Raises:
        FileNotFoundError: there is no ``config.json``, or no weights in safetensors.
        ValueError: some weights are missing.
    """
    from transformers import AutoConfig, AutoModel

    if not (folder / "config.json").is_file():
        raise FileNotFoundError(f"{folder}: no config.json, so no model of transformers; give the folder that holds it")
    refuse_pickles(folder, "from transformers import AutoModel as M; M.from_pretrained({0!r}).save_pretrained({0!r})")
    own = read_json(folder / "config.json").get("model_type", "")
    if own.startswith(OWN):  # importing the module makes transformers know its architecture
        registry.get("encoders.architectures", own.removeprefix(OWN))
    config = AutoConfig.from_pretrained(folder)
    kind = AutoModel._model_mapping[type(config)]
    options: dict[str, Any] = (
        {"add_pooling_layer": False} if "add_pooling_layer" in inspect.signature(kind).parameters else {}
    )
    options |= {"use_safetensors": True, "dtype": torch.float32, "output_loading_info": True}
    backbone, found = kind.from_pretrained(folder, **options)
    sines = {f"{name}.weight" for name, part in backbone.named_modules() if "Sinusoidal" in type(part).__name__}
    if missing := sorted(name for name in set(found["missing_keys"]) - sines if "pooler" not in name):
        raise ValueError(
            f"{folder}: its weights lack {len(missing)} of the model's, {missing[0]} the first, which would be random "
            "at every start; get the whole checkpoint"
        )
    return backbone


def refuse_pickles(folder: Path, convert: str) -> None:
    """Say how to convert weights that are only there as a pickle, which may run any code and is never read."""
    pickles = sorted(path.name for path in folder.glob("*.bin"))
    if not list(folder.glob("*.safetensors")):
        raise FileNotFoundError(
            f"{folder}: no weights in safetensors"
            + (f", only {', '.join(pickles)}, which may run any code and is never read" if pickles else "")
            + f'; where you trust the model, convert it: python -c "{convert.format(str(folder))}"'
        )


def _weights(backbone: nn.Module) -> dict[str, torch.Tensor]:
    """The state to save; of tied weights the first, which transformers ties to the others when it loads them."""
    found, seen = {}, set()
    for name, tensor in backbone.state_dict().items():
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            found[name] = tensor.detach().cpu().contiguous()
    return found


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
        f"tokenizers know their special tokens, can be loaded; {settings.INSTEAD}"
    )


def _save_dense(folder: Path, dense: nn.Linear, activation: nn.Module) -> None:
    shape = {"in_features": dense.in_features, "out_features": dense.out_features, "bias": dense.bias is not None}
    write_json(folder / "config.json", {**shape, "activation_function": settings.name_of(activation)})
    with replacing(folder / "model.safetensors") as temporary:
        save_file(
            {f"linear.{name}": tensor.detach().contiguous() for name, tensor in dense.state_dict().items()}, temporary
        )


def _load_dense(folder: Path) -> tuple[nn.Linear, nn.Module]:
    """The linear map, and what comes after it."""
    stated = settings.stated(folder / "config.json", "Dense")
    activation = settings.activation(folder, stated)
    refuse_pickles(
        folder,
        "import torch, safetensors.torch as s; "
        "s.save_file(torch.load({0!r} + '/pytorch_model.bin', weights_only=True), {0!r} + '/model.safetensors')",
    )
    dense = nn.Linear(stated["in_features"], stated["out_features"], bias=stated.get("bias", True))
    weights = load_file(folder / "model.safetensors")
    dense.load_state_dict({name.removeprefix("linear."): tensor for name, tensor in weights.items()})
    return dense, activation


def _load_pooler(folder: Path, backbone: nn.Module) -> tuple[nn.Linear, nn.Module]:
    """The pooler that ``load_backbone`` leaves out, as a linear map and what comes after it."""
    found: dict[str, torch.Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as weights:
            names = [name for name in weights.keys() if "pooler.dense." in name]  # noqa: SIM118
            found |= {name.rpartition(".")[2]: weights.get_tensor(name).float() for name in names}
    config: Any = backbone.config
    if config.model_type not in WITH_POOLER or set(found) != {"weight", "bias"}:
        raise ValueError(
            f"{folder}: pooling is {POOLER!r}, but a {config.model_type} with {'' if found else 'no '}pooler in its "
            f"weights has none of the kind that {', '.join(WITH_POOLER)} have; take another pooling"
        )
    dense = nn.Linear(*reversed(found["weight"].shape))
    dense.load_state_dict(found)
    return dense, nn.Tanh()
