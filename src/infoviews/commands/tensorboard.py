"""Write the training histories of a study's cells as TensorBoard reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    study: Annotated[Path, typer.Argument(help="Folder of the study's stages, such as data/quick.")],
    out: Annotated[Path, typer.Option(help="Folder to write to; tensorboard --logdir shows it.")],
    cells: Annotated[str, typer.Option(help="Pattern of the cells' names, such as 'infonce__*'.")] = "*",
) -> None:
    """One run a cell, one scalar a column of its history.csv: loss, bound (nats), and what else was recorded."""
    from infoviews.analysis.evidence.records import history

    found = sorted(path.name for path in (study / "checkpoints").glob(cells) if path.is_dir())
    if not found:
        raise FileNotFoundError(f"{study / 'checkpoints' / cells}: no such cells; give the folder of a study with some")
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise RuntimeError("the package tensorboard is not installed; run: pip install tensorboard") from None
    for name in found:
        with SummaryWriter(str(out / name)) as writer:
            for row in history(study, name).to_dict("records"):
                for column in row.keys() - {"step"}:
                    writer.add_scalar(column, row[column], int(row["step"]))
    typer.echo(f"{len(found)} histories in {out}; to see them: tensorboard --logdir {out}")
