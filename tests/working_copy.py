"""A copy of the repository with the tiny study, in a git repository of its own, and the commands given in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = Path(sys.executable).parent
PARTS = ("Snakefile", "dvc.yaml", "workflow", "profiles", "src", ".dvcignore", ".gitignore")


@dataclass(frozen=True)
class Project:
    """A working copy and the commands that a user gives in it, which lie in ``tools``."""

    folder: Path
    tools: Path = TOOLS

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command; its output and errors together."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "src"),
            "PATH": os.pathsep.join(map(str, [self.tools, TOOLS, os.environ["PATH"]])),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if check and done.returncode:
            logs = "".join(
                f"\n{p}: {p.read_text()[-800:]}" for p in sorted(self.folder.glob("logs/**/*.log")) if p.stat().st_size
            )
            raise AssertionError(
                f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-4000:]}{logs[-4000:]}"
            )
        return done.stdout

    def snakemake(self, *arguments: str, check: bool = True) -> str:
        """``snakemake --cores 2 --use-conda`` with further arguments."""
        return self.run("snakemake", "--cores", "2", "--use-conda", *arguments, check=check)

    def planned(self, *arguments: str) -> dict[str, int]:
        """Jobs that a call would run: rule → number."""
        output = self.snakemake("--dry-run", *arguments)
        table = output.partition("Job stats:")[2].partition("total")[0]
        return {
            rule: int(count) for rule, count in re.findall(r"^(\w+)\s+(\d+)$", table, re.MULTILINE) if rule != "all"
        }

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text that must be there."""
        text = (self.folder / path).read_text()
        assert old in text, f"{old!r} is not in {path}"
        (self.folder / path).write_text(text.replace(old, new))


def make(folder: Path, tools: Path = TOOLS) -> Project:
    """A working copy in ``folder``, which is empty, with commands from ``tools``."""
    for part in PARTS:
        source = ROOT / part
        if source.is_symlink():
            (folder / part).symlink_to(source.readlink())
        elif source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, folder / part)
    shutil.copy(ROOT / "tests/workflow/params.tiny.yaml", folder / "params.yaml")
    made = Project(folder, tools)
    made.run("git", "init", "--quiet")
    made.run("dvc", "init", "--quiet")
    made.run("dvc", "config", "core.analytics", "false")
    return made
