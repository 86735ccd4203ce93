"""A published checkpoint by hub name and pinned revision, such as bert-base-uncased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infoviews.bases import folder
from infoviews.bases._materials import Materials
from infoviews.encoders import checkpoint
from infoviews.encoders.encoder import Encoder

CITATION = "Wolf et al. 2020, Transformers: state-of-the-art natural language processing, arXiv:1910.03771"


@dataclass(frozen=True)
class Params:
    """``name`` on the hub and the ``revision`` (a commit) that makes it the same everywhere."""

    name: str
    revision: str


def build(params: Params, materials: Materials) -> tuple[Encoder, dict[str, Any]]:
    """Download (or find in the cache) and load; pooling and length limit are the study's."""
    place = checkpoint.local_folder(params.name, params.revision)
    return folder.build(folder.Params(str(place)), materials)
