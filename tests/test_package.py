"""What is installed by `pip install .`: all that its code needs, its files, and one version everywhere."""

from __future__ import annotations

import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

import infoviews

PACKAGE = Path(infoviews.__file__).parent
TOP = PACKAGE.parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
NAMES = {"sklearn": "scikit-learn", "yaml": "pyyaml", "PIL": "pillow", "markupsafe": "jinja2"}
"""Modules whose packages have another name, or come with another."""

ASKED = {"sentence_transformers", "tensorboard", "accelerate"}
"""Packages that a reader installs for one feature; without them that feature says so."""


def third_party() -> set[str]:
    """Names of all modules of other packages that the code imports anywhere."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"infoviews"}


def test_code_imports_core_dependencies_alone() -> None:
    """Neither Snakemake nor DVC: a wheel serves the recipes without them."""
    core = {re.split(r"[<>=~\[]", name)[0].lower() for name in PROJECT["project"]["dependencies"]}
    needed = {NAMES.get(name, name).lower() for name in third_party() - ASKED}
    assert needed - core == set()
    assert not {"snakemake", "dvc"} & core


def test_files_beside_the_code_are_in_the_wheel() -> None:
    given = PROJECT["tool"]["setuptools"]["package-data"]
    patterns = [f"{package.replace('.', '/')}/{pattern}" for package, found in given.items() for pattern in found]
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    left_out = [
        str(path)
        for path in files
        if not any(fnmatch.fnmatch(path.relative_to(PACKAGE.parent).as_posix(), pattern) for pattern in patterns)
    ]
    assert left_out == []


def test_versions_and_licences_agree() -> None:
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text("utf-8"))
    version, licence = PROJECT["project"]["version"], PROJECT["project"]["license"]
    assert citation["version"] == infoviews.__version__ == version
    assert citation["license"] == licence
    assert f"## {version}" in (TOP / "docs/changelog.md").read_text("utf-8")


def test_the_citation_is_complete() -> None:
    """What the schema of the Citation File Format 1.2.0 requires; `make docs` validates the file by the schema."""
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software" and citation["authors"]
    for reference in citation["references"]:
        assert {"type", "title", "authors"} <= set(reference) and all(reference["authors"])


def test_attention_is_not_built_anew_for_every_shape_of_a_batch() -> None:
    """torch looks at the variable only once, so it must be there before torch is."""
    script = (
        "import os; os.environ.pop('TORCH_CUDNN_SDPA_DEPRIORITIZED', None); import sys; sys.argv = ['x', '--help']\n"
    )
    script += "from infoviews.__main__ import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    script += "print(os.environ['TORCH_CUDNN_SDPA_DEPRIORITIZED'], 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "1 False"
