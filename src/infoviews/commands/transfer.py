"""Score one checkpoint on the transfer tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="JSON with the protocol, its parameters, the task names and the seed")],
    checkpoint: Annotated[Path, typer.Option(help="checkpoint folder")],
    tasks: Annotated[Path, typer.Option(help="folder made by the tasks stage")],
    out: Annotated[Path, typer.Option(help="JSON file to write")],
    checkpoint_spec: Annotated[Path, typer.Option(help="spec that the checkpoint must have been made from")],
) -> None:
    from infoviews.files import read_json
    from infoviews.provenance import verify
    from infoviews.seals import write_record
    from infoviews.transfer.evaluate import evaluate

    made = verify(checkpoint, checkpoint_spec)
    if made["status"] == "failed":
        write_record(out, {"status": "failed", "reason": made["reason"]})
        return
    from infoviews.encoders.checkpoint import load

    given = read_json(spec)["transfer"]
    result = evaluate(
        load(checkpoint).encode,
        tasks,
        given["names"],
        given["protocol"],
        given.get("params"),
        given.get("seed", 0),
    )
    write_record(out, {"status": "finished", **result})
