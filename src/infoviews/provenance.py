"""run.json: what made a result, and the check that a result is the one its spec asks for."""

from __future__ import annotations

import math
import platform
import subprocess
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from infoviews.files import digest_of, json_text, read_json
from infoviews.seals import DamagedResult, check, count, read_record, remedy, seal, write_record

LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "scipy",
    "scikit-learn",
    "gensim",
    "datasets",
    "snakemake",
    "dvc",
)


class StaleResult(RuntimeError):
    """A result on disk was made from another spec than the one that its consumer names."""


def write_run(folder: Path, spec: dict[str, Any], status: str = "finished", **record: Any) -> None:
    """Write ``run.json`` next to a result: name, spec, status, files, parameters, versions, commit, device and time.

    Args:
        folder: the result's folder, where everything else already is.
        spec: the spec that made it, whole.
        status: "finished" or "failed".
        record: what else belongs to the run and may vary (seconds, failure, throughput).
    """
    write_record(
        folder / "run.json",
        {
            "name": folder.name,
            "spec": spec,
            "status": status,
            "files": seal(folder),
            **({"parameters": _parameters(folder)} if status == "finished" else {}),
            "versions": {"python": platform.python_version(), **_versions()},
            "commit": _commit(),
            "machine": {"system": platform.platform(), "processor": platform.machine(), "device": _device()},
            "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            **record,
        },
    )


def read_run(folder: Path) -> dict[str, Any]:
    """The run record of a base or cell.

    Raises:
        DamagedResult: the record is damaged, or is that of another folder.
    """
    path = folder / "run.json"
    record = read_record(path)
    if record.get("name") != folder.name:
        raise DamagedResult(f"{path}: expected name {folder.name}, found {record.get('name')}. {remedy(path)}")
    count(path, "parameters", record.get("parameters", 0))
    return record


def verify(folder: Path, spec_file: Path | None) -> dict[str, Any]:
    """The run record of a whole result, checked against the spec it should have been made from.

    Args:
        folder: the result's folder.
        spec_file: the current spec; ``None`` skips the check (a folder from elsewhere).

    Raises:
        StaleResult: the two differ; the message names the first key that does.
        DamagedResult: as ``read_run``, or a file next to the record is damaged.
    """
    record = read_run(folder)
    check(folder, record["files"])
    if spec_file is not None:
        expected = read_json(spec_file)
        for key in sorted(set(expected) | set(record["spec"])):
            if expected.get(key) != record["spec"].get(key):
                raise StaleResult(
                    f"{folder} was made with {key} = {record['spec'].get(key)!r}, but {spec_file} says "
                    f"{expected.get(key)!r}; run snakemake again to remake it"
                )
    return record


def origin_of(spec: Path) -> str:
    """Digest of a spec file, which a result keeps to say what it was made from."""
    return digest_of(spec.read_text(encoding="utf-8"))


def content_of(record_file: Path, spec: Path | None) -> str:
    """Digest of what a result holds: its files and what they were made from, not when or in how many seconds.

    Args:
        record_file: the result's record.
        spec: the spec file that the result must have been made from; None does not ask.

    Raises:
        DamagedResult: the record is missing or damaged.
        StaleResult: it was made from another spec.
    """
    record = read_record(record_file)
    made_from = record.get("made_from")
    if spec is not None and made_from is not None and made_from["spec"] != origin_of(spec):
        if "spec" in record:
            verify(record_file.parent, spec)  # names the key that differs
        raise StaleResult(f"{record_file} was made from another spec than {spec} is now; run snakemake again")
    files = {**record.get("files", {}), **record.get("elsewhere", {})}  # the same wherever they are
    return digest_of(json_text([made_from, files] if made_from else record))


def check_origin(path: Path, record: dict[str, Any], data: Path) -> None:
    """Compare what a result was made from with what the study holds now.

    Args:
        path: of the result's record, for the message.
        record: the result's record; one that does not say what it was made from passes.
        data: folder of the study.

    Raises:
        DamagedResult: an input has other files, or was itself made from something else.
    """
    for name, stated in record.get("made_from", {}).get("inputs", {}).items():
        source = (data.parent if name.startswith(f"{data.name}/") else data) / name
        if source.is_file() and content_of(source, None) != stated:
            raise DamagedResult(
                f"{path}: expected to be made from {source} as it is now, found another. {remedy(path)}"
            )


def _parameters(folder: Path) -> int:
    """Floating-point numbers that the encoder in a folder is made of, from the headers of its weights.

    Critic and heads are not counted: transfer does without them.
    """
    from safetensors import safe_open

    total = 0
    for file in (folder / "model.safetensors", *folder.glob("*/model.safetensors")):
        if file.is_file():
            with safe_open(file, framework="np") as tensors:
                slices: list[Any] = [tensors.get_slice(key) for key in tensors.keys()]  # noqa: SIM118
                total += sum(math.prod(part.get_shape()) for part in slices if "F" in part.get_dtype())
    return total


def _versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _commit() -> str | None:
    answer = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    return answer.stdout.strip() or None


def _device() -> str:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
