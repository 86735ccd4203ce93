"""How often the sweet-spot analysis is right on simulated truths: false peaks, found peaks, coverage of the peak.

    python benchmarks/sweetspot.py --out reports/simulations --work /tmp/simulations

A study has 8, 12 or 16 view settings, whose mean transfer scatters around a true curve. They are even over the range,
or crowded at its low end, or those of study `quick`. Information runs from zero to one, and the curves rise or fall by
one point unless noted. The noise is the standard deviation of a setting's mean, in points: seed noise divided by the
root of the number of seeds. A run that was stopped goes on from the lines that its work folder holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from harness import options
from infoviews.analysis.statistics.arms import intervals
from infoviews.analysis.statistics.power import power
from infoviews.analysis.statistics.two_lines import two_lines
from infoviews.files import write_json, write_text
from infoviews.tables import frame_table
from parabola import parabola_peak

Curve = Callable[[np.ndarray], np.ndarray]
QUICK = np.array([0.379, 1.138, 1.517, 2.834, 4.406, 7.871, 11.337, 14.803])
"""Information of the settings of study ``quick``, nats."""

GRIDS: dict[str, Curve] = {"even": lambda u: u, "crowded low": np.square}
AS_QUICK: dict[str, Curve] = {
    "as quick": lambda u: np.interp(u, np.linspace(0, 1, 8), (QUICK - QUICK[0]) / np.ptp(QUICK))
}
FALSE: dict[str, Curve] = {
    "flat": np.zeros_like,
    "linear": lambda u: u,
    "falling": lambda u: -u,
    "log": lambda u: np.log1p(20 * u) / np.log(21),
    "log, 5 points": lambda u: 5 * np.log1p(50 * u) / np.log(51),
    "saturating": lambda u: 1 - np.exp(-4 * u),
    "plateau, 4 points": lambda u: 4 * np.minimum(2 * u, 1),
    "logistic": lambda u: 1 / (1 + np.exp(-15 * (u - 0.4))),
    "flat, then falling": lambda u: -4 * np.maximum(u - 0.7, 0),
}


def humped(at: float) -> Curve:
    """Two half parabolas that meet at their top, one point above both ends of the range."""
    return lambda u: np.where(u < at, 1 - ((u - at) / at) ** 2, 1 - ((u - at) / (1 - at)) ** 2)


PEAKED: dict[str, tuple[float, Curve]] = {
    "parabola": (0.5, humped(0.5)),
    "early peak": (0.3, humped(0.3)),
    "late peak": (0.7, humped(0.7)),
    "tent": (0.5, lambda u: 1 - np.abs(2 * u - 1)),
}
FOREIGN: dict[str, tuple[float, Curve]] = {
    "cosine": (0.4, lambda u: np.cos(np.pi * (u - 0.4))),
    "bump": (0.5, lambda u: np.exp(-(((u - 0.5) / 0.2) ** 2) / 2)),
    "steep rise, slow fall": (0.3, lambda u: u / 0.3 * np.exp(1 - u / 0.3)),
    "rise, then decay": (0.25, lambda u: np.where(u < 0.25, 1 - (4 * u - 1) ** 2, np.exp(-(u - 0.25) / 0.3))),
    "cusp": (0.4, lambda u: np.exp(-np.abs(u - 0.4) / 0.2)),
}
"""Curves that are not of the form that the intervals assume, at most one point high. The last three fall steeply
right of their peak and then less: x exp(1 - x) with x = u / 0.3; a parabola up to 0.25, then exp(-(u - 0.25) / 0.3);
exp(-|u - 0.4| / 0.2)."""

FOUND = ["curve", "grid", "settings", "noise", "found", "place held", "height held", "width", "parabola held"]
SETTINGS = (8, 12, 16)
NOISE = (0.1, 0.2, 0.3)
QUICK_NOISE = (0.02, 0.1)
"""In study ``quick`` the means of two seeds scatter by about 0.02 of the height of its curve."""


def simulate(truth: Curve, x: np.ndarray, noise: float, sets: int, rng: np.random.Generator) -> np.ndarray:
    """Mean transfer of each setting in each data set (sets, n)."""
    return 70 + truth(x) + noise * rng.standard_normal((sets, len(x)))


def false_peaks(name: str, sets: int, seed: int) -> dict[str, Any]:
    """Share of data sets without a peak in which one is found, for one curve."""
    rng = np.random.default_rng([seed, 1])
    row: dict[str, Any] = {"curve": name}
    for grid, warp in GRIDS.items():
        for n in SETTINGS:
            x = warp(np.linspace(0, 1, n))
            found = [
                np.mean([two_lines(x, y).p < 0.05 for y in simulate(FALSE[name], x, s, sets, rng)]) for s in (0.15, 0.4)
            ]
            row[f"{n} {grid}"] = float(max(found))
    return row


def found_peaks(name: str, grid: str, n: int, noise: float, sets: int, draws: int, seed: int) -> dict[str, Any]:
    """Share of data sets in which a planted peak is found, and in which the intervals hold its place and height."""
    peak, truth = (PEAKED | FOREIGN)[name]
    x = (GRIDS | AS_QUICK)[grid](np.linspace(0, 1, n))
    rng = np.random.default_rng([seed, 2])
    ys = simulate(truth, x, noise, sets, rng)
    places, heights = intervals(x, ys)
    parabola = [parabola_peak(x, y, 0.0, draws, rng) for y in ys]
    row: dict[str, Any] = {"curve": name, "grid": grid, "settings": n, "noise": noise}
    row["found"] = float(np.mean([two_lines(x, y).p < 0.05 for y in ys]))
    row["place held"] = float(np.mean((places[:, 1] <= peak) & (peak <= places[:, 2])))
    row["height held"] = float(np.mean((heights[:, 1] <= 71) & (71 <= heights[:, 2])))
    row["width"] = float(np.mean(places[:, 2] - places[:, 1]))
    return row | {"parabola held": float(np.mean([p.location_low <= peak <= p.location_high for p in parabola]))}


def kept(work: Path | None, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A line of the table, from the work folder if an earlier run left it there."""
    if work is None:
        return make()
    path = work / f"{key.replace(' ', '-').replace(',', '')}.json"
    if not path.exists():
        write_json(path, make())
    return dict(json.loads(path.read_text(encoding="utf-8")))


