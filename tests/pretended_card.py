"""A device that is not there: its tensors compute on the CPU, and do not go together with the CPU's own.

What breaks on a GPU alone breaks here too: arrays of two devices in one operation and, where ``unwaiting`` is on, any
operation for which the host would wait for the device, so that a step could not be recorded. The device is called
``meta``, since torch knows that one everywhere.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map

from infoviews import devices
from infoviews.fixed import fixing

DEVICE = torch.device("meta")

READ = {"_local_scalar_dense", "nonzero", "masked_select", "equal", "_unique2", "unique_dim", "bincount", "linalg_eigh"}
"""Operations whose answer goes to the host, or whose shape depends on values."""

MOVED = {"_to_copy", "copy_", "to"}


class Waited(RuntimeError):
    """The host would wait for the device, as torch says it where it is told to."""


class OnCard(torch.Tensor):
    """A tensor of the device; ``held`` is what it holds, on the CPU."""

    held: torch.Tensor
    number: bool = False
    """Whether it is a number of the host's, on its way into an array: ``x[0, 1] = 2`` sends it and waits."""

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> OnCard:
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.shape,
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            layout=held.layout,
            device=DEVICE,
        )
        made.held = held
        return made

    __torch_function__ = torch._C._disabled_torch_function_impl

    def __repr__(self) -> str:  # type: ignore[override]
        return f"OnCard({self.held})"

    def tolist(self) -> Any:
        return self.cpu().tolist()

    def data_ptr(self) -> int:
        return self.held.data_ptr()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return compute(func, args, kwargs or {}, False)


class PretendedCard(TorchDispatchMode):
    """Inside, ``DEVICE`` can be used like a GPU.

    Attributes:
        unwaiting: whether to wait for it is an error.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.unwaiting = False
        autocast = torch.autocast

        def known(kind: str, *args: Any, **options: Any) -> Any:
            return nullcontext() if kind == DEVICE.type else autocast(kind, *args, **options)

        tensor = torch.tensor

        def written(data: Any, *, device: Any = None, **options: Any) -> torch.Tensor:
            """``torch.tensor``, which the mode does not see."""
            if device is None or torch.device(device) != DEVICE:
                return tensor(data, device=device, **options)
            if self.unwaiting:
                raise Waited("torch.tensor on the device waits")
            return OnCard(tensor(data, **options))

        patch.setattr(torch, "autocast", known)
        patch.setattr(torch, "tensor", written)
        adam = torch.optim.AdamW

        class Unfused(adam):  # type: ignore[misc, valid-type]
            found_inf = property(lambda own: None, lambda own, value: None)

            def __init__(self, parameters: Any, **options: Any) -> None:
                super().__init__(parameters, **options | {"fused": False, "capturable": False, "foreach": False})

        patch.setattr(torch.optim, "AdamW", Unfused)
        patch.setattr(devices, "best", lambda: DEVICE)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return compute(func, args, kwargs or {}, self.unwaiting)


def compute(func: Any, args: Any, kwargs: Any, unwaiting: bool) -> Any:
    """Do one operation on the CPU, after a look at where its arrays lie."""
    leaves, name = tree_leaves((args, kwargs)), func._schema.name.split("::")[1]
    tensors = [leaf for leaf in leaves if torch.is_tensor(leaf)]
    here = any(isinstance(t, OnCard) for t in tensors)
    host = [t for t in tensors if not isinstance(t, OnCard)]
    asked = next((leaf for leaf in leaves if isinstance(leaf, torch.device)), None)
    target = here if asked is None else asked == DEVICE
    if here and unwaiting:
        by = [t for t in (args[1] if name in ("index", "index_put", "index_put_") else []) if t is not None]
        if name in READ or any(t.dtype in (torch.bool, torch.uint8) for t in by):
            raise Waited(f"{func} waits for the device")
    if unwaiting and name in MOVED and (here != target or (here and host)):
        raise Waited(f"{func} between host and device waits")
    if unwaiting and name == "copy_" and here and not args[0].dim() and getattr(args[1], "number", False):
        raise Waited("a number of the host put into one place of an array waits; put it into a slice")
    if here and name not in MOVED:
        allowed = args[1] if name.startswith("index") and isinstance(args[1], (list, tuple)) else []
        if any(t.dim() and not any(t is one for one in allowed if one is not None) for t in host):
            raise RuntimeError(f"{func}: expected all tensors to be on the same device, found {DEVICE} and cpu")
        if unwaiting and any(t.dim() for t in host):
            raise Waited(f"{func} by an index of the host waits")

    def inside(leaf: Any) -> Any:
        if isinstance(leaf, torch.device):
            return torch.device("cpu")
        return leaf.held if isinstance(leaf, OnCard) else leaf

    out = func(*tree_map(inside, args), **tree_map(inside, kwargs))
    if not target or name in ("_local_scalar_dense", "item"):
        return out.clone() if name in MOVED and here else out
    out = tree_map(lambda t: OnCard(t) if torch.is_tensor(t) and not isinstance(t, OnCard) else t, out)
    if name == "scalar_tensor":
        out.number = True
    return return_and_correct_aliasing(func, args, kwargs, out) if here else out


def moved(module: torch.nn.Module) -> torch.nn.Module:
    """The module with parameters and buffers on the device; shared ones stay shared."""
    known: dict[int, torch.nn.Parameter] = {}
    for part in module.modules():
        for name, old in part._parameters.items():
            if old is not None:
                known.setdefault(id(old), torch.nn.Parameter(OnCard(old.detach().clone()), old.requires_grad))
                part._parameters[name] = known[id(old)]
        for name, buffer in part._buffers.items():
            part._buffers[name] = None if buffer is None else OnCard(buffer.clone())
    return module


def gradient_without_waiting(card: PretendedCard, module: torch.nn.Module, work: Any, step: int) -> torch.Tensor:
    """Norm of the gradient of one step's loss, taken as a recorded step takes it."""
    at, plan = torch.full((1,), step, device=DEVICE), work.plan(step)
    card.unwaiting = True
    with fixing():
        loss, record = work.loss(at, plan)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
    numbers = torch.stack([value.detach().float() for value in (loss, *record.values(), norm)])
    card.unwaiting = False
    assert numbers.isfinite().all()
    return norm
