"""What the phase ``representation`` measured on encoders, and which of its maps a report shows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from infoviews.analysis.evidence.records import table
from infoviews.analysis.record import AVERAGE
from infoviews.seals import read_whole


def measured(data: Path, name: str) -> pd.DataFrame:
    """Table ``similarity``, ``quality`` or ``maps`` of a study.

    Raises:
        DamagedResult: it is not the one that was written.
    """
    read_whole(data / "representation" / "manifest.json")
    return table(data / "representation" / f"{name}.csv")


def chosen_maps(maps: pd.DataFrame, shown: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Maps of the encoders that ``cells_to_show`` names, in its order; ``what`` is why each is shown."""
    frames = [maps[maps["encoder"] == name].assign(what=what) for name, _, what in shown]
    return pd.concat([maps.head(0), *frames], ignore_index=True)


def cells_to_show(results: pd.DataFrame, points: pd.DataFrame, start: str | None) -> list[tuple[str, str, str]]:
    """(encoder, setting, why it is shown): the settings of least, best and most information, then the start."""
    known = points.dropna(subset=["transfer", "information"]).sort_values(["information", "setting"])
    if len(known) < 3:
        return []
    best = known.sort_values(["transfer", "setting"]).iloc[-1]
    picked: dict[str, list[str]] = {}
    ends = ((known.iloc[0], "least information"), (best, "best transfer"), (known.iloc[-1], "most information"))
    for row, what in ends:
        picked.setdefault(row["setting"], []).append(what)
    done = results[(results["task"] == AVERAGE) & (results["status"] == "finished")]
    cells = done[(done["kind"] == "cell") & (done["objective"] == known["objective"].iloc[0])].sort_values("seed")
    first = cells.drop_duplicates("setting").set_index("setting")["name"]
    shown = [(str(first[s]), str(s), " and ".join(w)) for s, w in picked.items() if s in first]
    if start in set(done.loc[done["kind"] == "control", "name"]):
        shown.append((str(start), str(start), "before contrastive training"))
    return shown
