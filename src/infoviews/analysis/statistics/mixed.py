"""How much two objectives' difference varies between seeds, settings and families: a mixed model of the cells.

Transfer of a cell is its objective's effect, plus that of its batches, which objectives share on the same setting,
seed and start, plus what the objective gains or loses by chance in this family, on this setting and with this seed.
The variances are fitted by restricted maximum likelihood (Laird & Ware 1982; statsmodels' MixedLM) over all objectives
together, as if they varied alike: two seeds, or two settings, of one pair of objectives would have a single degree of
freedom.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

log = logging.getLogger(__name__)

FAMILY, SETTING, SEED = "family", "setting", "seed"


@dataclass(frozen=True)
class Spread:
    """A standard deviation, percent, and the degrees of freedom that it was estimated with."""

    sd: float
    freedom: int


def components(cells: pd.DataFrame) -> dict[str, Spread]:
    """Standard deviation of an objective's own effect between families, between their settings and between seeds.

    With one seed everywhere a setting's contains the seed's.

    Args:
        cells: finished cells of one task with ``objective``, ``family``, ``setting``, ``seed``, ``trained_start`` and
            ``transfer``, percent.

    Returns:
        ``family``, ``setting`` and ``seed``, those that the cells tell: without ``family`` where families have but one
        setting each, without ``setting`` where no two objectives share two settings.
    """
    if cells.empty:
        return {}
    start = cells["trained_start"].fillna("").astype(str)
    batch = cells["setting"] + "/" + cells["seed"].astype(str) + "/" + start
    rows = shared(cells.assign(batch=batch, cell=cells["objective"] + "/" + cells["setting"]), ["batch"])
    found = between_seeds(rows)
    rows = shared(rows, ["batch", "objective"])
    pairs, within = rows["cell"].nunique(), rows.groupby(["objective", FAMILY]).ngroups
    objectives, settings, families = (rows[c].nunique() for c in ("objective", SETTING, FAMILY))
    alone = {SETTING: pairs - objectives - settings + 1}
    both = {FAMILY: within - objectives - families + 1, SETTING: pairs - within - settings + families}
    freedom = both if 2 <= families < settings and min(both.values()) > 0 else alone
    if rows.empty or freedom[SETTING] < 1:
        return found
    try:
        sds = fitted(rows, list(freedom), SEED in found)
    except (np.linalg.LinAlgError, ValueError) as error:
        log.warning(
            "the mixed model of objectives and settings cannot be fitted (%s): no interval over settings", error
        )
        return found
    return {level: Spread(sds[level], freedom[level]) for level in freedom} | found


def shared(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Cells whose batches two objectives share and, where asked for, whose objective has two such settings."""
    other, before = {"batch": "objective", "objective": SETTING}, -1
    while len(rows) != before:
        before = len(rows)
        for column in by:
            rows = rows[rows.groupby(column)[other[column]].transform("nunique") > 1]
    return rows


def between_seeds(rows: pd.DataFrame) -> dict[str, Spread]:
    """What cells scatter about the mean of their seeds beyond what their batches bring to every objective."""
    if rows.empty:
        return {}
    design = pd.get_dummies(rows[["cell", "batch"]]).to_numpy(float)
    y = rows["transfer"].to_numpy(float)
    weights, _, rank, _ = np.linalg.lstsq(design, y - y.mean(), rcond=None)
    freedom = len(y) - int(rank)
    if freedom < 1:
        return {}
    return {SEED: Spread(float(np.sqrt(((y - y.mean() - design @ weights) ** 2).sum() / freedom)), freedom)}


def fitted(rows: pd.DataFrame, levels: list[str], seeds: bool) -> dict[str, float]:
    """Standard deviation of each level, percent; without seeds the last level is what the model leaves over."""
    import statsmodels.formula.api as smf

    random = {FAMILY: "0 + C(objective)", SETTING: "0 + C(cell)"}
    fixed, inside = "transfer ~ C(objective) + C(batch)", levels if seeds else levels[:-1]
    if not inside:
        return {levels[-1]: float(np.sqrt(smf.ols(fixed, rows).fit().scale))}
    # Cells of different groups are independent; a single level is that of settings.
    group = FAMILY if FAMILY in levels else SETTING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance of zero lies on the boundary, which the fit warns of
        model = smf.mixedlm(fixed, rows, groups=group, vc_formula={name: random[name] for name in inside})
        found = model.fit(reml=True)
    variances = dict(zip(model.exog_vc.names, found.vcomp, strict=True))
    if not seeds:
        variances[levels[-1]] = found.scale
    return {level: float(np.sqrt(max(variances[level], 0.0))) for level in levels}
