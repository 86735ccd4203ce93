"""Measures of a representation against Gaussians, where both are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.sweetspot.quality import NOISE, components, dependency, input_features, input_information


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_dependency_is_the_total_correlation_of_a_gaussian(correlation):
    d = 6
    covariance = (1 - correlation) * np.eye(d) + correlation
    z = np.random.default_rng(0).multivariate_normal(np.zeros(d), covariance, 2000)
    truth = -np.linalg.slogdet(covariance)[1] / 2
    assert dependency(z, 0) == pytest.approx(truth, abs=0.05 + 0.15 * truth)


def test_information_of_an_invertible_map_is_that_of_the_noise():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2000, 3))
    z = x @ rng.standard_normal((3, 3)) + 5
    truth = 3 / 2 * np.log(1 + 1 / NOISE**2)
    assert input_information(x, z, 0) == pytest.approx(truth, abs=0.3)
    assert input_information(x, rng.standard_normal((2000, 3)), 0) == pytest.approx(0, abs=0.1)


def test_a_map_that_forgets_half_keeps_half():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2000, 4))
    truth = 2 / 2 * np.log(1 + 1 / NOISE**2)
    assert input_information(x, x[:, :2], 0) <= truth + 0.1


def test_components_have_unit_variance_and_none_are_made_up():
    rng = np.random.default_rng(3)
    flat = np.outer(rng.standard_normal(50), [1.0, 2.0, 3.0])
    found = components(flat, 2)
    assert found[:, 0].std() == pytest.approx(1) and np.abs(found[:, 1]).max() < 1e-3


def test_input_features_are_the_same_each_time_and_tell_texts_apart():
    texts = [f"word{i % 7} other{i % 3}" for i in range(60)]
    first = input_features(texts)
    assert np.array_equal(first, input_features(texts)) and first.shape == (60, 32)
    assert np.allclose(first[0], first[21]) and not np.allclose(first[0], first[1])
