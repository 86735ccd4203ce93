"""Mutate params.yaml: each mutation must end in one line at plan time, or in a study that runs to its report.

The studies are those of ``params.fuzz.yaml``. Every mutation has a process of its own, in which all commands of the
workflow run one after another as Snakemake would call them, on a copy of the finished unmutated study, so that only
what the mutation changes is made anew. Needs INFOVIEWS_MIRROR for what real text asks for.
"""

from __future__ import annotations

import argparse
import copy
import multiprocessing
import os
import random
import shutil
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from harness import called, read
from infoviews import registry
from infoviews.files import write_table
from infoviews.plan import params, sync
from infoviews.sources import SourceError
from study import make, warm

HERE = Path(__file__).parent
SCHEMA = HERE.parent / "workflow/schemas/params.schema.yaml"
COLUMNS = ["number", "study", "where", "mutation", "outcome", "message"]
GOOD = ("refused", "runs", "asks for data")
STILL = "still running"
"""A mutation may ask for a million steps: neither good nor bad, and counted apart."""

NUMBERS = [0, -1, 1, 2, 10**6, 0.5, -0.5, 1.5, float("nan"), float("inf"), "1e-3", "1e2", "many", None, True, [1], {}]
TEXTS = ["", "1e-3", "../x", "No Such Name", None, 3, [], {"a": 1}, "mean", "all"]
CONCEPTS = {
    "critic": "critics",
    "contrast": "contrasts",
    "additions": "additions",
    "family": "views",
    "bound": "objectives",
    "objective": "objectives",
    "encoder": "encoders.architectures",
    "source": "corpus.sources",
    "protocol": "transfer.protocols",
    "names": "systems",
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def mutated(study: dict[str, Any], draw: random.Random) -> tuple[dict[str, Any], str, str]:
    """A study with one value, key or module changed; where, and how."""
    study = copy.deepcopy(study)
    *parents, last = draw.choice(list(places(study)))
    holder = study
    for key in parents:
        holder = holder[key]
    value, where = holder[last], ".".join(map(str, [*parents, last]))
    kinds = ["value", "value", "value", "drop"]
    if isinstance(holder, dict):
        kinds += ["misspell", "unknown"]
        kinds += ["module"] * 3 if any(key in CONCEPTS for key in (last, *parents[-1:])) else []
    kind = draw.choice(kinds)
    if kind == "drop":
        del holder[last]
        return study, where, "left out"
    if kind == "misspell":
        name = str(last)[:-1] if len(str(last)) > 2 else f"{last}x"
        holder[name] = holder.pop(last)
        return study, where, f"key written {name}"
    if kind == "unknown":
        holder["other"] = value
        return study, where, "a key 'other' beside it"
    if kind == "module":
        concept = CONCEPTS[last if last in CONCEPTS else parents[-1]]
        name = draw.choice(registry.names(concept))
        if isinstance(value, str):
            holder[last] = name
        elif last in CONCEPTS:
            holder[last] = {name: {}}
        else:
            holder[name] = holder.pop(last)
        return study, where, f"module {name}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        new = draw.choice([*NUMBERS, value * 2, value * 10, value / 10, float(value), -value])
    elif isinstance(value, str):
        new = draw.choice([*TEXTS, value[:-1], value.upper()])
    elif isinstance(value, list):
        new = draw.choice([[], value * 2, value[:1], value[:-1], None, "all", [None], [value]])
    else:
        new = draw.choice([None, [], {}, "text", 1, not value])
    holder[last] = new
    return study, where, f"{value!r} → {new!r}"[:60]


def outcome(study: dict[str, Any], name: str, finished: Path | None, folder: Path) -> tuple[str, str]:
    """Plan the study in ``folder`` and, where that is possible, run it."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    (folder / "params.yaml").write_text(yaml.safe_dump({"study": name, "studies": {name: study}}, sort_keys=False))
    try:
        params.refuse_repeats(folder / "params.yaml")
        config = yaml.safe_load((folder / "params.yaml").read_text())
        params.validate(config, SCHEMA)
        sync.sync(config, Path("data/specs"))
    except (ValueError, KeyError) as error:
        text = str(error.args[0])
        return ("refused", text) if "\n" not in text.strip() else ("several lines at plan time", text)
    except Exception:
        return "traceback at plan time", traceback.format_exc().strip().splitlines()[-1]
    if finished is not None:
        shutil.copytree(finished, Path("data") / name, dirs_exist_ok=True)
    try:
        failed = make(config)
    except SourceError as error:
        return "asks for data", str(error)
    except (ValueError, KeyError, OSError, RuntimeError, FloatingPointError) as error:
        return "late failure", str(error.args[0] if error.args else error)
    except Exception:
        return "late traceback", traceback.format_exc().strip().splitlines()[-1]
    return "runs", f"{failed} cells ended in a loss that is not finite" if failed else ""


def _child(send: Any, *given: Any) -> None:
    with open(os.devnull, "w") as quiet:
        os.dup2(quiet.fileno(), 1)
        os.dup2(quiet.fileno(), 2)
    send.send(outcome(*given))


def apart(limit: float, *given: Any) -> tuple[str, str]:
    """``outcome`` in a process of its own, ended after ``limit`` seconds."""
    context = multiprocessing.get_context("fork")  # of a parent that has all modules, and no threads of its own
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(send, *given))
    process.start()
    send.close()
    try:
        found = receive.recv() if receive.poll(limit) else (STILL, f"stopped after {limit:.0f} s")
    except EOFError:
        found = ("process died", "")
    process.kill()
    process.join()
    return found


def page(rows: list[dict[str, str]], command: str) -> str:
    """What happened to how many, and each mutation that did not end as it must."""
    counts = Counter(row["outcome"] for row in rows)
    good = sum(counts[name] for name in GOOD)
    lines = [
        "# Mutations of params.yaml",
        "",
        f"`{command}`: {len(rows)} mutations, {good} of which ended as they must: in one line before anything was "
        "computed, in a study that ran to its report, or in the names of the files that it asks for.",
        "",
        "Studies are those of `benchmarks/params.fuzz.yaml`, at the smallest sizes; all commands ran in one process.",
        "",
        "| outcome | mutations |",
        "| --- | ---: |",
        *(f"| {name} | {count} |" for name, count in counts.most_common()),
    ]
    bad = [row for row in rows if row["outcome"] not in (*GOOD, STILL)]
    if bad:
        lines += ["", "| study | where | mutation | outcome | message |", "| --- | --- | --- | --- | --- |"]
        cells = [[row[key].replace("|", "/") for key in COLUMNS[1:]] for row in bad]
        lines += [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300, help="longest run of one mutation")
    parser.add_argument("--out", default="reports/benchmarks/fuzz_params", help="of this, .csv and .md")
    parser.add_argument("--work", type=Path, default=Path("data/fuzz"), help="folder for the studies")
    given = parser.parse_args()
    out, work = Path(given.out).resolve(), given.work.resolve()
    warm(sorted({*CONCEPTS.values(), "bases", "transfer.tasks"}))
    studies = yaml.safe_load((HERE / "params.fuzz.yaml").read_text(encoding="utf-8"))["studies"]
    for name, study in studies.items():
        if not (work / "finished" / name / "data" / name / "done").is_file():
            found = apart(3600, study, name, None, work / "finished" / name)
            assert found[0] == "runs", found
            (work / "finished" / name / "data" / name / "done").touch()
    draw = random.Random(given.seed)
    rows = read(out.with_suffix(".csv")) if out.with_suffix(".csv").is_file() else []
    for number in range(given.mutations):
        name = draw.choice(list(studies))
        study, where, how = mutated(studies[name], draw)
        if number < len(rows):  # of a run that was broken off
            continue
        folder = work / "mutated"
        shutil.rmtree(folder, ignore_errors=True)
        ended, message = apart(given.seconds, study, name, work / "finished" / name / "data" / name, folder)
        values = (number, name, where, how, ended, message[:300].replace("\n", " "))
        rows.append(dict(zip(COLUMNS, map(str, values), strict=True)))
        print(*values, sep=" | ", flush=True)
        write_table(out.with_suffix(".csv"), rows, COLUMNS)
    out.with_suffix(".md").write_text(page(rows, called(parser, given)), encoding="utf-8")


if __name__ == "__main__":
    main()
