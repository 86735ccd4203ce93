"""Closed forms of the channels against published values, brute force and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.language import channel

cardinalities = st.integers(2, 40)
errors = st.floats(0, 0.5)


@pytest.mark.parametrize(
    ("values", "noise", "nats"),
    [(2, 0.05, 0.379), (2, 0.1, 0.222), (2, 0.2, 0.066), (2, 0.3, 0.013), (20, 0.0, np.log(20))],
)
def test_known_values_of_two_noisy_copies(values, noise, nats):
    assert channel.shared_information(values, noise, noise) == pytest.approx(nats, abs=5e-4)


@given(cardinalities, errors, errors)
def test_shared_information_is_that_of_the_joint_table(values, first, second):
    def matrix(error):
        return np.full((values, values), error / (values - 1)) + np.eye(values) * (1 - error - error / (values - 1))

    joint = matrix(first).T @ matrix(second) / values
    brute = sum(p * np.log(p * values**2) for p in joint.ravel() if p > 0)
    assert channel.shared_information(values, first, second) == pytest.approx(brute, abs=1e-9)


@given(cardinalities, st.integers(1, 4), st.floats(0, 1))
def test_noise_for_gives_the_information_asked_for(cardinality, factors, share):
    values = [cardinality] * factors
    nats = share * sum(np.log(value) for value in values)
    noise = channel.noise_for(values, nats)
    assert sum(channel.shared_information(value, noise, noise) for value in values) == pytest.approx(nats, abs=1e-9)


@pytest.mark.parametrize("nats", [-0.1, 0.7])
def test_more_than_a_bit_or_less_than_nothing_cannot_be_shared(nats):
    with pytest.raises(ValueError, match="between 0.0000 and 0.6931"):
        channel.noise_for([2], nats)


@given(st.integers(2, 12), errors)
def test_match_accuracy_and_information_by_enumeration(values, noise):
    error = np.eye(values) * (1 - noise) + (1 - np.eye(values)) * noise / (values - 1)
    same = sum(np.outer(row, row) for row in error) / values
    different = (np.outer(error.sum(0), error.sum(0)) - values * same) / (values * (values - 1))
    table = np.stack([different, same]) / 2  # P(label, u, u')
    assert channel.match_accuracy(values, noise) == pytest.approx(table.max(0).sum(), abs=1e-9)
    outside = table.sum(0, keepdims=True) / 2
    told = np.where(table > 0, table * np.log(np.where(table > 0, table, 1) / np.where(outside > 0, outside, 1)), 0)
    assert channel.match_information(values, noise) == pytest.approx(told.sum(), abs=1e-9)
