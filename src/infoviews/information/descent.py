"""Train a critic by Adam on the critic's split, and keep the step that validates best."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from infoviews import registry
from infoviews.information.critic import Fit, JointCritic

log = logging.getLogger(__name__)


def descend(
    critic: JointCritic,
    x: torch.Tensor,
    y: torch.Tensor,
    validation: tuple[torch.Tensor, torch.Tensor],
    how: Fit,
    rng: np.random.Generator,
) -> tuple[Any, int, dict[str, float]]:
    """Train in place and leave the critic of the best validation; returns its state, failures and facts."""
    module = registry.get("objectives", how.objective)
    params = registry.parameters(module, how.objective_params)
    scalars = [critic.scale, critic.gain, critic.offset]  # few and slow: ten times the rate of the network's weights
    groups: list[dict[str, Any]] = [
        {"params": list(critic.network.parameters()), "initial_lr": how.rate},
        {"params": scalars, "initial_lr": 10 * how.rate},
    ]
    optimiser = torch.optim.AdamW(groups, lr=how.rate, weight_decay=1e-4, fused=True)
    with torch.no_grad():
        critic.offset.add_(module.OPTIMUM)
    state, best, kept, waited, failures, step = None, math.inf, None, 0, 0, 0
    for step, rows in enumerate(_batches(len(x), how, rng)):
        if step % how.every == 0 or step == how.steps:
            value = _validate(critic, module, params, state, validation)
            if value < best:
                best, kept, waited = value, (step, copy.deepcopy(critic.state_dict()), state), 0
            else:
                waited += 1
        if waited >= how.patience or step == how.steps:
            break
        try:
            state = _step(critic, optimiser, module, params, state, x[rows], y[rows], 1 - step / how.steps)
        except FloatingPointError as error:
            log.warning("critic stopped at step %d: %s", step, error)
            failures += 1
            break
    if kept is None:
        return state, failures + 1, {"steps": step}
    critic.load_state_dict(kept[1])
    return kept[2], failures, {"steps": step, "best": kept[0], "validation": best}


def _batches(n: int, how: Fit, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Rows of one batch after the other, without end; each pass over the pairs is in a new order."""
    batch = min(how.batch, n)
    order = np.empty(0, dtype=np.int64)
    while True:
        if len(order) < batch:
            order = rng.permutation(n)
        yield order[:batch]
        order = order[batch:]


def _step(
    critic: JointCritic,
    optimiser: torch.optim.Optimizer,
    module: Any,
    params: Any,
    state: Any,
    x: torch.Tensor,
    y: torch.Tensor,
    pace: float,
) -> Any:
    """One step at ``pace`` times each group's rate; returns the bound's state, or raises ``FloatingPointError``."""
    for group in optimiser.param_groups:
        group["lr"] = pace * group["initial_lr"]
    result = module.bound(critic(x, y), params, state)
    optimiser.zero_grad()
    result.loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(critic.parameters(), 1.0)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"gradient norm {norm.item()}")
    optimiser.step()
    return result.state


@torch.no_grad()
def _validate(critic: JointCritic, module: Any, params: Any, state: Any, pairs: tuple[torch.Tensor, ...]) -> float:
    """Loss on the validation pairs in one matrix, or infinity where it is not finite."""
    try:
        loss = module.bound(critic(*pairs), params, state).loss.item()
    except FloatingPointError:
        return math.inf
    return loss if math.isfinite(loss) else math.inf