def markdown(table: pd.DataFrame) -> str:
    """Shares as they are, two decimals, three for the false ones."""
    shown = table.map(lambda cell: f"{cell:.3f}".removesuffix("0") if isinstance(cell, float) else str(cell))
    return frame_table(shown, left=len(shown.columns)).markdown()


def coverage(table: pd.DataFrame, column: str) -> str:
    """Mean and range of a share of intervals, and the curves with lines where it is short of 90 %."""
    held = table[column]
    inside = int(held.between(0.9, 0.98).sum())
    short = table[held < 0.9]["curve"].value_counts(sort=False)
    names = "; ".join(short.index)
    low = f" {short.sum()} lines are below 0.90 ({names})." if names else " No line is below 0.90."
    return (
        f"{held.mean():.3f} of data sets on average, from {held.min():.2f} to {held.max():.2f}. "
        f"{inside} of {len(held)} lines are near 0.95.{low}"
    )


def found_range(table: pd.DataFrame) -> str:
    """Range over curves of the share of studies with 12 settings and noise 0.2 that find the peak."""
    found = table[(table["settings"] == 12) & (table["noise"] == 0.2)]["found"]
    return f"{found.min():.2f} to {found.max():.2f} of data sets"


def detectable(seed: int) -> str:
    """The height that is found in 80 % of studies, in standard deviations of a setting's mean, per even grid."""
    heights = {n: power(np.linspace(0, 1, n), 1.0, np.zeros(n), 400, seed)["detectable"] for n in SETTINGS}
    return " ".join(f"With {n} settings it is {h:.1f}." for n, h in heights.items())


def report(wrong: pd.DataFrame, right: pd.DataFrame, sets: int, seed: int) -> str:
    """The page."""
    how = (__doc__ or "").split("\n\n")[2].strip().replace("\n", " ").partition(" A run that")[0]
    worst = wrong.drop(columns="curve").to_numpy().max()
    planted, foreign = right[right["curve"].isin(PEAKED)], right[right["curve"].isin(FOREIGN)]
    return (
        "# Simulated truths for the sweet-spot analysis\n\n"
        f"{sets} data sets per line, made by `python benchmarks/sweetspot.py`. {how} "
        "Studies with families and censored settings have [a page of their own](censored.md).\n"
        "\n## Where there is no peak\n\n"
        f"Share of data sets in which a peak is found, the larger of noise 0.15 and 0.4. Largest: {worst:.3f}.\n\n"
        f"{markdown(wrong)}\n## Where there is one, one point high\n\n"
        "This is with 12 settings and noise 0.2. A peak of the form that the intervals assume is found in "
        f"{found_range(planted)}. One of another form is found in {found_range(foreign)}.\n\n"
        "A parabola must have some height to be found in 80 % of studies, in standard deviations of a setting's mean "
        f"on an even grid. {detectable(seed)} A study states its own, for its grid and noise.\n\n"
        "The 95 % intervals come from curves with two arms that fall as a power of the distance. "
        f"They hold the place of the peak in {coverage(planted, 'place held')} "
        f"They hold its height in {coverage(planted, 'height held')} "
        "Two hundred data sets give a share with a standard error of 0.015.\n\n"
        f"For curves of another form they hold the place in {coverage(foreign, 'place held')} "
        f"They hold the height in {coverage(foreign, 'height held')} "
        "`parabola held` is a parabola's vertex with a cluster bootstrap. "
        "It fails where the peak is not in the middle, so reports do not show it.\n\n"
        f"{markdown(right)}"
    )


def main() -> None:
    """Simulate and write ``README.md``, ``false.csv`` and ``found.csv``."""
    parser = options(__doc__, out=Path, sets=200, draws=200, seed=1)
    parser.add_argument("--work", type=Path, help="folder for finished lines, so that a stopped run can go on")
    given = parser.parse_args()
    sets, draws, seed, work = given.sets, given.draws, given.seed, given.work
    none = [kept(work, f"none {name}", partial(false_peaks, name, sets, seed)) for name in FALSE]
    curves = PEAKED | FOREIGN
    cells = [*product(curves, GRIDS, SETTINGS, NOISE), *product(curves, AS_QUICK, (len(QUICK),), QUICK_NOISE)]
    some = [kept(work, " ".join(map(str, c)), partial(found_peaks, *c, sets, draws, seed)) for c in cells]
    wrong = pd.DataFrame(none, columns=["curve", *(f"{n} {grid}" for grid, n in product(GRIDS, SETTINGS))])
    right = pd.DataFrame(some, columns=FOUND)
    for name, table in (("false", wrong), ("found", right)):
        write_text(given.out / f"{name}.csv", table.to_csv(index=False, float_format="%.4f", lineterminator="\n"))
    write_text(given.out / "README.md", report(wrong, right, sets, seed))


if __name__ == "__main__":
    main()
