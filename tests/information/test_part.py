"""Parts of the critic's split are prepared once, and critics fitted to them are those that are fitted alone."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.information import part
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.fit import fit_critic
from infoviews.information.preparation import Preparation, prepare
from infoviews.information.reading import Reading, widened
from infoviews.information.trust import trust

HOW = Fit(steps=40)


@pytest.fixture
def reading() -> Reading:
    x, noise = np.random.default_rng(0).standard_normal((2, 900, 4)).astype(np.float32)
    y = x + noise
    return Reading("raw", (x[:600], y[:600]), (x[600:], y[600:]))


@pytest.mark.parametrize("how", [HOW, HOW.alone()])
def test_a_critic_of_a_shared_part_is_the_one_that_is_fitted_alone(reading: Reading, how: Fit) -> None:
    for wider, rows in ((False, slice(None)), (True, slice(None)), (False, slice(300))):
        shared = reading.fit(how, 1, rows, wider)
        assert shared.facts["gaussian"] == how.gaussian  # of the two that are fitted, the one that is compared
        alone = fit_critic(*(side[rows] for side in reading.critic), widened(how) if wider else how, 1)
        first, second = (
            measure(f, *reading.heldout, {"infonce": {}, "dv": {}}, "raw", 200, 10) for f in (shared, alone)
        )
        assert first == second and shared.facts == alone.facts


def test_all_checks_prepare_each_part_once_and_map_its_heldout_rows_once(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned, mapped = [], []
    call = Preparation.__call__

    def counted(rows: np.ndarray, transform: str) -> Preparation:
        learned.append((transform, len(rows)))
        return prepare(rows, transform)

    def seen(self: Preparation, rows: np.ndarray) -> np.ndarray:
        mapped.append(len(rows))
        return call(self, rows)

    monkeypatch.setattr(part, "prepare", counted)
    monkeypatch.setattr(Preparation, "__call__", seen)
    fitted = reading.fit(HOW, 0)
    (value,) = measure(fitted, *reading.heldout, {"infonce": {}}, "raw", 200)
    trust(reading, value.estimate, HOW, 200, 0)
    assert sorted(learned) == sorted(2 * [(kind, n) for kind in ("ranks", "none") for n in (480, 240, 120)])
    assert mapped.count(200) == 2 * 3  # all pairs, a half and a quarter of them; the wider critic reads those of all


def test_a_map_keeps_the_rows_that_it_saw_last_and_no_others() -> None:
    rows, calls = np.arange(6.0).reshape(3, 2), []
    kept = part.Kept(lambda given: calls.append(1) or given + 1)
    assert kept(rows) is kept(rows.copy()) and len(calls) == 1
    rows[0] = 9
    np.testing.assert_array_equal(kept(rows), rows + 1)
    assert len(calls) == 2


@pytest.mark.parametrize("transform", ["ranks", "asinh", "none"])
def test_what_a_map_makes_of_its_own_rows_is_what_it_makes_of_them_again(transform: str) -> None:
    rng = np.random.default_rng(0)
    for rows in (rng.standard_normal((500, 6)).astype(np.float32), rng.integers(4, size=(500, 3)), np.ones((20, 2))):
        made = prepare(rows, transform)
        np.testing.assert_array_equal(made.own, made(rows))
