"""How much information should two views of a text share? A study of contrastive sentence embeddings."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def load(checkpoint: str | Path, revision: str | None = None, pooling: str | None = None) -> Any:
    """Load an encoder; ``load(folder).encode(["a sentence", …])`` gives a float32 array (n, d).

    Args:
        checkpoint: a checkpoint folder of a study, a transformers or sentence-transformers folder, or a hub name.
        revision: commit or tag, for hub names.
        pooling: of a transformers folder, which does not say how it is pooled: ``cls`` for SimCSE's, say; the mean if
            left out.
    """
    from infoviews.encoders.checkpoint import load as load_checkpoint

    return load_checkpoint(checkpoint, revision, pooling)
