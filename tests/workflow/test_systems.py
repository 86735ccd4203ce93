"""Named systems become settings, objectives and cells like any others, and change nothing of the study's own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews import params, registry, specs

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow/schemas/params.schema.yaml"
TINY = Path(__file__).parent / "params.tiny.yaml"


def tiny(names: list[str], seeds: list[int]) -> dict[str, Any]:
    config = yaml.safe_load(TINY.read_text())
    if names:
        config["studies"]["tiny"]["systems"] = {"names": names, "seeds": seeds}
    return config


def test_each_system_has_a_cell_a_seed_and_those_with_equal_views_share_a_setting() -> None:
    config = tiny(["simcse", "is_bert", "declutr"], [0, 3])
    params.validate(config, SCHEMA)
    study = params.study_of(config)
    own = {cell.name for cell in params.cells(params.study_of(tiny([], [0])))}
    added = {cell.name for cell in params.cells(study)} - own
    views = {"simcse": "sentence-twice", "is-bert": "sentence-twice", "declutr": "spans-any"}
    assert added == {f"{system}__{setting}__s{seed}" for system, setting in views.items() for seed in (0, 3)}
    settings = study["views"]["settings"]
    assert {name for name, view in settings.items() if view.get("role") == "system"} == set(views.values())


def test_specs_of_the_studys_own_parts_do_not_change() -> None:
    """``all`` in the grid means the study's own settings and objectives; only what joins everything differs."""
    before, after = (dict(specs.resolve(tiny(names, [0]))) for names in ([], ["simcse", "bert"]))
    assert {name for name in before if before[name] != after[name]} == {"sweetspot", "report"}
    assert set(after) - set(before) == {
        "views/sentence-twice",
        "pretrain/simcse__sentence-twice__s0",
        "pretrain/bert__sentence-twice__s0",
    }
    roles = {setting["name"]: setting["role"] for setting in after["sweetspot"]["settings"]}
    assert roles["sentence-twice"] == "system" and roles["spans-0"] is None


def test_a_cells_spec_is_what_the_system_says() -> None:
    spec = dict(specs.resolve(tiny(["is_bert"], [0])))["pretrain/is-bert__sentence-twice__s0"]
    ngrams = {"ngrams": {"meet": "within", "sizes": [1, 3, 5]}}
    assert spec["objective"] == {"bound": "jsd", "critic": {"dot": {}}, "contrast": ngrams, "additions": {}}
    assert spec["start"] == "mlm" and spec["setting"] == "sentence-twice"


@pytest.mark.parametrize("study", ["quick", "sensitivity", "real", "paper"])
def test_every_shipped_study_may_name_every_system(study: str) -> None:
    config = yaml.safe_load((ROOT / "params.yaml").read_text())
    config["studies"][study]["systems"] = {"names": registry.names("systems"), "seeds": [0, 1, 2]}
    params.validate(config, SCHEMA)


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        ({"names": ["simsce"], "seeds": [0]}, "systems.names: unknown name 'simsce', did you mean 'simcse'"),
        ({"names": ["is-bert"], "seeds": [0]}, "unknown name 'is-bert', did you mean 'is_bert'"),
        ({"name": ["simcse"]}, "systems: unknown key 'name', did you mean 'names'"),
        ({"names": ["simcse"]}, "systems: 'seeds' is a dependency of 'names'"),
        ({"names": [], "seeds": [0]}, "systems.names: given []; allowed: minItems 1"),
    ],
)
def test_errors_name_key_value_and_what_is_allowed(systems: dict[str, Any], message: str) -> None:
    config = yaml.safe_load(TINY.read_text())
    config["studies"]["tiny"]["systems"] = systems
    with pytest.raises(ValueError) as raised:
        params.validate(config, SCHEMA)
    assert message in str(raised.value)


@pytest.mark.parametrize(("part", "key"), [("objectives", "simcse"), ("settings", "sentence-twice")])
def test_a_name_that_the_study_itself_has_is_refused(part: str, key: str) -> None:
    config = tiny(["simcse"], [0])
    study = config["studies"]["tiny"]
    own = study["objectives"] if part == "objectives" else study["views"]["settings"]
    own[key] = copy.deepcopy(next(iter(own.values())))
    if part == "objectives":
        own[key]["bound"] = "infonce"
    with pytest.raises(ValueError, match=f"{part}.{key}: the system 'simcse' brings one of that name"):
        params.validate(config, SCHEMA)


@pytest.mark.workflow
def test_plan_has_the_systems_jobs(project, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(tiny(["simcse", "simcse_mlm", "quick_thoughts"], [0, 1])))
    planned = project.planned("--directory", str(tmp_path))
    own_cells, own_settings, bases = 4, 2, 4
    assert planned["views"] == own_settings + 2 and planned["information"] == own_settings
    assert planned["pretrain"] == planned["transfer_cell"] == own_cells + 3 * 2
    assert planned["base"] == planned["transfer_base"] == bases
