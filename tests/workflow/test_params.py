"""params.yaml: every error names the key, the value and what is allowed, before any job starts."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.files import digest_of
from infoviews.language import tasks as language
from infoviews.plan import digest, params, specs
from infoviews.plan.sync import sync, text_of

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow/schemas/params.schema.yaml"


@pytest.fixture
def config() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load((ROOT / "params.yaml").read_text()))


def change(config: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split("/")
    for key in parents:
        config = config[int(key) if isinstance(config, list) else key]
    config[last] = value


@pytest.mark.parametrize("study", ["quick", "demo", "sensitivity", "real", "real-cpu", "paper"])
def test_shipped_studies_are_valid(config: dict[str, Any], study: str) -> None:
    params.validate(config | {"study": study}, SCHEMA)
    assert len({name for name, _ in specs.resolve(config | {"study": study})}) > 10


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks").glob("params.*.yaml")), ids=lambda file: file.name)
def test_studies_of_benchmarks_are_valid(file: Path) -> None:
    config = yaml.safe_load(file.read_text())
    for study in config["studies"]:
        params.validate(config | {"study": study}, SCHEMA)
        assert len({name for name, _ in specs.resolve(config | {"study": study})}) > 10


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("study", "quik", "unknown name 'quik', did you mean 'quick'"),
        ("studies/quick/pretrian", {}, "unknown key 'pretrian', did you mean 'pretrain'"),
        ("studies/quick/pretrain/batch_size", 1, "studies.quick.pretrain.batch_size: given 1; allowed: minimum 2"),
        ("studies/quick/transfer/protocol", "sent-eval", "allowed: enum"),
        ("studies/quick/start", "mlmm", "unknown name 'mlmm'"),
        ("studies/quick/objectives/infonce/critic", {"cosin": {}}, "unknown name 'cosin', did you mean 'cosine'"),
        ("studies/quick/objectives/infonce/critic", {"cosine": {"temprature": 1}}, "did you mean 'temperature'"),
        ("studies/quick/objectives/infonce/contrast", {"token": {}}, "unknown name 'token', did you mean 'tokens'"),
        ("studies/quick/objectives/infonce/contrast", {"tokens": {"round": 1}}, "did you mean 'rounds'"),
        ("studies/quick/objectives/infonce/contrast", {}, "infonce.contrast: given {}; allowed: minProperties 1"),
        ("studies/quick/objectives/infonce/additions", {"pior": {}}, "unknown name 'pior', did you mean 'prior'"),
        ("studies/quick/objectives/infonce/addition", {"mlm": {}}, "unknown key 'addition', did you mean 'additions'"),
        ("studies/quick/objectives/infonc", {"critic": {"dot": {}}}, "unknown name 'infonc', did you mean 'infonce'"),
        ("studies/quick/views/settings/spans", {"family": "span"}, "unknown name 'span', did you mean 'spans'"),
        ("studies/quick/grid", [{"settings": ["tsks"], "objectives": "all", "seeds": [0]}], "unknown name 'tsks'"),
        ("studies/quick/corpus/source", {"embeded": {}}, "did you mean 'embedded'"),
        ("studies/quick/grid/0/settings", "alll", "grid.0.settings: given 'alll'; allowed: all, or a list of settings"),
        ("studies/quick/grid/0/objectives", ["jsd", "jsd"], "allowed: all, or a list of objectives, each once"),
        ("studies/quick/tasks/names", ["mr", "mpqa"], "quick.tasks.names: unknown name 'mpqa'"),
        ("studies/quick/tasks/params", {"example": 200}, "unknown key 'example', did you mean 'examples'"),
        ("studies/real/tasks/names", ["sst22"], "real.tasks.names: unknown name 'sst22', did you mean 'sst2'"),
        ("studies/real/tasks/params", {"examples": 200}, "unknown key 'examples'; known: none"),
        ("studies/real/transfer/params", {"fold": 5}, "real.transfer: unknown key 'fold'"),
        ("studies/real/sweetspot/features", "token", "unknown name 'token', did you mean 'tokens'"),
        (
            "studies/paper/sweetspot/features",
            "tokens",
            "unknown name 'tokens', did you mean 'chosen'?; known: chosen, bert",
        ),
    ],
)
def test_errors_name_key_value_and_what_is_allowed(config: dict[str, Any], path: str, value: Any, message: str) -> None:
    change(config, path, value)
    with pytest.raises(ValueError) as raised:
        params.validate(config, SCHEMA)
    assert message in str(raised.value)


def test_the_estimator_of_the_axis_must_be_measured(config: dict[str, Any]) -> None:
    change(config, "studies/real/sweetspot/estimator", "ksg")
    params.validate(config, SCHEMA)
    del config["studies"]["real"]["information"]["estimators"]["ksg"]
    with pytest.raises(ValueError, match="sweetspot.estimator: unknown name 'ksg'"):
        params.validate(config, SCHEMA)


def test_tasks_and_parameters_of_the_language_are_those_that_it_writes(tmp_path: Path) -> None:
    given = dict.fromkeys(params.LANGUAGE_PARAMS, 1) | {"examples": 120}
    assert sorted(language.write(tmp_path, given, seed=0)) == sorted(params.LANGUAGE_TASKS)
    with pytest.raises(KeyError, match=f"known: {', '.join(params.LANGUAGE_PARAMS)}"):
        language.write(tmp_path, {"other": 1}, seed=0)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("objectives/infonce/critic", {"cosine": {"temperature": -1}}, "temperature is -1; it must be positive"),
        ("objectives/infonce/critic", {"cosine": {"temperature": "hot"}}, "a value of the wrong type"),
        ("views/settings/delete", {"family": "delete"}, "no value for rate"),
        ("transfer/params", {"folds": 1}, "folds"),
    ],
)
def test_wrong_values_of_a_module_are_found_before_any_job_and_say_where(
    config: dict[str, Any], tmp_path: Path, path: str, value: Any, message: str
) -> None:
    change(config, f"studies/quick/{path}", value)
    params.validate(config, SCHEMA)
    with pytest.raises(ValueError) as raised:
        sync(config, tmp_path)
    where = path.replace("/", ".").removesuffix(".params")
    assert f"params.yaml: studies.quick.{where}: " in str(raised.value) and message in str(raised.value)
    assert not list(tmp_path.rglob("*.json"))


def test_a_key_named_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    file = tmp_path / "params.yaml"
    file.write_text("study: quick\nstudies:\n  quick:\n    seed: 1\n    grid:\n      - {a: 1, b: 2, a: 3}\n")
    with pytest.raises(ValueError, match="params.yaml, line 6: the key 'a' stands a second time .* first in line 6"):
        params.refuse_repeats(file)
    file.write_text("one: {seed: 1}\ntwo:\n  seed: 1\n  batch: 2\n  seed: 2\n")
    with pytest.raises(ValueError, match="line 5: the key 'seed' stands a second time .* first in line 3"):
        params.refuse_repeats(file)
    params.refuse_repeats(ROOT / "params.yaml")


def test_a_cells_code_is_that_of_the_contrasts_and_additions_it_names(
    config: dict[str, Any], altered: Callable[[Callable[[str], bool]], None]
) -> None:
    """Another text of one contrast changes the digests of the cells that name it, and of no others."""
    name = "pretrain/infonce__tasks__s0"
    plain = dict(specs.resolve(config))[name]
    assert plain["objective"]["contrast"] == {"sentences": {}} and plain["objective"]["additions"] == {}
    change(config, "studies/quick/objectives/infonce/contrast", {"tokens": {}})
    change(config, "studies/quick/objectives/infonce/additions", {"prior": {}})
    before = dict(specs.resolve(config))
    for module in ("contrasts.tokens", "contrasts._local", "additions.prior"):
        altered(f"infoviews.{module}".__eq__)
        after = dict(specs.resolve(config))
        changed = {key for key in after if after[key] != before[key]}
        assert changed and all(key.startswith("pretrain/infonce__") for key in changed) and name in changed
    assert set(digest.closure(["infoviews.contrasts.tokens"])) <= set(specs.modules(config, "pretrain"))


def test_spec_files_are_rewritten_only_when_their_content_changes(config: dict[str, Any], tmp_path: Path) -> None:
    assert sync(config, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    assert sync(config, tmp_path) == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")} == times


def test_spec_files_made_anew_are_as_old_as_the_record_in_git(config: dict[str, Any], tmp_path: Path) -> None:
    """As in a clone, where git keeps only the record: what it remembers is no change, anything else is."""
    written = sync(config, tmp_path)
    record = tmp_path / "quick.json"
    os.utime(record, (1e9, 1e9))
    shutil.rmtree(tmp_path / "quick")
    assert sorted(sync(config, tmp_path)) == sorted(written)
    assert {path.stat().st_mtime for path in written} == {1e9} and record.stat().st_mtime == 1e9
    shutil.rmtree(tmp_path / "quick")
    change(config, "studies/quick/transfer/protocol", "senteval")
    sync(config, tmp_path)
    assert [path for path in written if path.stat().st_mtime != 1e9] == [tmp_path / "quick/transfer.json"]
    assert record.stat().st_mtime != 1e9 and sync(config, tmp_path) == []


@pytest.mark.parametrize("study", ["quick", "sensitivity", "real"])
def test_committed_records_are_in_step_with_params_and_code(config: dict[str, Any], study: str) -> None:
    committed = json.loads((ROOT / f"data/specs/{study}.json").read_text(encoding="utf-8"))
    resolved = {name: digest_of(text_of(spec)) for name, spec in specs.resolve(config | {"study": study})}
    assert committed == resolved, f"run `snakemake -n --config study={study}` and commit data/specs/{study}.json"
