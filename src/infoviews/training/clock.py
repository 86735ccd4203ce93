"""When a process must end: SIGTERM, or a time limit of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TIME_IS_UP = "time is up"


class Stop(BaseException):
    """Raised wherever the process happens to be; not an ``Exception``, so that nothing takes it for a failure."""


class Clock:
    """Raises ``Stop`` at SIGTERM and at the time limit, unless a training loop listens, which saves its state first.

    Attributes:
        stopped: why the process was asked to end, empty as long as it was not.
    """

    def __init__(self) -> None:
        self.stopped = ""

    def listen(self) -> None:
        """Handle SIGTERM from now on, also after a training loop has put its own handler in place."""
        signal.signal(signal.SIGTERM, self._terminated)
        if self.stopped:
            raise Stop(self.stopped)

    def _terminated(self, number: int, frame: FrameType | None) -> None:
        self.stopped = self.stopped or "stopped by SIGTERM"
        raise Stop(self.stopped)

    def alarm(self, number: int, frame: FrameType | None) -> None:
        """Time is up: whoever listens to SIGTERM is told."""
        self.stopped = TIME_IS_UP
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def until(minutes: float | None) -> Iterator[Clock]:
    """A clock with an alarm after ``minutes``, if there is a limit."""
    clock = Clock()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGALRM)}
    signal.signal(signal.SIGALRM, clock.alarm)
    if minutes is not None:
        signal.setitimer(signal.ITIMER_REAL, max(60 * minutes, 1e-3))
    try:
        yield clock
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def spoken(seconds: float) -> str:
    """A duration that people read: ``40 s``, ``3 min``, ``2.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
