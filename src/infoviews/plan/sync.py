"""Spec files in step with params.yaml: one a job, made where they are needed; git keeps a digest of each.

Snakemake compares times of files, so a spec file is rewritten only when its content changes. A file that is made anew
with the content that git remembers, as in a fresh clone, takes the time of git's record: it is no change.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from infoviews.files import digest_of, read_json, write_json, write_text
from infoviews.plan.params import study_of
from infoviews.plan.specs import resolve

ROOT = Path("data/specs")


def sync(config: dict[str, Any], root: Path = ROOT) -> list[Path]:
    """Bring the chosen study's spec files and their record, ``<study>.json``, up to date.

    Returns:
        The spec files that were written.

    Raises:
        ValueError: a parameter of a changed spec is unknown, missing or out of range; the message says where.
    """
    record = root / f"{config['study']}.json"
    known = read_json(record) if record.is_file() else {}
    texts = {name: text_of(spec) for name, spec in resolve(config)}
    digests = {name: digest_of(text) for name, text in texts.items()}
    if digests != known:  # importing every module costs seconds, so values are only checked when something is new
        from infoviews.plan import values

        values.check(f"params.yaml: studies.{config['study']}", study_of(config))
    written = []
    for name, text in texts.items():
        path = root / config["study"] / f"{name}.json"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
            written.append(path)
            if known.get(name) == digests[name]:
                os.utime(path, (record.stat().st_atime, record.stat().st_mtime))
    if digests != known:
        write_json(record, digests)
    return written


def text_of(spec: dict[str, Any]) -> str:
    """Text of a spec file."""
    return json.dumps(spec, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def prune(config: dict[str, Any], data: Path = Path("data"), root: Path = ROOT) -> list[Path]:
    """Remove results and specs of settings, bases and cells that params.yaml no longer names; returns what went."""
    study = config["study"]
    named = {name for name, _ in resolve(config)}
    specs = (root / study).rglob("*.json")
    gone = [spec for spec in specs if spec.relative_to(root / study).with_suffix("").as_posix() not in named]
    phases = {"views": ["views"], "base": ["base"], "checkpoints": ["pretrain"], "information": ["information"]}
    for folder, known in (phases | {"transfer": ["base", "pretrain"]}).items():
        results = (data / study / folder).glob("*")
        gone += [r for r in results if not {f"{phase}/{r.name.removesuffix('.json')}" for phase in known} & named]
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return sorted(gone)
