"""The encoder of a translation model, pooled over its states (McCann et al. 2017): what was learned in translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infoviews.bases._materials import Materials
from infoviews.encoders import checkpoint
from infoviews.encoders.encoder import Encoder
from infoviews.sources import SourceError

CITATION = "McCann, Bradbury, Xiong & Socher 2017, Learned in translation, arXiv:1708.00107"


@dataclass(frozen=True)
class Params:
    """``translation`` is the folder or hub name of a MarianMT checkpoint, ``revision`` a commit for hub names."""

    translation: str | None = None
    revision: str | None = None


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """The checkpoint with its own vocabulary and the study's pooling; only its encoder reads.

    Raises:
        SourceError: no checkpoint is named, or there is none of that name.
        ValueError: it is no translation model.
    """
    if params.translation is None:
        raise SourceError(
            "cove: no translation model is named; give translation, in infoviews/systems/cove.py, the folder or hub "
            "name of a MarianMT checkpoint from English"
        )
    try:
        found: Any = checkpoint.load(params.translation, params.revision)
    except OSError as error:
        raise SourceError(
            f"cove: no checkpoint at {params.translation!r} ({str(error).splitlines()[0]}); give the folder of a "
            "MarianMT checkpoint, or run where the hub can be reached"
        ) from error
    if not isinstance(found, Encoder) or not found.reads_for_a_decoder:
        raise ValueError(f"cove: {params.translation} is no translation model; give a MarianMT checkpoint")
    tokenizer = found.tokenizer
    for sign in ("cls_token", "sep_token"):  # Marian ends texts with its end sign; ours are between two signs
        if getattr(tokenizer, sign) is None:
            setattr(tokenizer, sign, tokenizer.eos_token)
    return Encoder(found.backbone, tokenizer, materials.shape.pooling, None, found.max_tokens), {}
