"""A dropout rate named by a setting or by a block of the grid: settings of their own on the same pairs."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.analysis.answers.variants import original
from infoviews.plan import params, specs
from infoviews.plan.cells import cells

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow/schemas/params.schema.yaml"
SHIPPED = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
SETTINGS = {
    "crop-0.3": {"family": "crop", "params": {"kept": 0.3}},
    "crop-still": {"family": "crop", "params": {"kept": 0.3}, "dropout": 0.0},
    "dropout-0.1": {"family": "dropout", "params": {"rate": 0.1}},
    "unrelated": {"family": "random", "role": "control"},
}


def with_grid(*blocks: dict[str, Any], systems: dict[str, Any] | None = None) -> dict[str, Any]:
    study = copy.deepcopy(SHIPPED["studies"]["demo"])
    study["views"]["settings"], study["systems"] = copy.deepcopy(SETTINGS), systems or {}
    every = {"settings": "all", "objectives": "all", "seeds": [0]}
    study["grid"] = [every, *({"objectives": ["infonce"], "seeds": [0]} | block for block in blocks)]
    return {"study": "demo", "studies": {"demo": study}}


def resolved(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    params.validate(config, SCHEMA)
    return dict(specs.resolve(config))


def test_a_block_with_dropout_brings_variants_that_differ_in_nothing_else() -> None:
    found = resolved(with_grid({"settings": ["crop-0.3", "unrelated"], "dropout": 0.3}))
    made, written = found["views/crop-0.3-dropout-0.3"], found["views/crop-0.3"]
    assert made["view"] == written["view"] | {"dropout": 0.3, "role": "variant"}
    assert made["seed"] == written["seed"] and made["views"] == written["views"]
    cell, its = (found[f"pretrain/infonce__{name}__s0"] for name in ("crop-0.3-dropout-0.3", "crop-0.3"))
    assert {key for key in cell if cell[key] != its[key]} == {"setting"}
    assert "information/crop-0.3-dropout-0.3" in found and "pretrain/infonce__unrelated-dropout-0.3__s0" in found
    listed = {row["name"]: row for row in found["sweetspot"]["settings"]}
    assert listed["crop-0.3-dropout-0.3"] == listed["crop-0.3"] | {
        "name": "crop-0.3-dropout-0.3",
        "role": "variant",
        "dropout": 0.3,
    }
    assert "dropout" not in listed["crop-0.3"]
    assert original(listed["crop-0.3-dropout-0.3"]) == "crop-0.3"  # as the analysis reads the name


@pytest.mark.parametrize("systems", [{}, {"names": ["simcse"], "seeds": [0]}])
def test_all_means_what_the_study_writes_and_no_variants_of_dropout_itself(systems: dict[str, Any]) -> None:
    laid_out = params.study_of(with_grid({"settings": "all", "dropout": 0.0}, systems=systems))
    own = [cell.setting for cell in cells(laid_out) if cell.objective == "infonce"]
    variants = ["crop-0.3-dropout-0", "crop-still-dropout-0", "unrelated-dropout-0"]
    assert own == [*SETTINGS, *variants]


def test_a_grid_without_dropout_leaves_every_spec_as_it_is() -> None:
    config = with_grid()
    before = resolved(config)
    after = resolved(with_grid({"settings": ["crop-0.3"], "dropout": 0.0}))
    phases = ("views", "pretrain", "information", "base")
    assert all(after[name] == spec for name, spec in before.items() if name.startswith(phases))


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"settings": ["dropout-0.1"], "dropout": 0.2}, "demo.grid.1.dropout: given 0.2 for the setting 'dropout-0.1'"),
        ({"settings": ["crop-0.3"], "dropout": 1.0}, "grid.1.dropout: given 1.0; allowed: exclusiveMaximum 1"),
        ({"settings": ["crop-0.3"], "dropout": -0.1}, "grid.1.dropout: given -0.1; allowed: minimum 0"),
        ({"settings": ["crop-0.33"], "dropout": 0.1}, "unknown name 'crop-0.33', did you mean 'crop-0.3'"),
    ],
)
def test_a_rate_where_none_can_be_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        resolved(with_grid(block))


def test_a_setting_of_the_family_dropout_has_its_rate_as_dial() -> None:
    config = with_grid()
    config["studies"]["demo"]["views"]["settings"]["dropout-0.1"]["dropout"] = 0.2
    with pytest.raises(ValueError, match=r"views.settings.dropout-0.1.dropout: given 0.2; its family is dropout"):
        resolved(config)


def test_a_variant_does_not_take_the_name_of_a_setting() -> None:
    config = with_grid({"settings": ["crop-0.3"], "dropout": 0.3})
    config["studies"]["demo"]["views"]["settings"]["crop-0.3-dropout-0.3"] = SETTINGS["crop-0.3"]
    with pytest.raises(ValueError, match="the variant of 'crop-0.3' is called 'crop-0.3-dropout-0.3', as a setting is"):
        resolved(config)
