"""CKA and the principal plane against closed forms and a slow version."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.representation.similarity import cka, principal_plane, unbiased_gram


def test_alignment_is_blind_to_rotation_scale_and_shift():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((80, 6))
    turned = 3 * x @ np.linalg.qr(rng.standard_normal((6, 6)))[0] + 7
    row = cka({"x": x, "turned": turned}, groups=4)[0]
    assert row["cka"] == pytest.approx(1) and row["low"] == pytest.approx(1) and row["sentences"] == 80


def test_unrelated_encoders_have_none_although_they_are_wide():
    rng = np.random.default_rng(1)
    row = cka({"x": rng.standard_normal((600, 50)), "y": rng.standard_normal((600, 50))})[0]
    assert row["low"] < 0 < row["high"] and abs(row["cka"]) < 0.05


def test_half_shared_coordinates_by_the_formula():
    # Independent unit coordinates, k of d shared: CKA = ||Cov(x, y)||² / (||Cov x|| ||Cov y||) = k / d.
    rng = np.random.default_rng(2)
    x = rng.standard_normal((4000, 8))
    y = np.hstack([x[:, :4], rng.standard_normal((4000, 4))])
    row = cka({"x": x, "y": y})[0]
    assert row["low"] < 0.5 < row["high"] and row["high"] - row["low"] < 0.1


def test_unbiased_hsic_is_songs_formula():
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((12, 3)), rng.standard_normal((12, 4))
    k, m = x @ x.T, y @ y.T
    np.fill_diagonal(k, 0)
    np.fill_diagonal(m, 0)
    n = 12
    one = np.ones(n)
    expected = (
        np.trace(k @ m) + (one @ k @ one) * (one @ m @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ m @ one)
    )
    assert (unbiased_gram(x) * unbiased_gram(y)).sum() == pytest.approx(expected)


def test_constant_encoders_and_unequal_rows():
    x = np.random.default_rng(4).standard_normal((50, 3))
    assert cka({"x": x, "same": np.ones((50, 3))}, groups=5)[0]["cka"] is None
    with pytest.raises(ValueError, match="rows differ"):
        cka({"x": x, "y": x[:40]})
    with pytest.raises(ValueError, match="at least 4"):
        cka({"x": x, "y": x}, groups=20)


def test_plane_keeps_distances_of_a_plane_and_never_flips():
    rng = np.random.default_rng(5)
    flat = rng.standard_normal((30, 2)) @ rng.standard_normal((2, 9))
    plane, shares = principal_plane(flat)
    assert shares.sum() == pytest.approx(1)
    assert np.linalg.norm(plane[0] - plane[1]) == pytest.approx(np.linalg.norm(flat[0] - flat[1]))
    assert principal_plane(flat[::-1])[0][::-1] == pytest.approx(plane)
