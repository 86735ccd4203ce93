"""Every kind of file of a finished study, damaged in five ways: does what reads it say so, by the file's name?

Copies the study, and for each kind of file flips a bit, cuts the file in half, empties it, puts a sibling's in its
place or removes it, with its time of change kept; then makes again what depends on it, as the pipeline does. Writes
``reports/benchmarks/damage.{md,csv}``. After ``make demo``:

    python benchmarks/damage.py
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from harness import OUT, options, write
from infoviews.files import read_json
from infoviews.tables import Table

READ_BY = {
    "tasks": ("transfer",),
    "corpus": ("views", "base"),
    "views": ("pretrain", "information"),
    "base": ("transfer", "information", "pretrain"),
    "checkpoints": ("transfer",),
    "transfer": ("sweetspot",),
    "information": ("sweetspot",),
    "representation": ("sweetspot",),
    "sweetspot": ("report",),
}
"""Folder of a study → the phases that read it."""

STAGES = ("views.drawing.build", "bases._build", "pretrain.cell", "transfer.evaluate", "information.measure")
STAGES += ("analysis.analyse", "reporting.write")
"""What commands import, imported once before they run in processes that share it."""

RECORDS = {"views": "views/{}/facts.json", "base": "base/{}/run.json", "pretrain": "checkpoints/{}/run.json"}
"""Phase → the record of one of its results, which is removed so that the result is made again."""


def flip(content: bytes, sibling: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


WAYS: dict[str, Callable[[bytes, bytes], bytes | None]] = {
    "flip": flip,
    "truncate": lambda content, sibling: content[: len(content) // 2],
    "empty": lambda content, sibling: b"",
    "swap": lambda content, sibling: sibling,
    "remove": lambda content, sibling: None,
}
"""What becomes of a file; ``None`` stands for no file."""


def kinds(study: Path) -> Iterator[tuple[Path, Path]]:
    """One file of each kind with a sibling of other content: of the same kind, or else any other of its folder."""
    for folder in READ_BY:
        files = sorted(path for path in (study / folder).rglob("*") if path.is_file() and path.stat().st_size)
        seen = set()
        for path in files:
            alike = [other for other in files if kind(other, study) == kind(path, study)]
            others = [other for other in [*alike, *files] if other.read_bytes() != path.read_bytes()]
            if kind(path, study) not in seen and others:
                seen.add(kind(path, study))
                yield path, others[0]


def kind(path: Path, study: Path) -> str:
    """What files of the same kind have in common: their place below the folder of a result."""
    folder, *below = path.relative_to(study).parts
    if folder in ("views", "base", "checkpoints"):
        return "/".join(below[1:])
    return path.suffix if folder in ("transfer", "information") else "/".join(below)


def commands(path: Path, study: Path, specs: Path) -> Iterator[tuple[str, list[str], list[Path]]]:
    """Phase, command and the record to remove before it, for one result of each phase that reads a file."""
    folder, name, *_ = path.relative_to(study).with_suffix("").parts
    for phase in ("representation",) if path.name == "sentences.txt" else READ_BY[folder]:
        if phase in ("representation", "sweetspot", "report"):
            out = Path("reports") / study.name if phase == "report" else study / phase
            yield phase, [phase, "--spec", f"{specs}/{phase}.json", "--data", str(study), "--out", str(out)], []
            continue
        made = "pretrain" if folder == "checkpoints" else "base" if phase == "transfer" else phase
        for spec in sorted((specs / made).glob("*.json")):
            given = read_json(spec)
            features = given.get("information", {}).get("features", [])
            if folder in ("tasks", "corpus") or name in (
                spec.stem,
                given.get("setting"),
                given.get("start"),
                *features,
            ):
                record = study / RECORDS.get(phase, phase + "/{}.json").format(spec.stem)
                yield phase, [phase, str(spec), "--data", str(study)], [record]
                break


def run(arguments: list[str], folder: Path, out: Any) -> None:
    """In a process of its own, one command as a user gives it: its exit status, and all that it writes."""
    from infoviews.__main__ import main

    os.chdir(folder)
    sys.argv, told = ["infoviews", *arguments], io.StringIO()
    status: Any = 0
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            main()
        except SystemExit as end:
            status = end.code
        except BaseException:  # a traceback that a user would see
            status = traceback.format_exc()
    out.put((status, told.getvalue()))


def outcome(arguments: list[str], folder: Path) -> tuple[str, bool]:
    """What a command said, and whether it ended as if nothing were wrong."""
    context = get_context("fork")  # after the libraries were imported: a few hundredths of a second each
    queue = context.SimpleQueue()
    process = context.Process(target=run, args=(arguments, folder, queue))
    process.start()
    status, told = queue.get()
    process.join()
    return f"{told}\n{status if isinstance(status, str) else ''}", status in (0, None)


def damage(folder: Path, study: Path, specs: Path) -> Iterator[dict[str, Any]]:
    """One row for each file, way and phase that reads it."""
    for path, sibling in kinds(folder / study):
        name, times, whole = path.relative_to(folder / study), path.stat(), path.read_bytes()
        for way, change in WAYS.items():
            for phase, arguments, results in commands(path, folder / study, folder / specs):
                put(path, change(whole, sibling.read_bytes()), times)
                with set_aside(results):
                    told, passed = outcome(arguments, folder)
                put(path, whole, times)
                if passed:  # results were made from what is wrong
                    shutil.rmtree(folder / study)
                    shutil.copytree(study, folder / study)
                lines = [line for line in told.splitlines() if str(name) in line]
                row = {"file": str(name), "way": way, "read_by": phase, "noticed": bool(lines) or not passed}
                row |= {"named": bool(lines), "traceback": "Traceback" in told}
                told = lines[-1] if lines else told.strip()[-200:]
                yield row | {"message": told.replace(f"{folder}/", "").removeprefix("error: ")}


def put(path: Path, content: bytes | None, times: os.stat_result) -> None:
    """Write or remove a file and keep its time of change."""
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@contextlib.contextmanager
def set_aside(results: list[Path]) -> Iterator[None]:
    """Without these records, and with them again afterwards."""
    kept = {path: path.read_bytes() for path in results if path.is_file()}
    for path in kept:
        path.unlink()
    yield
    for path, content in kept.items():
        path.write_bytes(content)


def page(table: pd.DataFrame) -> str:
    """The numbers for each folder and way."""
    grouped = table.assign(folder=table["file"].str.partition("/")[0]).groupby(["folder", "way"], sort=False)
    rows = [
        [folder, way, len(one), int(one["noticed"].sum()), int(one["named"].sum()), int(one["traceback"].sum())]
        for (folder, way), one in grouped
    ]
    rows.append(["all", "all", *(len(table), *(int(table[c].sum()) for c in ("noticed", "named", "traceback")))])
    text = (
        "# Damaged files\n\nEvery kind of file of a finished study, damaged in five ways with its time of change kept, "
        "and what reads it run again (`python benchmarks/damage.py`; each case is a row of `damage.csv`).\n\n"
    )
    return (
        text
        + Table(
            ["folder", "way", "cases", "noticed", "named", "tracebacks"], [list(map(str, row)) for row in rows], left=2
        ).markdown()
    )


def main() -> None:
    given = options(__doc__, study=Path("data/demo"), out=OUT).parse_args()
    for name in STAGES:
        importlib.import_module(f"infoviews.{name}")
    specs, rows = given.study.parent / "specs" / given.study.name, []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        for part in (given.study, specs):
            shutil.copytree(part, folder / part)
        for row in damage(folder, given.study, specs):
            rows.append(row)
            print(*(row[key] for key in ("file", "way", "read_by", "noticed", "named", "traceback")), flush=True)
    write(given.out, "damage", rows, page(pd.DataFrame(rows)))


if __name__ == "__main__":
    main()
