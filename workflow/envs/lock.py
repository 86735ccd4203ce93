"""Write requirements.lock from the installed packages and study.yaml, the conda environment, from the lock."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAD = "# The study's whole environment, pinned. Written by `make lock` from the requirements in pyproject.toml.\n"
ENVIRONMENT = """# The environment of every rule under `--use-conda`; written by `make lock`, pinned as the lock is.
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def normal(name: str) -> str:
    """A package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Freeze, without the local build tag of torch: the same version is a CPU or a CUDA build by platform."""
    command = [sys.executable, "-m", "pip", "freeze", "--exclude-editable", "--exclude", "infoviews"]
    frozen = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    pins = {name: version.split("+")[0] for name, _, version in (line.partition("==") for line in frozen) if version}
    lines = [f"{name}=={version}\n" for name, version in sorted(pins.items(), key=lambda pin: normal(pin[0]))]
    (ROOT / "requirements.lock").write_text(HEAD + "".join(lines))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    by_name = {normal(name): version for name, version in pins.items()}
    direct = [re.split(r"[<>=~]", name)[0] for name in project["dependencies"]]
    text = "".join(f"      - {name}=={by_name[normal(name)]}\n" for name in direct)
    (ROOT / "workflow/envs/study.yaml").write_text(ENVIRONMENT + text)


if __name__ == "__main__":
    main()
