"""Python processes that have the libraries imported already: importing torch and transformers takes longer than a job.

A server imports what jobs import, the program itself excepted, and forks for every command that a test's pipeline
calls. The fork has the caller's arguments, folder, environment and streams, and the caller gets its exit status and
hands signals on, so all of the program's own code runs as in a process of its own.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMANDS = ("python", "infoviews", "snakemake", "dvc")
MODULES = (
    *("snakemake.cli", "snakemake.api", "snakemake.report", "dvc.cli", "dvc.repo", "torch._dynamo", "transformers"),
    *("transformers.models.bert.modeling_bert", "transformers.models.auto.modeling_auto", "transformers.masking_utils"),
    *("transformers.tokenization_utils_tokenizers", "transformers.models.xlnet.modeling_xlnet"),
    *("transformers.models.gpt2.modeling_gpt2", "tokenizers", "safetensors.torch", "pandas", "pyarrow.parquet"),
    *("sklearn.linear_model", "sklearn.covariance", "sklearn.decomposition", "sklearn.feature_extraction.text"),
    *("scipy.stats", "scipy.sparse.linalg", "scipy.interpolate", "statsmodels.formula.api", "matplotlib.pyplot"),
    *("gensim.models", "datasketch", "nupunkt", "nltk", "HanTa.HanoverTagger", "jinja2", "jsonschema", "rich.progress"),
    *("sentencepiece", "typer"),
)


@contextmanager
def serving() -> Iterator[Path]:
    """A folder of commands, for the PATH, that a server of its own runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        client = Path(__file__).with_name("ready_client.py").read_text(encoding="utf-8")
        for command in COMMANDS:
            (folder / command).write_text(f"#!{sys.executable} -IS\n{client}", encoding="utf-8")
            (folder / command).chmod(0o755)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        command = [sys.executable, __file__, str(folder)]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None and server.stdout.readline(), "the server did not start"
            yield folder


def serve(folder: Path, paths: list[str]) -> None:
    """Fork for every caller until the standard input ends; returns in the server and in every command's process."""
    for module in MODULES:
        importlib.import_module(module)
    gc.freeze()
    # Python 3.12 warns of forks beside any thread; the one here is pyarrow's allocator's, which is made for forks.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "socket"))
        door.listen()
        print(flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            link, _ = door.accept()
            with link:
                if os.fork():
                    continue
                door.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                answer(link, folder, paths)


def answer(link: socket.socket, folder: Path, paths: list[str]) -> None:
    """Run one caller's command in a further fork, and tell the caller its process id and how it ended."""
    _, streams, *_ = socket.recv_fds(link, 1, 3)
    with link.makefile() as orders:
        order = json.load(orders)
    process = os.fork()
    if process == 0:
        link.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        run(order, folder, paths)
    for stream in streams:
        os.close(stream)
    link.sendall(f"{process}\n".encode())
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    link.sendall(f"{status}\n".encode())
    os._exit(0)


def run(order: dict, folder: Path, paths: list[str]) -> None:
    """Become the caller's command; ends with SystemExit."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    own = os.environ.get("PYTHONPATH")
    name, arguments = order["name"], order["arguments"]
    sys.path[:] = [
        order["folder"] if name == "python" else str(folder),
        *(own.split(os.pathsep) if own else ()),
        *paths,
    ]
    sys.executable = str(folder / "python")
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    if name == "python":
        _, module, *rest = arguments
        sys.argv[:] = [module, *rest]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        sys.exit()
    sys.argv[:] = [str(folder / name), *arguments]
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name=name)
    sys.exit(entry.load()())


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.path[1:])
