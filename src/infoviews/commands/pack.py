"""Pack what another machine needs to make a study's views, bases, cells, transfer and information."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Annotated, Any

import typer

from infoviews.commands import _study


def run(
    out: Annotated[Path, typer.Argument(help="Archive to write: a plain tar.")],
    params: _study.Params = _study.PARAMS,
    study: _study.Name = None,
) -> None:
    """There: ``tar xf ARCHIVE && sh elsewhere.sh MINUTES``. What comes of it is brought back by ``collect``."""
    from infoviews.commands import _travel
    from infoviews.files import replacing
    from infoviews.plan import digest
    from infoviews.plan.sync import ROOT, sync

    config = _study.config_of(params, study)
    sync(config)
    specs, data = ROOT / config["study"], Path("data") / config["study"]
    _write_order(config, specs)
    folders = [specs, data / "corpus", data / "tasks"]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    heavy = out.with_name("study.tar.xz")
    _travel.write(heavy, ((path.as_posix(), path.read_bytes()) for path in files), preset=6)
    source = digest.ROOT.parent
    with replacing(out) as temporary, tarfile.open(temporary, "w") as tar:
        tar.add(source.parent / "workflow/elsewhere.sh", "elsewhere.sh", filter=_travel.plain)
        tar.add(params, "params.yaml", filter=_travel.plain)
        for path in sorted(digest.ROOT.rglob("*.py")):
            tar.add(path, f"src/{path.relative_to(source).as_posix()}", filter=_travel.plain)
        tar.add(heavy, heavy.name, filter=_travel.plain)
    heavy.unlink()
    typer.echo(f"{out}: {out.stat().st_size / 2**20:.1f} MiB")


def _write_order(config: dict[str, Any], specs: Path) -> None:
    """Next to the specs: the order in which each phase goes through them, and the code that they belong to.

    Raises:
        FileNotFoundError: corpus or tasks are missing.
    """
    from infoviews.files import write_json, write_text
    from infoviews.plan import digest, shards
    from infoviews.plan.params import study_of

    name, study = config["study"], study_of(config)
    for needed in (f"data/{name}/corpus/statistics.json", f"data/{name}/tasks/manifest.json"):
        if not Path(needed).is_file():
            command = f"snakemake --cores all --use-conda --config study={name} -- tasks_all corpus_all"
            raise FileNotFoundError(f"{needed}: missing; make it first: {command}")
    for phase in shards.SHARDED:
        paths = [specs / shards.made_from(study, phase, result) for result in shards.results(study, phase)]
        write_text(specs / f"{phase}.txt", "".join(f"{path.as_posix()}\n" for path in paths))
    write_json(specs / "pack.json", {"study": name, "code": digest.of_package()})
