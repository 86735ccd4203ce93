"""The study `real` from end to end on a CPU, with a hundredth of its steps: a proof of the way, not of the answer.

Every view, objective, system and seed of `real` goes through the commands that docs/running.md gives for a GPU on
another machine: corpus here, the middle in a folder elsewhere with an interpreter of its own, the rest and the report
here. Only sizes are changed, as ``shrink`` says. With INFOVIEWS_MIRROR set:

    python benchmarks/rehearsal.py --work build/rehearsal --python /path/to/elsewhere/bin/python
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from harness import OUT, called, machine, options, write
from infoviews.files import read_json, write_text
from infoviews.plan import shards
from infoviews.plan.params import study_of
from infoviews.tables import Table

SNAKEMAKE = ["snakemake", "--cores", "all", "--config", "study=real"]

CARRIED = {
    "views": [
        *("substitute-0.7", "substitute-0.7-dropout-0", "synonyms", "words-letters-tags"),  # nltk and HanTa
        *("entailment", "entailment-dropout-0", "paraphrase", "paraphrase-dropout-0"),  # the mirror
        *("judged-pairs", "entailed-and-contradicted", "five-captions"),
    ],
    "base": ["skipgram", "skip-gram-s0", "skip-gram-s1", "skip-gram-s2"],  # gensim
}
"""What only a machine with more libraries and the mirror can make, and others are made from."""

SCORED = ["cove", "all-minilm-l6-v2"]
"""Published encoders that nothing is made from; they are made and scored here."""


def shrink(study: dict[str, Any]) -> None:
    """Sizes that two cores can do; what there is to do stays whole, but for tasks, of which the smallest three stay."""
    study["tasks"]["names"] = ["trec", "mrpc", "stsb"]
    study["views"]["counts"] = {"train": 2048, "critic": 1024, "heldout": 1024}
    study["encoder"]["bert"] |= {"layers": 1, "width": 48, "heads": 2}
    study["bases"]["skipgram"]["skipgram"]["epochs"] = 1
    study["bases"]["mlm"]["mlm"] |= {"num_steps": 60, "batch_size": 32, "save_every": 30}
    study["pretrain"] |= {"num_steps": 4, "batch_size": 32, "save_every": 4}
    study["information"] |= {"num_steps": 15, "k": 1024, "tokens": {"dimension": 16}}
    study["sweetspot"]["bootstrap"] = 200


def main() -> None:
    parser = options(__doc__, work=Path, python=sys.executable, minutes=10)
    given = parser.parse_args()
    here, there = (given.work.absolute() / name for name in ("here", "there"))
    there.mkdir(parents=True)
    subprocess.run(["git", "clone", "--quiet", ".", here], check=True)
    config = yaml.safe_load((here / "params.yaml").read_text()) | {"study": "real"}
    shrink(config["studies"]["real"])
    write_text(here / "params.yaml", yaml.safe_dump(config, sort_keys=False))
    rows = rehearse(here, there, given)
    write(OUT, "rehearsal", rows, page(rows, here / "data/real", config, called(parser, given)), digits=1)


def rehearse(here: Path, there: Path, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Every command in its place, until elsewhere nothing more can be made; a row a command."""
    rows: list[dict[str, Any]] = []

    def do(folder: Path, *command: str) -> str:
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=environment(folder, given), capture_output=True, text=True)
        with (given.work / "log").open("a") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}\n")
        minutes = (time.perf_counter() - begun) / 60
        rows.append({"where": folder.name, "command": " ".join(command), "minutes": minutes, "status": done.returncode})
        print(rows[-1], flush=True)
        return done.stdout + done.stderr

    do(here, *SNAKEMAKE, "--", "tasks_all", "corpus_all")
    specs = "data/specs/real"
    for phase, names in CARRIED.items():
        do(here, "infoviews", phase, *(f"{specs}/{phase}/{name}.json" for name in names), "--data", "data/real")
    whole = [f"--whole={name}" for names in CARRIED.values() for name in names]
    do(here, "infoviews", "results", "data/real", "../there/made1", *whole)
    for phase in ("base", "transfer"):
        do(here, "infoviews", phase, *(f"{specs}/base/{name}.json" for name in SCORED), "--data", "data/real")
    do(here, "infoviews", "pack", "../there/study.tar")
    do(there, "tar", "xf", "study.tar")
    left = None
    while left != 0:
        do(there, "sh", "elsewhere.sh", str(given.minutes), "--whole", "mlm")
        found = re.search(r"(\d+) of \d+ are still to be made", do(here, "infoviews", "collect", "../there/results"))
        before, left = left, int(found[1]) if found else 0
        if left == before:
            break
    do(here, *SNAKEMAKE)
    do(here, *SNAKEMAKE)
    return rows


def environment(folder: Path, given: argparse.Namespace) -> dict[str, str]:
    """Here this program's tools, the clone's code and the mirror; there another interpreter and none of them."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("INFOVIEWS_", "PYTHON"))}
    if folder.name == "there":
        return plain | {"PYTHON": given.python}
    tools = f"{Path(sys.executable).parent}:{plain['PATH']}"
    mirror = Path(os.environ["INFOVIEWS_MIRROR"]).absolute()
    return plain | {"PATH": tools, "PYTHONPATH": str(folder / "src"), "INFOVIEWS_MIRROR": str(mirror)}


def shortened(command: str) -> str:
    """A command with its first two results of many."""
    words = command.split()
    many = [word for word in words if word.startswith(("data/specs/", "--whole="))]
    shown = [word for word in words if word not in many[2:]]
    return " ".join([*shown, *(["…"] if len(many) > 2 else [])])


def page(rows: list[dict[str, Any]], data: Path, config: dict[str, Any], command: str) -> str:
    """Commands with their times, and what came of every phase."""
    steps = [
        [row["where"], f"`{shortened(row['command'])}`", f"{row['minutes']:.1f}", str(row["status"])] for row in rows
    ]
    made = []
    for phase in shards.SHARDED:
        names = shards.results(study_of(config), phase)
        records = [data / shards.record_of(phase, name) for name in names]
        there = [read_json(record) for record in records if record.is_file()]
        failed = sum(record.get("status") == "failed" for record in there)
        made.append([phase, str(len(names)), str(len(there)), str(failed)])
    return "\n".join(
        [
            "# Rehearsal of `real`",
            "",
            "All views, bases, objectives, systems and seeds of `real`, with a hundredth of the steps, a small encoder "
            "and three tasks, through a folder elsewhere: "
            f"`{command}` on {machine('torch', 'transformers', 'snakemake')}. "
            "It shows that the way is whole; at this size its numbers say nothing.",
            "",
            "What elsewhere has no library or source for is made here first and carried there in `made1`.",
            "",
            Table(["where", "command", "minutes", "status"], steps, left=2).markdown(),
            Table(["phase", "results", "made", "failed"], made).markdown(),
        ]
    )


if __name__ == "__main__":
    main()
