"""How far a run is: a line that moves in the terminal, and one that stays there and in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

log = logging.getLogger(__name__)

AFTER = 5.0
"""Seconds after which a run's speed is settled enough to tell when it will end."""


def shown(steps: range, total: int, label: str) -> Iterator[int]:
    """The steps, with speed and expected end; those before the first were taken by earlier calls."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    began, told = time.monotonic(), False
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(label, total=total, completed=steps.start)
        for step in steps:
            yield step
            progress.advance(task)
            seconds, done = time.monotonic() - began, step + 1 - steps.start
            if not told and seconds > AFTER and step + 1 < total:
                log.info("%s: %s", label, expected(done / seconds, total - step - 1))
                told = True
    if len(steps):
        seconds = max(time.monotonic() - began, 1e-9)
        log.info("%s: %d steps in %.1f s, %.1f a second", label, len(steps), seconds, len(steps) / seconds)


def expected(speed: float, left: int, now: datetime | None = None) -> str:
    """Speed in steps per second, and the time of day at which ``left`` steps will be done."""
    end = (now or datetime.now()) + timedelta(seconds=left / speed)
    return f"{speed:.1f} steps a second, done at {end:%H:%M:%S}"
