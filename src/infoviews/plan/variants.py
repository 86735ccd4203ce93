"""Blocks of the grid that name a dropout rate: each brings a variant of every view setting that it names.

Dropout tells two views of one text apart, so settings that differ in nothing else are settings of their own, with an
information of their own; the same pairs are drawn for both.
"""

from __future__ import annotations

from typing import Any

Study = dict[str, Any]

OF_ITS_OWN = "dropout"
"""The family whose dial is the rate: its settings have no variants."""


def with_variants(study: Study) -> Study:
    """A study whose grid names no dropout any more: such blocks name variants, which are settings with a rate.

    ``all`` in the grid means the settings that the study itself writes and, in a block with dropout, those that can
    have a variant. A study without such blocks comes back as it is, and so do names that are no setting's.
    """
    if not any("dropout" in block for block in study["grid"]):
        return study
    written = study["views"]["settings"]
    settings, grid = dict(written), []
    for block in study["grid"]:
        named = list(written) if block["settings"] == "all" else block["settings"]
        if "dropout" in block:
            own = [n for n in named if block["settings"] != "all" or written[n]["family"] != OF_ITS_OWN]
            settings |= {variant(n, block["dropout"]): _with(written[n], block["dropout"]) for n in own if n in written}
            named = [variant(n, block["dropout"]) if n in written else n for n in own]
        grid.append({key: value for key, value in block.items() if key != "dropout"} | {"settings": named})
    return study | {"views": study["views"] | {"settings": settings}, "grid": grid}


def variant(setting: str, rate: float) -> str:
    """Name of a setting's variant: ``crop-0.3-dropout-0``."""
    return f"{setting}-dropout-{rate:g}"


def faults(study: Study) -> list[tuple[str, str]]:
    """Where a rate cannot be, and why: with the family whose dial it is, and where a variant's name is taken."""
    written, found = study["views"]["settings"], []
    refused = f"its family is {OF_ITS_OWN}, whose dial is the rate; leave the rate out here"
    for name, view in written.items():
        if "dropout" in view and view["family"] == OF_ITS_OWN:
            found.append((f"views.settings.{name}.dropout", f"given {view['dropout']}; {refused}"))
    for number, block in enumerate(study["grid"]):
        if "dropout" in block and block["settings"] != "all":
            where = f"grid.{number}.dropout"
            for name in [name for name in block["settings"] if name in written]:
                if written[name]["family"] == OF_ITS_OWN:
                    found.append((where, f"given {block['dropout']} for the setting {name!r}; {refused}"))
                if variant(name, block["dropout"]) in written:
                    taken = variant(name, block["dropout"])
                    found.append((where, f"the variant of {name!r} is called {taken!r}, as a setting is; rename that"))
    return found


def _with(view: dict[str, Any], rate: float) -> dict[str, Any]:
    return view | {"dropout": rate, "role": "variant"}
