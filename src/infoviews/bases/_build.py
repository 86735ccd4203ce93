"""Make one base encoder and write its checkpoint folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch

from infoviews import registry
from infoviews.bases._materials import Materials
from infoviews.encoders import bert, checkpoint, static
from infoviews.encoders.static import StaticEncoder
from infoviews.files import write_table
from infoviews.provenance import write_run
from infoviews.training import state


def build(spec: dict[str, Any], corpus: Path, initial: Path | None, out: Path) -> None:
    """Build the base that ``spec`` names.

    Args:
        spec: ``base`` ({name: params}), ``encoder`` (the study's shape), ``seed``, ``threads``.
        corpus: corpus folder.
        initial: checkpoint folder of the base that this one starts from, where it starts from one.
        out: checkpoint folder to write, ``run.json`` last.

    Raises:
        RuntimeError: training ended in a non-finite loss; nothing can be built on such a base.
    """
    torch.set_num_threads(spec["threads"])
    shape = registry.parameters(bert, spec["encoder"]["bert"])
    ((kind, given),) = spec["base"].items()
    module = registry.get("bases", kind)
    materials = Materials(corpus, shape, initial, out / "state", state.digest(spec), spec["seed"])
    encoder, record = module.build(registry.parameters(module, given), materials)
    if record.get("failure"):
        raise RuntimeError(f"base {kind}: {record['failure']['reason']}; lower the rate or raise the warm-up")
    if isinstance(encoder, StaticEncoder):
        static.save(out, encoder)
    else:
        checkpoint.save(out, encoder)
    write_table(out / "history.csv", record.pop("history", []), ["step", "loss", "perplexity", "gradient_norm"])
    write_run(out, spec, **record)
    shutil.rmtree(out / "state", ignore_errors=True)
