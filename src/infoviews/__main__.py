"""The command line: every module of ``infoviews.commands`` is a command of the same name."""

from __future__ import annotations

import importlib
import logging
import os
import sys

import typer

from infoviews import registry

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How much should two views of a text share?",
)
for _name in registry.names("commands"):
    _module = importlib.import_module(f"infoviews.commands.{_name}")
    app.command(_name.replace("_", "-"), help=_module.__doc__)(_module.run)


def main() -> None:
    """Run one command; errors that a user can mend are printed as one line, with exit code 1."""
    os.environ.setdefault("TORCH_CUDNN_SDPA_DEPRIORITIZED", "1")  # cuDNN would take a second for every shape of a batch
    logging.getLogger("gensim").setLevel(logging.WARNING)  # one line a second otherwise
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        app()
    except (ValueError, KeyError, OSError, RuntimeError, FloatingPointError) as error:
        message = error.args[0] if isinstance(error, KeyError) and error.args else error
        sys.exit(f"error: {message}")


if __name__ == "__main__":
    main()
