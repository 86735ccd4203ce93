"""Bring the transfer tasks that a spec names: SentEval's files, checked, or those of the synthetic language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help='JSON with {"tasks": {"source": "senteval", "names": [...]}, "seed": …}')],
    out: Annotated[Path, typer.Option(help="folder to fill")],
) -> None:
    from infoviews.files import read_json
    from infoviews.language.tasks import write
    from infoviews.sources import mirror_from_environment
    from infoviews.transfer.fetch import describe, fetch_tasks, get_task

    given = read_json(spec)
    tasks = given["tasks"]
    if tasks["source"] == "language":
        describe(out, [get_task(name) for name in write(out, tasks.get("params", {}), given["seed"])])
    else:
        fetch_tasks(tasks["names"], out, mirror_from_environment())
