"""Record a step as a CUDA graph, or find out that it cannot be one and go on without."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import torch

from infoviews.training import parallel

log = logging.getLogger(__name__)

Back = Callable[[], None]


class Recorder:
    """Runs steps; each plan the first time as it is, the second time while recording it, and from then on replayed.

    The first time, a wait for the device is an error: a step with one cannot be recorded. That is said once, and all
    steps are then started from the host. The very first step of all may wait: libraries set themselves up in it.

    Args:
        device: where the steps run; nothing is recorded but on a GPU, by one process.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.recording = device.type == "cuda" and parallel.ranks() == 1
        self.begun = False
        self.rehearsed: set[Hashable] = set()
        self.recorded: dict[Hashable, tuple[torch.cuda.CUDAGraph, torch.Tensor]] = {}
        self.pool = torch.cuda.graph_pool_handle() if self.recording else None

    def run(self, plan: Hashable, step: Callable[[], torch.Tensor], prepare: Callable[[], Back]) -> torch.Tensor:
        """Do the step of this plan and return what it returns; ``prepare`` gets ready and says how to go back."""
        if plan in self.recorded:
            graph, numbers = self.recorded[plan]
            graph.replay()
            return numbers
        if not self.recording:
            return self._plainly(step, prepare())
        back = prepare()
        try:
            if plan in self.rehearsed:
                return self._record(plan, step)
            numbers = self._rehearse(step)
            self.rehearsed.add(plan)
            return numbers
        except torch.OutOfMemoryError:
            back()
            raise
        except RuntimeError as error:
            if isinstance(error, torch.AcceleratorError) and not _of_recording(error):
                raise  # the device is gone, or its memory is
            self.give_up(str(error).partition("\n")[0])
            _fresh_draws(self.device)
            back()
            return self._plainly(step, back)

    def give_up(self, reason: str) -> None:
        """Record no more, and forget what was recorded."""
        if self.recording:
            log.warning("steps are started one kernel at a time, not replayed as CUDA graphs: %s", reason)
        self.recording = False
        self.recorded.clear()

    def _plainly(self, step: Callable[[], torch.Tensor], back: Back) -> torch.Tensor:
        try:
            return step()
        except torch.OutOfMemoryError:
            back()
            raise

    def _rehearse(self, step: Callable[[], torch.Tensor]) -> torch.Tensor:
        try:
            torch.cuda.set_sync_debug_mode("error" if self.begun else "default")
            return step()
        finally:
            torch.cuda.set_sync_debug_mode("default")
            self.begun = True

    def _record(self, plan: Hashable, step: Callable[[], torch.Tensor]) -> torch.Tensor:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self.pool, stream=torch.cuda.current_stream()):
            numbers = step()
        self.recorded[plan] = graph, numbers
        graph.replay()
        return numbers


@contextmanager
def queue(device: torch.device) -> Iterator[None]:
    """Let all inside run on a stream of its own: none can be recorded on the default one."""
    if device.type != "cuda":
        yield
        return
    outside, inside = torch.cuda.current_stream(device), torch.cuda.Stream(device)
    inside.wait_stream(outside)
    with torch.cuda.stream(inside):
        yield
    outside.wait_stream(inside)


def _of_recording(error: BaseException) -> bool:
    return "captur" in str(error)


def _fresh_draws(device: torch.device) -> None:
    """A recording that broke off leaves the generator waiting for its end: give it another state."""
    if device.type != "cuda":
        return
    index = torch.cuda.current_device() if device.index is None else device.index
    other = torch.Generator(device=device)
    torch.cuda.default_generators[index].graphsafe_set_state(other.graphsafe_get_state())
