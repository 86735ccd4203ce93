"""A ready process is like one of its own: arguments, folder, environment, streams, exit status and signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow
PROGRAM = """
import json, os, signal, sys
told = {"arguments": sys.argv[1:], "folder": os.getcwd(), "given": os.environ.get("GIVEN"), "input": sys.stdin.read()}
print(json.dumps(told | {"name": __name__, "modules": sys.path[:2], "torch": "torch" in sys.modules}), flush=True)
print("aside", file=sys.stderr)
if sys.argv[1] == "wait":
    print("waiting", flush=True)
    signal.pause()
sys.exit(int(sys.argv[1]))
"""


def call(python: Path | str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GIVEN": "an environment", "PYTHONPATH": str(folder)}
    command = [str(python), "-m", "program", *arguments]
    return subprocess.run(command, cwd=folder.parent, env=environment, input="text", capture_output=True, text=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/program.py").write_text(PROGRAM)
    return tmp_path / "modules"


@pytest.mark.parametrize("status", [0, 7])
def test_a_command_sees_and_says_what_a_process_of_its_own_does(ready: Path, folder: Path, status: int) -> None:
    own, forked = (call(python, folder, str(status), "a b") for python in (sys.executable, ready / "python"))
    assert forked.returncode == own.returncode == status and forked.stderr == own.stderr == "aside\n"
    told = json.loads(forked.stdout)
    assert told.pop("torch") and told == {k: v for k, v in json.loads(own.stdout).items() if k != "torch"}
    assert told["input"] == "text" and told["arguments"] == [str(status), "a b"]


def test_a_signal_reaches_the_command_and_its_end_the_caller(ready: Path, folder: Path) -> None:
    command = [str(ready / "python"), "-m", "program", "wait"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() and process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == -signal.SIGTERM


def test_other_calls_of_python_have_a_process_of_their_own(ready: Path) -> None:
    command = [str(ready / "python"), "-c", "import sys; print('torch' in sys.modules)"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "False\n"
