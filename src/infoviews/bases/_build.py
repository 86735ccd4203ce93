"""Make one base encoder and write its checkpoint folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch

from infoviews import registry
from infoviews.bases._materials import Materials
from infoviews.encoders import checkpoint, static
from infoviews.encoders.architectures import bert
from infoviews.encoders.static import StaticEncoder
from infoviews.files import write_table
from infoviews.provenance import write_run
from infoviews.sources import SourceError


def build(spec: dict[str, Any], corpus: Path, initial: Path | None, out: Path) -> None:
    """Build the base that ``spec`` names.

    Args:
        spec: ``base`` ({name: params}), ``encoder`` (the study's shape), ``seed``, ``threads``.
        corpus: corpus folder.
        initial: checkpoint folder of the base that this one starts from, where it starts from one.
        out: checkpoint folder to write, ``run.json`` last.

    Raises:
        RuntimeError: training ended in a non-finite loss; nothing can be built on such a base.
        SourceError: something that it is made from could not be found. A base with the role ``system`` instead leaves
            the reason in its record: it is a row of a table, and nothing else in the study depends on it.
    """
    torch.set_num_threads(spec["threads"])
    shape = registry.parameters(bert, spec["encoder"]["bert"])
    ((kind, given),) = spec["base"].items()
    module = registry.get("bases", kind)
    materials = Materials(corpus, shape, initial, out / "state", spec)
    try:
        encoder, record = module.build(registry.parameters(module, given), materials)
    except SourceError as error:
        if spec.get("role") != "system":
            raise
        (out / "model.safetensors").unlink(missing_ok=True)
        _write_record(out, spec, {"status": "failed", "reason": str(error)})
        return
    if record.get("failure"):
        raise RuntimeError(
            f"base {kind}: {record['failure']['reason']}; lower the learning rate or lengthen the warm-up"
        )
    if isinstance(encoder, StaticEncoder):
        static.save(out, encoder)
    else:
        checkpoint.save(out, encoder)
    _write_record(out, spec, record)
    shutil.rmtree(out / "state", ignore_errors=True)


def _write_record(out: Path, spec: dict[str, Any], record: dict[str, Any]) -> None:
    """``history.csv``, empty where nothing was trained, and ``run.json``."""
    write_table(out / "history.csv", record.pop("history", []), ["step", "loss", "perplexity", "gradient_norm"])
    write_run(out, spec, **record)
