"""What the record of a run's speed says, against counts by hand."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from infoviews.encoders.architectures import bert, bilstm, gpt, xlnet
from infoviews.training.meter import Meter, gemm_speed, model_flops, throughput

CPU = torch.device("cpu")


def test_shares_are_those_of_the_time_spent() -> None:
    meter = Meter()
    for _ in range(3):
        meter.begin()
        time.sleep(0.004)
        meter.lap("data")
        time.sleep(0.012)
        meter.lap("forward")
    shares = meter.shares()
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert 0.1 < shares["data"] < 0.45 and list(shares) == ["data", "forward"]


def test_tokens_padding_and_flops_are_counted_from_the_lengths(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=3, width=8, heads=2, max_tokens=12), tokenizer, 0)
    meter = Meter()
    meter.count(np.array([3, 4]), 8, model_flops(encoder.backbone))
    weights = 3 * (4 * 8 * 8 + 2 * 8 * 32)
    assert meter.flops == 6 * weights * 7 + 12 * 3 * 8 * (9 + 16)
    record = throughput(meter, seconds=2.0, pairs=1, gemm=1e6, device=CPU)
    assert record["tokens_per_second"] == 3.5 and record["padding_of_a_batch"] == 0.125
    assert record["model_flops_utilisation"] == pytest.approx(meter.flops / 2e6, rel=1e-3)
    assert record["peak_memory_bytes"] > 2**20


@pytest.mark.parametrize(
    ("module", "weights", "per_pair"),
    [
        (gpt, 3 * (4 * 8 * 8 + 2 * 8 * 32), 6 * 3 * 8),
        (xlnet, 3 * (4 * 8 * 8 + 2 * 8 * 32), 18 * 3 * 8),
        (bilstm, 2 * 4 * ((8 * 4 + 4 * 4) + 2 * (4 * 4 + 4 * 4)), 0),
    ],
)
def test_flops_of_other_architectures_are_those_of_their_matrices(module, weights, per_pair, tokenizer) -> None:
    shape = bert.Params(layers=3, width=8, heads=2, max_tokens=12)
    encoder = module.build(module.Params(), shape, tokenizer, 0)
    assert model_flops(encoder.backbone) == (6.0 * weights, per_pair)


def test_speed_of_a_matrix_product_is_measured_in_its_time() -> None:
    begun = time.perf_counter()
    speed = gemm_speed(CPU, seconds=0.05)
    assert speed > 1e8 and time.perf_counter() - begun < 2


def test_bookkeeping_of_a_step_costs_microseconds() -> None:
    """A small cell's step takes tens of milliseconds; one per cent of ten is 100 µs."""
    meter, lengths = Meter(), np.full(256, 64)
    begun = time.process_time()
    for _ in range(200):
        meter.begin()
        meter.count(lengths, lengths.size * 64, (1.0, 1.0))
        for phase in ("data", "forward", "loss", "backward", "optimiser"):
            meter.lap(phase)
    assert (time.process_time() - begun) / 200 < 1e-4
