"""Score any embeddings on SentEval: arrays, a checkpoint (ours, transformers, sentence-transformers) or a control."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infoviews.contracts import Encode

CONTROLS = ("bag-of-words", "random-projection", "random-transformer")


def run(
    tasks: Annotated[Path, typer.Option(help="folder of task files; missing ones are fetched into it")],
    out: Annotated[Path, typer.Option(help="JSON file to write; a table is written next to it as .md")],
    embeddings: Annotated[Path | None, typer.Option(help="FOLDER/<task>/<part>[.1|.2].npy, rows in file order")] = None,
    checkpoint: Annotated[
        str | None,
        typer.Option(help="folder or hub name of an encoder; a skip-gram average is the base of that name of a study"),
    ] = None,
    control: Annotated[str | None, typer.Option(help=f"one of {', '.join(CONTROLS)}")] = None,
    names: Annotated[
        str | None,
        typer.Option(help="tasks parted by commas; by default those of the folder, or the literature's seven"),
    ] = None,
    protocol: Annotated[str, typer.Option(help="converged, or senteval")] = "converged",
    configuration: Annotated[
        str | None, typer.Option(help="of protocol senteval: default, or prototyping five times faster")
    ] = None,
    seed: Annotated[int, typer.Option(help="of the bootstrap over test examples")] = 0,
    pooling: Annotated[
        str | None, typer.Option(help="cls, mean, max, pooler, …: of a plain transformers folder")
    ] = None,
    mteb: Annotated[
        Path | None, typer.Option(help="folder for STS12 to STS16 as mteb writes them, one JSON file a task")
    ] = None,
) -> None:
    from infoviews.files import write_json, write_text
    from infoviews.sources import mirror_from_environment
    from infoviews.transfer.arrays import load_embedded
    from infoviews.transfer.embed import encode_tasks
    from infoviews.transfer.evaluate import report, resolve
    from infoviews.transfer.fetch import fetch_missing, held, read_task
    from infoviews.transfer.mteb import results
    from infoviews.transfer.published import comparison
    from infoviews.transfer.score import SEVEN
    from infoviews.transfer.table import markdown

    wanted = held(tasks) or list(SEVEN) if names is None else [name.strip() for name in names.split(",")]
    given = [what for what in (embeddings, checkpoint, control) if what is not None]
    if len(given) != 1 and not (control == "random-transformer" and checkpoint and embeddings is None):
        raise ValueError("give one of --embeddings, --checkpoint and --control (random-transformer needs --checkpoint)")
    if pooling is not None and checkpoint is None:
        raise ValueError("--pooling says how a --checkpoint is pooled; give one")
    params = {} if configuration is None else {"configuration": configuration}
    resolve(protocol, params)  # before anything is fetched or encoded
    fetch_missing(wanted, tasks, mirror_from_environment())
    if embeddings is not None:
        embedded = load_embedded(embeddings, tasks, wanted)
    else:
        encode = _encoder(checkpoint, control, pooling)
        embedded = encode_tasks(encode, {name: read_task(tasks, name) for name in wanted})
    result = report(embedded, protocol, params, seed)
    write_json(out, result)
    for task, scores in ({} if mteb is None else results(result)).items():
        write_json(Path(str(mteb)) / f"{task}.json", scores)
    name = control or Path(str(checkpoint or embeddings)).name
    table = markdown(result) + ("\n" + comparison(result, name) if result["averages"]["seven"] else "")
    write_text(out.with_suffix(".md"), table)
    typer.echo(table)


def _encoder(checkpoint: str | None, control: str | None, pooling: str | None) -> Encode:
    from infoviews.transfer import controls

    if control == "bag-of-words":
        return controls.bag_of_words
    if control == "random-projection":
        return controls.random_projection()
    from infoviews.encoders.checkpoint import load

    if control is not None and control != "random-transformer":
        raise KeyError(f"no control named {control!r}; known: {', '.join(CONTROLS)}")
    if checkpoint is None:
        raise ValueError("--control random-transformer takes its shape from --checkpoint; give one")
    encoder = load(checkpoint, pooling=pooling)
    return (controls.reinitialised(encoder) if control else encoder).encode
