"""How a benchmark was called, for the page that it writes."""

from __future__ import annotations

import argparse


def called(script: str, parser: argparse.ArgumentParser, given: argparse.Namespace) -> str:
    """The command line, with the options that were not left as they are."""
    changed = [f"--{name} {value}" for name, value in vars(given).items() if value != parser.get_default(name)]
    return " ".join([f"python benchmarks/{script}.py", *changed])
