"""A command that a ``ready_server`` runs: ``python -m``, ``snakemake`` or ``dvc`` without the wait for its imports.

Its copies in the server's folder are named after the commands they stand for and start without site-packages.
"""

import json
import os
import signal
import socket
import sys

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
if name == "python" and arguments[:1] != ["-m"]:
    os.execv(sys.executable, [sys.executable, *arguments])
with socket.socket(socket.AF_UNIX) as link:
    link.connect(os.path.join(HERE, "socket"))
    socket.send_fds(link, [b"!"], [0, 1, 2])
    order = {"name": name, "arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    link.sendall(json.dumps(order).encode())
    link.shutdown(socket.SHUT_WR)
    with link.makefile() as answers:
        process = int(answers.readline())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: os.kill(process, number))
        status = int(answers.readline())
if status < 0:
    if -status != signal.SIGKILL:
        signal.signal(-status, signal.SIG_DFL)
    os.kill(os.getpid(), -status)
sys.exit(status)
