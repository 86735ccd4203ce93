"""A reader's own pairs in a study, as the recipe in docs/extend.md says: planned by what the file holds."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.files import sha256
from infoviews.plan import params, specs, values
from infoviews.views.drawing.build import setting

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow/schemas/params.schema.yaml"


def as_the_recipe_says(place: Path) -> dict[str, Any]:
    """The study `demo` with the setting of the recipe, and its file in ``place``."""
    text = (ROOT / "docs/extend.md").read_text(encoding="utf-8")
    header = re.search(r"first line, `([a-z,]+)`", text)
    line = re.search(r"`(my-pairs: .*?)`", text)
    assert header and line
    rows = [f"Is {number} even?,It is {number % 2 == 0} of {number}." for number in range(100)]
    (place / "my-pairs.csv").write_text("\n".join([header[1], *rows]), encoding="utf-8")
    config = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    study = copy.deepcopy(config["studies"]["demo"])
    study["views"]["settings"] |= yaml.safe_load(line[1])
    return {"study": "demo", "studies": {"demo": study}}


def planned(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    params.validate(config, SCHEMA)
    return dict(specs.resolve(config))


def test_the_recipe_plans_views_of_what_the_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = as_the_recipe_says(tmp_path)
    monkeypatch.chdir(tmp_path)
    first = planned(config)
    given = first["views/my-pairs"]["view"]["params"]
    assert given == {"file": "my-pairs.csv", "columns": ["question", "answer"], "sha256": sha256("my-pairs.csv")}
    assert setting("pairs", given).params.columns == ("question", "answer")
    assert {row["name"]: row["dial"] for row in first["sweetspot"]["settings"]}["my-pairs"] is None
    with Path("my-pairs.csv").open("a", encoding="utf-8") as file:
        file.write("\nIs it new?,It is.")
    changed = {name for name, spec in planned(config).items() if spec != first[name]}
    assert changed == {"views/my-pairs"}


def test_a_file_that_is_not_there_is_found_before_any_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = as_the_recipe_says(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("my-pairs.csv").unlink()
    faults = dict(values._files(config["studies"]["demo"]))
    assert faults == {"views.settings.my-pairs.params.file": "given 'my-pairs.csv', where there is nothing"}
